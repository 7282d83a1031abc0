package io.tardiff.evaluation;

import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpec.Channel;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * The distribution of one channel in one set, as aggregates that do not reveal single windows:
 * quantiles over windows at each step, and a histogram over all steps, in clinical units.
 *
 * <p>No figure depends on fewer than {@link #MINIMUM} windows: a quantile is NaN if fewer windows
 * lie beyond it, and bins reached by fewer windows count as zero.
 *
 * @param quantiles {@code [steps, QUANTILES]}, of every {@link #stride}th step; empty if there are
 *     too few windows for a median
 * @param histogram share of steps per bin, {@code [bins]}; the first and last bin include values
 *     beyond the range
 */
@Internal
public record ChannelProfile(
    String channel, String unit, List<List<Double>> quantiles, List<Double> histogram)
    implements Serializable {

  /** Levels of {@link #quantiles}. */
  public static final double[] QUANTILES = {0.1, 0.25, 0.5, 0.75, 0.9};

  /** Minimum number of windows that a figure depends on. */
  public static final int MINIMUM = 10;

  public static final int BINS = 30;

  /** Maximum number of steps with quantiles; more are not told apart on a page. */
  private static final int MAX_STEPS = 96;

  /** Returns which steps of a window are shown: every so many. */
  public static int stride(int steps) {
    return (steps + MAX_STEPS - 1) / MAX_STEPS;
  }

  /**
   * Returns the range of the histogram of each channel: from the 1 % to the 99 % quantile of {@code
   * values}, so that neither its edges nor an outlier reveal a single patient.
   */
  static List<Range> ranges(WindowSpec spec, float[] values) {
    int channels = spec.channels().size();
    List<Range> ranges = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      double[] column = new double[values.length / channels];
      for (int i = 0; i < column.length; i++) {
        column[i] = values[i * channels + c];
      }
      Percentile percentile = new Percentile();
      percentile.setData(column);
      ranges.add(new Range(percentile.evaluate(1), percentile.evaluate(99)));
    }
    return ranges;
  }

  /**
   * Returns the profiles of all channels.
   *
   * @param values {@code [size, steps, channels]} in clinical units
   */
  static List<ChannelProfile> of(WindowSpec spec, float[] values, List<Range> ranges) {
    List<ChannelProfile> profiles = new ArrayList<>();
    for (int c = 0; c < spec.channels().size(); c++) {
      Channel channel = spec.channels().get(c);
      profiles.add(
          new ChannelProfile(
              channel.name(),
              channel.unit(),
              quantiles(spec, values, c),
              histogram(spec, values, c, ranges.get(c))));
    }
    return profiles;
  }

  private static List<List<Double>> quantiles(WindowSpec spec, float[] values, int channel) {
    int windows = values.length / spec.size();
    if (!enough(windows, 0.5)) {
      return List.of();
    }
    List<List<Double>> quantiles = new ArrayList<>();
    double[] column = new double[windows];
    for (int t = 0; t < spec.steps(); t += stride(spec.steps())) {
      for (int w = 0; w < windows; w++) {
        column[w] = at(spec, values, w, t, channel);
      }
      Percentile percentile = new Percentile();
      percentile.setData(column);
      quantiles.add(
          Arrays.stream(QUANTILES)
              .mapToObj(q -> enough(windows, q) ? percentile.evaluate(100 * q) : Double.NaN)
              .toList());
    }
    return quantiles;
  }

  /** Whether enough windows lie on both sides of a quantile. */
  private static boolean enough(int windows, double quantile) {
    // Not exact, as 0.9 is not.
    return windows * Math.min(quantile, 1 - quantile) > MINIMUM - 1e-6;
  }

  private static List<Double> histogram(WindowSpec spec, float[] values, int channel, Range range) {
    int windows = values.length / spec.size();
    double width = (range.high() - range.low()) / BINS;
    double[] counts = new double[BINS];
    int[] reachedBy = new int[BINS];
    BitSet reached = new BitSet(BINS);
    for (int w = 0; w < windows; w++) {
      reached.clear();
      for (int t = 0; t < spec.steps(); t++) {
        double offset = at(spec, values, w, t, channel) - range.low();
        int bin = width > 0 ? (int) Math.max(0, Math.min(BINS - 1, offset / width)) : 0;
        counts[bin]++;
        reached.set(bin);
      }
      reached.stream().forEach(bin -> reachedBy[bin]++);
    }
    double steps = Math.max(1, (double) windows * spec.steps());
    return IntStream.range(0, BINS)
        .mapToObj(bin -> reachedBy[bin] < MINIMUM ? 0 : counts[bin] / steps)
        .toList();
  }

  private static float at(WindowSpec spec, float[] values, int window, int step, int channel) {
    return values[window * spec.size() + step * spec.channels().size() + channel];
  }
}
