package io.tardiff.cohort;

import java.util.Arrays;
import java.util.Locale;

/** Forms, besides Avro, in which {@link ExportCohort} writes the windows of a cohort. */
public enum ExportFormat {
  /** A file per split, one row per step, with a header. */
  CSV,
  /** The columns of {@link #CSV}, typed. */
  PARQUET,
  /** {@code values}, {@code mask} and {@code labels} of each split as NumPy arrays. */
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
