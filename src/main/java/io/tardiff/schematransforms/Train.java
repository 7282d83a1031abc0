package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import com.google.auto.value.AutoValue;
import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.Prediction;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.GuidanceOver;
import io.tardiff.training.DenoiserTraining;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.util.List;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A cohort to a model. */
@AutoService(SchemaTransformProvider.class)
public final class Train extends Provider<Train.Configuration> {
  /** A model: its directory, its id, and which epoch of the target classifier was kept. */
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
        "Trains the denoiser and the target classifier of a cohort. Takes one row with a field"
            + " cohort, its directory, as build_cohort gives it. One row comes out when the models"
            + " are complete: model (their directory), id, best_epoch and epochs of the target"
            + " classifier. The same again finds its models, or goes on from the last checkpoint.");
  }

  /** Fields. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Configuration extends WorkerConfiguration {
    @SchemaFieldDescription("Seed of every random choice; 0 where it is left out.")
    public abstract @Nullable Long getSeed();

    @SchemaFieldDescription(
        "Size of the denoiser: tiny (for trying things out), small (for CPUs) or paper (for GPUs);"
            + " small where it is left out.")
    public abstract @Nullable String getDenoiser();

    @SchemaFieldDescription(
        "What the denoiser computes: the noise itself (noise), or the velocity, from which the"
            + " noise follows (velocity). Velocity suits short trainings, where noise gives samples"
            + " that vary too much; after long ones its samples vary less than those of noise."
            + " noise where it is left out.")
    public abstract @Nullable String getPrediction();

    @SchemaFieldDescription("Training steps of the denoiser; 4000 where it is left out.")
    public abstract @Nullable Integer getTrainingSteps();

    @SchemaFieldDescription("Windows in a training step; 128 where it is left out.")
    public abstract @Nullable Integer getBatchSize();

    @SchemaFieldDescription(
        "Largest learning rate of the denoiser; it warms up and then falls along a cosine. 0.0005"
            + " where it is left out.")
    public abstract @Nullable Double getLearningRate();

    @SchemaFieldDescription(
        "Loss between the noise and its prediction: mean absolute (l1) or squared (l2) error; l2"
            + " where it is left out.")
    public abstract @Nullable String getLoss();

    @SchemaFieldDescription(
        "Decay of the moving average of the weights that sampling uses, 0 to below 1; 0.999 where"
            + " it is left out.")
    public abstract @Nullable Double getEmaDecay();

    @SchemaFieldDescription("Steps of the noise schedule; 200 where it is left out.")
    public abstract @Nullable Integer getNoiseSteps();

    @SchemaFieldDescription(
        "How noise grows over the schedule, linear or cosine; linear where it is left out.")
    public abstract @Nullable String getNoiseSchedule();

    @SchemaFieldDescription(
        "Seconds between checkpoints, from which a killed run goes on; 60 where it is left out.")
    public abstract @Nullable Integer getCheckpointSeconds();

    @SchemaFieldDescription(
        "Steps of the pipeline that the training of the denoiser is spread over, for runners that"
            + " give up on a worker whose one element takes hours; 1 where it is left out.")
    public abstract @Nullable Integer getTrainingRounds();

    @SchemaFieldDescription(
        "Minutes after which a training round leaves the rest to the next; 60 where it is left"
            + " out.")
    public abstract @Nullable Integer getRoundMinutes();

    @SchemaFieldDescription(
        "Network of the target classifier, gru or cnn; gru where it is left out.")
    public abstract @Nullable String getClassifier();

    @SchemaFieldDescription(
        "Most epochs the target classifier is trained; the weights of the epoch with the best"
            + " tuning AUPRC are kept. 20 where it is left out.")
    public abstract @Nullable Integer getClassifierEpochs();

    @SchemaFieldDescription(
        "Let every class weigh the same in the classifier's loss; false where it is left out.")
    public abstract @Nullable Boolean getClassWeighting();

    @SchemaFieldDescription(
        "Windows of the tuning split that the guidance direction is the mean over: all alike, or"
            + " balanced, where every class counts the same; all where it is left out.")
    public abstract @Nullable String getGuidanceOver();
  }

  static TrainingConfig config(Configuration given, Fields fields) {
    TrainingConfig config = TrainingConfig.defaults();
    config =
        config
            .withDenoiser(denoiser(given, config.denoiser(), fields))
            .withClassifier(classifier(given, config.classifier(), fields))
            .withResources(given.resources(fields));
    config =
        fields.apply(
            "guidance_over",
            given.getGuidanceOver(),
            config,
            (c, over) -> c.withGuidanceOver(GuidanceOver.of(over)));
    config =
        fields.apply(
            "checkpoint_seconds",
            given.getCheckpointSeconds(),
            config,
            TrainingConfig::withCheckpointSeconds);
    config =
        fields.apply(
            "training_rounds", given.getTrainingRounds(), config, TrainingConfig::withRounds);
    config =
        fields.apply(
            "round_minutes", given.getRoundMinutes(), config, TrainingConfig::withRoundMinutes);
    return fields.apply("seed", given.getSeed(), config, TrainingConfig::withSeed);
  }

  private static DenoiserTraining denoiser(
      Configuration given, DenoiserTraining defaults, Fields fields) {
    DenoiserTraining training =
        fields.apply(
            "denoiser",
            given.getDenoiser(),
            defaults,
            (t, size) -> t.withNetwork(DenoiserConfig.preset(size)));
    training =
        fields.apply(
            "prediction",
            given.getPrediction(),
            training,
            (t, what) -> t.withNetwork(t.network().withPrediction(Prediction.of(what))));
    training =
        fields.apply(
            "noise_schedule",
            given.getNoiseSchedule(),
            training,
            (t, kind) -> t.withSchedule(NoiseSchedule.Kind.of(kind)));
    training =
        fields.apply(
            "loss",
            given.getLoss(),
            training,
            (t, loss) -> t.withLoss(DenoiserTraining.Loss.of(loss)));
    training =
        fields.apply(
            "noise_steps", given.getNoiseSteps(), training, DenoiserTraining::withNoiseSteps);
    training =
        fields.apply(
            "training_steps", given.getTrainingSteps(), training, DenoiserTraining::withSteps);
    training =
        fields.apply("batch_size", given.getBatchSize(), training, DenoiserTraining::withBatch);
    training =
        fields.apply(
            "learning_rate", given.getLearningRate(), training, DenoiserTraining::withLearningRate);
    return fields.apply("ema_decay", given.getEmaDecay(), training, DenoiserTraining::withEmaDecay);
  }

  private static ClassifierConfig classifier(
      Configuration given, ClassifierConfig defaults, Fields fields) {
    ClassifierConfig config =
        fields.apply(
            "classifier",
            given.getClassifier(),
            defaults,
            (c, name) -> ClassifierConfig.forName(name));
    config =
        fields.apply(
            "class_weighting",
            given.getClassWeighting(),
            config,
            ClassifierConfig::withClassWeighting);
    return fields.apply(
        "classifier_epochs", given.getClassifierEpochs(), config, ClassifierConfig::withEpochs);
  }

  @Override
  Expansion prepare(Configuration given, Fields fields) {
    TrainingConfig config = config(given, fields);
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.cohorts(inputs)
                .apply("Train", TrainModels.to(given.getOutput()).withConfig(config))
                .apply("Open model", MapElements.into(TypeDescriptors.rows()).via(Train::row))
                .setRowSchema(MODEL));
  }

  private static Row row(TarDiffModel model) {
    return Row.withSchema(MODEL)
        .addValues(model.directory(), model.id(), model.bestEpoch(), model.epochs())
        .build();
  }
}
