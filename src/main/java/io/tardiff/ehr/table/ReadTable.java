package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.TextLines;
import io.tardiff.files.Bounds;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files of one table, CSV, Parquet or Avro, on any Beam file system, compressed or not.
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(ReadTable.of(new OutputEvents()).from(List.of("gs://bucket/OUTPUTEVENTS.csv.gz")));
 * }</pre>
 *
 * <p>Files that are Parquet or Avro, which their first bytes show, are read by {@link
 * ReadParquetTable} or {@link ReadAvroTable}; the files of a table must have one format.
 *
 * <p>Each text file begins with its own header, which may order the columns differently. The
 * headers of the first 100 files are checked when the pipeline is built, which fails on a missing
 * file or column; later files are checked when they are read. Messages name the file. {@link
 * #withFormat} sets delimiter, decimal mark, missing values, times and character set.
 *
 * <p>Files of more than 64 MiB are read in parallel pieces, except for compressed files and those
 * in UTF-16, and only one row is held in memory. A quoted field may contain line breaks if one
 * reader reads the whole file: it is a single piece, or has such a field in its first MiB. Pieces
 * cannot tell a line break in a field from the end of a row, so there the parts of such a row are
 * dead letters; compressing the file makes it one piece. A truncated or damaged file fails the run.
 */
public final class ReadTable extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ReadTable.class);

  /** Number of files whose headers are checked before the pipeline runs. */
  private static final int CHECKED = 100;

  /** Bytes at the beginning of a file that are searched for fields with line breaks. */
  private static final long HEAD = 1L << 20;

  private final TableParser parser;
  private final List<String> files;
  private final TextFormat format;
  private final @Nullable Set<String> codes;
  private final long piece;

  private ReadTable(
      TableParser parser,
      List<String> files,
      TextFormat format,
      @Nullable Set<String> codes,
      long piece) {
    this.parser = parser;
    this.files = files;
    this.format = format;
    this.codes = codes;
    this.piece = piece;
  }

  /** Reads a table with a parser; {@link #from} is required. */
  public static ReadTable of(TableParser parser) {
    return new ReadTable(parser, List.of(), TextFormat.standard(), null, InputFiles.PIECE);
  }

  /** Reads these files or patterns; {@link TableFiles} finds them by table. */
  public ReadTable from(List<String> files) {
    checkArgument(!files.isEmpty(), "files of table %s must not be empty", parser.table());
    return new ReadTable(parser, List.copyOf(files), format, codes, piece);
  }

  /** Sets the delimiter of fields. Default: a comma, else one that fits the header. */
  public ReadTable withDelimiter(char delimiter) {
    return withFormat(format.withDelimiter(delimiter));
  }

  /** Sets the text format of the files. Default: {@link TextFormat#standard()}. */
  public ReadTable withFormat(TextFormat format) {
    return new ReadTable(parser, files, format, codes, piece);
  }

  /**
   * Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones; null
   * for all.
   */
  public ReadTable withCodes(@Nullable Set<String> codes) {
    return new ReadTable(parser, files, format, codes == null ? null : Set.copyOf(codes), piece);
  }

  /** Sets the size of pieces in bytes, for tests. */
  ReadTable withPieces(long bytes) {
    return new ReadTable(parser, files, format, codes, bytes);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    checkArgument(!files.isEmpty(), "from must be called: it names the files");
    List<Metadata> first = first(files);
    return switch (format(first)) {
      case TEXT -> {
        check(first);
        yield text(begin);
      }
      case AVRO -> begin.apply("Avro", ReadAvroTable.of(parser).from(files).withCodes(codes));
      case PARQUET ->
          begin.apply("Parquet", ReadParquetTable.of(parser).from(files).withCodes(codes));
    };
  }

  private PCollectionTuple text(PBegin begin) {
    return begin
        .apply("Files", Create.of(files))
        .apply("Match", FileIO.matchAll())
        .apply(
            "Pieces", InputFiles.pieces(format.charset(), piece, new HasLineBreaks(parser, format)))
        .apply(
            "Parse",
            ParDo.of(new ParseFn(parser, new EventSink(parser, codes), format))
                .withOutputTags(
                    EhrTags.events(),
                    TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
  }

  /** Returns the files to check before the pipeline runs, and one more if there are more. */
  private static List<Metadata> first(List<String> patterns) {
    try {
      List<Metadata> all = new ArrayList<>();
      for (String pattern : patterns) {
        all.addAll(TableFiles.all(pattern));
      }
      all.sort(Comparator.comparing(file -> file.resourceId().toString()));
      return all.subList(0, Math.min(CHECKED + 1, all.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static FileFormat format(List<Metadata> files) {
    try {
      return FileFormat.of(files);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Checks headers before the pipeline runs. */
  private void check(List<Metadata> first) {
    try {
      List<Columns> columns = new ArrayList<>();
      for (Metadata file : first.subList(0, Math.min(CHECKED, first.size()))) {
        TextTable table = TextTable.of(parser, file, format);
        if (table != null) {
          columns.add(table.rows().columns());
        }
      }
      checkArgument(!columns.isEmpty(), "%s must begin with a header, was empty", files.get(0));
      if (first.size() <= CHECKED) {
        Columns.checkTogether(parser, columns, "table " + parser.table());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("table", parser.table()).withLabel("Table"));
    builder.add(
        DisplayData.item("files", Printable.location(String.join(",", files))).withLabel("Files"));
    builder.add(DisplayData.item("format", format.toString()).withLabel("Format of the table"));
  }

  /**
   * Whether a row near the beginning of a file contains a line break. If so, piece boundaries might
   * fall within such rows, so the file is read whole.
   */
  private static final class HasLineBreaks implements InputFiles.Predicate {
    private static final long serialVersionUID = 1L;

    private final TableParser parser;
    private final TextFormat format;

    HasLineBreaks(TableParser parser, TextFormat format) {
      this.parser = parser;
      this.format = format;
    }

    @Override
    public boolean test(Metadata file) throws IOException {
      try (TextLines lines = TextLines.open(file, format.charset())) {
        TextTable table = TextTable.of(parser, lines, format, file.resourceId().toString());
        String line = table == null ? null : lines.next();
        while (line != null && lines.position() < HEAD) {
          if (table.rows().endsWithinQuotes(line)) {
            return true;
          }
          line = lines.next();
        }
        return false;
      }
    }
  }

  /** Parses pieces. */
  private static final class ParseFn extends DoFn<KV<Metadata, OffsetRange>, EhrEvent> {
    private final TableParser parser;
    private final EventSink sink;
    private final TextFormat format;

    ParseFn(TableParser parser, EventSink sink, TextFormat format) {
      this.parser = parser;
      this.sink = sink;
      this.format = format;
    }

    @ProcessElement
    public void process(@Element KV<Metadata, OffsetRange> piece, MultiOutputReceiver outputs)
        throws IOException {
      Metadata file = piece.getKey();
      String name = file.resourceId().toString();
      long to = piece.getValue().getTo();
      sink.clear();
      try (TextLines whole = TextLines.open(file, format.charset())) {
        TextTable table = TextTable.of(parser, whole, format, name);
        if (table == null) {
          return;
        }
        if (InputFiles.isWhole(piece.getValue())) {
          parse(whole, table.rows(), /* fromStart= */ true, name, outputs);
        } else if (to > table.from()) {
          long start = Math.max(piece.getValue().getFrom(), table.from());
          try (TextLines lines =
              TextLines.open(file, format.charset(), Bounds.LINE_BYTES, start, to)) {
            parse(lines, table.rows(), /* fromStart= */ false, name, outputs);
          }
        }
      }
      sink.flush(outputs.get(EhrTags.counts())::output);
    }

    private void parse(
        TextLines lines, CsvRows rows, boolean fromStart, String file, MultiOutputReceiver outputs)
        throws IOException {
      long count = 0;
      CsvRecords records = new CsvRecords(lines, rows, fromStart);
      for (String line = records.next(); line != null; line = records.next()) {
        if (records.isTooLong()) {
          count++;
          sink.reject(records.tooLong(), outputs.get(EhrTags.deadLetters())::output);
          continue;
        }
        if (line.isBlank()) {
          continue;
        }
        count++;
        TableRow row = rows.row(line, sink, outputs.get(EhrTags.deadLetters())::output);
        if (row != null) {
          sink.parse(
              row,
              outputs.get(EhrTags.events())::output,
              outputs.get(EhrTags.deadLetters())::output);
        }
      }
      reportMissing(sink, rows.columns(), count, file);
      if (lines.latin1() > 0) {
        LOG.warn(
            "{} has lines that are not UTF-8 and were read as ISO 8859-1; set charset if it has"
                + " another encoding",
            Printable.of(file));
        sink.count(ReadCount.NOT_UTF_8, lines.latin1());
      }
    }
  }

  /** Logs and counts columns that this file lacks but other files of the table may have. */
  static void reportMissing(EventSink sink, Columns columns, long rows, String file) {
    for (String column : columns.missing()) {
      if (rows > 0) {
        LOG.warn(
            "{} has no column {}; its rows lack that value",
            Printable.of(file),
            Printable.of(column));
        sink.count("rows of a file without the column " + column, rows);
      }
    }
  }
}
