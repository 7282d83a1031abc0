package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The scale on which a channel is recorded: whole numbers, tenths, points of a score. A denoiser
 * knows only real numbers, so samples are rounded to it: a heart rate is 87, not 86.97.
 *
 * <p>The resolution is the one of the concept ({@code resolution} in a concept file) or else
 * learned from the train split by {@link ScaleCounts}. The range is that of the train split, in
 * clinical units.
 *
 * <pre>{@code
 * ChannelScale gcs = new ChannelScale(1, 3, 15);
 * gcs.round(14.6f);  // 15
 * gcs.round(15.7f);  // 15
 * }</pre>
 *
 * @param resolution distance of neighbouring values, 0 if the channel has none
 * @param low smallest train value
 * @param high largest train value
 */
@Internal
public record ChannelScale(double resolution, double low, double high) implements Serializable {

  /** The scale of a channel whose values can be any number. */
  public static final ChannelScale CONTINUOUS = new ChannelScale(0, 0, 0);

  public ChannelScale {
    checkArgument(
        resolution >= 0 && Double.isFinite(resolution),
        "resolution must be a finite number of 0 or more, was %s",
        resolution);
    checkArgument(
        low <= high && Double.isFinite(low) && Double.isFinite(high),
        "low and high of a scale must be finite and ascend, were %s and %s",
        low,
        high);
  }

  /** Returns the nearest value of the scale, or the value itself if the channel has no scale. */
  public float round(float value) {
    if (resolution == 0 || !Float.isFinite(value)) {
      return value;
    }
    // The ends of the range are values that were measured, whether or not they lie on the scale.
    return (float) Math.max(low, Math.min(nearest(value, resolution), high));
  }

  /** Returns the nearest multiple of a resolution above 0. */
  static double nearest(double value, double resolution) {
    // Adding 0 makes a negative zero positive.
    return Math.rint(value / resolution) * resolution + 0.0;
  }

  /** Returns the scales of a file, or where an older one has none, those of continuous channels. */
  public static List<ChannelScale> orContinuous(@Nullable List<ChannelScale> scales, int channels) {
    return scales != null ? List.copyOf(scales) : Collections.nCopies(channels, CONTINUOUS);
  }

  /**
   * Rounds a window in place.
   *
   * @param scales one per channel
   * @param values {@code [steps, channels]} row-major
   */
  public static void round(List<ChannelScale> scales, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = scales.get(i % scales.size()).round(values[i]);
    }
  }
}
