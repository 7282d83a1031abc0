package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/** The part of a cohort that a subject belongs to, named as in MEDS. */
public enum Split implements Labelled {
  /** For fitting models and normalisers. */
  TRAIN,
  /** For choices: best epoch, guidance set, guidance scale. */
  TUNING,
  /** For scoring only. */
  HELD_OUT;

  /** Returns the split with the given {@link #label()}. */
  public static Split of(String label) {
    return Labelled.of(Split.class, "split", label);
  }
}
