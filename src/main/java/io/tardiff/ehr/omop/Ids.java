package io.tardiff.ehr.omop;

import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Ids and concept ids, which are texts here: 64 bits, maybe negative, and never computed with. */
final class Ids {
  private static final String UNMAPPED = "0";

  private Ids() {}

  static String required(TableRow row, String column) throws BadRowException {
    return Cells.requiredId(row, column);
  }

  static @Nullable String optional(TableRow row, String column) {
    return Cells.id(row, column);
  }

  /** A concept; null where there is none, or it is 0, which stands for "not mapped". */
  static @Nullable String concept(TableRow row, String column) {
    String concept = optional(row, column);
    return UNMAPPED.equals(concept) ? null : concept;
  }
}
