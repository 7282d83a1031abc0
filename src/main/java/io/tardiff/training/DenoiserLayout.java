package io.tardiff.training;

import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.StaticCovariate;
import io.tardiff.cohort.WindowSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The channels of the windows that a denoiser sees, {@code [steps, width]}:
 *
 * <ol>
 *   <li>the values of each channel of the cohort, in network units;
 *   <li>with masks, an analog bit per channel: 1 where its value was observed and -1 where it was
 *       not (Chen et al., "Analog Bits", 2023). The sign of a sample is its mask;
 *   <li>with static covariates, channels that are constant over time. A numeric covariate has its
 *       standardised value and, if train windows miss it sometimes, a bit that says whether it is
 *       known. A categorical one has a bit per category and, if train windows miss it sometimes,
 *       one more for unknown; the largest bit of a sample decides. One that no train window knows
 *       has no channel and stays unknown.
 * </ol>
 *
 * <p>A static covariate is one number, so its noise is one number as well: {@link #holdConstant}.
 *
 * <pre>{@code
 * DenoiserLayout layout = model.layout();
 * float[] x = layout.encode(values, mask, statics);   // [windows, steps, width]
 * float[] again = layout.statics(x);                  // [windows, statics]
 * }</pre>
 *
 * <p>Arrays are row-major and hold any number of windows.
 */
@Internal
public final class DenoiserLayout {
  private final int steps;
  private final int channels;
  private final boolean isMasked;
  private final List<Placed> statics = new ArrayList<>();
  private final int width;

  /**
   * A static covariate and its channels.
   *
   * @param first its first channel
   * @param width number of its channels
   */
  public record Placed(StaticCovariate covariate, int first, int width) {

    /** The channel that says whether it is known. */
    private int knownBit() {
      return first + width - 1;
    }
  }

  /**
   * @param isMasked whether windows have masks
   * @param statics the covariates that windows have; empty for none
   */
  public DenoiserLayout(WindowSpec spec, boolean isMasked, List<StaticCovariate> statics) {
    this.steps = spec.steps();
    this.channels = spec.channels().size();
    this.isMasked = isMasked;
    int at = dynamic();
    for (StaticCovariate covariate : statics) {
      this.statics.add(new Placed(covariate, at, width(covariate)));
      at += width(covariate);
    }
    this.width = at;
  }

  private static int width(StaticCovariate covariate) {
    if (covariate.known() == 0) {
      return 0;
    }
    int values = covariate.isCategorical() ? covariate.categories().size() : 1;
    return covariate.isSometimesMissing() ? values + 1 : values;
  }

  public int steps() {
    return steps;
  }

  /** Returns the number of channels. */
  public int width() {
    return width;
  }

  /** Returns the number of channels that change over time, which are the first. */
  public int dynamic() {
    return isMasked ? 2 * channels : channels;
  }

  /** Returns the number of channels that are constant over time, which are the last. */
  public int constant() {
    return width - dynamic();
  }

  /** Returns the static covariates and their channels, in the order of the covariates. */
  public List<Placed> statics() {
    return List.copyOf(statics);
  }

  private boolean isPlain() {
    return width == channels;
  }

  /**
   * Returns windows as the denoiser sees them.
   *
   * @param values network units, {@code [windows, steps, channels]}
   * @param mask of the same shape
   * @param covariates clinical units, NaN if unknown, {@code [windows, statics]}
   */
  public float[] encode(float[] values, boolean[] mask, float[] covariates) {
    if (isPlain()) {
      return values;
    }
    float[] x = new float[values.length / channels * width];
    for (int i = 0; i < values.length; i++) {
      int at = i / channels * width + i % channels;
      x[at] = values[i];
      if (isMasked) {
        x[at + channels] = bit(mask[i]);
      }
    }
    for (int w = 0; constant() > 0 && w < values.length / (steps * channels); w++) {
      for (int i = 0; i < statics.size(); i++) {
        encode(statics.get(i), covariates[w * statics.size() + i], x, w * steps * width);
      }
    }
    holdConstant(x);
    return x;
  }

  private static void encode(Placed placed, float value, float[] x, int window) {
    StaticCovariate covariate = placed.covariate();
    int first = window + placed.first();
    if (covariate.isCategorical()) {
      for (int c = 0; c < placed.width(); c++) {
        x[first + c] = -1;
      }
      // Adding 0 makes a negative zero positive. Other splits may hold values that train has not.
      int category = covariate.categories().indexOf(value + 0.0);
      if (category >= 0) {
        x[first + category] = 1;
      } else if (covariate.isSometimesMissing()) {
        x[window + placed.knownBit()] = 1;
      }
    } else if (covariate.known() > 0) {
      boolean isKnown = !Float.isNaN(value);
      x[first] = isKnown ? standardised(covariate, value) : 0;
      if (covariate.isSometimesMissing()) {
        x[window + placed.knownBit()] = bit(isKnown);
      }
    }
  }

  private static float bit(boolean isSet) {
    return isSet ? 1 : -1;
  }

  private static float standardised(StaticCovariate covariate, double value) {
    return (float) ((value - covariate.mean()) / covariate.standardDeviation());
  }

  /** Returns the values of windows, network units, {@code [windows, steps, channels]}. */
  public float[] values(float[] x) {
    if (isPlain()) {
      return x;
    }
    float[] values = new float[x.length / width * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = x[i / channels * width + i % channels];
    }
    return values;
  }

  /** Returns the masks of windows, {@code [windows, steps, channels]}; all true without masks. */
  public boolean[] mask(float[] x) {
    boolean[] mask = new boolean[x.length / width * channels];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = !isMasked || x[i / channels * width + channels + i % channels] > 0;
    }
    return mask;
  }

  /**
   * Returns the static covariates of windows, clinical units, NaN if unknown, {@code [windows,
   * statics]}.
   */
  public float[] statics(float[] x) {
    int windows = x.length / (steps * width);
    float[] values = new float[windows * statics.size()];
    for (int w = 0; w < windows; w++) {
      for (int i = 0; i < statics.size(); i++) {
        values[w * statics.size() + i] = decode(statics.get(i), x, w * steps * width);
      }
    }
    return values;
  }

  private static float decode(Placed placed, float[] x, int window) {
    StaticCovariate covariate = placed.covariate();
    int first = window + placed.first();
    if (covariate.known() == 0) {
      return Float.NaN;
    }
    if (covariate.isCategorical()) {
      int largest = 0;
      for (int c = 1; c < placed.width(); c++) {
        largest = x[first + c] > x[first + largest] ? c : largest;
      }
      return largest < covariate.categories().size()
          ? covariate.categories().get(largest).floatValue()
          : Float.NaN;
    }
    if (covariate.isSometimesMissing() && x[window + placed.knownBit()] <= 0) {
      return Float.NaN;
    }
    return covariate.round(covariate.mean() + x[first] * covariate.standardDeviation());
  }

  /** Makes the last channels of each window constant: as they are at its first step. */
  public void holdConstant(float[] x) {
    int first = dynamic();
    for (int row = 0; constant() > 0 && row < x.length / width; row++) {
      int of = row / steps * steps;
      System.arraycopy(x, of * width + first, x, row * width + first, constant());
    }
  }

  /**
   * Returns for each channel the one whose sign says whether the value counts, or -1 if it always
   * does: what a gap or an unknown covariate holds is not to be learned.
   */
  public int[] countedBy() {
    int[] by = new int[width];
    Arrays.fill(by, -1);
    for (int c = 0; isMasked && c < channels; c++) {
      by[c] = channels + c;
    }
    for (Placed placed : statics) {
      if (!placed.covariate().isCategorical() && placed.covariate().isSometimesMissing()) {
        by[placed.first()] = placed.knownBit();
      }
    }
    return by;
  }

  /** Returns the lower bounds of the channels. */
  public float[] low(Normaliser normaliser) {
    return bounds(normaliser.low(), -1);
  }

  /** Returns the upper bounds of the channels. */
  public float[] high(Normaliser normaliser) {
    return bounds(normaliser.high(), 1);
  }

  private float[] bounds(float[] ofValues, float bit) {
    float[] bounds = new float[width];
    Arrays.fill(bounds, bit);
    System.arraycopy(ofValues, 0, bounds, 0, channels);
    for (Placed placed : statics) {
      StaticCovariate covariate = placed.covariate();
      if (!covariate.isCategorical() && covariate.known() > 0) {
        double end = bit < 0 ? covariate.scale().low() : covariate.scale().high();
        bounds[placed.first()] = standardised(covariate, end);
      }
    }
    return bounds;
  }
}
