package io.tardiff.influence;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The network of a {@link TargetClassifier}.
 *
 * <pre>{@code
 * ClassifierConfig config = ClassifierConfig.forName("gru").withHidden(32);
 * }</pre>
 *
 * <table>
 * <caption>Defaults</caption>
 * <tr><th>kind<th>layers<th>hidden<th>dropout
 * <tr><td>gru<td>2 bidirectional<td>64 per direction<td>0.2
 * <tr><td>cnn<td>3 convolutions<td>64 channels<td>0.2
 * <tr><td>transformer<td>2 blocks<td>64 channels<td>0.2
 * <tr><td>summary<td>1 dense<td>64 units<td>0.2
 * </table>
 */
@AutoValue
public abstract class ClassifierConfig implements Serializable {

  /** The architecture. */
  public enum Kind implements Labelled {
    /** Bidirectional gated recurrent layers; their final states are the features. */
    GRU,
    /** Convolutions over time; their means over time are the features. */
    CNN,
    /** Blocks of self-attention over time; their means over time are the features. */
    TRANSFORMER,
    /**
     * Dense layers on summaries of each channel (mean, standard deviation, slope, first and last
     * value, smooth extremes), which clinical scores resemble; the last layer is the features.
     */
    SUMMARY
  }

  public abstract Kind kind();

  /** What it reads of a window. */
  public abstract ClassifierInputs inputs();

  /**
   * Units per direction of a recurrent layer, channels of the others, or units of a dense layer.
   */
  public abstract int hidden();

  public abstract int layers();

  /** Share of values dropped between layers during training. */
  public abstract double dropout();

  /** Returns the number of inputs of the head. */
  @Internal
  public final int features() {
    return switch (kind()) {
      case GRU -> 2 * hidden();
      case CNN, TRANSFORMER, SUMMARY -> hidden();
    };
  }

  abstract Builder toBuilder();

  /** Returns the defaults for {@code gru}, {@code cnn}, {@code transformer} or {@code summary}. */
  public static ClassifierConfig forName(String name) {
    return of(Labelled.of(Kind.class, "classifier", name));
  }

  private static ClassifierConfig of(Kind kind) {
    return new AutoValue_ClassifierConfig.Builder()
        .kind(kind)
        .inputs(ClassifierInputs.VALUES)
        .hidden(64)
        .layers(
            switch (kind) {
              case GRU, TRANSFORMER -> 2;
              case CNN -> 3;
              case SUMMARY -> 1;
            })
        .dropout(0.2)
        .build();
  }

  /** The settings of this configuration. */
  @Internal
  public static Settings<ClassifierConfig> settings() {
    return Settings.of(of(Kind.GRU))
        .choice(
            "classifier",
            Kind.class,
            ClassifierConfig::kind,
            (config, kind) -> of(kind).withInputs(config.inputs()))
        .key("kind")
        .choice(
            "classifierInputs",
            ClassifierInputs.class,
            ClassifierConfig::inputs,
            ClassifierConfig::withInputs)
        .key("inputs")
        .absentMeans("values")
        .integer("classifierHidden", ClassifierConfig::hidden, ClassifierConfig::withHidden)
        .key("hidden")
        .integer("classifierLayers", ClassifierConfig::layers, ClassifierConfig::withLayers)
        .key("layers")
        .decimal("classifierDropout", ClassifierConfig::dropout, ClassifierConfig::withDropout)
        .key("dropout");
  }

  public ClassifierConfig withInputs(ClassifierInputs inputs) {
    return toBuilder().inputs(inputs).build();
  }

  public ClassifierConfig withHidden(int units) {
    check(units >= 1, "hidden", units, "must be at least 1");
    return toBuilder().hidden(units).build();
  }

  public ClassifierConfig withLayers(int layers) {
    check(layers >= 1, "layers", layers, "must be at least 1");
    return toBuilder().layers(layers).build();
  }

  public ClassifierConfig withDropout(double share) {
    check(share >= 0 && share < 1, "dropout", share, "must be at least 0 and below 1");
    return toBuilder().dropout(share).build();
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder kind(Kind kind);

    abstract Builder inputs(ClassifierInputs inputs);

    abstract Builder hidden(int units);

    abstract Builder layers(int layers);

    abstract Builder dropout(double share);

    abstract ClassifierConfig build();
  }
}
