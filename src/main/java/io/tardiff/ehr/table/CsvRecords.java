package io.tardiff.ehr.table;

import io.tardiff.ehr.TextLines;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the records of a CSV file. A record is one line, or several if a quoted field contains line
 * breaks.
 *
 * <p>Whether a line begins within a quoted field depends on all previous lines. Multi-line records
 * are therefore recognised only in files that are read from the beginning. A quote that is never
 * closed, or whose end does not complete a row, invalidates only its own line.
 *
 * <p>A line that exceeds the limit of {@link TextLines} is returned as an empty record for which
 * {@link #isTooLong} is true.
 */
final class CsvRecords {
  /**
   * Maximum lines in a record. No clinical note has as many, so a quote that stays open for longer
   * is a stray one.
   */
  private static final int MAX_LINES = 10_000;

  /** Maximum characters in a record of several lines. */
  private static final int MAX_CHARS = 1 << 24;

  private record Line(String text, boolean isTooLong) {}

  private final TextLines lines;
  private final CsvRows rows;
  private final boolean fromStart;

  /** Lines that were read ahead without completing a record. */
  private final Deque<Line> ahead = new ArrayDeque<>();

  private boolean isTooLong;

  /**
   * @param fromStart whether the lines are read from the beginning of the file
   */
  CsvRecords(TextLines lines, CsvRows rows, boolean fromStart) {
    this.lines = lines;
    this.rows = rows;
    this.fromStart = fromStart;
  }

  /** Returns the next record, with line feeds as line breaks; null at the end. */
  @Nullable String next() throws IOException {
    Line first = line();
    isTooLong = first != null && first.isTooLong();
    if (first == null) {
      return null;
    }
    if (!fromStart || !rows.endsWithinQuotes(first.text())) {
      return first.text();
    }
    List<Line> more = new ArrayList<>();
    StringBuilder record = new StringBuilder(first.text());
    while (more.size() < MAX_LINES && record.length() < MAX_CHARS) {
      Line line = line();
      if (line == null) {
        break;
      }
      more.add(line);
      if (line.isTooLong()) {
        break;
      }
      record.append('\n').append(line.text());
      // Without a quote the line cannot end the field.
      if (line.text().indexOf('"') >= 0 && !rows.endsWithinQuotes(record)) {
        if (rows.isRow(record.toString())) {
          return record.toString();
        }
        break;
      }
    }
    for (int i = more.size() - 1; i >= 0; i--) {
      ahead.addFirst(more.get(i));
    }
    return first.text();
  }

  /** Returns whether the last record exceeded the limit of a line. */
  boolean isTooLong() {
    return isTooLong;
  }

  /** Returns the reason for the dead letter of a record that is too long. */
  String tooLong() {
    return lines.tooLong();
  }

  private @Nullable Line line() throws IOException {
    Line line = ahead.pollFirst();
    if (line != null) {
      return line;
    }
    String text = lines.next();
    return text == null ? null : new Line(text, lines.isTooLong());
  }
}
