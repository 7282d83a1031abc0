package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Events from the CSV files of one table, on any Beam file system, gzip included.
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(ReadTable.of(new OutputEvents()).from(List.of("gs://bucket/OUTPUTEVENTS.csv.gz")));
 * }</pre>
 *
 * <p>Every file has the header in its first line and the same columns; the first one is read when
 * the pipeline is built, and a missing file or column fails there. Large files are read in pieces
 * side by side (a compressed one is a single piece), and no more than a piece is in memory: so a
 * row is a line, and a quoted field that holds a line break makes dead letters of its parts.
 */
public final class ReadTable extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final TableParser parser;
  private final List<String> files;
  private final char delimiter;
  private final @Nullable Set<String> codes;

  private ReadTable(
      TableParser parser, List<String> files, char delimiter, @Nullable Set<String> codes) {
    this.parser = parser;
    this.files = files;
    this.delimiter = delimiter;
    this.codes = codes;
  }

  /** Reads a table by its parser; {@link #from} is required. */
  public static ReadTable of(TableParser parser) {
    return new ReadTable(parser, List.of(), ',', null);
  }

  /** The files, each by its name or by a pattern; see {@link TableFiles}. */
  public ReadTable from(List<String> files) {
    checkArgument(!files.isEmpty(), "files of table %s must be named", parser.table());
    return new ReadTable(parser, List.copyOf(files), delimiter, codes);
  }

  /** What stands between the fields; a comma by default. */
  public ReadTable withDelimiter(char delimiter) {
    return new ReadTable(parser, files, delimiter, codes);
  }

  /** Keeps events of these codes, and the {@linkplain EhrEvent#reservedCodes reserved} ones. */
  public ReadTable withCodes(@Nullable Set<String> codes) {
    return new ReadTable(parser, files, delimiter, codes == null ? null : Set.copyOf(codes));
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    checkArgument(!files.isEmpty(), "from must be called: it names the files");
    String header = TableFiles.firstLine(files.get(0));
    CsvRows rows = CsvRows.of(parser, header, delimiter, files.get(0));
    return begin
        .apply("Files", Create.of(files))
        .apply("Match", FileIO.matchAll())
        .apply("Open", FileIO.readMatches())
        .apply("Read lines", TextIO.readFiles().withSkipHeaderLines(1))
        .apply(
            "Parse",
            ParDo.of(new ParseFn(new EventSink(parser, codes), rows))
                .withOutputTags(EhrTags.events(), TupleTagList.of(EhrTags.deadLetters())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("table", parser.table()).withLabel("Table"));
    builder.add(DisplayData.item("files", String.join(",", files)).withLabel("Files"));
    builder.add(DisplayData.item("delimiter", String.valueOf(delimiter)).withLabel("Delimiter"));
  }

  /** Lines to events. */
  private static final class ParseFn extends DoFn<String, EhrEvent> {
    private final EventSink sink;
    private final CsvRows rows;

    ParseFn(EventSink sink, CsvRows rows) {
      this.sink = sink;
      this.rows = rows;
    }

    @ProcessElement
    public void process(@Element String line, MultiOutputReceiver outputs) {
      if (line.isBlank()) {
        return;
      }
      TableRow row = rows.row(line, sink, outputs.get(EhrTags.deadLetters())::output);
      if (row != null) {
        sink.parse(
            row, outputs.get(EhrTags.events())::output, outputs.get(EhrTags.deadLetters())::output);
      }
    }
  }
}
