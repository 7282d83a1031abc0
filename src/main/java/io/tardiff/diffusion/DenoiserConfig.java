package io.tardiff.diffusion;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import com.google.common.collect.ImmutableMap;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The network of a denoiser: the size of its 1D U-Net and what it predicts.
 *
 * <p>Level i works at {@code steps / 2^i} steps with {@code base * multipliers[i]} channels; each
 * has {@code blocks} residual blocks on the way down and one more on the way up. {@code attention}
 * lists the levels with self-attention; the bottom of the U always has it.
 *
 * <pre>{@code
 * DenoiserConfig small = DenoiserConfig.preset("small");
 * DenoiserConfig same = DenoiserConfig.of(48, List.of(1, 2, 2), 1, 4, List.of(2));
 * DenoiserConfig other = small.withPrediction(Prediction.VELOCITY); // default: NOISE
 * }</pre>
 *
 * <table>
 * <caption>Presets</caption>
 * <tr><th>name<th>base<th>multipliers<th>blocks<th>heads<th>attention<th>weights at 9 channels
 * <tr><td>tiny<td>24<td>1, 2<td>1<td>4<td>level 1<td>0.15 M
 * <tr><td>small<td>48<td>1, 2, 2<td>1<td>4<td>level 2<td>1.3 M
 * <tr><td>paper<td>64<td>1, 2, 4, 4<td>2<td>8<td>levels 0, 1, 2<td>14 M
 * </table>
 */
@AutoValue
public abstract class DenoiserConfig implements Serializable {
  /** Groups of every group normalisation; base must be a multiple of it. */
  static final int GROUPS = 8;

  private static final ImmutableMap<String, DenoiserConfig> PRESETS =
      ImmutableMap.of(
          "tiny", of(24, List.of(1, 2), 1, 4, List.of(1)),
          "small", of(48, List.of(1, 2, 2), 1, 4, List.of(2)),
          "paper", of(64, List.of(1, 2, 4, 4), 2, 8, List.of(0, 1, 2)));

  public abstract int base();

  public abstract List<Integer> multipliers();

  public abstract int blocks();

  public abstract int heads();

  public abstract List<Integer> attention();

  public abstract Prediction prediction();

  /** Returns a network of the given size that predicts the noise. */
  public static DenoiserConfig of(
      int base, List<Integer> multipliers, int blocks, int heads, List<Integer> attention) {
    return new AutoValue_DenoiserConfig.Builder()
        .base(base)
        .multipliers(multipliers)
        .blocks(blocks)
        .heads(heads)
        .attention(attention)
        .prediction(Prediction.NOISE)
        .build()
        .checked();
  }

  public DenoiserConfig withPrediction(Prediction prediction) {
    return toBuilder().prediction(prediction).build();
  }

  /**
   * Returns a preset.
   *
   * @param name {@code tiny}, {@code small} or {@code paper}
   */
  public static DenoiserConfig preset(String name) {
    check(
        PRESETS.containsKey(name),
        "denoiser",
        name,
        "must be one of %s",
        String.join(", ", PRESETS.keySet()));
    return PRESETS.get(name);
  }

  /** The settings of this configuration: options name a preset, files hold its numbers. */
  @Internal
  public static Settings<DenoiserConfig> settings() {
    return Settings.of(preset("small"))
        .text(
            "denoiser",
            DenoiserConfig::size,
            (config, name) -> preset(name).withPrediction(config.prediction()))
        .outsideFiles()
        .integer("base", DenoiserConfig::base, (c, base) -> c.toBuilder().base(base).build())
        .integers(
            "multipliers",
            DenoiserConfig::multipliers,
            (c, multipliers) -> c.toBuilder().multipliers(multipliers).build())
        .integer(
            "blocks", DenoiserConfig::blocks, (c, blocks) -> c.toBuilder().blocks(blocks).build())
        .integer("heads", DenoiserConfig::heads, (c, heads) -> c.toBuilder().heads(heads).build())
        .integers(
            "attention",
            DenoiserConfig::attention,
            (c, levels) -> c.toBuilder().attention(levels).build())
        .choice(
            "prediction",
            Prediction.class,
            DenoiserConfig::prediction,
            DenoiserConfig::withPrediction)
        .checkedBy(DenoiserConfig::checked);
  }

  /** Returns the name of the preset of this size, or null if there is none. */
  private String size() {
    return PRESETS.entrySet().stream()
        .filter(preset -> preset.getValue().withPrediction(prediction()).equals(this))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private DenoiserConfig checked() {
    check(
        base() >= GROUPS && base() % GROUPS == 0,
        "base",
        base(),
        "must be a positive multiple of %s",
        GROUPS);
    check(
        !multipliers().isEmpty() && multipliers().stream().allMatch(m -> m >= 1),
        "multipliers",
        multipliers(),
        "must all be at least 1");
    check(blocks() >= 1, "blocks", blocks(), "must be at least 1");
    check(
        heads() >= 1 && multipliers().stream().allMatch(m -> base() * m % heads() == 0),
        "heads",
        heads(),
        "must divide the channels of every level");
    check(
        attention().stream().allMatch(level -> level >= 0 && level < multipliers().size()),
        "attention",
        attention(),
        "must name levels from 0 to %s",
        multipliers().size() - 1);
    return this;
  }

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder base(int base);

    abstract Builder multipliers(List<Integer> multipliers);

    abstract Builder blocks(int blocks);

    abstract Builder heads(int heads);

    abstract Builder attention(List<Integer> levels);

    abstract Builder prediction(Prediction prediction);

    abstract DenoiserConfig build();
  }
}
