package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.StorelessCovariance;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How close the distribution of a set is to that of the real train windows, in network units.
 *
 * <p>Filled gaps count as values, except in {@link Channel#observedKs}: with many gaps, the other
 * figures compare what filled them.
 *
 * @param meanSdRatio mean over channels of {@link Channel#sdRatio}; below 1 the set varies too
 *     little
 * @param meanKs mean over channels of {@link Channel#ks}
 * @param meanObservedKs mean over channels of {@link Channel#observedKs}
 * @param meanWasserstein mean over channels of {@link Channel#wasserstein}
 * @param meanCorrelationDifference mean absolute difference of Pearson's correlation over all pairs
 *     of channels that vary in both
 * @param meanAutocorrelationDifference mean over channels of the absolute difference between {@link
 *     Channel#autocorrelation} and {@link Channel#realAutocorrelation}
 * @param missingness what was observed and when; null if the set has no masks, or if no value is
 *     missing
 * @param channels one entry per channel
 */
public record Fidelity(
    double meanSdRatio,
    double meanKs,
    double meanObservedKs,
    double meanWasserstein,
    double meanCorrelationDifference,
    double meanAutocorrelationDifference,
    @Nullable Missingness missingness,
    List<Channel> channels)
    implements Serializable {

  /**
   * The figures of one channel. Steps are pooled over windows.
   *
   * @param sdRatio standard deviation divided by that of the real windows
   * @param ks Kolmogorov-Smirnov statistic, the largest difference of the distribution functions
   * @param observedKs the same of observed values only. A set without masks does not tell them from
   *     filled ones, so all its values are compared with the observed real ones. NaN if fewer than
   *     {@link ChannelProfile#MINIMUM} real windows have an observation; 1, the largest, if they do
   *     and the set has none
   * @param wasserstein Wasserstein-1 distance, in standard units of the normaliser
   * @param autocorrelation correlation of a step with the next one around the mean of its window,
   *     pooled over windows; NaN if no window varies
   * @param realAutocorrelation the autocorrelation of the real windows
   */
  public record Channel(
      String channel,
      double sdRatio,
      double ks,
      double observedKs,
      double wasserstein,
      double autocorrelation,
      double realAutocorrelation)
      implements Serializable {}

  /**
   * Compares {@code set}, which has masks, with {@code real}; both are {@code [size, steps,
   * channels]}.
   */
  static Fidelity measure(WindowSpec spec, LabelledWindows real, LabelledWindows set) {
    return measure(spec, real, set, /* masked= */ true, covariance(real), covariance(set));
  }

  /**
   * Compares {@code set} with {@code real}, given the covariances of their channels.
   *
   * @param masked whether the masks of the set tell observed values from filled ones
   */
  static Fidelity measure(
      WindowSpec spec,
      LabelledWindows real,
      LabelledWindows set,
      boolean masked,
      RealMatrix realCovariance,
      RealMatrix covariance) {
    List<Channel> channels = new ArrayList<>();
    for (int c = 0; c < spec.channels().size(); c++) {
      double[] realValues = sorted(real, c);
      double[] values = sorted(set, c);
      channels.add(
          new Channel(
              spec.channels().get(c).name(),
              Math.sqrt(covariance.getEntry(c, c) / realCovariance.getEntry(c, c)),
              ks(realValues, values),
              observedKs(real, set, c),
              wasserstein(realValues, values),
              autocorrelation(set, c),
              autocorrelation(real, c)));
    }
    return new Fidelity(
        mean(channels, Channel::sdRatio),
        mean(channels, Channel::ks),
        mean(channels, Channel::observedKs),
        mean(channels, Channel::wasserstein),
        correlationDifference(realCovariance, covariance),
        mean(channels, c -> Math.abs(c.autocorrelation() - c.realAutocorrelation())),
        masked ? Missingness.measure(spec, real, set) : null,
        channels);
  }

  /** Averages a figure over the channels for which it is defined; constant channels have none. */
  private static double mean(List<Channel> channels, ToDoubleFunction<Channel> figure) {
    return channels.stream()
        .mapToDouble(figure)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  /** Returns the covariance of the channels, with steps pooled over windows. */
  static RealMatrix covariance(LabelledWindows windows) {
    StorelessCovariance covariance = new StorelessCovariance(windows.channels());
    double[] row = new double[windows.channels()];
    for (int at = 0; at < windows.values().length; at += row.length) {
      for (int c = 0; c < row.length; c++) {
        row[c] = windows.values()[at + c];
      }
      covariance.increment(row);
    }
    return covariance.getCovarianceMatrix();
  }

  private static double correlationDifference(RealMatrix real, RealMatrix set) {
    double sum = 0;
    int pairs = 0;
    for (int a = 0; a < real.getRowDimension(); a++) {
      for (int b = 0; b < a; b++) {
        double difference = Math.abs(correlation(real, a, b) - correlation(set, a, b));
        if (Double.isFinite(difference)) {
          sum += difference;
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  /** Returns Pearson's correlation of two channels; NaN if one does not vary. */
  static double correlation(RealMatrix covariance, int a, int b) {
    return covariance.getEntry(a, b)
        / Math.sqrt(covariance.getEntry(a, a) * covariance.getEntry(b, b));
  }

  private static double[] sorted(LabelledWindows windows, int channel) {
    double[] values = new double[windows.size() * windows.steps()];
    for (int i = 0; i < values.length; i++) {
      values[i] = windows.values()[i * windows.channels() + channel];
    }
    Arrays.sort(values);
    return values;
  }

  /**
   * Returns the Kolmogorov-Smirnov statistic of two samples: NaN if both are empty, and 1 if one
   * is, because nothing has nothing in common with something.
   */
  static double ks(double[] real, double[] set) {
    if (real.length == 0 || set.length == 0) {
      return real.length == set.length ? Double.NaN : 1;
    }
    // It can only be computed for two values or more.
    return new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(twice(real), twice(set));
  }

  /** Doubles a single value, which does not change its distribution. */
  private static double[] twice(double[] values) {
    return values.length > 1 ? values : new double[] {values[0], values[0]};
  }

  private static double observedKs(LabelledWindows real, LabelledWindows set, int channel) {
    int windows = 0;
    for (int w = 0; w < real.size(); w++) {
      windows += observed(real, w, channel).length > 0 ? 1 : 0;
    }
    return windows < ChannelProfile.MINIMUM
        ? Double.NaN
        : ks(observed(real, channel), observed(set, channel));
  }

  private static double[] observed(LabelledWindows windows, int channel) {
    return IntStream.range(0, windows.size())
        .mapToObj(w -> observed(windows, w, channel))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  /** Returns the observed values of a channel in a window. */
  private static double[] observed(LabelledWindows windows, int window, int channel) {
    return IntStream.range(0, windows.steps())
        .map(t -> window * windows.stride() + t * windows.channels() + channel)
        .filter(at -> windows.mask()[at])
        .mapToDouble(at -> windows.values()[at])
        .toArray();
  }

  /** Returns the area between two distribution functions; both arguments are sorted. */
  static double wasserstein(double[] a, double[] b) {
    double area = 0;
    int i = 0;
    int j = 0;
    double x = Math.min(a[0], b[0]);
    while (i < a.length || j < b.length) {
      double next = j == b.length || (i < a.length && a[i] <= b[j]) ? a[i] : b[j];
      area += Math.abs((double) i / a.length - (double) j / b.length) * (next - x);
      x = next;
      while (i < a.length && a[i] == x) {
        i++;
      }
      while (j < b.length && b[j] == x) {
        j++;
      }
    }
    return area;
  }

  private static double autocorrelation(LabelledWindows windows, int channel) {
    double lagged = 0;
    double power = 0;
    for (int w = 0; w < windows.size(); w++) {
      double mean = 0;
      for (int t = 0; t < windows.steps(); t++) {
        mean += at(windows, w, t, channel) / windows.steps();
      }
      for (int t = 0; t < windows.steps(); t++) {
        double deviation = at(windows, w, t, channel) - mean;
        power += deviation * deviation;
        if (t + 1 < windows.steps()) {
          lagged += deviation * (at(windows, w, t + 1, channel) - mean);
        }
      }
    }
    return lagged / power;
  }

  private static double at(LabelledWindows windows, int window, int step, int channel) {
    return windows.values()[window * windows.stride() + step * windows.channels() + channel];
  }
}
