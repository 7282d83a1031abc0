package io.tardiff.ehr.table;

import io.tardiff.files.Bounds;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Reads numbers, times and ids from the cells of a row. */
public final class Cells {
  /** An integer id that was converted to floating point. */
  private static final Pattern FLOAT =
      Pattern.compile(
          "-?(?:0|[1-9]\\d*)\\.0+|-?[1-9](?:\\.\\d+)?[eE]\\+\\d{1,2}|-?[1-9]\\.\\d+E\\d{1,2}");

  /** Doubles above this do not represent every integer and may be a different id. */
  private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

  private Cells() {}

  /** Returns the text of a cell that must not be empty. */
  public static String required(TableRow row, String column) throws BadRowException {
    String text = row.text(column);
    if (text == null) {
      throw new BadRowException(column + " is empty");
    }
    return text;
  }

  /** Returns the id in a cell that must not be empty; see {@link #plainId}. */
  public static String requiredId(TableRow row, String column) throws BadRowException {
    return plainId(required(row, column));
  }

  /** Returns the id in a cell, null if it is empty; see {@link #plainId}. */
  public static @Nullable String id(TableRow row, String column) {
    String text = row.text(column);
    return text == null ? null : plainId(text);
  }

  /**
   * Returns the canonical form of an id. Many programs convert integer columns with missing cells
   * to floating point, so {@code 2004.0} becomes 2004, and {@code 1.2E7} and {@code 1.2e+07} become
   * 12000000. Leading zeros are kept, as are all other texts and numbers too large to be exact.
   */
  public static String plainId(String text) {
    if (text.length() > Bounds.NUMBER_CHARS || (text.indexOf('.') < 0 && text.indexOf('+') < 0)) {
      return text;
    }
    if (!FLOAT.matcher(text).matches()) {
      return text;
    }
    BigDecimal number = new BigDecimal(text);
    return number.stripTrailingZeros().scale() > 0 || number.abs().compareTo(EXACT) > 0
        ? text
        : number.toBigInteger().toString();
  }

  /**
   * Returns the number in a cell, parsed with the row's {@link TextFormat}; null if it is empty.
   */
  public static @Nullable Double number(TableRow row, String column) throws BadRowException {
    String text = row.text(column);
    return text == null ? null : number(text, column, row.format());
  }

  static Double number(String text, String column, TextFormat format) throws BadRowException {
    double value;
    try {
      value = format.number(text);
    } catch (NumberFormatException e) {
      throw new BadRowException(column + " is not a number");
    }
    if (!Double.isFinite(value)) {
      throw new BadRowException(column + " is not finite");
    }
    return value;
  }

  /**
   * Parses a decimal number.
   *
   * @throws NumberFormatException if it is not one; forms specific to Java, such as {@code 5d} and
   *     {@code 0x1p3}, are rejected
   */
  public static double decimal(String text) {
    return TextFormat.decimal(text);
  }

  /** Returns the time in a cell, parsed with the row's {@link TextFormat}; null if it is empty. */
  public static @Nullable Instant time(TableRow row, String column) throws BadRowException {
    String text = row.text(column);
    if (text == null) {
      return null;
    }
    Instant time = row.format().time(text);
    if (time == null) {
      throw new BadRowException(column + " is not a time");
    }
    return time;
  }

  /**
   * Returns the duration in a cell whose type is one, with its unit; null if the cell is empty or
   * of another type, such as a plain number.
   */
  public static @Nullable Duration duration(TableRow row, String column) {
    return row instanceof TypedRow typed && typed.value(column) instanceof Duration duration
        ? duration
        : null;
  }

  /** Whether a text is a date without a time of day. */
  public static boolean isDate(TableRow row, String text) {
    TextFormat.Moment moment = row.format().moment(text);
    return moment != null && moment.isDate();
  }

  /**
   * Parses a date, or a date and time with or without an offset, in ISO 8601 or with a blank
   * instead of the T. Without an offset, it is read as UTC: de-identified times have no zone, and
   * only differences matter.
   *
   * @return null for any other text
   */
  public static @Nullable Instant parseTime(String text) {
    return TextFormat.standard().time(text);
  }
}
