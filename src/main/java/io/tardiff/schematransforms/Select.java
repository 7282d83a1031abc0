package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import io.tardiff.generation.LabelMix;
import io.tardiff.options.Configurations;
import io.tardiff.options.HerdingOptions;
import io.tardiff.options.LabelOptions;
import io.tardiff.options.SeedOptions;
import io.tardiff.options.Values;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.settings.Problems;
import java.util.List;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;

/** Selects the samples to keep from pools of synthetic windows. */
@AutoService(SchemaTransformProvider.class)
public final class Select extends Provider<Select.Fields> {
  public Select() {
    super(
        "select",
        List.of(INPUT),
        List.of(OUTPUT),
        Fields.class,
        "Selects from each pool the samples that together look most like the real windows to the"
            + " target classifier (herding), and writes an unselected baseline of as many samples."
            + " Takes and outputs rows of sets like those of generate, which samples the pools with"
            + " a pool_factor.");
  }

  /** The fields of the configuration. */
  public interface Fields
      extends OutputField, CohortField, ModelField, SeedOptions, LabelOptions, HerdingOptions {}

  /** The model with the target classifier. */
  @Description("Model")
  public interface ModelField extends PipelineOptions {
    @Description("Directory of the model written by train.")
    @Validation.Required
    @Values(form = "path")
    String getModel();

    void setModel(String directory);
  }

  @Override
  Expansion prepare(Fields fields, Row row, Problems problems) {
    Selection selection = Configurations.herding(fields, problems);
    LabelMix labels = Configurations.labels(fields, problems);
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.ofSets(
                Rows.sets(inputs)
                    .apply(
                        "Select",
                        SelectForTarget.of(fields.getModel(), fields.getCohort())
                            .to(fields.getOutput())
                            .withLabels(labels)
                            .withSelection(selection))));
  }
}
