package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.files.parquet.ParquetRows;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MetadataCoder;
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
 * Reads the Parquet files of one table, on any Beam file system that can seek.
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(ReadParquetTable.of(new OutputEvents()).from(List.of("gs://bucket/out/*.parquet")));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * }</pre>
 *
 * <p>Outputs and parser are those of {@link ReadTable}. The parser gets texts ({@code
 * 2150-01-31T23:59:00.000Z} for a timestamp); rows are also {@link TypedRow}s. Only the columns
 * that the parser declares are read; {@link ParquetRows} lists the supported types. Columns must be
 * flat.
 *
 * <p>Workers read one row group at a time, which must fit into memory. Each file has its own
 * schema. The footers of the first 20 files are checked when the pipeline is built, which fails on
 * a missing file or column. A damaged file fails the run, since it may have held millions of rows.
 */
public final class ReadParquetTable extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Number of files whose footers are checked before the pipeline runs. */
  private static final int CHECKED = 20;

  private final TableParser parser;
  private final List<String> files;
  private final @Nullable Set<String> codes;

  private ReadParquetTable(TableParser parser, List<String> files, @Nullable Set<String> codes) {
    this.parser = parser;
    this.files = files;
    this.codes = codes;
  }

  /** Reads a table with a parser; {@link #from} is required. */
  public static ReadParquetTable of(TableParser parser) {
    return new ReadParquetTable(parser, List.of(), null);
  }

  /** Reads these files or patterns ({@code data/**.parquet}). */
  public ReadParquetTable from(List<String> files) {
    checkArgument(!files.isEmpty(), "files of table %s must not be empty", parser.table());
    return new ReadParquetTable(parser, List.copyOf(files), codes);
  }

  /**
   * Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones; null
   * for all.
   */
  public ReadParquetTable withCodes(@Nullable Set<String> codes) {
    return new ReadParquetTable(parser, files, codes == null ? null : Set.copyOf(codes));
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    checkArgument(!files.isEmpty(), "from must be called: it names the files");
    check(parser, files);
    return begin
        .apply("Files", Create.of(files))
        .apply("Match", FileIO.matchAll())
        .apply("Row groups", ParDo.of(new RowGroupsFn()))
        .setCoder(KvCoder.of(MetadataCoder.of(), VarIntCoder.of()))
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
      all.sort(Comparator.comparing(file -> file.resourceId().toString()));
      List<Columns> columns = new ArrayList<>();
      String what = "the Parquet files of table " + parser.table();
      for (Metadata file : all.subList(0, Math.min(CHECKED, all.size()))) {
        try (ParquetRows rows = ParquetRows.open(file.resourceId())) {
          Set<String> present = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
          present.addAll(rows.columns());
          for (String column : declared(parser).toList()) {
            if (!present.contains(column)) {
              rows.checkReadable(column);
            }
          }
          columns.add(Columns.of(parser, rows.columns(), all.size() == 1 ? what : name(file)));
        }
      }
      if (all.size() <= CHECKED) {
        Columns.checkTogether(parser, columns, what);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static Stream<String> declared(TableParser parser) {
    return Stream.of(parser.requiredColumns(), parser.optionalColumns(), parser.columnsOfAnyFile())
        .flatMap(List::stream);
  }

  private static String name(Metadata file) {
    return file.resourceId().toString();
  }

  /** Splits files into row groups. */
  private static final class RowGroupsFn extends DoFn<Metadata, KV<Metadata, Integer>> {
    @ProcessElement
    public void process(@Element Metadata file, OutputReceiver<KV<Metadata, Integer>> out)
        throws IOException {
      try (ParquetRows rows = ParquetRows.open(file.resourceId())) {
        for (int group = 0; group < rows.rowGroups(); group++) {
          out.output(KV.of(file, group));
        }
      }
    }
  }

  /** Parses row groups. */
  private static final class ParseFn extends DoFn<KV<Metadata, Integer>, EhrEvent> {
    private final TableParser parser;
    private final EventSink sink;

    ParseFn(TableParser parser, EventSink sink) {
      this.parser = parser;
      this.sink = sink;
    }

    @ProcessElement
    public void process(@Element KV<Metadata, Integer> piece, MultiOutputReceiver outputs)
        throws IOException {
      Metadata metadata = piece.getKey();
      sink.clear();
      try (ParquetRows file = ParquetRows.open(metadata.resourceId())) {
        Columns columns = Columns.of(parser, file.columns(), name(metadata));
        List<String> names = file.columns();
        Map<String, String> wanted = new HashMap<>();
        columns.positions().forEach((column, position) -> wanted.put(column, names.get(position)));
        // ParquetRows rejects unsupported columns and reads missing ones as null.
        List<String> all = new ArrayList<>(wanted.values());
        declared(parser).filter(column -> !wanted.containsKey(column)).forEach(all::add);
        ParquetRows.Group rows = file.read(piece.getValue(), all);
        GroupRow row = new GroupRow(rows, wanted);
        long count = 0;
        while (rows.next()) {
          count++;
          sink.parse(
              row,
              outputs.get(EhrTags.events())::output,
              outputs.get(EhrTags.deadLetters())::output);
        }
        ReadTable.reportMissing(sink, columns, count, name(metadata));
      }
      sink.flush(outputs.get(EhrTags.counts())::output);
    }
  }

  /** Adapts the current row of a group. */
  private static final class GroupRow implements TypedRow {
    private final ParquetRows.Group rows;
    private final Map<String, Integer> columns = new HashMap<>();

    /**
     * @param columns column names of the file by the parser's column names
     */
    GroupRow(ParquetRows.Group rows, Map<String, String> columns) {
      this.rows = rows;
      columns.forEach((column, name) -> this.columns.put(column, rows.index(name)));
    }

    @Override
    public @Nullable Object value(String column) {
      Integer index = columns.get(column);
      return index == null ? null : rows.value(index);
    }

    @Override
    public @Nullable String text(String column) {
      return TextFormat.standard().text(raw(column));
    }

    @Override
    public @Nullable String raw(String column) {
      Object value = value(column);
      if (value == null) {
        return null;
      }
      if (value instanceof Double number && number == Math.rint(number) && isExact(number)) {
        // Writers convert integer ids with missing cells to floats: 220045.0 is the id 220045.
        return Long.toString(number.longValue());
      }
      return TextFormat.trim(value.toString());
    }

    private static boolean isExact(double whole) {
      return Math.abs(whole) < 1L << 53;
    }
  }
}
