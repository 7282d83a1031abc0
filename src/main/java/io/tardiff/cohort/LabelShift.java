package io.tardiff.cohort;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Whether a rule drops the labels alike: the chi-squared test of the table of dropped and left by
 * label, or Fisher's exact test where two classes are too few for it.
 */
final class LabelShift {
  /** Below it a shift is said to be more than chance. */
  static final double SIGNIFICANT = 0.01;

  /** As usual for the approximation by chi-squared. */
  private static final double MIN_EXPECTED = 5;

  /** Sums of probabilities that are equal but for rounding. */
  private static final double TOLERANCE = 1 + 1e-7;

  private LabelShift() {}

  /**
   * The probability of labels that differ at least as much where the rule drops them by chance.
   *
   * @param dropped by label
   * @param left by label
   * @return null where nothing can be tested: one of the two is empty, or all have one label
   */
  static @Nullable Double pValue(long[] dropped, long[] left) {
    int[] present = present(dropped, left);
    long allDropped = Arrays.stream(dropped).sum();
    long allLeft = Arrays.stream(left).sum();
    if (present.length < 2 || allDropped == 0 || allLeft == 0) {
      return null;
    }
    double least = Math.min(allDropped, allLeft) / (double) (allDropped + allLeft);
    boolean enough =
        Arrays.stream(present).allMatch(k -> (dropped[k] + left[k]) * least >= MIN_EXPECTED);
    if (enough) {
      return new ChiSquareTest()
          .chiSquareTest(new long[][] {pick(dropped, present), pick(left, present)});
    }
    return present.length == 2 ? fisher(pick(dropped, present), pick(left, present)) : null;
  }

  private static int[] present(long[] dropped, long[] left) {
    return IntStream.range(0, dropped.length).filter(k -> dropped[k] + left[k] > 0).toArray();
  }

  private static long[] pick(long[] counts, int[] labels) {
    return Arrays.stream(labels).mapToLong(k -> counts[k]).toArray();
  }

  /** Two-sided: of all tables with these margins, those that are no more probable. */
  private static @Nullable Double fisher(long[] dropped, long[] left) {
    long all = dropped[0] + dropped[1] + left[0] + left[1];
    if (all > Integer.MAX_VALUE) {
      return null;
    }
    HypergeometricDistribution tables =
        new HypergeometricDistribution(
            null, (int) all, (int) (dropped[1] + left[1]), (int) (dropped[0] + dropped[1]));
    double seen = tables.probability((int) dropped[1]) * TOLERANCE;
    double sum = 0;
    for (int k = tables.getSupportLowerBound(); k <= tables.getSupportUpperBound(); k++) {
      double probability = tables.probability(k);
      sum += probability <= seen ? probability : 0;
    }
    return Math.min(1, sum);
  }
}
