package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import io.tardiff.files.Bounds;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * How a source writes its tables down: what stands between fields, what marks the decimals of a
 * number, which words stand for no value, how times look, and in which character set.
 *
 * <pre>{@code
 * TextFormat german =
 *     TextFormat.standard()
 *         .withDelimiter(';')
 *         .withDecimal(',')
 *         .withTimePattern("dd.MM.yyyy HH:mm|dd.MM.yyyy")
 *         .withNullWords(Set.of("k.A."));
 * PCollectionTuple read =
 *     pipeline.apply(
 *         Tables.read()
 *             .from("gs://bucket/tables")
 *             .withMapping("gs://bucket/mapping.yaml")
 *             .withFormat(german));
 * }</pre>
 *
 * <p>What is not said is recognised where that is safe, and only there:
 *
 * <ul>
 *   <li>delimiter: a comma, or whichever of semicolon, tab and vertical bar gives the columns that
 *       the table must have; the {@code sep=} line of a spreadsheet program counts;
 *   <li>decimal mark: a point. {@code 36,5} is no number until the comma is said to be the mark;
 *       {@code 1,234.5} is one, {@code 1,234} could be two and is none;
 *   <li>missing: an empty cell and the {@link #NULL_WORDS};
 *   <li>times: ISO 8601, with a blank for the T, with an offset or without (UTC then);
 *   <li>character set: by the byte order mark, else UTF-8, and ISO 8859-1 for lines that are not
 *       UTF-8, which is logged.
 * </ul>
 */
public final class TextFormat implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Words that stand for no value in any source: of SQL, R, Python and spreadsheet programs. */
  public static final Set<String> NULL_WORDS =
      ImmutableSet.of(
          "NULL", "Null", "null", "NA", "<NA>", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "NaT",
          "None", "none", "\\N", "(null)");

  /** The word for ISO 8601 among time patterns. */
  private static final String ISO = "iso";

  private static final TextFormat STANDARD = new TextFormat(null, null, Set.of(), null, null);

  /** {@code 2150-01-31 23:59[:59[.123456]]}, with a T or a blank between. */
  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][ ]HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalEnd()
          .toFormatter()
          // Otherwise the 31st of June would pass for the 30th.
          .withResolverStyle(ResolverStyle.STRICT);

  private static final DateTimeFormatter ZONED =
      new DateTimeFormatterBuilder()
          .append(DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private static final int DATE_LENGTH = 10;

  /** In no number but Java's; an exponent is an e, and Infinity is told to be not finite. */
  private static final CharMatcher JAVA_ONLY = CharMatcher.anyOf("dDxXpP");

  /** {@code 1,234.5} and {@code 1,234,567}: the point cannot be anything but the mark. */
  private static final Pattern GROUPED =
      Pattern.compile("[+-]?\\d{1,3}(?:(?:,\\d{3})+\\.\\d*|(?:,\\d{3}){2,})");

  private static final Pattern GROUPED_ONCE = Pattern.compile("[+-]?\\d{1,3},\\d{3}");

  private static final Pattern GROUPED_BY_POINTS =
      Pattern.compile("[+-]?\\d{1,3}(?:(?:\\.\\d{3})+,\\d*|(?:\\.\\d{3}){2,})");

  private static final Pattern HAS_COMMA =
      Pattern.compile("[+-]?\\d*,\\d+(?:[eE][+-]?\\d+)?|[+-]?\\d{1,3}(?:\\.\\d{3})+,\\d*");

  private final @Nullable Character delimiter;
  private final @Nullable Character decimal;
  private final ImmutableSet<String> nullWords;
  private final @Nullable String timePattern;
  private final @Nullable String charset;

  private transient @Nullable List<DateTimeFormatter> formatters;

  private TextFormat(
      @Nullable Character delimiter,
      @Nullable Character decimal,
      Set<String> nullWords,
      @Nullable String timePattern,
      @Nullable String charset) {
    this.delimiter = delimiter;
    this.decimal = decimal;
    this.nullWords = ImmutableSet.copyOf(nullWords);
    this.timePattern = timePattern;
    this.charset = charset;
  }

  /** Nothing said: what is safe to recognise is. */
  public static TextFormat standard() {
    return STANDARD;
  }

  /** What stands between the fields of a line. */
  public TextFormat withDelimiter(char delimiter) {
    checkArgument(
        "\"\r\n\\".indexOf(delimiter) < 0 && delimiter != 0,
        "delimiter must be one character that is no quote, such as ; or | or a tab, was %s",
        delimiter);
    return new TextFormat(delimiter, decimal, nullWords, timePattern, charset);
  }

  /** The mark before the decimals of a number, a point or a comma. */
  public TextFormat withDecimal(char decimal) {
    checkArgument(
        decimal == '.' || decimal == ',', "decimal must be . or a comma, was %s", decimal);
    return new TextFormat(delimiter, decimal, nullWords, timePattern, charset);
  }

  /** Words that stand for no value, besides {@link #NULL_WORDS}. */
  public TextFormat withNullWords(Set<String> words) {
    return new TextFormat(delimiter, decimal, words, timePattern, charset);
  }

  /**
   * How times are written, as {@link DateTimeFormatter} has it: {@code dd.MM.yyyy HH:mm}. Several
   * are separated by a vertical bar, {@code iso} among them for ISO 8601; no other form is read.
   */
  public TextFormat withTimePattern(String pattern) {
    for (String part : Splitter.on('|').split(pattern)) {
      if (!part.equals(ISO)) {
        try {
          formatter(part);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "timeFormat must be such as dd.MM.yyyy HH:mm, was " + part + ": " + e.getMessage(),
              e);
        }
        checkArgument(!part.isBlank(), "timeFormat must not be empty, was %s", pattern);
      }
    }
    return new TextFormat(delimiter, decimal, nullWords, pattern, charset);
  }

  /** The character set of the files, by the name that Java knows it by. */
  public TextFormat withCharset(String name) {
    try {
      return new TextFormat(
          delimiter, decimal, nullWords, timePattern, Charset.forName(name).name());
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException(
          "charset must be such as UTF-8, ISO-8859-1 or windows-1252, was " + name, e);
    }
  }

  /** This format where {@code own} says nothing. */
  TextFormat overriddenBy(TextFormat own) {
    return new TextFormat(
        own.delimiter == null ? delimiter : own.delimiter,
        own.decimal == null ? decimal : own.decimal,
        ImmutableSet.<String>builder().addAll(nullWords).addAll(own.nullWords).build(),
        own.timePattern == null ? timePattern : own.timePattern,
        own.charset == null ? charset : own.charset);
  }

  /** A decimal mark as a person writes it: a point or a comma. */
  public static char decimalMark(String mark) {
    checkArgument(
        mark.equals(".") || mark.equals(","), "decimal must be . or a comma, was %s", mark);
    return mark.charAt(0);
  }

  /**
   * A delimiter as a person writes it.
   *
   * @param word one character, or {@code tab}
   */
  public static char delimiter(String word) {
    if (word.equals("tab") || word.equals("\\t")) {
      return '\t';
    }
    checkArgument(word.length() == 1, "delimiter must be one character, or tab, was %s", word);
    return word.charAt(0);
  }

  /** Null where it is not said. */
  public @Nullable Character delimiter() {
    return delimiter;
  }

  /** Null where it is not said. */
  public @Nullable Charset charset() {
    return charset == null ? null : Charset.forName(charset);
  }

  /** What a cell holds, without blanks around it; null where that stands for no value. */
  public @Nullable String text(@Nullable String cell) {
    String trimmed = trim(cell);
    return trimmed == null || isNull(trimmed) ? null : trimmed;
  }

  /** Whether a word stands for no value. */
  boolean isNull(String trimmed) {
    return NULL_WORDS.contains(trimmed) || nullWords.contains(trimmed);
  }

  /** Without blanks around it, those that do not break a line included; null where it is empty. */
  static @Nullable String trim(@Nullable String cell) {
    if (cell == null) {
      return null;
    }
    String trimmed = cell.trim();
    if (trimmed.isEmpty()) {
      return null;
    }
    if (trimmed.charAt(0) > '~' || trimmed.charAt(trimmed.length() - 1) > '~') {
      trimmed = CharMatcher.whitespace().trimFrom(trimmed);
    }
    return trimmed.isEmpty() ? null : trimmed;
  }

  /**
   * A number, with the decimal mark of the source.
   *
   * @throws NumberFormatException where it is none, or could be two
   */
  public double number(String text) {
    if (text.length() > Bounds.NUMBER_CHARS) {
      throw new NumberFormatException();
    }
    if (decimal == null || decimal == '.') {
      boolean grouped =
          text.indexOf(',') > 0
              && (GROUPED.matcher(text).matches()
                  || (decimal != null && GROUPED_ONCE.matcher(text).matches()));
      return Cells.decimal(grouped ? text.replace(",", "") : text);
    }
    if (text.indexOf('.') >= 0) {
      if (!GROUPED_BY_POINTS.matcher(text).matches()) {
        throw new NumberFormatException();
      }
      return Cells.decimal(text.replace(".", "").replace(',', '.'));
    }
    return Cells.decimal(text.replace(',', '.'));
  }

  /** A decimal number as Java has it, and nothing that Java alone takes for one. */
  static double decimal(String text) {
    char last = text.isEmpty() ? '0' : text.charAt(text.length() - 1);
    if (JAVA_ONLY.matchesAnyOf(text) || last == 'f' || last == 'F') {
      throw new NumberFormatException();
    }
    // Minus zero is zero: they would differ in a hash, and in nothing else.
    return Double.parseDouble(text) + 0.0;
  }

  /** Whether a text is a number, were the comma its decimal mark. */
  public static boolean hasDecimalComma(String text) {
    return text.length() <= Bounds.NUMBER_CHARS && HAS_COMMA.matcher(text).matches();
  }

  /** A time, null where it is none in the form of the source. */
  public @Nullable Instant time(String text) {
    Moment moment = moment(text);
    return moment == null ? null : moment.time();
  }

  /**
   * A time that was read.
   *
   * @param isDate whether the hour was not told
   */
  record Moment(Instant time, boolean isDate) {}

  @Nullable Moment moment(String text) {
    if (timePattern == null) {
      return iso(text);
    }
    if (formatters == null) {
      List<DateTimeFormatter> made = new ArrayList<>();
      for (String part : Splitter.on('|').split(timePattern)) {
        made.add(part.equals(ISO) ? DATE_TIME : formatter(part));
      }
      formatters = made;
    }
    for (DateTimeFormatter formatter : formatters) {
      Moment moment = formatter == DATE_TIME ? iso(text) : moment(text, formatter);
      if (moment != null) {
        return moment;
      }
    }
    return null;
  }

  private static DateTimeFormatter formatter(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        // "yyyy" is a year of an era, which is ours.
        .parseDefaulting(ChronoField.ERA, 1)
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  private static @Nullable Moment moment(String text, DateTimeFormatter formatter) {
    try {
      TemporalAccessor parsed =
          formatter.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      if (parsed instanceof OffsetDateTime zoned) {
        return new Moment(millis(zoned.toInstant()), false);
      }
      return parsed instanceof LocalDateTime local
          ? new Moment(millis(local.toInstant(ZoneOffset.UTC)), false)
          : new Moment(millis(((LocalDate) parsed).atStartOfDay(ZoneOffset.UTC).toInstant()), true);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Moment iso(String text) {
    try {
      if (text.length() == DATE_LENGTH) {
        return new Moment(
            millis(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()), true);
      }
      char last = text.charAt(text.length() - 1);
      boolean zoned =
          last == 'Z' || text.indexOf('+', DATE_LENGTH) > 0 || text.indexOf('-', DATE_LENGTH) > 0;
      if (zoned) {
        String joined = text.indexOf(' ', DATE_LENGTH + 1) > 0 ? tight(text) : text;
        return new Moment(millis(OffsetDateTime.parse(joined, ZONED).toInstant()), false);
      }
      if (text.endsWith(" UTC")) {
        // As BigQuery exports its timestamps.
        return iso(text.substring(0, text.length() - 4) + "Z");
      }
      return new Moment(
          millis(LocalDateTime.parse(text, DATE_TIME).toInstant(ZoneOffset.UTC)), false);
    } catch (DateTimeException | ArithmeticException | StringIndexOutOfBoundsException e) {
      return null;
    }
  }

  /** Without the blank before an offset. */
  private static String tight(String text) {
    return text.substring(0, DATE_LENGTH + 1) + text.substring(DATE_LENGTH + 1).replace(" ", "");
  }

  private static Instant millis(java.time.Instant instant) {
    return Instant.ofEpochMilli(instant.toEpochMilli());
  }

  /** What is said, such as {@code delimiter=; decimal=,}. */
  @Override
  public String toString() {
    List<String> said = new ArrayList<>();
    add(said, "delimiter", delimiter);
    add(said, "decimal", decimal);
    add(said, "nullWords", nullWords.isEmpty() ? null : String.join(",", nullWords));
    add(said, "times", timePattern);
    add(said, "charset", charset);
    return said.isEmpty() ? "standard" : String.join(" ", said);
  }

  private static void add(List<String> said, String what, @Nullable Object value) {
    if (value != null) {
      said.add(what + "=" + value);
    }
  }
}
