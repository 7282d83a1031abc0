package io.tardiff.cohort;

import java.util.Arrays;
import java.util.Locale;

/** The part of the cohort a subject belongs to, by the names MEDS gives them. */
public enum Split {
  /** Models and normalisers are fitted on it. */
  TRAIN,
  /** Choices (best epoch, guidance set, guidance scale) are made on it. */
  TUNING,
  /** Only ever scored. */
  HELD_OUT;

  /** {@code train}, {@code tuning} or {@code held_out}: the form used in files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The split with that {@link #label()}. */
  public static Split of(String label) {
    return Arrays.stream(values())
        .filter(s -> s.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "split must be train, tuning or held_out, was " + label));
  }
}
