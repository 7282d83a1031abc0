package io.tardiff.training;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;

/**
 * How a classifier is trained: its network, the optimiser and when to stop.
 *
 * <pre>{@code
 * ClassifierTraining training =
 *     ClassifierTraining.of(ClassifierConfig.forName("cnn")).withEpochs(10).withClassWeighting(true);
 * }</pre>
 *
 * <p>Adam minimises the cross-entropy over batches of train, reshuffled every epoch. The weights of
 * the epoch with the best AUPRC on tuning are kept.
 */
@AutoValue
public abstract class ClassifierTraining implements Serializable {

  public abstract ClassifierConfig network();

  public abstract double learningRate();

  /** Windows per training step and per forward pass. */
  public abstract int batchSize();

  /** Maximum number of passes over train. */
  public abstract int epochs();

  /** Number of epochs without a better AUPRC on tuning after which training stops. */
  public abstract int patience();

  /** Whether every class has the same total weight in the loss, however many windows it has. */
  public abstract boolean classWeighting();

  /**
   * Defaults: 20 epochs, patience 4, batches of 128 windows, learning rate 0.001, no class
   * weighting.
   */
  public static ClassifierTraining of(ClassifierConfig network) {
    return new AutoValue_ClassifierTraining.Builder()
        .network(network)
        .learningRate(1e-3)
        .batchSize(128)
        .epochs(20)
        .patience(4)
        .classWeighting(false)
        .build();
  }

  /** A GRU with the defaults of {@link #of}. */
  public static ClassifierTraining defaults() {
    return of(ClassifierConfig.forName("gru"));
  }

  /** The settings of this configuration. */
  @Internal
  public static Settings<ClassifierTraining> settings() {
    return Settings.of(defaults())
        .part(
            ClassifierConfig.settings(),
            ClassifierTraining::network,
            ClassifierTraining::withNetwork)
        .decimal(
            "classifierLearningRate",
            ClassifierTraining::learningRate,
            ClassifierTraining::withLearningRate)
        .key("learning_rate")
        .integer(
            "classifierBatchSize", ClassifierTraining::batchSize, ClassifierTraining::withBatchSize)
        .key("batch")
        .integer("classifierEpochs", ClassifierTraining::epochs, ClassifierTraining::withEpochs)
        .key("epochs")
        .integer(
            "classifierPatience", ClassifierTraining::patience, ClassifierTraining::withPatience)
        .key("patience")
        .flag(
            "classWeighting",
            ClassifierTraining::classWeighting,
            ClassifierTraining::withClassWeighting);
  }

  abstract Builder toBuilder();

  public ClassifierTraining withNetwork(ClassifierConfig network) {
    return toBuilder().network(network).build();
  }

  public ClassifierTraining withLearningRate(double rate) {
    check(rate > 0 && Double.isFinite(rate), "learningRate", rate, "must be above 0");
    return toBuilder().learningRate(rate).build();
  }

  public ClassifierTraining withBatchSize(int windows) {
    check(windows >= 1, "batchSize", windows, "must be at least 1");
    return toBuilder().batchSize(windows).build();
  }

  public ClassifierTraining withEpochs(int epochs) {
    check(epochs >= 1, "epochs", epochs, "must be at least 1");
    return toBuilder().epochs(epochs).build();
  }

  public ClassifierTraining withPatience(int epochs) {
    check(epochs >= 1, "patience", epochs, "must be at least 1");
    return toBuilder().patience(epochs).build();
  }

  public ClassifierTraining withClassWeighting(boolean classWeighting) {
    return toBuilder().classWeighting(classWeighting).build();
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder network(ClassifierConfig network);

    abstract Builder learningRate(double rate);

    abstract Builder batchSize(int windows);

    abstract Builder epochs(int epochs);

    abstract Builder patience(int epochs);

    abstract Builder classWeighting(boolean classWeighting);

    abstract ClassifierTraining build();
  }
}
