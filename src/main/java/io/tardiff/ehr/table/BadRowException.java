package io.tardiff.ehr.table;

/**
 * Thrown for a row that cannot be read. The message is the reason in the dead letter: one of a
 * small set, which may name columns but never contains the content of a cell.
 */
public final class BadRowException extends Exception {
  private static final long serialVersionUID = 1L;

  public BadRowException(String reason) {
    // May be thrown for millions of rows; a stack trace would be expensive and useless.
    super(reason, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
  }
}
