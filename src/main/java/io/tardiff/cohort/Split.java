package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/** The part of the cohort a subject belongs to, by the names MEDS gives them. */
public enum Split implements Labelled {
  /** Models and normalisers are fitted on it. */
  TRAIN,
  /** Choices (best epoch, guidance set, guidance scale) are made on it. */
  TUNING,
  /** Only ever scored. */
  HELD_OUT;

  /** The split with that {@link #label()}. */
  public static Split of(String label) {
    return Labelled.of(Split.class, "split", label);
  }
}
