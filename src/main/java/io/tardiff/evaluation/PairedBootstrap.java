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
 * Interval of the difference between two sets of fits that were scored on the same windows.
 *
 * <p>A replicate draws as many subjects as there are, with replacement, and takes all windows of
 * each: windows of one subject are not independent. Both sides are scored on the same draw, so what
 * makes a draw easy or hard cancels. The metric of a side is the mean over its fits, hence the
 * interval holds for these fits: it is about the patients they are tested on, and the standard
 * deviation over seeds is about the fits. Percentile intervals.
 */
final class PairedBootstrap {
  static final int REPLICATES = 1000;

  private PairedBootstrap() {}

  /**
   * What a fit makes of the windows of a split, in one order for every fit on the same cohort.
   *
   * @param probabilities {@code [size, classes]}
   * @param labels {@code [size]}
   * @param subjects {@code [size]}, which windows share a subject: a number per subject, no id
   */
  record Ranking(double[][] probabilities, int[] labels, int[] subjects) {}

  /**
   * AUROC and AUPRC on the split as it is and on every replicate, of a fit or a mean over fits: 16
   * KB, however many windows there are.
   */
  record Replicates(double auroc, double auprc, double[] replicatedAuroc, double[] replicatedAuprc)
      implements Serializable {

    /** The mean over fits to the same windows, by the same seed. */
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

    // Beam compares elements that went through a coder; records compare arrays by identity.
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

    /** This minus {@code other}, which must come from the same seed and windows. */
    UtilityRow.Gain minus(Replicates other) {
      return UtilityRow.Gain.of(
          interval(auroc - other.auroc, replicatedAuroc, other.replicatedAuroc),
          interval(auprc - other.auprc, replicatedAuprc, other.replicatedAuprc));
    }

    /**
     * What the AUPRC of this minus that of {@code other} is below in {@code share} of the draws.
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

  /** Draws from {@code seed} alone, so that two calls with the same windows are paired. */
  static Replicates replicate(Ranking fit, long seed) {
    int[][] windowsOf = windowsOf(fit.subjects());
    int[] all = IntStream.range(0, fit.labels().length).toArray();
    double[] auroc = new double[REPLICATES];
    double[] auprc = new double[REPLICATES];
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    for (int r = 0; r < REPLICATES; r++) {
      int[] drawn = draw(random, windowsOf, fit);
      auroc[r] = on(fit, drawn, RankingMetrics::auroc);
      auprc[r] = on(fit, drawn, RankingMetrics::auprc);
    }
    return new Replicates(
        on(fit, all, RankingMetrics::auroc), on(fit, all, RankingMetrics::auprc), auroc, auprc);
  }

  /** A draw without some class has no AUROC; it is drawn again, which is rare but for tiny sets. */
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

  private static double on(Ranking fit, int[] windows, Metric metric) {
    double[][] probabilities =
        Arrays.stream(windows).mapToObj(i -> fit.probabilities()[i]).toArray(double[][]::new);
    int[] labels = Arrays.stream(windows).map(i -> fit.labels()[i]).toArray();
    return metric.of(probabilities, labels);
  }
}
