package io.tardiff.ehr.table;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A row whose cells have typed values besides their text, such as that of a Parquet file.
 *
 * <p>A parser may check {@code row instanceof TypedRow} to avoid the conversion to text.
 */
public interface TypedRow extends TableRow {

  /**
   * Returns the value of a cell, of a type that {@link io.tardiff.files.parquet.ParquetRows} lists.
   *
   * @param column column name as declared by the parser
   * @return null if the cell is empty or there is no such column
   */
  @Nullable Object value(String column);
}
