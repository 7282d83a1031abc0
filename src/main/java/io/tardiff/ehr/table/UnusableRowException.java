package io.tardiff.ehr.table;

/**
 * Thrown for an unusable row of a table that needs every row, such as splits, to fail the run. Like
 * that of {@link BadRowException}, its message may name columns but never contains values.
 */
final class UnusableRowException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  UnusableRowException(String table, String reason) {
    super("table " + table + " has an unusable row, but every row of it is needed: " + reason);
  }
}
