package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/**
 * Forms, besides Avro, in which windows are written: those of a cohort by {@link ExportCohort},
 * synthetic ones by {@code ExportSynthetic}.
 */
public enum ExportFormat implements Labelled {
  /** One row per step, with a header. */
  CSV,
  /** The columns of {@link #CSV}, typed. */
  PARQUET,
  /** {@code values}, {@code mask} and {@code labels} as NumPy arrays. */
  NPY;

  /** The format with that {@link #label()}. */
  public static ExportFormat of(String label) {
    return Labelled.of(ExportFormat.class, "export", label);
  }
}
