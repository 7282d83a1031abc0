package io.tardiff.cohort;

import java.util.Arrays;
import java.util.Locale;

/**
 * Forms, besides Avro, in which windows are written: those of a cohort by {@link ExportCohort},
 * synthetic ones by {@code ExportSynthetic}.
 */
public enum ExportFormat {
  /** One row per step, with a header. */
  CSV,
  /** The columns of {@link #CSV}, typed. */
  PARQUET,
  /** {@code values}, {@code mask} and {@code labels} as NumPy arrays. */
  NPY;

  /** {@code csv}, {@code parquet} or {@code npy}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format with that {@link #label()}. */
  public static ExportFormat of(String label) {
    return Arrays.stream(values())
        .filter(format -> format.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "export must be of csv, parquet and npy, was " + label));
  }
}
