package io.tardiff.ehr.eicu;

import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Converts minutes since admission to the unit to times, with the admission at the epoch. */
final class Offsets {
  private static final int MILLIS = 60_000;

  /** About 190 years, beyond any plausible time and far from overflow. */
  private static final double LIMIT = 1e8;

  private Offsets() {}

  /** Returns the time in a cell, which may precede the admission; null if the cell is empty. */
  static @Nullable Instant time(TableRow row, String column) throws BadRowException {
    Double minutes = Cells.number(row, column);
    if (minutes == null) {
      return null;
    }
    if (Math.abs(minutes) > LIMIT) {
      throw new BadRowException(column + " is out of range");
    }
    return Instant.ofEpochMilli(Math.round(minutes * MILLIS));
  }

  /** Returns the time in a cell that must not be empty. */
  static Instant required(TableRow row, String column) throws BadRowException {
    Instant time = time(row, column);
    if (time == null) {
      throw new BadRowException(column + " is empty");
    }
    return time;
  }
}
