package io.tardiff.ehr.eicu;

import io.tardiff.ehr.table.BadRowException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the cells of a wide row one by one, so that a bad one does not cost the others. */
final class Salvage {
  private @Nullable BadRowException first;

  /** One cell, or a few that belong together. */
  interface Cell {
    void read() throws BadRowException;
  }

  void read(Cell cell) {
    try {
      cell.read();
    } catch (BadRowException e) {
      if (first == null) {
        first = e;
      }
    }
  }

  /** Refuses the row by its first bad cell, after what could be read was put out. */
  void end() throws BadRowException {
    if (first != null) {
      throw first;
    }
  }
}
