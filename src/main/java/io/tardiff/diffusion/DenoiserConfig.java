package io.tardiff.diffusion;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/**
 * The network of a denoiser: the size of its 1D U-Net, and what that predicts.
 *
 * <p>Level i works at {@code steps / 2^i} steps with {@code base * multipliers[i]} channels; each
 * has {@code blocks} residual blocks on the way down and one more on the way up. {@code attention}
 * names the levels with self-attention; the bottom of the U always has it.
 *
 * <pre>{@code
 * DenoiserConfig small = DenoiserConfig.preset("small");
 * DenoiserConfig same = DenoiserConfig.of(48, List.of(1, 2, 2), 1, 4, List.of(2));
 * DenoiserConfig other = small.withPrediction(Prediction.VELOCITY); // NOISE unless asked
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
  /** Groups of every group normalisation: base must be a multiple of it. */
  static final int GROUPS = 8;

  private static final Set<String> PRESETS = Set.of("tiny", "small", "paper");

  public abstract int base();

  public abstract List<Integer> multipliers();

  public abstract int blocks();

  public abstract int heads();

  public abstract List<Integer> attention();

  public abstract Prediction prediction();

  public static DenoiserConfig of(
      int base, List<Integer> multipliers, int blocks, int heads, List<Integer> attention) {
    checkArgument(
        base >= GROUPS && base % GROUPS == 0,
        "base must be a positive multiple of %s, was %s",
        GROUPS,
        base);
    checkArgument(
        !multipliers.isEmpty() && multipliers.stream().allMatch(m -> m >= 1),
        "multipliers must all be at least 1, were %s",
        multipliers);
    checkArgument(blocks >= 1, "blocks must be at least 1, was %s", blocks);
    checkArgument(
        heads >= 1 && multipliers.stream().allMatch(m -> base * m % heads == 0),
        "heads must divide the channels of every level, was %s",
        heads);
    checkArgument(
        attention.stream().allMatch(a -> a >= 0 && a < multipliers.size()),
        "attention must name levels from 0 to %s, was %s",
        multipliers.size() - 1,
        attention);
    return new AutoValue_DenoiserConfig(
        base, List.copyOf(multipliers), blocks, heads, List.copyOf(attention), Prediction.NOISE);
  }

  public DenoiserConfig withPrediction(Prediction prediction) {
    return new AutoValue_DenoiserConfig(
        base(), multipliers(), blocks(), heads(), attention(), prediction);
  }

  /** {@code tiny}, {@code small} or {@code paper}. */
  public static DenoiserConfig preset(String name) {
    return switch (name) {
      case "tiny" -> of(24, List.of(1, 2), 1, 4, List.of(1));
      case "small" -> of(48, List.of(1, 2, 2), 1, 4, List.of(2));
      case "paper" -> of(64, List.of(1, 2, 4, 4), 2, 8, List.of(0, 1, 2));
      default ->
          throw new IllegalArgumentException(
              "denoiser must be one of " + PRESETS.stream().sorted().toList() + ", was " + name);
    };
  }
}
