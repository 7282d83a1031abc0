package io.tardiff.templates;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.Cohort;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.evaluation.Gate;
import io.tardiff.evaluation.report.EvaluationTable;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.files.AtomicFile;
import io.tardiff.options.Configurations;
import io.tardiff.settings.Problems;
import io.tardiff.synthetic.ImportSynthetic;
import io.tardiff.synthetic.SyntheticSet;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;

/** Evaluates synthetic sets against a cohort. */
final class EvaluateTemplate implements Template<EvaluateOptions> {
  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "Evaluate synthetic sets against the cohort: utility, fidelity, plausibility, privacy.";
  }

  @Override
  public Class<EvaluateOptions> optionsType() {
    return EvaluateOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "--cohort=out/ingest/cohort --synthetic=out/generate/synthetic --output=out/evaluate",
        "--cohort=out/ingest/cohort --synthetic=timevae/export --output=out/evaluate-timevae");
  }

  @Override
  public Job prepare(EvaluateOptions options, Problems problems) {
    EvaluationConfig config = Configurations.evaluation(options, problems);
    Gate gate = Configurations.gate(options, problems);
    return new Job() {
      @Override
      public PCollection<?> addTo(Pipeline pipeline, RunDirectory run, PrintStream out)
          throws IOException {
        Cohort cohort = Cohort.open(options.getCohort());
        EvaluateSyntheticEhr.check(cohort);
        PCollectionView<Map<String, String>> sections =
            pipeline
                .apply("Sections", Create.of(RunSections.of(cohort)))
                .apply("By name", View.asMap());
        List<SyntheticSet> ours = sets(options.getSynthetic());
        EvaluateSyntheticEhr evaluate =
            EvaluateSyntheticEhr.against(cohort.directory())
                .withConfig(config)
                .withTestCohorts(Configurations.testCohorts(options));
        evaluate.checkTestCohorts(cohort);
        evaluate.checkBaselines(cohort);
        ours.forEach(
            set -> {
              EvaluateSyntheticEhr.checkSet(set, cohort);
              evaluate.checkMasks(set, cohort);
            });
        ImportSynthetic imported =
            ImportSynthetic.from(options.getSynthetic())
                .against(cohort.directory())
                .to(run.directory(GenerateTemplate.SYNTHETIC));
        List<String> elsewhere = imported.check();
        checkArgument(
            !ours.isEmpty() || !elsewhere.isEmpty(),
            "--synthetic must be a directory of synthetic sets written by generate, or windows of"
                + " another tool, was %s: it is missing or holds no */%s, *values.npy or *.parquet",
            options.getSynthetic(),
            SyntheticSet.FILE);
        PCollectionList<SyntheticSet> sets = PCollectionList.empty(pipeline);
        if (!ours.isEmpty()) {
          sets = sets.and(pipeline.apply("Synthetic sets", Create.of(ours)));
        }
        if (!elsewhere.isEmpty()) {
          sets = sets.and(pipeline.apply("Import", imported));
        }
        return sets.apply("All sets", Flatten.pCollections())
            .apply("Evaluate", evaluate.withExpectedSets(ours.size() + elsewhere.size()))
            .apply(
                "Write evaluation",
                WriteEvaluation.to(run.path()).withSections(sections).withGate(gate));
      }

      @Override
      public void report(RunDirectory run, PipelineResult result, PrintStream out)
          throws IOException {
        print(run, out);
      }

      @Override
      public void reportGate(RunDirectory run, PrintStream out) throws IOException {
        print(run, out);
      }
    };
  }

  /** Prints the tables of the run's {@code metrics.json}. */
  static void print(RunDirectory run, PrintStream out) throws IOException {
    out.println(EvaluationTable.of(AtomicFile.readText(run.file(WriteEvaluation.METRICS))));
  }

  /** Returns the sets of this library in a directory, or in its subdirectories. */
  private static List<SyntheticSet> sets(String directory) throws IOException {
    String root = FileSystems.matchNewResource(directory, /* isDirectory= */ true).toString();
    if (AtomicFile.exists(root + SyntheticSet.FILE)) {
      return List.of(SyntheticSet.open(root));
    }
    return FileSystems.match(root + "*/" + SyntheticSet.FILE, EmptyMatchTreatment.ALLOW)
        .metadata()
        .stream()
        .map(MatchResult.Metadata::resourceId)
        .map(file -> file.getCurrentDirectory().toString())
        .sorted()
        .map(SyntheticSet::open)
        .toList();
  }
}
