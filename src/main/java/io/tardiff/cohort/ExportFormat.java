package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/**
 * Formats in which windows are exported: those of a cohort by {@link ExportCohort}, synthetic ones
 * by {@code ExportSynthetic}.
 */
public enum ExportFormat implements Labelled {
  /** One row per step, with a header. */
  CSV,
  /** The columns of {@link #CSV} with types. */
  PARQUET,
  /** {@code values}, {@code mask} and {@code labels} as NumPy arrays. */
  NPY;

  /** Returns the format with the given {@link #label()}. */
  public static ExportFormat of(String label) {
    return Labelled.of(ExportFormat.class, "export", label);
  }
}
