package io.tardiff.templates;

import com.google.common.collect.ImmutableMap;
import io.tardiff.generation.ExportSavedModels;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.Guidance;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticToEvents;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.WorkerResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** The part of a pipeline from a model to synthetic sets: drawn, and selected if asked for. */
record Generation(
    GenerationConfig config,
    Selection selection,
    double poolFactor,
    Exports exports,
    boolean savedModel) {
  /** What means nothing where nothing is selected. */
  static final Map<String, Function<SelectionOptions, Object>> OF_SELECTION =
      ImmutableMap.of(
          "poolFactor", SelectionOptions::getPoolFactor,
          "selectionFeatures", SelectionOptions::getSelectionFeatures,
          "selectionTarget", SelectionOptions::getSelectionTarget,
          "fourierFeatures", SelectionOptions::getFourierFeatures,
          "herdShards", SelectionOptions::getHerdShards,
          "minimumDistance", SelectionOptions::getMinimumDistance);

  private static final String POOL = "pool";
  private static final String SAVED_MODEL = "savedmodel";
  private static final double POOL_FACTOR = 3;

  /** Name of the labels in MEDS: a model knows what its labels are, not what they are called. */
  private static final String TASK = "label";

  static <
          O extends
              RunOptions & GuidanceOptions & SamplingOptions & SelectionOptions & ExportOptions>
      Generation of(O options, WorkerResources resources, OptionProblems problems) {
    GenerationConfig config = GenerationSetup.of(options, problems).withResources(resources);
    Selection selection =
        Selection.of(SelectionMethod.of(options.getSelection())).withSeed(options.getSeed());
    Exports exports = Exports.of(options);
    boolean savedModel = options.getSavedModel();
    if (selection.method() == SelectionMethod.NONE) {
      // Whoever asks for something relies on it.
      SelectionOptions defaults = PipelineOptionsFactory.create().as(SelectionOptions.class);
      OF_SELECTION.forEach(
          (name, value) -> {
            if (!Objects.equals(value.apply(options), value.apply(defaults))) {
              problems.add("--%s must be left out unless --selection is herding", name);
            }
          });
      return new Generation(config, selection, 1, exports, savedModel);
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
    return new Generation(config, selection, factor, exports, savedModel);
  }

  boolean selects() {
    return selection.method() != SelectionMethod.NONE;
  }

  /** Names of the sets that come out. */
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
   * Adds drawing, selecting and exporting.
   *
   * @param cohort directory of the model's cohort; not looked at where nothing is selected
   * @param classes how many labels the model knows
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
                .withNumShards(config.numShards())
                .withResources(config.resources()));
  }
}
