package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Booleans;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.CohortWindows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Bootstrap interval of the difference between two groups of fits that were scored on the same
 * windows.
 *
 * <p>A replicate draws each subject a random number of times, Poisson with mean 1 (Chamandy et al.
 * 2012), with all of its windows, because windows of one subject are not independent. The number
 * depends on the subject and the replicate alone. Both groups are therefore scored on the same
 * draw, and the difficulty of a draw cancels, even between runs whose test windows are different
 * parts of the same patients. The metric of a group is the mean over its fits, so the percentile
 * interval reflects the variation between patients, and the standard deviation over seeds that
 * between fits.
 */
final class PairedBootstrap {
  static final int REPLICATES = 1000;

  /** No subject is drawn more often: the chance of that is below 1e-18. */
  private static final int MOST = 20;

  private PairedBootstrap() {}

  /**
   * The predictions of a fit for the windows of a split, in the same order for every fit.
   *
   * @param probabilities {@code [size, classes]}
   * @param labels {@code [size]}
   * @param subjects {@code [size]}, the {@linkplain CohortWindows#subjectKeys key} of each subject
   */
  record Ranking(double[][] probabilities, int[] labels, long[] subjects) {}

  /**
   * AUROC and AUPRC of a fit, or their means over fits, on the split itself and on every replicate:
   * 16 KB, however many windows there are.
   */
  record Replicates(double auroc, double auprc, double[] replicatedAuroc, double[] replicatedAuprc)
      implements Serializable {

    /** Returns the mean over fits that were scored on the same windows. */
    static Replicates mean(List<Replicates> fits) {
      checkArgument(!fits.isEmpty(), "fits must not be empty");
      double[] auroc = new double[REPLICATES];
      double[] auprc = new double[REPLICATES];
      Arrays.setAll(auroc, r -> mean(fits, fit -> fit.replicatedAuroc[r]));
      Arrays.setAll(auprc, r -> mean(fits, fit -> fit.replicatedAuprc[r]));
      return new Replicates(
          mean(fits, Replicates::auroc), mean(fits, Replicates::auprc), auroc, auprc);
    }

    private static double mean(List<Replicates> fits, ToDoubleFunction<Replicates> metric) {
      double sum = 0;
      for (Replicates fit : fits) {
        sum += metric.applyAsDouble(fit);
      }
      return sum / fits.size();
    }

    // Beam compares decoded elements, but records compare arrays by identity.
    @Override
    public boolean equals(Object other) {
      return other instanceof Replicates that
          && auroc == that.auroc
          && auprc == that.auprc
          && Arrays.equals(replicatedAuroc, that.replicatedAuroc)
          && Arrays.equals(replicatedAuprc, that.replicatedAuprc);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(replicatedAuprc);
    }

    /** Returns this minus {@code other}, which must be of the same windows. */
    UtilityRow.Gain minus(Replicates other) {
      return UtilityRow.Gain.of(
          interval(auroc - other.auroc, replicatedAuroc, other.replicatedAuroc),
          interval(auprc - other.auprc, replicatedAuprc, other.replicatedAuprc));
    }

    /**
     * Returns the quantile of this AUPRC minus that of {@code other} over replicates.
     *
     * @param share level of the quantile, 0 to 1
     */
    double auprcGainAt(Replicates other, double share) {
      return percentiles(replicatedAuprc, other.replicatedAuprc).evaluate(100 * share);
    }

    private static UtilityRow.Interval interval(double difference, double[] a, double[] b) {
      Percentile percentile = percentiles(a, b);
      return UtilityRow.Interval.of(
          difference, percentile.evaluate(2.5), percentile.evaluate(97.5));
    }

    private static Percentile percentiles(double[] a, double[] b) {
      Percentile percentile = new Percentile();
      percentile.setData(IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray());
      return percentile;
    }
  }

  /**
   * Returns the 2.5 and 97.5 % quantiles of a statistic over replicates.
   *
   * @param draw draws a replicate and returns its statistic
   */
  static double[] interval(ToDoubleFunction<UniformRandomProvider> draw) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(0);
    double[] statistics = new double[REPLICATES];
    Arrays.setAll(statistics, r -> draw.applyAsDouble(random));
    Percentile percentile = new Percentile();
    percentile.setData(statistics);
    return new double[] {percentile.evaluate(2.5), percentile.evaluate(97.5)};
  }

  /**
   * Scores a fit on replicates that depend only on the subjects, so that fits are paired, also
   * those of other runs.
   */
  static Replicates replicate(Ranking fit) {
    WeightedRanking ranked = WeightedRanking.of(fit.probabilities(), fit.labels());
    double[] auroc = new double[REPLICATES];
    double[] auprc = new double[REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
      int[] times = draw(fit, r);
      auroc[r] = ranked.auroc(times);
      auprc[r] = ranked.auprc(times);
    }
    int[] once = new int[fit.labels().length];
    Arrays.fill(once, 1);
    return new Replicates(ranked.auroc(once), ranked.auprc(once), auroc, auprc);
  }

  /**
   * Returns how often replicate {@code number} draws each window: again if a class is missing,
   * which is rare except in tiny sets.
   */
  static int[] draw(Ranking fit, int number) {
    int classes = fit.probabilities()[0].length;
    for (long draw = number; ; draw += REPLICATES) {
      int[] times = new int[fit.labels().length];
      boolean[] drawn = new boolean[classes];
      for (int i = 0; i < times.length; i++) {
        times[i] = poisson(Seeds.derive(fit.subjects()[i], "", draw));
        drawn[fit.labels()[i]] |= times[i] > 0;
      }
      if (Booleans.countTrue(drawn) == classes) {
        return times;
      }
    }
  }

  /** Returns a number of the Poisson distribution with mean 1, by its inverse. */
  private static int poisson(long random) {
    double uniform = (random >>> 11) * 0x1.0p-53;
    int times = 0;
    for (double share = 1 / Math.E; uniform >= share && times < MOST; share /= times) {
      uniform -= share;
      times++;
    }
    return times;
  }
}
