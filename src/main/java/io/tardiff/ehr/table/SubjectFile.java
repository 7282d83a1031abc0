package io.tardiff.ehr.table;

import java.util.HashSet;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** State of a subject's file while its rows are read in order. */
final class SubjectFile {
  private final String subject;
  private final @Nullable String stay;
  private final Set<String> seen = new HashSet<>();
  private long row = -1;
  private @Nullable Instant last;

  SubjectFile(String subject, @Nullable String stay) {
    this.subject = subject;
    this.stay = stay;
  }

  /**
   * A row of such a file.
   *
   * @param file file of the row
   * @param cells cells of the row
   */
  record Row(SubjectFile file, TableRow cells) implements TableRow {
    @Override
    public @Nullable String text(String column) {
      return cells.text(column);
    }

    @Override
    public @Nullable String raw(String column) {
      return cells.raw(column);
    }

    @Override
    public TextFormat format() {
      return cells.format();
    }
  }

  String subject() {
    return subject;
  }

  @Nullable String stay() {
    return stay;
  }

  /** Number of the current row, from 0. */
  long row() {
    return row;
  }

  /** Advances to the next row. */
  Row next(TableRow cells) {
    skip();
    return new Row(this, cells);
  }

  /** Counts a row that cannot be read, so that later rows keep their numbers. */
  void skip() {
    row++;
  }

  /** Whether a code occurs for the first time. */
  boolean isFirst(String code) {
    return seen.add(code);
  }

  void recordTime(Instant time) {
    if (last == null || time.isAfter(last)) {
      last = time;
    }
  }

  /** Returns the latest time of a row; null if none. */
  @Nullable Instant last() {
    return last;
  }
}
