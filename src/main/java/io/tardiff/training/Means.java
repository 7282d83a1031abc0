package io.tardiff.training;

import java.util.Arrays;

/** Means of vectors of floats from sums that count their parts: {@code [count | sum]}. */
final class Means {
  private Means() {}

  /** Returns what a vector adds to a sum. */
  static double[] part(float[] values) {
    double[] part = new double[1 + values.length];
    part[0] = 1;
    System.arraycopy(doubles(values), 0, part, 1, values.length);
    return part;
  }

  /** Returns the number of vectors in a sum. */
  static int count(double[] sum) {
    return (int) Math.round(sum[0]);
  }

  /** Returns the mean of the vectors in a sum. */
  static double[] mean(double[] sum) {
    return Arrays.stream(sum).skip(1).map(value -> value / sum[0]).toArray();
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
