package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystems;
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
 * Events from the Avro files of one table, on any Beam file system.
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(ReadAvroTable.of(new OutputEvents()).from(List.of("gs://bucket/out-*.avro")));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * }</pre>
 *
 * <p>The outputs are those of {@link ReadTable}, and so is the parser. Columns are the fields of
 * the record at the top, plain values or null: timestamps and dates of Avro come as ISO texts,
 * decimals as numbers. The schema of the first file is read when the pipeline is built, and a
 * missing file or column fails there. Large files are read in pieces.
 */
public final class ReadAvroTable extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final TableParser parser;
  private final List<String> files;
  private final @Nullable Set<String> codes;

  private ReadAvroTable(TableParser parser, List<String> files, @Nullable Set<String> codes) {
    this.parser = parser;
    this.files = files;
    this.codes = codes;
  }

  /** Reads a table by its parser; {@link #from} is required. */
  public static ReadAvroTable of(TableParser parser) {
    return new ReadAvroTable(parser, List.of(), null);
  }

  /** The files, each by its name or by a pattern. */
  public ReadAvroTable from(List<String> files) {
    checkArgument(!files.isEmpty(), "files of table %s must be named", parser.table());
    return new ReadAvroTable(parser, List.copyOf(files), codes);
  }

  /** Keeps events of these codes, and the {@linkplain EhrEvent#reservedCodes reserved} ones. */
  public ReadAvroTable withCodes(@Nullable Set<String> codes) {
    return new ReadAvroTable(parser, files, codes == null ? null : Set.copyOf(codes));
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    checkArgument(!files.isEmpty(), "from must be called: it names the files");
    Schema schema = schema(files.get(0));
    checkArgument(
        schema.getType() == Schema.Type.RECORD,
        "Avro files of table %s must hold records",
        parser.table());
    Map<String, String> fields = new HashMap<>();
    for (Schema.Field field : schema.getFields()) {
      fields.put(field.name().toLowerCase(Locale.ROOT), field.name());
    }
    AvroCells cells =
        AvroCells.of(Columns.of(parser, fields, "the Avro files of table " + parser.table()));
    return begin
        .apply("Files", Create.of(files))
        .apply("Match", FileIO.matchAll())
        .apply("Open", FileIO.readMatches())
        .apply(
            "Read records",
            AvroIO.parseFilesGenericRecords(cells)
                .withCoder(ListCoder.of(NullableCoder.of(StringUtf8Coder.of()))))
        .apply(
            "Parse",
            ParDo.of(new ParseFn(new EventSink(parser, codes), cells.columns()))
                .withOutputTags(EhrTags.events(), TupleTagList.of(EhrTags.deadLetters())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("table", parser.table()).withLabel("Table"));
    builder.add(DisplayData.item("files", String.join(",", files)).withLabel("Files"));
  }

  private static Schema schema(String pattern) {
    try {
      try (DataFileStream<GenericRecord> records =
          new DataFileStream<>(
              Channels.newInputStream(
                  FileSystems.open(TableFiles.all(pattern).get(0).resourceId())),
              new GenericDatumReader<>())) {
        return records.getSchema();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the Avro files " + pattern, e);
    }
  }

  private static final class ParseFn extends DoFn<List<@Nullable String>, EhrEvent> {
    private final EventSink sink;
    private final Map<String, Integer> columns;

    ParseFn(EventSink sink, Map<String, Integer> columns) {
      this.sink = sink;
      this.columns = columns;
    }

    @ProcessElement
    public void process(@Element List<@Nullable String> cells, MultiOutputReceiver outputs) {
      sink.parse(
          column -> {
            Integer index = columns.get(column);
            return index == null ? null : cells.get(index);
          },
          outputs.get(EhrTags.events())::output,
          outputs.get(EhrTags.deadLetters())::output);
    }
  }
}
