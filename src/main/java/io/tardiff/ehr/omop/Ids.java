package io.tardiff.ehr.omop;

import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads ids and concept ids as texts; they may be negative 64-bit numbers. */
final class Ids {
  private static final String UNMAPPED = "0";

  private Ids() {}

  static String required(TableRow row, String column) throws BadRowException {
    return Cells.requiredId(row, column);
  }

  static @Nullable String optional(TableRow row, String column) {
    return Cells.id(row, column);
  }

  /** Returns the concept id; null if it is missing or 0, which means unmapped. */
  static @Nullable String concept(TableRow row, String column) {
    String concept = optional(row, column);
    return UNMAPPED.equals(concept) ? null : concept;
  }
}
