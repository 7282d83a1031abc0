package io.tardiff.ehr.table;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One row of a table by column name, whatever it was read from: a line of CSV, a Beam row, a
 * Parquet or Avro record.
 *
 * <p>Cells are texts, as most EHR extracts are; {@link Cells} reads numbers and times from them.
 */
public interface TableRow {

  /**
   * The text of a cell, without blanks around it.
   *
   * @param column name, in the case the parser declares it in
   * @return null where the cell is empty, holds a word for no value ({@link TextFormat}), or the
   *     table has no such column
   */
  @Nullable String text(String column);

  /** The text of a cell even where it is a word for no value, which may be the name of a code. */
  default @Nullable String raw(String column) {
    return text(column);
  }

  /** How numbers and times are written. */
  default TextFormat format() {
    return TextFormat.standard();
  }
}
