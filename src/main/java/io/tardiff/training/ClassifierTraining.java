package io.tardiff.training;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
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
 * the epoch that is best on tuning by {@link #stopBy} are kept.
 */
@AutoValue
public abstract class ClassifierTraining implements Serializable {

  /** What is compared on tuning to find the best epoch. */
  public enum StopBy implements Labelled {
    /**
     * Mean cross-entropy, the lower the better. It depends on every window, so it is less noisy
     * than the AUPRC where one class is rare. It has class weights if training has them: they shift
     * the probabilities, which are then wrong without the weights.
     */
    LOSS,
    /** Area under the precision-recall curve, the higher the better. */
    AUPRC;

    public static StopBy of(String label) {
      return Labelled.of(StopBy.class, "classifierStopBy", label);
    }

    /** Returns the first of the best epochs. */
    FittedClassifier.Epoch best(List<FittedClassifier.Epoch> history) {
      Comparator<FittedClassifier.Epoch> worstFirst =
          switch (this) {
            case LOSS -> Comparator.comparingDouble(epoch -> -epoch.tuningLoss());
            case AUPRC -> Comparator.comparingDouble(FittedClassifier.Epoch::tuningAuprc);
          };
      return Collections.max(history, worstFirst);
    }
  }

  /** How the learning rate changes during training. */
  public enum LearningRateSchedule implements Labelled {
    /** It stays the same. */
    CONSTANT,
    /** It falls along a cosine, to zero at the end of the last of {@link #epochs}. */
    COSINE;

    public static LearningRateSchedule of(String label) {
      return Labelled.of(LearningRateSchedule.class, "classifierLearningRateSchedule", label);
    }
  }

  public abstract ClassifierConfig network();

  public abstract double learningRate();

  public abstract LearningRateSchedule learningRateSchedule();

  /**
   * Share of the weights, times the learning rate, that every step subtracts from them (AdamW); not
   * of biases and gains.
   */
  public abstract double weightDecay();

  /**
   * Decay of the exponential moving average of the weights over steps. The averaged weights are
   * measured on tuning and kept; with 0, the weights themselves. The decay rises with the steps, so
   * that the average reaches over about the last tenth of them, at most {@code 1 / (1 - decay)}.
   */
  public abstract double averageDecay();

  /** Windows per training step and per forward pass. */
  public abstract int batchSize();

  /** Maximum number of passes over train. */
  public abstract int epochs();

  /** How the best epoch is found on tuning. */
  public abstract StopBy stopBy();

  /** Number of epochs without a better one on tuning after which training stops. */
  public abstract int patience();

  /** Whether every class has the same total weight in the loss, however many windows it has. */
  public abstract boolean classWeighting();

  /**
   * Defaults: 20 epochs, patience 4 by loss, batches of 128 windows, constant learning rate 0.001,
   * average with a decay of 0.999, no weight decay, no class weighting.
   */
  public static ClassifierTraining of(ClassifierConfig network) {
    return new AutoValue_ClassifierTraining.Builder()
        .network(network)
        .learningRate(1e-3)
        .learningRateSchedule(LearningRateSchedule.CONSTANT)
        .weightDecay(0)
        .averageDecay(0.999)
        .batchSize(128)
        .epochs(20)
        .stopBy(StopBy.LOSS)
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
        .choice(
            "classifierLearningRateSchedule",
            LearningRateSchedule.class,
            ClassifierTraining::learningRateSchedule,
            ClassifierTraining::withLearningRateSchedule)
        .key("learning_rate_schedule")
        .absentMeans("constant")
        .decimal(
            "classifierWeightDecay",
            ClassifierTraining::weightDecay,
            ClassifierTraining::withWeightDecay)
        .key("weight_decay")
        .absentMeans(0.0)
        .decimal(
            "classifierAverageDecay",
            ClassifierTraining::averageDecay,
            ClassifierTraining::withAverageDecay)
        .key("average_decay")
        .absentMeans(0.0)
        .integer(
            "classifierBatchSize", ClassifierTraining::batchSize, ClassifierTraining::withBatchSize)
        .key("batch")
        .integer("classifierEpochs", ClassifierTraining::epochs, ClassifierTraining::withEpochs)
        .key("epochs")
        .choice(
            "classifierStopBy",
            StopBy.class,
            ClassifierTraining::stopBy,
            ClassifierTraining::withStopBy)
        .key("stop_by")
        .absentMeans("auprc")
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

  public ClassifierTraining withLearningRateSchedule(LearningRateSchedule schedule) {
    return toBuilder().learningRateSchedule(schedule).build();
  }

  public ClassifierTraining withWeightDecay(double decay) {
    check(decay >= 0 && Double.isFinite(decay), "weightDecay", decay, "must be at least 0");
    return toBuilder().weightDecay(decay).build();
  }

  public ClassifierTraining withAverageDecay(double decay) {
    check(decay >= 0 && decay < 1, "averageDecay", decay, "must be at least 0 and below 1");
    return toBuilder().averageDecay(decay).build();
  }

  public ClassifierTraining withBatchSize(int windows) {
    check(windows >= 1, "batchSize", windows, "must be at least 1");
    return toBuilder().batchSize(windows).build();
  }

  public ClassifierTraining withEpochs(int epochs) {
    check(epochs >= 1, "epochs", epochs, "must be at least 1");
    return toBuilder().epochs(epochs).build();
  }

  public ClassifierTraining withStopBy(StopBy criterion) {
    return toBuilder().stopBy(criterion).build();
  }

  public ClassifierTraining withPatience(int epochs) {
    check(epochs >= 1, "patience", epochs, "must be at least 1");
    return toBuilder().patience(epochs).build();
  }

  public ClassifierTraining withClassWeighting(boolean classWeighting) {
    return toBuilder().classWeighting(classWeighting).build();
  }

  /** Returns the learning rate of step {@code t} (from 1) of at most {@code steps}. */
  double learningRateAt(long t, long steps) {
    return switch (learningRateSchedule()) {
      case CONSTANT -> learningRate();
      case COSINE -> learningRate() * (1 + Math.cos(Math.PI * (t - 1) / steps)) / 2;
    };
  }

  /** Whether training stops after these epochs, because the last ones were not better. */
  boolean stopsAfter(List<FittedClassifier.Epoch> history) {
    return history.size() - stopBy().best(history).number() >= patience();
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder network(ClassifierConfig network);

    abstract Builder learningRate(double rate);

    abstract Builder learningRateSchedule(LearningRateSchedule schedule);

    abstract Builder weightDecay(double decay);

    abstract Builder averageDecay(double decay);

    abstract Builder batchSize(int windows);

    abstract Builder epochs(int epochs);

    abstract Builder stopBy(StopBy criterion);

    abstract Builder patience(int epochs);

    abstract Builder classWeighting(boolean classWeighting);

    abstract ClassifierTraining build();
  }
}
