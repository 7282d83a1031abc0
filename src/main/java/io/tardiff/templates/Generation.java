package io.tardiff.templates;

import io.tardiff.generation.ExportSavedModels;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.influence.Guidance;
import io.tardiff.options.Configurations;
import io.tardiff.options.GuidanceOptions;
import io.tardiff.options.SamplingOptions;
import io.tardiff.options.SelectionOptions;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.settings.Problems;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticToEvents;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** The part of a pipeline from a model to synthetic sets: sampling, selection and export. */
record Generation(
    GenerationConfig config,
    Selection selection,
    double poolFactor,
    Exports exports,
    boolean savedModel) {
  private static final String POOL = "pool";
  private static final String SAVED_MODEL = "savedmodel";

  /** Name of the task in MEDS, because a model does not hold the name of its task. */
  private static final String TASK = "label";

  static <
          O extends
              GuidanceOptions & SamplingOptions & SavedModelOptions & SelectionOptions
                  & ExportOptions>
      Generation of(O options, Problems problems) {
    GenerationConfig config = Configurations.generation(options, problems);
    Selection selection = Configurations.selection(options, problems);
    boolean selects = selection.method() != SelectionMethod.NONE;
    double poolFactor = selects ? options.getPoolFactor() : 1;
    problems.get("poolFactor", config.labels(), () -> config.labels().times(poolFactor));
    return new Generation(
        config, selection, poolFactor, Exports.of(options), options.getSavedModel());
  }

  boolean selects() {
    return selection.method() != SelectionMethod.NONE;
  }

  /** Whether the cohort is read: for a selection, moment guidance or soft labels. */
  boolean needsCohort() {
    return selects() || config.needsCohort();
  }

  /** Returns the names of the sets that are output. */
  List<String> sets() {
    List<String> names = new ArrayList<>();
    for (Guidance guidance : config.guidances()) {
      names.add(guidance.name());
      if (selects()) {
        names.add(SelectionMethod.HERDING.nameOf(guidance.name()));
      }
    }
    return names;
  }

  /**
   * Adds sampling, selection and export to the pipeline of {@code model}.
   *
   * @param cohort directory of the model's cohort; ignored unless {@link #needsCohort}
   * @param classes number of classes of the model
   */
  PCollection<SyntheticSet> addTo(
      PCollection<TarDiffModel> model,
      RunDirectory run,
      String modelDirectory,
      String cohort,
      int classes) {
    PCollection<SyntheticSet> sets = draw(model, run, modelDirectory, cohort);
    if (savedModel) {
      PCollection<String> written =
          model.apply(
              "Export SavedModels",
              ExportSavedModels.to(run.directory(SAVED_MODEL)).withConfig(config));
      sets = sets.apply("After SavedModels", Wait.on(written));
    }
    if (exports.meds()) {
      PCollectionList<String> files = PCollectionList.empty(sets.getPipeline());
      for (String name : sets()) {
        files =
            files.and(
                sets.apply("Set " + name, Filter.by(set -> set.name().equals(name)))
                    .apply("Events of " + name, SyntheticToEvents.create())
                    .apply(
                        "Export MEDS of " + name,
                        Exports.writeMeds(
                            run.directory(GenerateTemplate.SYNTHETIC) + name + "/",
                            "tardiff-beam synthetic " + name,
                            TASK,
                            classes)));
      }
      sets =
          sets.apply("After MEDS", Wait.on(files.apply("Files of MEDS", Flatten.pCollections())));
    }
    return exports.formats().isEmpty()
        ? sets
        : sets.apply("Export sets", ExportSynthetic.as(exports.formats()));
  }

  private PCollection<SyntheticSet> draw(
      PCollection<TarDiffModel> model, RunDirectory run, String modelDirectory, String cohort) {
    String synthetic = run.directory(GenerateTemplate.SYNTHETIC);
    if (!selects()) {
      return model.apply(
          "Generate", GenerateSyntheticEhr.to(synthetic).withCohort(cohort).withConfig(config));
    }
    return model
        .apply(
            "Generate",
            GenerateSyntheticEhr.to(run.directory(POOL))
                .withCohort(cohort)
                .withConfig(config.withLabels(config.labels().times(poolFactor))))
        .apply(
            "Select",
            SelectForTarget.of(modelDirectory, cohort)
                .to(synthetic)
                .withLabels(config.labels())
                .withSelection(selection)
                .withNumShards(config.numShards())
                .withResources(config.resources()));
  }
}
