package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.evaluation.UtilityScore.Ranking;
import io.tardiff.training.RankingMetrics;
import java.util.Arrays;
import java.util.List;
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

  /** The mean AUROC and AUPRC over fits on the split as it is and on every replicate. */
  record Replicates(
      double auroc, double auprc, double[] replicatedAuroc, double[] replicatedAuprc) {

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
  static Replicates replicate(List<Ranking> fits, long seed) {
    checkArgument(!fits.isEmpty(), "fits must not be empty");
    Ranking first = fits.get(0);
    int[][] windowsOf = windowsOf(first.subjects());
    int[] all = IntStream.range(0, first.labels().length).toArray();
    double[] auroc = new double[REPLICATES];
    double[] auprc = new double[REPLICATES];
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    for (int r = 0; r < REPLICATES; r++) {
      int[] drawn = draw(random, windowsOf, first);
      auroc[r] = mean(fits, drawn, RankingMetrics::auroc);
      auprc[r] = mean(fits, drawn, RankingMetrics::auprc);
    }
    return new Replicates(
        mean(fits, all, RankingMetrics::auroc),
        mean(fits, all, RankingMetrics::auprc),
        auroc,
        auprc);
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

  private static double mean(List<Ranking> fits, int[] windows, Metric metric) {
    double sum = 0;
    for (Ranking fit : fits) {
      double[][] probabilities =
          Arrays.stream(windows).mapToObj(i -> fit.probabilities()[i]).toArray(double[][]::new);
      int[] labels = Arrays.stream(windows).map(i -> fit.labels()[i]).toArray();
      sum += metric.of(probabilities, labels);
    }
    return sum / fits.size();
  }
}
