package io.tardiff.ehr.table;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.ReadableInstant;

/**
 * Events from rows of your own, such as those of BigQuery or JDBC, by the parser of a source.
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
 * <p>Columns are matched by name without regard to case; a schema that lacks a required column
 * fails when the pipeline is built.
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

  /** Keeps events of these codes, and the {@linkplain EhrEvent#reservedCodes reserved} ones. */
  public ParseTable withCodes(Set<String> codes) {
    return new ParseTable(parser, Set.copyOf(codes));
  }

  @Override
  public PCollectionTuple expand(PCollection<Row> rows) {
    Map<String, Integer> there = new HashMap<>();
    Schema schema = rows.getSchema();
    for (int i = 0; i < schema.getFieldCount(); i++) {
      there.put(schema.getField(i).getName().toLowerCase(Locale.ROOT), i);
    }
    Map<String, Integer> columns = Columns.of(parser, there, "the rows of table " + parser.table());
    return rows.apply(
        "Parse",
        ParDo.of(new ParseFn(new EventSink(parser, codes), columns))
            .withOutputTags(EhrTags.events(), TupleTagList.of(EhrTags.deadLetters())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("table", parser.table()).withLabel("Table"));
  }

  private static final class ParseFn extends DoFn<Row, EhrEvent> {
    private final EventSink sink;
    private final Map<String, Integer> columns;

    ParseFn(EventSink sink, Map<String, Integer> columns) {
      this.sink = sink;
      this.columns = columns;
    }

    @ProcessElement
    public void process(@Element Row row, MultiOutputReceiver outputs) {
      sink.parse(
          column -> text(row, column),
          outputs.get(EhrTags.events())::output,
          outputs.get(EhrTags.deadLetters())::output);
    }

    private @Nullable String text(Row row, String column) {
      Integer index = columns.get(column);
      Object value = index == null ? null : row.getValue(index);
      if (value == null) {
        return null;
      }
      String text =
          value instanceof ReadableInstant instant
              ? instant.toInstant().toString()
              : value.toString().trim();
      return text.isEmpty() ? null : text;
    }
  }
}
