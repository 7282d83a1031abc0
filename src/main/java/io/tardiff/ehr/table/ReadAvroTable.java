package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.files.AvroFile;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MetadataCoder;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the Avro files of one table, on any Beam file system that can seek.
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(ReadAvroTable.of(new OutputEvents()).from(List.of("gs://bucket/out-*.avro")));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * }</pre>
 *
 * <p>Outputs and parser are those of {@link ReadTable}. Columns are the fields of the top-level
 * record, which must be primitive or null: timestamps and dates become ISO texts, decimals become
 * numbers, bytes are decoded as UTF-8. Each file has its own schema. The schemas of the first 20
 * files are checked when the pipeline is built, which fails on a missing file or column. Large
 * files are read in pieces. A damaged file or a column of an unsupported type fails the run with a
 * message that names it.
 */
public final class ReadAvroTable extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Number of files whose schemas are checked before the pipeline runs. */
  private static final int CHECKED = 20;

  private static final long PIECE = 64L << 20;

  private final TableParser parser;
  private final List<String> files;
  private final @Nullable Set<String> codes;

  private ReadAvroTable(TableParser parser, List<String> files, @Nullable Set<String> codes) {
    this.parser = parser;
    this.files = files;
    this.codes = codes;
  }

  /** Reads a table with a parser; {@link #from} is required. */
  public static ReadAvroTable of(TableParser parser) {
    return new ReadAvroTable(parser, List.of(), null);
  }

  /** Reads these files or patterns. */
  public ReadAvroTable from(List<String> files) {
    checkArgument(!files.isEmpty(), "files of table %s must not be empty", parser.table());
    return new ReadAvroTable(parser, List.copyOf(files), codes);
  }

  /**
   * Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones; null
   * for all.
   */
  public ReadAvroTable withCodes(@Nullable Set<String> codes) {
    return new ReadAvroTable(parser, files, codes == null ? null : Set.copyOf(codes));
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    checkArgument(!files.isEmpty(), "from must be called: it names the files");
    check(parser, files);
    return begin
        .apply("Files", Create.of(files))
        .apply("Match", FileIO.matchAll())
        .apply("Pieces", ParDo.of(new PiecesFn()))
        .setCoder(KvCoder.of(MetadataCoder.of(), OffsetRange.Coder.of()))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply(
            "Parse",
            ParDo.of(new ParseFn(parser, new EventSink(parser, codes)))
                .withOutputTags(
                    EhrTags.events(),
                    TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("table", parser.table()).withLabel("Table"));
    builder.add(
        DisplayData.item("files", Printable.location(String.join(",", files))).withLabel("Files"));
  }

  private static void check(TableParser parser, List<String> patterns) {
    try {
      List<Metadata> all = new ArrayList<>();
      for (String pattern : patterns) {
        all.addAll(TableFiles.all(pattern));
      }
      List<Columns> columns = new ArrayList<>();
      for (Metadata file : all.subList(0, Math.min(CHECKED, all.size()))) {
        String name = file.resourceId().toString();
        try (AvroFile records = AvroFile.open(file)) {
          columns.add(columns(parser, records.schema(), name));
        }
      }
      if (all.size() <= CHECKED) {
        Columns.checkTogether(parser, columns, "the Avro files of table " + parser.table());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static Columns columns(TableParser parser, Schema schema, String file) {
    checkArgument(
        schema.getType() == Schema.Type.RECORD, "Avro files must hold records, %s does not", file);
    return Columns.of(parser, AvroCells.names(schema), file);
  }

  /** Splits files into pieces. */
  private static final class PiecesFn extends DoFn<Metadata, KV<Metadata, OffsetRange>> {
    @ProcessElement
    public void process(@Element Metadata file, OutputReceiver<KV<Metadata, OffsetRange>> out) {
      long size = file.isReadSeekEfficient() ? file.sizeBytes() : 0;
      long from = 0;
      do {
        long to = from + PIECE < size ? from + PIECE : Long.MAX_VALUE;
        out.output(KV.of(file, new OffsetRange(from, to)));
        from += PIECE;
      } while (from < size);
    }
  }

  private static final class ParseFn extends DoFn<KV<Metadata, OffsetRange>, EhrEvent> {
    private final TableParser parser;
    private final EventSink sink;

    ParseFn(TableParser parser, EventSink sink) {
      this.parser = parser;
      this.sink = sink;
    }

    @ProcessElement
    public void process(@Element KV<Metadata, OffsetRange> piece, MultiOutputReceiver outputs)
        throws IOException {
      String name = piece.getKey().resourceId().toString();
      sink.clear();
      try (AvroFile records = AvroFile.open(piece.getKey())) {
        Columns columns = columns(parser, records.schema(), name);
        AvroCells cells = new AvroCells(columns, records.schema(), name);
        records.seek(piece.getValue().getFrom());
        long to = piece.getValue().getTo();
        long rows = 0;
        for (GenericRecord record = records.next(null, to);
            record != null;
            record = records.next(record, to)) {
          rows++;
          sink.parse(
              new RecordRow(cells, record),
              outputs.get(EhrTags.events())::output,
              outputs.get(EhrTags.deadLetters())::output);
        }
        ReadTable.reportMissing(sink, columns, rows, name);
      }
      sink.flush(outputs.get(EhrTags.counts())::output);
    }
  }

  /**
   * Adapts a record.
   *
   * @param cells accessor for the file's schema
   */
  private record RecordRow(AvroCells cells, GenericRecord record) implements TableRow {
    @Override
    public @Nullable String text(String column) {
      return TextFormat.standard().text(raw(column));
    }

    @Override
    public @Nullable String raw(String column) {
      return cells.text(record, column);
    }
  }
}
