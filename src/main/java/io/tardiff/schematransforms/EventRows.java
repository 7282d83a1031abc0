package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.ParseTable;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;

/**
 * Parses rows of events, from a reader of this library or any other pipeline, whose rows may hold
 * times as text or ids as numbers and omit columns.
 */
final class EventRows extends TableParser {
  private static final long serialVersionUID = 1L;

  private static final List<String> REQUIRED = List.of("subject_id", "code");
  private static final List<String> OPTIONAL =
      List.of("stay_id", "time", "numeric_value", "text_value", "unit");

  private EventRows() {}

  /** Returns the events and dead letters of rows. */
  static PCollectionTuple parse(PCollection<Row> rows) {
    List<String> known = new ArrayList<>(REQUIRED);
    known.addAll(OPTIONAL);
    // A misspelt column would be ignored silently.
    checkArgument(
        rows.getSchema().getFieldNames().containsAll(REQUIRED)
            && known.containsAll(rows.getSchema().getFieldNames()),
        "input must be rows of events with the fields %s, of which %s are required, has %s",
        known,
        REQUIRED,
        rows.getSchema().getFieldNames());
    return rows.apply("Events", ParseTable.with(new EventRows()));
  }

  @Override
  public String table() {
    return "events";
  }

  @Override
  public List<String> requiredColumns() {
    return REQUIRED;
  }

  @Override
  public List<String> optionalColumns() {
    return OPTIONAL;
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    // Data frames write NaN for a missing number.
    boolean missing = "NaN".equals(row.text("numeric_value"));
    events.accept(
        EhrEvent.builder()
            .setSubjectId(Cells.required(row, "subject_id"))
            .setStayId(row.text("stay_id"))
            .setTime(Cells.time(row, "time"))
            .setCode(Cells.required(row, "code"))
            .setNumericValue(missing ? null : Cells.number(row, "numeric_value"))
            .setTextValue(row.text("text_value"))
            .setUnit(row.text("unit"))
            .build());
  }
}
