package io.tardiff.cohort;

import java.util.Arrays;
import java.util.Locale;

/** How the observations of one channel in one step become one number. */
public enum Aggregate {
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

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Aggregate of(String label) {
    return Arrays.stream(values())
        .filter(aggregate -> aggregate.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "aggregate must be mean, median, min, max, last, sum or static, was " + label));
  }
}
