package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/** How a channel is brought to the unit scale of the networks; fitted on filled train windows. */
public enum NormalisationMethod implements Labelled {
  /** Mean 0 and standard deviation 1. The default. */
  Z_SCORE,
  /** The train range becomes [-1, 1]. */
  MIN_MAX,
  /**
   * Median 0, and an interquartile range of 1.349, which is that of a standard normal; where the
   * quartiles coincide the standard deviation is used.
   */
  ROBUST,
  /** Each train quantile becomes the same quantile of a standard normal. */
  QUANTILE;

  /** The method with that {@link #label()}. */
  public static NormalisationMethod of(String label) {
    return Labelled.of(NormalisationMethod.class, "normalisation", label);
  }
}
