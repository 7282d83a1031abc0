package io.tardiff.ehr.table;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import io.tardiff.ehr.DeadLetter;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The rows of a CSV file, line by line, once its header is known. */
final class CsvRows implements Serializable {
  private static final long serialVersionUID = 1L;

  private final CSVFormat format;
  private final char delimiter;
  private final int width;
  private final Map<String, Integer> columns;

  private CsvRows(CSVFormat format, char delimiter, int width, Map<String, Integer> columns) {
    this.format = format;
    this.delimiter = delimiter;
    this.width = width;
    this.columns = columns;
  }

  /**
   * Rows by the names of a header.
   *
   * @param what the table, as a message names it
   * @throws IllegalArgumentException where a column that the parser requires is missing
   */
  static CsvRows of(TableParser parser, String header, char delimiter, String what) {
    CSVFormat format = CSVFormat.DEFAULT.builder().setDelimiter(delimiter).get();
    List<String> names = fields(header, delimiter, format);
    Map<String, Integer> there = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      there.putIfAbsent(names.get(i).trim().toLowerCase(Locale.ROOT), i);
    }
    return new CsvRows(format, delimiter, names.size(), Columns.of(parser, there, what));
  }

  /**
   * The row of a line; null where it is none, and then a letter says why.
   *
   * @param sink makes the letter
   */
  @Nullable TableRow row(String line, EventSink sink, Consumer<DeadLetter> letters) {
    List<String> fields;
    try {
      fields = fields(line, delimiter, format);
    } catch (IllegalArgumentException e) {
      sink.reject("row has quotes that do not match", letters);
      return null;
    }
    if (fields.size() != width) {
      sink.reject("row does not have the fields of the header", letters);
      return null;
    }
    return column -> {
      Integer index = columns.get(column);
      return index == null ? null : Strings.emptyToNull(fields.get(index).trim());
    };
  }

  private static List<String> fields(String line, char delimiter, CSVFormat format) {
    if (line.indexOf('"') < 0) {
      // Most lines have no quotes, and need none of what a parser does about them.
      return Splitter.on(delimiter).splitToList(line);
    }
    try (CSVParser records = CSVParser.parse(new StringReader(line), format)) {
      for (CSVRecord record : records) {
        return record.toList();
      }
      return List.of();
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException("quotes do not match", e);
    }
  }
}
