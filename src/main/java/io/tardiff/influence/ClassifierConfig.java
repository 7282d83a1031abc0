package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.settings.Labelled;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The size of a {@link TargetClassifier} and how it is fitted.
 *
 * <pre>{@code
 * ClassifierConfig config = ClassifierConfig.forName("gru").withHidden(32).withClassWeighting(true);
 * }</pre>
 *
 * <table>
 * <caption>Defaults</caption>
 * <tr><th>kind<th>layers<th>hidden<th>dropout<th>learning rate<th>batch<th>epochs<th>patience
 * <tr><td>gru<td>2 bidirectional<td>64 per direction<td>0.2<td>0.001<td>128<td>20<td>4
 * <tr><td>cnn<td>3 convolutions<td>64 channels<td>0.2<td>0.001<td>128<td>20<td>4
 * </table>
 */
@AutoValue
public abstract class ClassifierConfig implements Serializable {

  /** The architecture. */
  public enum Kind implements Labelled {
    /** Bidirectional gated recurrent layers; their final states are the features. */
    GRU,
    /** Convolutions over time; their means over time are the features. */
    CNN;
  }

  public abstract Kind kind();

  /** Units per direction of a recurrent layer, or channels of a convolution. */
  public abstract int hidden();

  public abstract int layers();

  /** Share of numbers dropped between layers in training. */
  public abstract double dropout();

  public abstract double learningRate();

  public abstract int batch();

  /** At most so many passes over train. */
  public abstract int epochs();

  /** Training stops after so many epochs without a better AUPRC on tuning. */
  public abstract int patience();

  /** Whether every class weighs the same in the loss, whatever its number of windows. */
  public abstract boolean classWeighting();

  abstract Builder toBuilder();

  /** The defaults for {@code gru} or {@code cnn}. */
  public static ClassifierConfig forName(String name) {
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(k -> k.label().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("classifier must be gru or cnn, was " + name));
    return new AutoValue_ClassifierConfig.Builder()
        .setKind(kind)
        .setHidden(64)
        .setLayers(kind == Kind.GRU ? 2 : 3)
        .setDropout(0.2)
        .setLearningRate(1e-3)
        .setBatch(128)
        .setEpochs(20)
        .setPatience(4)
        .setClassWeighting(false)
        .build();
  }

  public ClassifierConfig withHidden(int hidden) {
    return toBuilder().setHidden(hidden).build();
  }

  public ClassifierConfig withLayers(int layers) {
    return toBuilder().setLayers(layers).build();
  }

  public ClassifierConfig withDropout(double dropout) {
    return toBuilder().setDropout(dropout).build();
  }

  public ClassifierConfig withLearningRate(double learningRate) {
    return toBuilder().setLearningRate(learningRate).build();
  }

  public ClassifierConfig withBatch(int batch) {
    return toBuilder().setBatch(batch).build();
  }

  public ClassifierConfig withEpochs(int epochs) {
    return toBuilder().setEpochs(epochs).build();
  }

  public ClassifierConfig withPatience(int patience) {
    return toBuilder().setPatience(patience).build();
  }

  public ClassifierConfig withClassWeighting(boolean classWeighting) {
    return toBuilder().setClassWeighting(classWeighting).build();
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setKind(Kind kind);

    abstract Builder setHidden(int hidden);

    abstract Builder setLayers(int layers);

    abstract Builder setDropout(double dropout);

    abstract Builder setLearningRate(double learningRate);

    abstract Builder setBatch(int batch);

    abstract Builder setEpochs(int epochs);

    abstract Builder setPatience(int patience);

    abstract Builder setClassWeighting(boolean classWeighting);

    abstract ClassifierConfig autoBuild();

    ClassifierConfig build() {
      ClassifierConfig config = autoBuild();
      checkArgument(config.hidden() >= 1, "hidden must be at least 1, was %s", config.hidden());
      checkArgument(config.layers() >= 1, "layers must be at least 1, was %s", config.layers());
      checkArgument(
          config.dropout() >= 0 && config.dropout() < 1,
          "dropout must be at least 0 and below 1, was %s",
          config.dropout());
      checkArgument(
          config.learningRate() > 0 && Double.isFinite(config.learningRate()),
          "learningRate must be above 0, was %s",
          config.learningRate());
      checkArgument(config.batch() >= 1, "batch must be at least 1, was %s", config.batch());
      checkArgument(config.epochs() >= 1, "epochs must be at least 1, was %s", config.epochs());
      checkArgument(
          config.patience() >= 1, "patience must be at least 1, was %s", config.patience());
      return config;
    }
  }
}
