package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.files.Bounds;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Splits the lines of a CSV file into rows, given its header. */
final class CsvRows {
  private static final char COMMA = ',';

  /** Alternatives to a comma, which may be a decimal mark or part of texts. */
  private static final List<Character> ALTERNATIVES = List.of(';', '\t', '|');

  private final CSVFormat csv;
  private final char delimiter;
  private final int width;
  private final Columns columns;
  private final TextFormat format;

  private CsvRows(char delimiter, int width, Columns columns, TextFormat format) {
    this.csv = csv(delimiter);
    this.delimiter = delimiter;
    this.width = width;
    this.columns = columns;
    this.format = format;
  }

  /**
   * Parses a header.
   *
   * @param what the file, for messages
   * @throws IllegalArgumentException if a column that the parser requires is missing
   */
  static CsvRows of(TableParser parser, String header, TextFormat format, String what) {
    Character configured = format.delimiter();
    if (configured != null) {
      return of(parser, header, configured, format, what);
    }
    try {
      return of(parser, header, COMMA, format, what);
    } catch (IllegalArgumentException e) {
      List<CsvRows> candidates = new ArrayList<>();
      for (char other : ALTERNATIVES) {
        if (header.indexOf(other) >= 0) {
          try {
            candidates.add(of(parser, header, other, format, what));
          } catch (IllegalArgumentException ignored) {
            // Report the problem with the comma instead.
          }
        }
      }
      if (candidates.size() == 1) {
        return candidates.get(0);
      }
      throw e;
    }
  }

  private static CsvRows of(
      TableParser parser, String header, char delimiter, TextFormat format, String what) {
    List<String> names;
    try {
      names = fields(header, delimiter, csv(delimiter));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          what + " must begin with a header, but its quotes are unbalanced", e);
    }
    List<String> trimmed = new ArrayList<>();
    for (String name : names) {
      String plain = TextFormat.trim(name);
      trimmed.add(plain == null ? "" : plain);
    }
    checkArgument(
        header.indexOf('\0') < 0,
        "%s must be text, but its header contains NUL bytes; set charset to its encoding",
        what);
    return new CsvRows(delimiter, trimmed.size(), Columns.of(parser, trimmed, what), format);
  }

  private static CSVFormat csv(char delimiter) {
    return CSVFormat.DEFAULT.builder().setDelimiter(delimiter).get();
  }

  Columns columns() {
    return columns;
  }

  /**
   * Parses a line; null if it is not a row, which becomes a dead letter.
   *
   * @param sink creates the dead letter
   */
  @Nullable TableRow row(String line, EventSink sink, Consumer<DeadLetter> letters) {
    if (line.length() > Bounds.FIELDS && CharMatcher.is(delimiter).countIn(line) >= Bounds.FIELDS) {
      sink.reject("row has more than " + Bounds.FIELDS + " fields", letters);
      return null;
    }
    List<String> fields;
    try {
      fields = fields(line, delimiter, csv);
    } catch (IllegalArgumentException e) {
      sink.reject("row has unbalanced quotes", letters);
      return null;
    }
    if (fields.size() != width && !surplusIsBlank(fields)) {
      sink.reject("row has a different number of fields than the header", letters);
      return null;
    }
    return new Row(fields);
  }

  /**
   * Returns whether the text is a row: its quotes are balanced and it has as many fields as the
   * header.
   */
  boolean isRow(String record) {
    try {
      List<String> fields = fields(record, delimiter, csv);
      return fields.size() == width || surplusIsBlank(fields);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Returns whether the text, which begins with a field, ends within a quoted field. A quote opens
   * a quoted field only as its first character, so 5' 10" does not.
   */
  boolean endsWithinQuotes(CharSequence text) {
    int length = text.length();
    int i = 0;
    while (i < length) {
      if (text.charAt(i) == '"') {
        i++;
        while (i < length && (text.charAt(i) != '"' || isDoubled(text, i))) {
          i += text.charAt(i) == '"' ? 2 : 1;
        }
        if (i >= length) {
          return true;
        }
      }
      while (i < length && text.charAt(i) != delimiter) {
        i++;
      }
      i++;
    }
    return false;
  }

  private static boolean isDoubled(CharSequence text, int quote) {
    return quote + 1 < text.length() && text.charAt(quote + 1) == '"';
  }

  /**
   * Whether surplus fields are blank: spreadsheets pad all rows with delimiters to the widest one.
   */
  private boolean surplusIsBlank(List<String> fields) {
    if (fields.size() < width) {
      return false;
    }
    return fields.subList(width, fields.size()).stream().allMatch(String::isBlank);
  }

  private final class Row implements TableRow {
    private final List<String> fields;

    Row(List<String> fields) {
      this.fields = fields;
    }

    @Override
    public @Nullable String text(String column) {
      String text = raw(column);
      return text == null || CsvRows.this.format.isNull(text) ? null : text;
    }

    @Override
    public @Nullable String raw(String column) {
      Integer index = columns.positions().get(column);
      return index == null ? null : TextFormat.trim(fields.get(index));
    }

    @Override
    public TextFormat format() {
      return format;
    }
  }

  private static List<String> fields(String line, char delimiter, CSVFormat format) {
    if (line.indexOf('"') < 0) {
      // Most lines have no quotes, so they need no CSV parser.
      return Splitter.on(delimiter).splitToList(line);
    }
    try (CSVParser records = CSVParser.parse(new StringReader(line), format)) {
      for (CSVRecord record : records) {
        return record.toList();
      }
      return List.of();
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      throw new IllegalArgumentException("unbalanced quotes", e);
    }
  }
}
