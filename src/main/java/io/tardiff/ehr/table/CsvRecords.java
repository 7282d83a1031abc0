package io.tardiff.ehr.table;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The records of a CSV file: its lines, or several of them where a quoted field holds line breaks.
 *
 * <p>Whether a line is within such a field shows only to who has read all lines before it, so this
 * is for files that one reader reads from their beginning. A quote that is never closed, or whose
 * end does not make a row, costs its own line and none of those behind it.
 */
final class CsvRecords {
  /** Far above any note in a cell: a quote that is open for longer was never meant to be. */
  private static final int LINES = 10_000;

  private static final int LENGTH = 1 << 24;

  private final TextLines lines;
  private final CsvRows rows;

  /** Lines that were read ahead in vain. */
  private final Deque<String> ahead = new ArrayDeque<>();

  CsvRecords(TextLines lines, CsvRows rows) {
    this.lines = lines;
    this.rows = rows;
  }

  /** The next record, null where there is none. Line breaks within it are line feeds. */
  @Nullable String next() throws IOException {
    String first = line();
    if (first == null || !rows.endsWithinQuotes(first)) {
      return first;
    }
    List<String> more = new ArrayList<>();
    StringBuilder record = new StringBuilder(first);
    while (more.size() < LINES && record.length() < LENGTH) {
      String line = line();
      if (line == null) {
        break;
      }
      more.add(line);
      record.append('\n').append(line);
      // Within quotes nothing changes until the next one.
      if (line.indexOf('"') >= 0 && !rows.endsWithinQuotes(record)) {
        if (rows.isRow(record.toString())) {
          return record.toString();
        }
        break;
      }
    }
    for (int i = more.size() - 1; i >= 0; i--) {
      ahead.addFirst(more.get(i));
    }
    return first;
  }

  private @Nullable String line() throws IOException {
    String line = ahead.pollFirst();
    return line == null ? lines.next() : line;
  }
}
