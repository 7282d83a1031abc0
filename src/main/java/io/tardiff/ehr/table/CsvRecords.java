package io.tardiff.ehr.table;

import io.tardiff.ehr.TextLines;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The records of a CSV file: single lines, or several of them if a quoted field holds line breaks.
 *
 * <p>Only a reader of all previous lines knows whether a line is within such a field. Records of
 * several lines are therefore found only in files that are read from the beginning. A quote that is
 * never closed, or whose end does not complete a row, costs its own line and none after it.
 *
 * <p>A line that is longer than the limit of its {@link TextLines} is an empty record, for which
 * {@link #isTooLong} holds.
 */
final class CsvRecords {
  /** Far more than any note in a cell has: a quote open for longer is a stray one. */
  private static final int LINES = 10_000;

  private static final int LENGTH = 1 << 24;

  private record Line(String text, boolean isTooLong) {}

  private final TextLines lines;
  private final CsvRows rows;
  private final boolean fromStart;

  /** Lines that were read ahead without completing a record. */
  private final Deque<Line> ahead = new ArrayDeque<>();

  private boolean isTooLong;

  /**
   * @param fromStart whether the lines begin at the beginning of the file
   */
  CsvRecords(TextLines lines, CsvRows rows, boolean fromStart) {
    this.lines = lines;
    this.rows = rows;
    this.fromStart = fromStart;
  }

  /** Returns the next record, null at the end. Line breaks within it are line feeds. */
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
    while (more.size() < LINES && record.length() < LENGTH) {
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

  /** Whether the last record was longer than the limit. */
  boolean isTooLong() {
    return isTooLong;
  }

  /** Returns why a record that is too long is a dead letter. */
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
