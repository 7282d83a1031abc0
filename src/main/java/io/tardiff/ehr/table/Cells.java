package io.tardiff.ehr.table;

import com.google.common.base.CharMatcher;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Numbers and times from the cells of a row. */
public final class Cells {
  /** {@code 2150-01-31 23:59[:59[.123456]]}, with a T or a blank between. */
  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][ ]HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalEnd()
          .toFormatter()
          // Otherwise the 31st of June would pass for the 30th.
          .withResolverStyle(ResolverStyle.STRICT);

  /** In no number but Java's; an exponent is an e, and Infinity is told to be not finite. */
  private static final CharMatcher JAVA_ONLY = CharMatcher.anyOf("dDxXpP");

  private static final int DATE_LENGTH = 10;

  private Cells() {}

  /** The text of a cell that must be there. */
  public static String required(TableRow row, String column) throws BadRowException {
    String text = row.text(column);
    if (text == null) {
      throw new BadRowException(column + " is empty");
    }
    return text;
  }

  /** The number in a cell, null where it is empty. */
  public static @Nullable Double number(TableRow row, String column) throws BadRowException {
    String text = row.text(column);
    if (text == null) {
      return null;
    }
    double value;
    try {
      value = decimal(text);
    } catch (NumberFormatException e) {
      throw new BadRowException(column + " is not a number");
    }
    if (!Double.isFinite(value)) {
      throw new BadRowException(column + " is not finite");
    }
    return value;
  }

  /**
   * A decimal number.
   *
   * @throws NumberFormatException where it is none, also of what Java alone takes for one: {@code
   *     5d}, {@code 0x1p3}
   */
  public static double decimal(String text) {
    char last = text.isEmpty() ? '0' : text.charAt(text.length() - 1);
    if (JAVA_ONLY.matchesAnyOf(text) || last == 'f' || last == 'F') {
      throw new NumberFormatException();
    }
    return Double.parseDouble(text);
  }

  /** The time in a cell, null where it is empty; see {@link #parseTime}. */
  public static @Nullable Instant time(TableRow row, String column) throws BadRowException {
    String text = row.text(column);
    if (text == null) {
      return null;
    }
    Instant time = parseTime(text);
    if (time == null) {
      throw new BadRowException(column + " is not a time");
    }
    return time;
  }

  /**
   * A date, a date and time, or one with an offset, in ISO 8601 or with a blank for the T. Without
   * an offset UTC is meant: de-identified times have no zone, and only differences count.
   *
   * @return null where it is none of these
   */
  public static @Nullable Instant parseTime(String text) {
    try {
      if (text.length() == DATE_LENGTH) {
        return millis(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
      }
      char last = text.charAt(text.length() - 1);
      boolean zoned =
          last == 'Z' || text.indexOf('+', DATE_LENGTH) > 0 || text.indexOf('-', DATE_LENGTH) > 0;
      return zoned
          ? millis(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant())
          : millis(LocalDateTime.parse(text, DATE_TIME).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException | ArithmeticException | StringIndexOutOfBoundsException e) {
      return null;
    }
  }

  private static Instant millis(java.time.Instant instant) {
    return Instant.ofEpochMilli(instant.toEpochMilli());
  }
}
