package io.tardiff.ehr.table;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A row whose cells have types besides their text: one of a Parquet file.
 *
 * <p>A parser that is fed millions of rows may ask for {@code row instanceof TypedRow} and spare
 * the way through texts.
 */
public interface TypedRow extends TableRow {

  /**
   * The value of a cell, of the types that {@link io.tardiff.files.parquet.ParquetRows} lists.
   *
   * @param column name, in the case the parser declares it in
   * @return null where the cell is empty or the table has no such column
   */
  @Nullable Object value(String column);
}
