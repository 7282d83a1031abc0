package io.tardiff.ehr.table;

/**
 * A row of a table in which every row counts, such as of splits, that cannot be used: the run must
 * end. Like {@link BadRowException} its message names columns and no values.
 */
final class UnusableRowException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  UnusableRowException(String table, String reason) {
    super("table " + table + " has a row that cannot be used, and needs them all: " + reason);
  }
}
