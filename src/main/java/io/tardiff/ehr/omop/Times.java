package io.tardiff.ehr.omop;

import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Reads times of the common data model: a column with date and time that may be empty, and one with
 * the date.
 *
 * <p>If only the date is known, the start of a stay is placed at the start of the day and
 * everything else at its last second, so that no window contains a value before it was known.
 */
final class Times {
  private static final int DATE_LENGTH = 10;
  private static final Duration LAST_SECOND = Duration.standardSeconds(86_399);

  private Times() {}

  /** Returns the start of a stay; null if both columns are empty. */
  static @Nullable Instant start(TableRow row, String prefix) throws BadRowException {
    return time(row, prefix, Duration.ZERO);
  }

  /** Returns the time of an end or an observation; null if both columns are empty. */
  static @Nullable Instant end(TableRow row, String prefix) throws BadRowException {
    return time(row, prefix, LAST_SECOND);
  }

  private static @Nullable Instant time(TableRow row, String prefix, Duration timeOfDay)
      throws BadRowException {
    String column = prefix + "_datetime";
    String text = row.text(column);
    if (text == null) {
      column = prefix + "_date";
      text = row.text(column);
      String clock = row.text(prefix + "_time");
      if (text != null && clock != null) {
        column = prefix + "_time";
        // Some sources have the full date and time here.
        text =
            clock.length() > DATE_LENGTH && clock.indexOf('-') > 0
                ? clock
                : text.substring(0, Math.min(DATE_LENGTH, text.length())) + " " + clock;
      }
    }
    if (text == null) {
      return null;
    }
    Instant time = row.format().time(text);
    if (time == null) {
      throw new BadRowException(column + " is not a time");
    }
    return Cells.isDate(row, text) ? time.plus(timeOfDay) : time;
  }
}
