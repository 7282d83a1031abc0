package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.training.RankingMetrics;
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
 * <p>A replicate draws as many subjects as there are, with replacement, and uses all windows of
 * each, because windows of one subject are not independent. Both groups are scored on the same
 * draw, so the difficulty of a draw cancels. The metric of a group is the mean over its fits, so
 * the percentile interval reflects the variation between patients, and the standard deviation over
 * seeds that between fits.
 */
final class PairedBootstrap {
  static final int REPLICATES = 1000;

  private PairedBootstrap() {}

  /**
   * The predictions of a fit for the windows of a split, in the same order for every fit.
   *
   * @param probabilities {@code [size, classes]}
   * @param labels {@code [size]}
   * @param subjects {@code [size]}, a number per subject (not an id)
   */
  record Ranking(double[][] probabilities, int[] labels, int[] subjects) {}

  /**
   * AUROC and AUPRC of a fit, or their means over fits, on the split itself and on every replicate:
   * 16 KB, however many windows there are.
   */
  record Replicates(double auroc, double auprc, double[] replicatedAuroc, double[] replicatedAuprc)
      implements Serializable {

    /** Returns the mean over fits that were scored on the same windows with the same seed. */
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

    /** Returns this minus {@code other}, which must have the same seed and windows. */
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
   * Scores a fit on replicates that depend only on the windows and {@code seed}, so that fits are
   * paired.
   */
  static Replicates replicate(Ranking fit, long seed) {
    int[][] windowsOf = windowsOf(fit.subjects());
    int[] all = IntStream.range(0, fit.labels().length).toArray();
    double[] auroc = new double[REPLICATES];
    double[] auprc = new double[REPLICATES];
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    for (int r = 0; r < REPLICATES; r++) {
      int[] drawn = draw(random, windowsOf, fit);
      auroc[r] = score(fit, drawn, RankingMetrics::auroc);
      auprc[r] = score(fit, drawn, RankingMetrics::auprc);
    }
    return new Replicates(
        score(fit, all, RankingMetrics::auroc),
        score(fit, all, RankingMetrics::auprc),
        auroc,
        auprc);
  }

  /** Draws windows, again if a class is missing, which is rare except in tiny sets. */
  private static int[] draw(UniformRandomProvider random, int[][] windowsOf, Ranking ranking) {
    int classes = ranking.probabilities()[0].length;
    while (true) {
      int[] drawn =
          IntStream.range(0, windowsOf.length)
              .flatMap(i -> Arrays.stream(windowsOf[random.nextInt(windowsOf.length)]))
              .toArray();
      if (Arrays.stream(drawn).map(i -> ranking.labels()[i]).distinct().count() == classes) {
        return drawn;
      }
    }
  }

  private static int[][] windowsOf(int[] subjects) {
    int count = Arrays.stream(subjects).max().orElse(-1) + 1;
    IntStream.Builder[] windows = new IntStream.Builder[count];
    Arrays.setAll(windows, s -> IntStream.builder());
    for (int i = 0; i < subjects.length; i++) {
      windows[subjects[i]].add(i);
    }
    return Arrays.stream(windows).map(builder -> builder.build().toArray()).toArray(int[][]::new);
  }

  private interface Metric {
    double of(double[][] probabilities, int[] labels);
  }

  private static double score(Ranking fit, int[] windows, Metric metric) {
    double[][] probabilities =
        Arrays.stream(windows).mapToObj(i -> fit.probabilities()[i]).toArray(double[][]::new);
    int[] labels = Arrays.stream(windows).map(i -> fit.labels()[i]).toArray();
    return metric.of(probabilities, labels);
  }
}
