package io.tardiff.templates;

import com.google.common.base.Strings;
import io.tardiff.cohort.Cohort;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.settings.Problems;
import io.tardiff.training.TarDiffModel;
import java.io.PrintStream;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;

/** Generates synthetic sets with their ledgers from a model. */
final class GenerateTemplate implements Template<GenerateOptions> {
  static final String SYNTHETIC = "synthetic";

  @Override
  public String name() {
    return "generate";
  }

  @Override
  public String summary() {
    return "Sample synthetic windows from a model, unguided and guided, with a ledger record of"
        + " each.";
  }

  @Override
  public Class<GenerateOptions> optionsType() {
    return GenerateOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "--model=out/train/model --cohort=out/ingest/cohort --output=out/generate",
        "--model=out/train/model --output=out/generate --selection=none"
            + " --sampleLabels=balanced --count=10000",
        "--model=out/train/model --output=out/generate --purpose=augment"
            + " --sampleLabels=0=100,1=50 --guidanceRules=mean_shift --guidanceScales=0.03 --guidanceAt=1",
        "--model=out/train/model --cohort=out/ingest/cohort --selection=herding --poolFactor=3"
            + " --output=out/generate");
  }

  @Override
  public Job prepare(GenerateOptions options, Problems problems) {
    Generation generation = Generation.of(options, problems);
    if (generation.needsCohort() && options.getCohort() == null) {
      problems.add(
          "--cohort=directory is required if --selection is herding, its default if --purpose is"
              + " replace, --guidanceRules has moment or candidates, or --softLabels is above 0");
    }
    return new Job() {
      @Override
      public PCollection<?> addTo(Pipeline pipeline, RunDirectory run, PrintStream out) {
        TarDiffModel model = TarDiffModel.open(options.getModel());
        generation.config().checkLabelGuidance(model);
        warn(model, generation.config(), out);
        String cohort = Strings.nullToEmpty(options.getCohort());
        if (!cohort.isEmpty()) {
          model.checkTrainedOn(Cohort.open(cohort));
        }
        return generation.addTo(
            pipeline.apply("Model", Create.of(model)),
            run,
            model.directory(),
            cohort,
            model.spec().classes());
      }

      @Override
      public void report(RunDirectory run, PipelineResult result, PrintStream out) {
        generation.sets().forEach(name -> out.println(run.directory(SYNTHETIC) + name));
      }
    };
  }

  /** Prints a warning if sampling is guided and the guidance direction is mostly noise. */
  static void warn(TarDiffModel model, GenerationConfig config, PrintStream out) {
    if (config.guidances().stream().anyMatch(g -> g.rule().followsInfluence())) {
      boolean best = config.guidanceAt() == GenerationConfig.BEST;
      int epoch = best ? model.bestEpoch() : config.guidanceAt();
      // Throws if the classifier was not trained for that many epochs.
      model.guidanceHash(epoch);
      out.print(ModelTable.warning(model, epoch));
    }
  }
}
