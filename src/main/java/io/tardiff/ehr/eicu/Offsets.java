package io.tardiff.ehr.eicu;

import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Minutes since the admission to the unit as times, with the admission at the epoch. */
final class Offsets {
  private static final int MILLIS = 60_000;

  /** Some 190 years: what lies further off is no time of a patient, and sums must not overflow. */
  private static final double LIMIT = 1e8;

  private Offsets() {}

  /** The time in a cell, null where it is empty; before the admission it is negative. */
  static @Nullable Instant time(TableRow row, String column) throws BadRowException {
    Double minutes = Cells.number(row, column);
    if (minutes == null) {
      return null;
    }
    if (Math.abs(minutes) > LIMIT) {
      throw new BadRowException(column + " is no offset in minutes");
    }
    return Instant.ofEpochMilli(Math.round(minutes * MILLIS));
  }

  /** The time in a cell that must be there. */
  static Instant required(TableRow row, String column) throws BadRowException {
    Instant time = time(row, column);
    if (time == null) {
      throw new BadRowException(column + " is empty");
    }
    return time;
  }
}
