package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Ascii;
import io.tardiff.ehr.TextLines;
import io.tardiff.files.Bounds;
import java.io.IOException;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The header of a CSV file.
 *
 * @param rows parser of its lines
 * @param from offset after the header, for files that can be read in pieces
 */
record TextTable(CsvRows rows, long from) {
  /** Spreadsheets may declare the delimiter in the first line. */
  private static final String SEPARATOR = "sep=";

  /**
   * Reads the header of a file.
   *
   * @param lines lines of the file from its start; afterwards positioned after the header
   * @param what the file, for messages
   * @return null if the file has no lines
   * @throws IllegalArgumentException if a required column is missing or ambiguous
   */
  static @Nullable TextTable of(TableParser parser, TextLines lines, TextFormat format, String what)
      throws IOException {
    String header = lines.next();
    TextFormat effective = format;
    if (header != null
        && header.length() == SEPARATOR.length() + 1
        && Ascii.toLowerCase(header).startsWith(SEPARATOR)) {
      effective = format.withDelimiter(header.charAt(SEPARATOR.length()));
      header = lines.next();
    }
    if (header == null) {
      return null;
    }
    FileFormat.checkText(header, what);
    checkArgument(
        !lines.isTooLong() && header.length() <= Bounds.HEADER_CHARS,
        "%s must begin with a header of at most %s characters",
        what,
        Bounds.HEADER_CHARS);
    checkArgument(!header.isBlank(), "%s must begin with a header", what);
    return new TextTable(CsvRows.of(parser, header, effective, what), lines.position());
  }

  /** Reads the header of a file. */
  static @Nullable TextTable of(TableParser parser, Metadata file, TextFormat format)
      throws IOException {
    try (TextLines lines = TextLines.open(file, format.charset())) {
      return of(parser, lines, format, file.resourceId().toString());
    }
  }
}
