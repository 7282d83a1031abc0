package io.tardiff.ehr.table;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A row of a table with access by column name: a CSV line, a Beam row, or a Parquet or Avro record.
 *
 * <p>Cells are texts, as in most EHR extracts; {@link Cells} parses numbers, times and ids.
 */
public interface TableRow {

  /**
   * Returns the trimmed text of a cell.
   *
   * @param column column name as declared by the parser
   * @return null if the cell is empty or a null word ({@link TextFormat}), or there is no such
   *     column
   */
  @Nullable String text(String column);

  /** Returns the trimmed text of a cell even if it is a null word, which may be a code. */
  default @Nullable String raw(String column) {
    return text(column);
  }

  /** Returns the format of numbers and times. */
  default TextFormat format() {
    return TextFormat.standard();
  }
}
