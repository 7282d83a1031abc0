package io.tardiff.ehr.omop;

import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Ids and concept ids, which are texts here: 64 bits, maybe negative, and never computed with. */
final class Ids {
  /** What a whole number ends with that went through a table of floating-point numbers. */
  private static final String FRACTION = ".0";

  private static final String UNMAPPED = "0";

  private Ids() {}

  static String required(TableRow row, String column) throws BadRowException {
    return plain(Cells.required(row, column));
  }

  static @Nullable String optional(TableRow row, String column) {
    String text = row.text(column);
    return text == null ? null : plain(text);
  }

  /** A concept; null where there is none, or it is 0, which stands for "not mapped". */
  static @Nullable String concept(TableRow row, String column) {
    String concept = optional(row, column);
    return UNMAPPED.equals(concept) ? null : concept;
  }

  private static String plain(String id) {
    return id.endsWith(FRACTION) ? id.substring(0, id.length() - FRACTION.length()) : id;
  }
}
