package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import io.tardiff.options.ClassifierOptions;
import io.tardiff.options.Configurations;
import io.tardiff.options.DenoiserOptions;
import io.tardiff.options.ResourceOptions;
import io.tardiff.options.SeedOptions;
import io.tardiff.settings.Problems;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Trains models on a cohort. */
@AutoService(SchemaTransformProvider.class)
public final class Train extends Provider<Train.Fields> {
  /** A model: its directory, its id, and the best epoch of the target classifier. */
  static final Schema MODEL =
      Schema.builder()
          .addStringField("model")
          .addStringField("id")
          .addInt32Field("best_epoch")
          .addInt32Field("epochs")
          .build();

  public Train() {
    super(
        "train",
        List.of(INPUT),
        List.of(OUTPUT),
        Fields.class,
        "Trains the denoiser and the target classifier on a cohort. Takes one row with a field"
            + " cohort, its directory, from build_cohort. Outputs one row once the models are"
            + " complete: model (their directory), id, best_epoch and epochs of the target"
            + " classifier. Running it again reuses complete models or resumes from the last"
            + " checkpoint.");
  }

  /** The fields of the configuration. */
  public interface Fields
      extends OutputField, SeedOptions, DenoiserOptions, ClassifierOptions, ResourceOptions {}

  @Override
  Expansion prepare(Fields fields, Row row, Problems problems) {
    TrainingConfig config = Configurations.training(fields, problems);
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.cohorts(inputs)
                .apply("Train", TrainModels.to(fields.getOutput()).withConfig(config))
                .apply("Open model", MapElements.into(TypeDescriptors.rows()).via(Train::row))
                .setRowSchema(MODEL));
  }

  private static Row row(TarDiffModel model) {
    return Row.withSchema(MODEL)
        .addValues(model.directory(), model.id(), model.bestEpoch(), model.epochs())
        .build();
  }
}
