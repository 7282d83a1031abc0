package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import com.google.auto.value.AutoValue;
import io.tardiff.generation.LabelMix;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import java.util.List;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Pools of synthetic windows to the parts of them that are kept. */
@AutoService(SchemaTransformProvider.class)
public final class Select extends Provider<Select.Configuration> {
  public Select() {
    super(
        "select",
        List.of(INPUT),
        List.of(OUTPUT),
        "Keeps of each pool the part that together looks most like the real windows to the target"
            + " classifier (herding), and beside it as many samples of which nothing was asked."
            + " Takes and gives rows of sets as generate does; generate with a pool_factor draws the"
            + " pools.");
  }

  /** Fields. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Configuration {
    @SchemaFieldDescription("Directory that the sets are written to.")
    public abstract String getOutput();

    @SchemaFieldDescription("Directory of the models, as train wrote it.")
    public abstract String getModel();

    @SchemaFieldDescription("Directory of the cohort that the model was trained on.")
    public abstract String getCohort();

    @SchemaFieldDescription("Seed of the random Fourier features; 0 where it is left out.")
    public abstract @Nullable Long getSeed();

    @SchemaFieldDescription(Generate.Labels.LABELS)
    public abstract @Nullable String getSampleLabels();

    @SchemaFieldDescription(Generate.Labels.COUNT)
    public abstract @Nullable Integer getCount();

    @SchemaFieldDescription(
        "Points of the target classifier's training whose features are looked at, of first, best and"
            + " last; all where it is left out.")
    public abstract @Nullable List<String> getSelectionFeatures();

    @SchemaFieldDescription(
        "Real windows that the selection goes towards: train, or train and tuning; both where it is"
            + " left out.")
    public abstract @Nullable List<String> getSelectionTarget();

    @SchemaFieldDescription(
        "Random Fourier features of a window, 8 to 65536; more match in more detail. 1024 where it"
            + " is left out.")
    public abstract @Nullable Integer getFourierFeatures();

    @SchemaFieldDescription(
        "Parts of each class's pool that are herded side by side; one per 8,192 samples where it is"
            + " 0 or left out.")
    public abstract @Nullable Integer getHerdShards();

    @SchemaFieldDescription(
        "Least distance of a kept sample to its nearest train window, in units of the median distance"
            + " of a tuning window to its own; no limit where it is 0 or left out.")
    public abstract @Nullable Double getMinimumDistance();
  }

  static Selection selection(Configuration given, Fields fields) {
    Selection selection =
        fields.apply(
            "selection_features",
            given.getSelectionFeatures(),
            Selection.herding(),
            (s, words) -> s.withFeaturesAt(words.stream().map(Selection.Point::of).toList()));
    selection =
        fields.apply(
            "selection_target", given.getSelectionTarget(), selection, Selection::withTarget);
    selection =
        fields.apply(
            "fourier_features",
            given.getFourierFeatures(),
            selection,
            Selection::withFourierFeatures);
    selection =
        fields.apply("herd_shards", given.getHerdShards(), selection, Selection::withHerdShards);
    selection =
        fields.apply(
            "minimum_distance",
            given.getMinimumDistance(),
            selection,
            Selection::withMinimumDistance);
    return fields.apply("seed", given.getSeed(), selection, Selection::withSeed);
  }

  @Override
  Expansion prepare(Configuration given, Fields fields) {
    fields.checkNamed("output", given.getOutput());
    fields.checkNamed("model", given.getModel());
    fields.checkNamed("cohort", given.getCohort());
    Selection selection = selection(given, fields);
    LabelMix labels = Generate.Labels.of(given.getSampleLabels(), given.getCount(), fields);
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.ofSets(
                Rows.sets(inputs)
                    .apply(
                        "Select",
                        SelectForTarget.of(given.getModel(), given.getCohort())
                            .to(given.getOutput())
                            .withLabels(labels)
                            .withSelection(selection))));
  }
}
