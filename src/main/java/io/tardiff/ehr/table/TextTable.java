package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Ascii;
import io.tardiff.ehr.TextLines;
import io.tardiff.files.Bounds;
import java.io.IOException;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the first lines of a CSV file tell.
 *
 * @param rows how its lines are rows
 * @param from byte behind the header, in a file of which pieces can be read
 */
record TextTable(CsvRows rows, long from) {
  /** Spreadsheet programs tell the delimiter in a line of its own. */
  private static final String SEPARATOR = "sep=";

  /**
   * Reads the header of a file.
   *
   * @param lines of the file from its start, which go on behind the header
   * @param what the file, as a message names it
   * @return null where the file has no line at all
   * @throws IllegalArgumentException where a column is missing, or two could be meant
   */
  static @Nullable TextTable of(TableParser parser, TextLines lines, TextFormat format, String what)
      throws IOException {
    String header = lines.next();
    TextFormat own = format;
    if (header != null
        && header.length() == SEPARATOR.length() + 1
        && Ascii.toLowerCase(header).startsWith(SEPARATOR)) {
      own = format.withDelimiter(header.charAt(SEPARATOR.length()));
      header = lines.next();
    }
    if (header == null) {
      return null;
    }
    checkArgument(
        !lines.isTooLong() && header.length() <= Bounds.HEADER_CHARS,
        "%s must begin with a header, but its first line is longer than %s characters",
        what,
        Bounds.HEADER_CHARS);
    checkArgument(!header.isBlank(), "%s must begin with a header", what);
    return new TextTable(CsvRows.of(parser, header, own, what), lines.position());
  }

  /** The same of a file. */
  static @Nullable TextTable of(TableParser parser, Metadata file, TextFormat format)
      throws IOException {
    try (TextLines lines = TextLines.open(file, format.charset())) {
      return of(parser, lines, format, file.resourceId().toString());
    }
  }
}
