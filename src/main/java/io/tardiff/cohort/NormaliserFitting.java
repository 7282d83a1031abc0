package io.tardiff.cohort;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;

/** Fits a {@link Normaliser} to the train part of a {@link CohortSummary}. */
final class NormaliserFitting {
  private static final int PIECES = 200;

  /** Ranks are clipped to [TAIL, 1 - TAIL], so that normal scores stay finite. */
  private static final double TAIL = 0.001;

  /** Quantiles with a relative difference up to this are treated as one frequent value. */
  private static final double TIE = 5 * ChannelSketches.ACCURACY;

  /** Interquartile range of a standard normal. */
  private static final double NORMAL_IQR = 1.3489795003921634;

  private NormaliserFitting() {}

  static Normaliser fit(NormalisationMethod method, CohortSummary summary) {
    int channels = summary.min.length;
    if (method == NormalisationMethod.QUANTILE) {
      return quantile(summary);
    }
    double[] shift = new double[channels];
    double[] scale = new double[channels];
    for (int c = 0; c < channels; c++) {
      double sd = summary.standardDeviation(c);
      switch (method) {
        case Z_SCORE -> {
          shift[c] = summary.mean(c);
          scale[c] = sd;
        }
        case MIN_MAX -> {
          shift[c] = (summary.max[c] + summary.min[c]) / 2;
          scale[c] = (summary.max[c] - summary.min[c]) / 2;
        }
        case ROBUST -> {
          double range = summary.quantile(c, 0.75) - summary.quantile(c, 0.25);
          shift[c] = summary.quantile(c, 0.5);
          scale[c] = range > 0 ? range / NORMAL_IQR : sd;
        }
        case QUANTILE -> throw new IllegalStateException("quantile is not affine");
      }
      // A constant channel is only shifted.
      scale[c] = scale[c] > 0 ? scale[c] : 1;
    }
    return new AffineNormaliser(
        method.label(), shift, scale, summary.min.clone(), summary.max.clone());
  }

  private static Normaliser quantile(CohortSummary summary) {
    int channels = summary.min.length;
    double[][] values = new double[channels][];
    double[][] scores = new double[channels][];
    NormalDistribution normal = new NormalDistribution(null, 0, 1);
    for (int c = 0; c < channels; c++) {
      List<Double> knots = new ArrayList<>();
      List<Double> heights = new ArrayList<>();
      int k = 0;
      while (k <= PIECES) {
        // One knot for all quantiles that share a value, at the middle of their ranks.
        double first = summary.quantile(c, (double) k / PIECES);
        int last = k;
        while (last < PIECES && isTie(first, summary.quantile(c, (last + 1.0) / PIECES))) {
          last++;
        }
        double rank = (k + last) / (2.0 * PIECES);
        knots.add(k == 0 ? summary.min[c] : last == PIECES ? summary.max[c] : first);
        heights.add(normal.inverseCumulativeProbability(Math.max(TAIL, Math.min(rank, 1 - TAIL))));
        k = last + 1;
      }
      if (knots.size() == 1) {
        knots.add(knots.get(0) + 1);
        heights.add(heights.get(0) + 1);
      }
      values[c] = knots.stream().mapToDouble(Double::doubleValue).toArray();
      scores[c] = heights.stream().mapToDouble(Double::doubleValue).toArray();
    }
    return new QuantileNormaliser(values, scores);
  }

  private static boolean isTie(double a, double b) {
    return Math.abs(a - b) <= TIE * Math.max(Math.abs(a), Math.abs(b));
  }
}
