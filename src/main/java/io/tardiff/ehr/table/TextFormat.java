package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
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
 * Format of text tables: delimiter, decimal mark, null words (texts for missing values), times and
 * character set.
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
 * <p>Whatever is not configured is detected, but only where that is safe:
 *
 * <ul>
 *   <li>delimiter: a comma, else the one of semicolon, tab and vertical bar that yields the
 *       required columns; the {@code sep=} line of spreadsheets overrides it;
 *   <li>decimal mark: a point. {@code 36,5} is not a number unless the comma is configured; {@code
 *       1,234.5} is a number, but the ambiguous {@code 1,234} is not;
 *   <li>missing values: empty cells and {@link #NULL_WORDS};
 *   <li>times: ISO 8601, optionally with a blank instead of the T; UTC if there is no offset;
 *   <li>character set: from the byte order mark, else UTF-8. Lines that are not UTF-8 are read as
 *       ISO 8859-1, which is logged.
 * </ul>
 */
public final class TextFormat implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Texts that mark missing values in any source, from SQL, R, Python and spreadsheets. */
  public static final Set<String> NULL_WORDS =
      ImmutableSet.of(
          "NULL", "Null", "null", "NA", "<NA>", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "NaT",
          "None", "none", "\\N", "(null)");

  /** Time pattern that stands for ISO 8601. */
  private static final String ISO = "iso";

  private static final TextFormat STANDARD = new TextFormat(null, null, Set.of(), null, null);

  /** {@code 2150-01-31 23:59[:59[.123456]]}, with a T or a blank. */
  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][ ]HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalEnd()
          .toFormatter()
          // Rejects 31 June instead of reading it as 30 June.
          .withResolverStyle(ResolverStyle.STRICT);

  private static final DateTimeFormatter ZONED =
      new DateTimeFormatterBuilder()
          .append(DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private static final int DATE_LENGTH = 10;

  /** Characters that occur only in Java's own number formats. Infinity is rejected later. */
  private static final CharMatcher JAVA_ONLY = CharMatcher.anyOf("dDxXpP");

  /** Unambiguous digit grouping: {@code 1,234.5} and {@code 1,234,567}. */
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

  /** Returns the default format, which detects what is safe to detect. */
  public static TextFormat standard() {
    return STANDARD;
  }

  /** Sets the delimiter of fields. */
  public TextFormat withDelimiter(char delimiter) {
    checkArgument(
        "\"\r\n\\".indexOf(delimiter) < 0 && delimiter != 0,
        "delimiter must not be a quote, backslash, line break or NUL, was %s",
        delimiter);
    return new TextFormat(delimiter, decimal, nullWords, timePattern, charset);
  }

  /** Sets the decimal mark, a point or a comma. The other one may group digits. */
  public TextFormat withDecimal(char decimal) {
    checkArgument(
        decimal == '.' || decimal == ',', "decimal must be a point or a comma, was %s", decimal);
    return new TextFormat(delimiter, decimal, nullWords, timePattern, charset);
  }

  /** Sets texts that mark missing values, in addition to {@link #NULL_WORDS}. */
  public TextFormat withNullWords(Set<String> words) {
    return new TextFormat(delimiter, decimal, words, timePattern, charset);
  }

  /**
   * Sets the {@link DateTimeFormatter} patterns of times, separated by vertical bars: {@code
   * dd.MM.yyyy HH:mm|dd.MM.yyyy}. The pattern {@code iso} stands for ISO 8601, which is otherwise
   * not accepted.
   */
  public TextFormat withTimePattern(String pattern) {
    for (String part : Splitter.on('|').split(pattern)) {
      if (!part.equals(ISO)) {
        try {
          formatter(part);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "timeFormat must be a pattern such as dd.MM.yyyy HH:mm, was "
                  + part
                  + ": "
                  + e.getMessage(),
              e);
        }
        checkArgument(!part.isBlank(), "timeFormat must not be empty, was %s", pattern);
      }
    }
    return new TextFormat(delimiter, decimal, nullWords, pattern, charset);
  }

  /** Sets the character set of the files, by its Java name. */
  public TextFormat withCharset(String name) {
    try {
      return new TextFormat(
          delimiter, decimal, nullWords, timePattern, Charset.forName(name).name());
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException(
          "charset must be a character set such as UTF-8, ISO-8859-1 or windows-1252, was " + name,
          e);
    }
  }

  /** Returns this format overridden by whatever {@code overrides} configures. */
  TextFormat overriddenBy(TextFormat overrides) {
    return new TextFormat(
        overrides.delimiter == null ? delimiter : overrides.delimiter,
        overrides.decimal == null ? decimal : overrides.decimal,
        ImmutableSet.<String>builder().addAll(nullWords).addAll(overrides.nullWords).build(),
        overrides.timePattern == null ? timePattern : overrides.timePattern,
        overrides.charset == null ? charset : overrides.charset);
  }

  /** Parses a decimal mark: a point or a comma. */
  public static char decimalMark(String mark) {
    checkArgument(
        mark.equals(".") || mark.equals(","), "decimal must be a point or a comma, was %s", mark);
    return mark.charAt(0);
  }

  /**
   * Parses a delimiter.
   *
   * @param word one character, {@code tab} or {@code \t}
   */
  public static char delimiter(String word) {
    if (word.equals("tab") || word.equals("\\t")) {
      return '\t';
    }
    checkArgument(word.length() == 1, "delimiter must be one character or tab, was %s", word);
    return word.charAt(0);
  }

  /** Returns the delimiter; null if not configured. */
  public @Nullable Character delimiter() {
    return delimiter;
  }

  /** Returns the character set; null if not configured. */
  public @Nullable Charset charset() {
    return charset == null ? null : Charset.forName(charset);
  }

  /** Returns the trimmed content of a cell; null if it is empty or a null word. */
  public @Nullable String text(@Nullable String cell) {
    String trimmed = trim(cell);
    return trimmed == null || isNull(trimmed) ? null : trimmed;
  }

  /** Whether a trimmed text is a null word. */
  boolean isNull(String trimmed) {
    return NULL_WORDS.contains(trimmed) || nullWords.contains(trimmed);
  }

  /** Trims a text, including non-breaking spaces; null if it is empty. */
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
   * Parses a number with the configured decimal mark.
   *
   * @throws NumberFormatException if it is not a number or ambiguous
   */
  public double number(String text) {
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

  /** Parses a decimal number and rejects the forms specific to Java. */
  static double decimal(String text) {
    char last = text.isEmpty() ? '0' : text.charAt(text.length() - 1);
    if (JAVA_ONLY.matchesAnyOf(text) || last == 'f' || last == 'F') {
      throw new NumberFormatException();
    }
    // Normalises -0.0, which would hash differently.
    return Double.parseDouble(text) + 0.0;
  }

  /** Whether a text would be a number if the comma were the decimal mark. */
  public static boolean hasDecimalComma(String text) {
    return HAS_COMMA.matcher(text).matches();
  }

  /** Parses a time with the configured patterns; null if none matches. */
  public @Nullable Instant time(String text) {
    Moment moment = moment(text);
    return moment == null ? null : moment.time();
  }

  /**
   * A parsed time.
   *
   * @param isDate whether it has no time of day
   */
  record Moment(Instant time, boolean isDate) {}

  @Nullable Moment moment(String text) {
    if (timePattern == null) {
      return iso(text);
    }
    if (formatters == null) {
      List<DateTimeFormatter> parsed = new ArrayList<>();
      for (String part : Splitter.on('|').split(timePattern)) {
        parsed.add(part.equals(ISO) ? DATE_TIME : formatter(part));
      }
      formatters = parsed;
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
        // "yyyy" is the year of era; default to the current era.
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
        String joined = text.indexOf(' ', DATE_LENGTH + 1) > 0 ? withoutBlank(text) : text;
        return new Moment(millis(OffsetDateTime.parse(joined, ZONED).toInstant()), false);
      }
      if (text.endsWith(" UTC")) {
        // BigQuery exports timestamps like this.
        return iso(text.substring(0, text.length() - 4) + "Z");
      }
      return new Moment(
          millis(LocalDateTime.parse(text, DATE_TIME).toInstant(ZoneOffset.UTC)), false);
    } catch (DateTimeException | ArithmeticException | StringIndexOutOfBoundsException e) {
      return null;
    }
  }

  /** Removes the blank before an offset. */
  private static String withoutBlank(String text) {
    return text.substring(0, DATE_LENGTH + 1) + text.substring(DATE_LENGTH + 1).replace(" ", "");
  }

  private static Instant millis(java.time.Instant instant) {
    return Instant.ofEpochMilli(instant.toEpochMilli());
  }

  /** Shows what is configured, such as {@code delimiter=; decimal=,}. */
  @Override
  public String toString() {
    List<String> configured = new ArrayList<>();
    add(configured, "delimiter", delimiter);
    add(configured, "decimal", decimal);
    add(configured, "nullWords", nullWords.isEmpty() ? null : String.join(",", nullWords));
    add(configured, "times", timePattern);
    add(configured, "charset", charset);
    return configured.isEmpty() ? "standard" : String.join(" ", configured);
  }

  private static void add(List<String> configured, String what, @Nullable Object value) {
    if (value != null) {
      configured.add(what + "=" + value);
    }
  }
}
