package io.tardiff.templates;

import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.generation.SelectForTarget;
import io.tardiff.generation.Selection;
import io.tardiff.generation.SyntheticSet;
import io.tardiff.training.WorkerResources;
import org.apache.beam.sdk.values.PCollection;

/** The part of a pipeline from a model to synthetic sets: drawn, and selected if asked for. */
record Generation(GenerationConfig config, Selection selection, double poolFactor) {
  private static final String POOL = "pool";
  private static final double POOL_FACTOR = 3;

  static <O extends RunOptions & GuidanceOptions & SamplingOptions & SelectionOptions>
      Generation of(O options, WorkerResources resources, OptionProblems problems) {
    GenerationConfig config = GenerationSetup.of(options, problems).withResources(resources);
    Selection selection =
        Selection.of(Selection.Method.of(options.getSelection())).withSeed(options.getSeed());
    if (selection.method() == Selection.Method.NONE) {
      if (options.getPoolFactor() != null) {
        problems.add("--poolFactor must be left out unless --selection is herding");
      }
      if (options.getMinimumDistance() != 0) {
        // Whoever asks for it relies on it.
        problems.add("--minimumDistance must be left out unless --selection is herding");
      }
      return new Generation(config, selection, 1);
    }
    selection =
        problems.apply(
            "selectionFeatures",
            selection,
            s ->
                s.withFeaturesAt(
                    ValueList.words(options.getSelectionFeatures()).stream()
                        .map(Selection.Point::of)
                        .toList()));
    selection =
        problems.apply(
            "selectionTarget",
            selection,
            s -> s.withTarget(ValueList.words(options.getSelectionTarget())));
    selection =
        problems.apply(
            "fourierFeatures", selection, s -> s.withFourierFeatures(options.getFourierFeatures()));
    selection =
        problems.apply("herdShards", selection, s -> s.withHerdShards(options.getHerdShards()));
    selection =
        problems.apply(
            "minimumDistance", selection, s -> s.withMinimumDistance(options.getMinimumDistance()));
    double factor = options.getPoolFactor() == null ? POOL_FACTOR : options.getPoolFactor();
    LabelMix labels = config.labels();
    problems.get("poolFactor", labels, () -> labels.times(factor));
    return new Generation(config, selection, factor);
  }

  boolean selects() {
    return selection.method() != Selection.Method.NONE;
  }

  /** How many sets come out. */
  int sets() {
    return config.guidances().size() * (selects() ? 2 : 1);
  }

  /**
   * Adds drawing and selecting.
   *
   * @param cohort directory of the model's cohort; not looked at where nothing is selected
   */
  PCollection<SyntheticSet> addTo(
      PCollection<String> model, RunDirectory run, String modelDirectory, String cohort) {
    String synthetic = run.directory(GenerateTemplate.SYNTHETIC);
    if (!selects()) {
      return model.apply("Generate", GenerateSyntheticEhr.to(synthetic).withConfig(config));
    }
    return model
        .apply(
            "Generate",
            GenerateSyntheticEhr.to(run.directory(POOL))
                .withConfig(config.withLabels(config.labels().times(poolFactor))))
        .apply(
            "Select",
            SelectForTarget.of(modelDirectory, cohort)
                .to(synthetic)
                .withLabels(config.labels())
                .withSelection(selection)
                .withNumShards(config.numShards()));
  }
}
