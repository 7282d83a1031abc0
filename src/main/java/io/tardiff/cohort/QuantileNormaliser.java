package io.tardiff.cohort;

import java.util.Arrays;

/**
 * Maps each channel's train quantiles to normal scores by a strictly increasing, piecewise-linear
 * function. The first and last pieces extend beyond the train range, so that the function has an
 * inverse everywhere.
 */
final class QuantileNormaliser implements Normaliser {
  private static final long serialVersionUID = 1L;

  private final double[][] values;
  private final double[][] scores;

  /**
   * @param values {@code [channels][knots]} strictly increasing, at least two knots
   * @param scores same shape, strictly increasing
   */
  QuantileNormaliser(double[][] values, double[][] scores) {
    this.values = values;
    this.scores = scores;
  }

  double[][] values() {
    return values;
  }

  double[][] scores() {
    return scores;
  }

  @Override
  public void normalise(float[] window) {
    for (int i = 0; i < window.length; i++) {
      int c = i % values.length;
      window[i] = (float) map(window[i], values[c], scores[c]);
    }
  }

  @Override
  public void denormalise(float[] window) {
    for (int i = 0; i < window.length; i++) {
      int c = i % values.length;
      window[i] = (float) map(window[i], scores[c], values[c]);
    }
  }

  @Override
  public float[] low() {
    float[] low = new float[scores.length];
    for (int c = 0; c < low.length; c++) {
      low[c] = (float) scores[c][0];
    }
    return low;
  }

  @Override
  public float[] high() {
    float[] high = new float[scores.length];
    for (int c = 0; c < high.length; c++) {
      high[c] = (float) scores[c][scores[c].length - 1];
    }
    return high;
  }

  private static double map(double x, double[] from, double[] to) {
    if (Double.isNaN(x)) {
      return x;
    }
    int found = Arrays.binarySearch(from, x);
    int piece = found >= 0 ? found : -found - 2;
    piece = Math.max(0, Math.min(piece, from.length - 2));
    double share = (x - from[piece]) / (from[piece + 1] - from[piece]);
    return to[piece] + share * (to[piece + 1] - to[piece]);
  }
}
