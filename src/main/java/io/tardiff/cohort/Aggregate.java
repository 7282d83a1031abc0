package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/** How the observations of one channel in one step become one number. */
public enum Aggregate implements Labelled {
  MEAN,
  /** The middle one, or the mean of the two middle ones. */
  MEDIAN,
  MIN,
  MAX,
  /** The latest; of several at the same time the largest. */
  LAST,
  SUM,
  /** Not a channel: one number per stay, recorded without a time; of several the smallest. */
  STATIC;

  static Aggregate of(String label) {
    return Labelled.of(Aggregate.class, "aggregate", label);
  }
}
