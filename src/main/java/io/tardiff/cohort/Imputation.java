package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/**
 * How the gaps of a window are filled. Only values of the same window and statistics of the train
 * split are used.
 */
public enum Imputation implements Labelled {
  /** Carries the last observation forward; before the first, the train median. The default. */
  FORWARD_MEDIAN,
  /**
   * Carries the last observation forward; before the first, the concept's normal value if it has
   * one, else the train median.
   */
  FORWARD_NORMAL,
  /** The train mean. */
  MEAN,
  /**
   * Interpolates linearly between observations; before the first, the train median; after the last,
   * the last observation.
   */
  LINEAR,
  /** Leaves gaps as NaN, for use outside this library: its networks need filled windows. */
  NONE;

  /** Returns the method with the given {@link #label()}. */
  public static Imputation of(String label) {
    return Labelled.of(Imputation.class, "imputation", label);
  }

  /**
   * Fills a window in place.
   *
   * @param values {@code [steps, channels]} row-major, NaN in gaps
   * @param standard one value per channel, for gaps before the first observation
   */
  void fill(float[] values, float[] standard) {
    int width = standard.length;
    switch (this) {
      case NONE -> {}
      case MEAN -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.isNaN(values[i]) ? standard[i % width] : values[i];
        }
      }
      case FORWARD_MEDIAN, FORWARD_NORMAL -> forward(values, standard);
      case LINEAR -> {
        for (int channel = 0; channel < width; channel++) {
          interpolate(values, channel, width);
        }
        forward(values, standard);
      }
    }
  }

  private static void forward(float[] values, float[] standard) {
    int width = standard.length;
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        values[i] = i >= width ? values[i - width] : standard[i];
      }
    }
  }

  private static void interpolate(float[] values, int channel, int width) {
    int last = -1;
    for (int i = channel; i < values.length; i += width) {
      if (Float.isNaN(values[i])) {
        continue;
      }
      if (last >= 0) {
        int steps = (i - last) / width;
        for (int k = 1; k < steps; k++) {
          values[last + k * width] = values[last] + (values[i] - values[last]) * k / steps;
        }
      }
      last = i;
    }
  }
}
