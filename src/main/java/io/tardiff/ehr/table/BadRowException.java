package io.tardiff.ehr.table;

/**
 * A row that cannot be read. The message is the reason for the dead letter: one of a small set,
 * with the names of columns and never the content of a cell.
 */
public final class BadRowException extends Exception {
  private static final long serialVersionUID = 1L;

  public BadRowException(String reason) {
    // Thrown for data, maybe millions of times: a stack trace would say nothing and cost much.
    super(reason, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
  }
}
