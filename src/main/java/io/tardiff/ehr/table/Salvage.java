package io.tardiff.ehr.table;

import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the cells of a wide row independently, so that a bad one does not lose the others. */
@Internal
public final class Salvage {
  private @Nullable BadRowException first;

  /** Reads one cell or a few related ones. */
  public interface Cell {
    void read() throws BadRowException;
  }

  public void read(Cell cell) {
    try {
      cell.read();
    } catch (BadRowException e) {
      if (first == null) {
        first = e;
      }
    }
  }

  /** Rejects the row because of its first bad cell, after the valid ones were emitted. */
  public void finish() throws BadRowException {
    if (first != null) {
      throw first;
    }
  }
}
