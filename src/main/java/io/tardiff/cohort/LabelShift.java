package io.tardiff.cohort;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Tests whether a rule drops all labels alike, by a chi-squared test of the numbers dropped and
 * left by label, or by Fisher's exact test if there are two classes with small counts.
 */
final class LabelShift {
  /** Warn of a shift if the p-value is below this. */
  static final double SIGNIFICANT = 0.01;

  /** Smallest expected count for which the chi-squared approximation is customary. */
  private static final double MIN_EXPECTED = 5;

  /** Treats probabilities that differ only by rounding as equal. */
  private static final double TOLERANCE = 1 + 1e-7;

  private LabelShift() {}

  /**
   * Returns the p-value of the null hypothesis that the rule drops regardless of the label.
   *
   * @param dropped number dropped, by label
   * @param left number left, by label
   * @return null if it cannot be tested: one of the two is empty, there is only one label, or there
   *     are more than two labels with small counts
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

  /**
   * Returns the two-sided p-value: the probability of all tables with the same margins that are at
   * most as probable as this one; null if there are too many stays.
   */
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
