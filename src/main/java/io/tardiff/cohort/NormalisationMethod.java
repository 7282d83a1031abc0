package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/** How channels are scaled for the networks. Fitted on train windows with gaps filled. */
public enum NormalisationMethod implements Labelled {
  /** Mean 0 and standard deviation 1. The default. */
  Z_SCORE,
  /** Maps the train range to [-1, 1]. */
  MIN_MAX,
  /**
   * Median 0 and interquartile range 1.349, that of a standard normal. Scales by the standard
   * deviation if the quartiles coincide.
   */
  ROBUST,
  /** Maps each train quantile to the same quantile of a standard normal. */
  QUANTILE;

  /** Returns the method with the given {@link #label()}. */
  public static NormalisationMethod of(String label) {
    return Labelled.of(NormalisationMethod.class, "normalisation", label);
  }
}
