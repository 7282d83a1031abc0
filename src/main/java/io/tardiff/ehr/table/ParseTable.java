package io.tardiff.ehr.table;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.ReadableInstant;

/**
 * Parses Beam rows, such as those of BigQuery or JDBC, with the parser of a source.
 *
 * <pre>{@code
 * PCollection<Row> chartEvents =
 *     pipeline.apply(
 *         JdbcIO.readRows()
 *             .withDataSourceConfiguration(database)
 *             .withQuery("SELECT * FROM chartevents"));
 * PCollectionTuple read = chartEvents.apply(ParseTable.with(Mimic3.chartEvents()));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * }</pre>
 *
 * <p>Columns are matched by name, ignoring case if there is no exact match. Building the pipeline
 * fails if the schema lacks a required column.
 */
public final class ParseTable extends PTransform<PCollection<Row>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final TableParser parser;
  private final @Nullable Set<String> codes;

  private ParseTable(TableParser parser, @Nullable Set<String> codes) {
    this.parser = parser;
    this.codes = codes;
  }

  public static ParseTable with(TableParser parser) {
    return new ParseTable(parser, null);
  }

  /** Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones. */
  public ParseTable withCodes(Set<String> codes) {
    return new ParseTable(parser, Set.copyOf(codes));
  }

  @Override
  public PCollectionTuple expand(PCollection<Row> rows) {
    String what = "the rows of table " + parser.table();
    Columns columns = Columns.of(parser, rows.getSchema().getFieldNames(), what);
    Columns.checkTogether(parser, List.of(columns), what);
    return rows.apply(
        "Parse",
        ParDo.of(new ParseFn(new EventSink(parser, codes), Map.copyOf(columns.positions())))
            .withOutputTags(
                EhrTags.events(), TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("table", parser.table()).withLabel("Table"));
  }

  private static final class ParseFn extends DoFn<Row, EhrEvent> {
    private final EventSink sink;
    private final Map<String, Integer> columns;

    /** Window of the last row, for the counts of the bundle. */
    private transient @Nullable BoundedWindow window;

    ParseFn(EventSink sink, Map<String, Integer> columns) {
      this.sink = sink;
      this.columns = columns;
    }

    @StartBundle
    public void startBundle() {
      sink.clear();
    }

    @ProcessElement
    public void process(@Element Row row, BoundedWindow current, MultiOutputReceiver outputs) {
      window = current;
      sink.parse(
          new BeamRow(row, columns),
          outputs.get(EhrTags.events())::output,
          outputs.get(EhrTags.deadLetters())::output);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      BoundedWindow last = window;
      if (last != null) {
        sink.flush(count -> context.output(EhrTags.counts(), count, last.maxTimestamp(), last));
      }
    }
  }

  /**
   * Adapts a Beam row.
   *
   * @param columns positions by the parser's column names
   */
  private record BeamRow(Row row, Map<String, Integer> columns) implements TableRow {
    @Override
    public @Nullable String text(String column) {
      return TextFormat.standard().text(raw(column));
    }

    @Override
    public @Nullable String raw(String column) {
      Integer index = columns.get(column);
      Object value = index == null ? null : row.getValue(index);
      if (value == null) {
        return null;
      }
      if (value instanceof ReadableInstant instant) {
        return instant.toInstant().toString();
      }
      if (value instanceof byte[] bytes) {
        try {
          return TextFormat.trim(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
          throw new IllegalArgumentException(
              "column " + column + " contains bytes that are not UTF-8 text", e);
        }
      }
      return TextFormat.trim(
          value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString());
    }
  }
}
