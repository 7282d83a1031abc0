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
 * <p>Adam on the cross-entropy of batches of train, drawn anew in every epoch. The weights of the
 * epoch with the best AUPRC on tuning are kept.
 */
@AutoValue
public abstract class ClassifierTraining implements Serializable {

  public abstract ClassifierConfig network();

  public abstract double learningRate();

  /** Windows in a training step, and in a forward pass. */
  public abstract int batchSize();

  /** At most so many passes over train. */
  public abstract int epochs();

  /** Training stops after so many epochs without a better AUPRC on tuning. */
  public abstract int patience();

  /** Whether every class weighs the same in the loss, whatever its number of windows. */
  public abstract boolean classWeighting();

  /** Up to 20 epochs in batches of 128 windows at a rate of 0.001, with a patience of 4. */
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

  /** A GRU, trained as {@link #of} says. */
  public static ClassifierTraining defaults() {
    return of(ClassifierConfig.forName("gru"));
  }

  /** What options and files say of it. */
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
