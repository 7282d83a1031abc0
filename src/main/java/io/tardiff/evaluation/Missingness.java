package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How well the observation masks of a set reproduce what was measured, and when, in the real train
 * windows. With {@code m[w, t, c]} = 1 where channel c of window w was observed at step t and 0
 * where it was not:
 *
 * <ul>
 *   <li><b>Coverage</b> of a channel is the mean of m over windows and steps; its <b>never-observed
 *       share</b> is the share of windows in which the sum of m over steps is 0. Both are compared
 *       within each class, so a set with other shares of the classes than the real windows is not
 *       penalised for them.
 *   <li><b>Runs</b> are the longest sequences of steps of a window in which m is constant: observed
 *       runs (m = 1) and gaps (m = 0). Runs end with their window, in real windows and in sets
 *       alike. The distributions of their lengths are compared by the Kolmogorov-Smirnov statistic.
 *       These see the order of the steps, which coverage does not.
 *   <li><b>Co-occurrence</b> of two channels a and b is {@code p_ab}, the share of steps in which
 *       both are observed. Their phi coefficient {@code (p_ab - p_a p_b) / sqrt(p_a (1 - p_a) p_b
 *       (1 - p_b))}, where {@code p_a} is the coverage of a, is Pearson's correlation of their
 *       masks.
 * </ul>
 *
 * <p>Only sets with masks have these figures, and only if some value is missing. Shares and mean
 * lengths of real windows, and differences of them, are NaN where fewer than {@link
 * ChannelProfile#MINIMUM} windows are behind them, and means leave them out.
 *
 * @param meanCoverageDifference mean absolute difference of coverage over channels and classes
 * @param maxCoverageDifference the largest of these
 * @param meanNeverObservedDifference mean absolute difference of the never-observed share over
 *     channels and classes
 * @param meanRunKs mean over channels of {@link Channel#runKs}
 * @param meanGapKs mean over channels of {@link Channel#gapKs}
 * @param meanJointDifference mean absolute difference of {@code p_ab} over pairs of channels; NaN
 *     if there is one channel
 * @param meanPhiDifference mean absolute difference of the phi coefficient over pairs of channels
 *     that are sometimes and not always observed, in both
 * @param channels one entry per channel
 * @param classes coverage over all windows, then of each class
 */
public record Missingness(
    double meanCoverageDifference,
    double maxCoverageDifference,
    double meanNeverObservedDifference,
    double meanRunKs,
    double meanGapKs,
    double meanJointDifference,
    double meanPhiDifference,
    List<Channel> channels,
    List<ClassCoverage> classes)
    implements Serializable {

  /**
   * The lengths of the runs of one channel, in steps.
   *
   * <p>A Kolmogorov-Smirnov statistic is NaN if fewer than {@link ChannelProfile#MINIMUM} real
   * windows have such a run, and 1, the largest, if they do and no window of the set has one.
   *
   * @param realMeanRun mean length of observed runs in real windows
   * @param meanRun mean length of observed runs in the set
   * @param runKs Kolmogorov-Smirnov statistic of the lengths of observed runs
   * @param realMeanGap mean length of gaps in real windows
   * @param meanGap mean length of gaps in the set
   * @param gapKs Kolmogorov-Smirnov statistic of the lengths of gaps
   */
  public record Channel(
      String channel,
      double realMeanRun,
      double meanRun,
      double runKs,
      double realMeanGap,
      double meanGap,
      double gapKs)
      implements Serializable {}

  /**
   * The coverage of the windows of a class.
   *
   * @param label null for all windows
   * @param realWindows number of real train windows
   * @param windows number of windows of the set
   * @param channels one entry per channel
   */
  public record ClassCoverage(
      @Nullable Integer label, int realWindows, int windows, List<ChannelCoverage> channels)
      implements Serializable {}

  /**
   * The coverage of a channel in a class.
   *
   * @param realCoverage coverage in real windows
   * @param coverage coverage in the set
   * @param difference coverage in the set minus that in real windows
   * @param realNeverObserved never-observed share of real windows
   * @param neverObserved never-observed share of the set
   */
  public record ChannelCoverage(
      String channel,
      double realCoverage,
      double coverage,
      double difference,
      double realNeverObserved,
      double neverObserved)
      implements Serializable {}

  /**
   * Compares the masks of {@code set} with those of {@code real}.
   *
   * @return null if no value is missing in either, or if either has fewer than {@link
   *     ChannelProfile#MINIMUM} windows
   */
  static @Nullable Missingness measure(WindowSpec spec, LabelledWindows real, LabelledWindows set) {
    if (Math.min(real.size(), set.size()) < ChannelProfile.MINIMUM
        || !(hasGaps(real) || hasGaps(set))) {
      return null;
    }
    List<ClassCoverage> classes = new ArrayList<>();
    classes.add(coverage(spec, real, set, null));
    for (int label = 0; label < spec.classes(); label++) {
      classes.add(coverage(spec, real, set, label));
    }
    List<Channel> channels =
        IntStream.range(0, real.channels()).mapToObj(c -> channel(spec, real, set, c)).toList();
    double[][] realJoint = joint(real);
    double[][] joint = joint(set);
    return new Missingness(
        mean(differences(classes)),
        differences(classes).max().orElse(Double.NaN),
        mean(
            ofClasses(classes)
                .mapToDouble(c -> Math.abs(c.neverObserved() - c.realNeverObserved()))),
        mean(channels, Channel::runKs),
        mean(channels, Channel::gapKs),
        meanDifference(realJoint, joint, (p, a, b) -> p[a][b]),
        meanDifference(realJoint, joint, Missingness::phi),
        channels,
        classes);
  }

  private static boolean hasGaps(LabelledWindows windows) {
    for (boolean observed : windows.mask()) {
      if (!observed) {
        return true;
      }
    }
    return false;
  }

  private static ClassCoverage coverage(
      WindowSpec spec, LabelledWindows real, LabelledWindows set, @Nullable Integer label) {
    int[] ofReal = ofClass(real, label);
    int[] ofSet = ofClass(set, label);
    boolean shown = ofReal.length >= ChannelProfile.MINIMUM;
    boolean compared = shown && ofSet.length >= ChannelProfile.MINIMUM;
    List<ChannelCoverage> channels = new ArrayList<>();
    for (int c = 0; c < spec.channels().size(); c++) {
      double[] inReal = coverage(real, ofReal, c);
      double[] inSet = coverage(set, ofSet, c);
      channels.add(
          new ChannelCoverage(
              spec.channels().get(c).name(),
              shown ? inReal[0] : Double.NaN,
              // The set may be the tuning windows, who are patients too.
              compared ? inSet[0] : Double.NaN,
              compared ? inSet[0] - inReal[0] : Double.NaN,
              shown ? inReal[1] : Double.NaN,
              compared ? inSet[1] : Double.NaN));
    }
    return new ClassCoverage(label, ofReal.length, ofSet.length, channels);
  }

  private static int[] ofClass(LabelledWindows windows, @Nullable Integer label) {
    return IntStream.range(0, windows.size())
        .filter(w -> label == null || windows.labels()[w] == label)
        .toArray();
  }

  /** Returns the coverage of a channel in some windows, and their never-observed share. */
  private static double[] coverage(LabelledWindows windows, int[] among, int channel) {
    long observed = 0;
    int never = 0;
    for (int w : among) {
      int inWindow = 0;
      for (int t = 0; t < windows.steps(); t++) {
        inWindow += observed(windows, w, t, channel) ? 1 : 0;
      }
      observed += inWindow;
      never += inWindow == 0 ? 1 : 0;
    }
    return new double[] {
      (double) observed / ((long) among.length * windows.steps()), (double) never / among.length
    };
  }

  private static Stream<ChannelCoverage> ofClasses(List<ClassCoverage> classes) {
    return classes.stream().filter(c -> c.label() != null).flatMap(c -> c.channels().stream());
  }

  private static DoubleStream differences(List<ClassCoverage> classes) {
    return ofClasses(classes)
        .mapToDouble(c -> Math.abs(c.difference()))
        .filter(difference -> !Double.isNaN(difference));
  }

  private static Channel channel(
      WindowSpec spec, LabelledWindows real, LabelledWindows set, int channel) {
    Runs realRuns = Runs.of(real, channel, true);
    Runs runs = Runs.of(set, channel, true);
    Runs realGaps = Runs.of(real, channel, false);
    Runs gaps = Runs.of(set, channel, false);
    return new Channel(
        spec.channels().get(channel).name(),
        realRuns.mean(),
        runs.mean(),
        realRuns.ks(runs),
        realGaps.mean(),
        gaps.mean(),
        realGaps.ks(gaps));
  }

  /**
   * The lengths of runs of one kind.
   *
   * @param windows number of windows that have one
   */
  private record Runs(double[] lengths, int windows) {

    static Runs of(LabelledWindows windows, int channel, boolean observed) {
      DoubleStream.Builder lengths = DoubleStream.builder();
      int have = 0;
      for (int w = 0; w < windows.size(); w++) {
        boolean has = false;
        int length = 0;
        for (int t = 0; t < windows.steps(); t++) {
          boolean inRun = observed(windows, w, t, channel) == observed;
          length = inRun ? length + 1 : length;
          if (length > 0 && (!inRun || t + 1 == windows.steps())) {
            lengths.add(length);
            length = 0;
            has = true;
          }
        }
        have += has ? 1 : 0;
      }
      return new Runs(lengths.build().sorted().toArray(), have);
    }

    double mean() {
      return windows < ChannelProfile.MINIMUM
          ? Double.NaN
          : DoubleStream.of(lengths).average().getAsDouble();
    }

    double ks(Runs set) {
      return windows < ChannelProfile.MINIMUM ? Double.NaN : Fidelity.ks(lengths, set.lengths);
    }
  }

  /**
   * Returns the share of steps in which two channels are observed, {@code [channels][channels]}.
   */
  private static double[][] joint(LabelledWindows windows) {
    int channels = windows.channels();
    double[][] joint = new double[channels][channels];
    long steps = (long) windows.size() * windows.steps();
    for (int at = 0; at < windows.mask().length; at += channels) {
      for (int a = 0; a < channels; a++) {
        for (int b = 0; b <= a && windows.mask()[at + a]; b++) {
          joint[a][b] += windows.mask()[at + b] ? 1 : 0;
        }
      }
    }
    for (int a = 0; a < channels; a++) {
      for (int b = 0; b <= a; b++) {
        joint[a][b] /= steps;
      }
    }
    return joint;
  }

  private static double phi(double[][] joint, int a, int b) {
    double ofA = joint[a][a];
    double ofB = joint[b][b];
    // NaN for a channel that is always or never observed.
    return (joint[a][b] - ofA * ofB) / Math.sqrt(ofA * (1 - ofA) * ofB * (1 - ofB));
  }

  private interface OfPair {
    double figure(double[][] joint, int a, int b);
  }

  private static double meanDifference(double[][] real, double[][] set, OfPair pair) {
    return mean(
        IntStream.range(0, real.length)
            .boxed()
            .flatMapToDouble(
                a ->
                    IntStream.range(0, a)
                        .mapToDouble(
                            b -> Math.abs(pair.figure(real, a, b) - pair.figure(set, a, b)))));
  }

  private static double mean(List<Channel> channels, ToDoubleFunction<Channel> figure) {
    return mean(channels.stream().mapToDouble(figure));
  }

  private static double mean(DoubleStream figures) {
    return figures.filter(Double::isFinite).average().orElse(Double.NaN);
  }

  private static boolean observed(LabelledWindows windows, int window, int step, int channel) {
    return windows.mask()[window * windows.stride() + step * windows.channels() + channel];
  }
}
