package io.tardiff.ehr.table;

import io.tardiff.files.Bounds;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Numbers, times and ids from the cells of a row. */
public final class Cells {
  /** A whole number that went through a table of floating-point numbers; ids have no fractions. */
  private static final Pattern FLOAT =
      Pattern.compile(
          "-?(?:0|[1-9]\\d*)\\.0+|-?[1-9](?:\\.\\d+)?[eE]\\+\\d{1,2}|-?[1-9]\\.\\d+E\\d{1,2}");

  /** Above it floating-point numbers leave whole numbers out, and could stand for another id. */
  private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

  private Cells() {}

  /** The text of a cell that must be there. */
  public static String required(TableRow row, String column) throws BadRowException {
    String text = row.text(column);
    if (text == null) {
      throw new BadRowException(column + " is empty");
    }
    return text;
  }

  /** The id in a cell that must be there; see {@link #plainId}. */
  public static String requiredId(TableRow row, String column) throws BadRowException {
    return plainId(required(row, column));
  }

  /** The id in a cell, null where it is empty; see {@link #plainId}. */
  public static @Nullable String id(TableRow row, String column) {
    String text = row.text(column);
    return text == null ? null : plainId(text);
  }

  /**
   * An id as all tables of a source have it. A column of whole numbers with gaps becomes one of
   * floating-point numbers in many programs, so {@code 2004.0}, {@code 1.2E7} and {@code 1.2e+07}
   * are 2004 and 12000000. Zeros in front stay, and so does whatever is no such number, or is too
   * large for one to be exact.
   */
  public static String plainId(String text) {
    if (text.length() > Bounds.NUMBER_CHARS
        || (text.indexOf('.') < 0 && text.indexOf('+') < 0)) {
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

  /** The number in a cell, null where it is empty; the row's {@link TextFormat} says how. */
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
   * A decimal number.
   *
   * @throws NumberFormatException where it is none, also of what Java alone takes for one: {@code
   *     5d}, {@code 0x1p3}
   */
  public static double decimal(String text) {
    return TextFormat.decimal(text);
  }

  /** The time in a cell, null where it is empty; the row's {@link TextFormat} says how. */
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

  /** Whether the time in a cell is a date, which does not tell the hour. */
  public static boolean isDate(TableRow row, String text) {
    TextFormat.Moment moment = row.format().moment(text);
    return moment != null && moment.isDate();
  }

  /**
   * A date, a date and time, or one with an offset, in ISO 8601 or with a blank for the T. Without
   * an offset UTC is meant: de-identified times have no zone, and only differences count.
   *
   * @return null where it is none of these
   */
  public static @Nullable Instant parseTime(String text) {
    return TextFormat.standard().time(text);
  }
}
