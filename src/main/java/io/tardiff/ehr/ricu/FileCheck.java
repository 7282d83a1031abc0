package io.tardiff.ehr.ricu;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.files.parquet.ParquetRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.DoublePredicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Checks the types and the first values of Parquet files before the pipeline runs: a wrong unit of
 * time would only show in the results.
 */
final class FileCheck {
  /** Seconds and minutes of an hourly grid are multiples of it. */
  private static final double MINUTES = 60;

  private FileCheck() {}

  /**
   * Checks the times of a file.
   *
   * @param unit unit that the user states; null for none
   * @return whether the file states their unit; null if it has no times
   */
  static @Nullable Boolean statesUnit(String file, Ricu.@Nullable TimeUnit unit) {
    try (ParquetRows rows = ParquetRows.open(file)) {
      Class<?> type = rows.type(Dynamics.TIME);
      if (type == null || rows.isEmpty(Dynamics.TIME)) {
        return null;
      }
      if (type == Duration.class) {
        return true;
      }
      // Texts may be numbers, as in a file of texts only.
      checkArgument(
          type == Long.class || type == Double.class || type == String.class,
          "time must hold durations since admission, or hours, but in %s it holds %s",
          file,
          type.getSimpleName());
      checkArgument(
          unit != null || !isOnlyMultiplesOfAnHour(rows),
          "time must hold hours unless timeUnit says otherwise, but in %s all numbers are multiples"
              + " of 60, as minutes and seconds are; set timeUnit",
          file);
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static boolean isOnlyMultiplesOfAnHour(ParquetRows rows) throws IOException {
    return first(rows, Dynamics.TIME, number -> number % MINUTES != 0) == null
        && first(rows, Dynamics.TIME, number -> number != 0) != null;
  }

  /** Checks that the labels of a file are classes. */
  static void checkLabels(String file) {
    try (ParquetRows rows = ParquetRows.open(file)) {
      Class<?> type = rows.type(Outcomes.LABEL);
      boolean number = type == Long.class || type == Double.class;
      Double other = number ? first(rows, Outcomes.LABEL, label -> !Outcomes.isClass(label)) : null;
      checkArgument(
          type != Duration.class && other == null,
          "label must hold classes from 0 to %s, but in %s it holds %s, as regression tasks do,"
              + " which are not supported",
          Outcomes.MAX_CLASS,
          file,
          type == Duration.class ? "durations" : "other numbers");
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Returns the first number of the first group that matches; null if none. */
  private static @Nullable Double first(ParquetRows rows, String column, DoublePredicate matches)
      throws IOException {
    if (rows.rowGroups() == 0) {
      return null;
    }
    ParquetRows.Group group = rows.read(0, List.of(column));
    int index = group.index(column);
    while (group.next()) {
      if (group.value(index) instanceof Number number
          && !Double.isNaN(number.doubleValue())
          && matches.test(number.doubleValue())) {
        return number.doubleValue();
      }
    }
    return null;
  }
}
