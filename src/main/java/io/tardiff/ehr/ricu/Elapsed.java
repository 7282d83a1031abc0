package io.tardiff.ehr.ricu;

import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;
import java.io.Serializable;
import java.time.Duration;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Converts times since admission to times, with the admission at the epoch.
 *
 * @param unit unit of plain numbers; durations have their own
 */
record Elapsed(Ricu.TimeUnit unit) implements Serializable {
  private static final Duration DAY = Duration.ofDays(1);

  /** Longer than any stay: a number beyond it has another unit. */
  private static final long MAX_DAYS = 1000;

  /** Returns the time in a cell, which may precede the admission; null if the cell is empty. */
  @Nullable Instant time(TableRow row, String column) throws BadRowException {
    return time(row, column, unit);
  }

  static @Nullable Instant time(TableRow row, String column, Ricu.TimeUnit unit)
      throws BadRowException {
    Duration duration = Cells.duration(row, column);
    Double number = duration == null ? Cells.number(row, column) : null;
    if (duration == null && number == null) {
      return null;
    }
    double millis = duration == null ? number * unit.millis() : duration.toMillis();
    if (Math.abs(millis) > MAX_DAYS * DAY.toMillis()) {
      throw new BadRowException(
          column + " is more than " + MAX_DAYS + " days from the admission (timeUnit)");
    }
    return Instant.ofEpochMilli(Math.round(millis));
  }
}
