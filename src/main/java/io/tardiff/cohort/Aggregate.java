package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/** How several observations of a channel within one step are reduced to one number. */
public enum Aggregate implements Labelled {
  MEAN,
  /** The middle value, or the mean of the two middle values. */
  MEDIAN,
  MIN,
  MAX,
  /** The latest value; the largest of several at the same time. */
  LAST,
  SUM,
  /**
   * Not a channel but a static covariate: one number per stay, recorded without a time. The
   * smallest if there are several.
   */
  STATIC;

  static Aggregate of(String label) {
    return Labelled.of(Aggregate.class, "aggregate", label);
  }
}
