package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * CHARTEVENTS, OUTPUTEVENTS and LABEVENTS: a row is one value of one item at one time. Rows that the
 * staff marked as wrong, and rows without any value, give nothing and are counted.
 */
final class MeasurementTable extends TableParser {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final @Nullable String stayId;
  private final String number;
  private final @Nullable String text;
  private final @Nullable String error;
  private final Counter errors;
  private final Counter empty;

  /**
   * @param stayId column of the stay, null where the table has none
   * @param number column of the number
   * @param text column of the value as text, null where the table has none
   * @param error column that is 1 on wrong rows, null where the table has none
   */
  MeasurementTable(
      String table,
      @Nullable String stayId,
      String number,
      @Nullable String text,
      @Nullable String error) {
    this.table = table;
    this.stayId = stayId;
    this.number = number;
    this.text = text;
    this.error = error;
    errors = Metrics.counter(table, "rowsMarkedWrong");
    empty = Metrics.counter(table, "rowsWithoutValue");
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    List<String> columns =
        new ArrayList<>(List.of("subject_id", "itemid", "charttime", number, "valueuom"));
    if (stayId != null) {
      columns.add(stayId);
    }
    return columns;
  }

  @Override
  public List<String> optionalColumns() {
    List<String> columns = new ArrayList<>();
    if (text != null) {
      columns.add(text);
    }
    if (error != null) {
      columns.add(error);
    }
    return columns;
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    if (error != null && "1".equals(row.text(error))) {
      errors.inc();
      return;
    }
    String words = text == null ? null : row.text(text);
    Double value = Cells.number(row, number);
    if (value == null && words == null) {
      empty.inc();
      return;
    }
    Instant time = Cells.time(row, "charttime");
    if (time == null) {
      throw new BadRowException("charttime is empty");
    }
    events.accept(
        EhrEvent.builder()
            .setSubjectId(Cells.required(row, "subject_id"))
            .setStayId(stayId == null ? null : row.text(stayId))
            .setTime(time)
            .setCode(Cells.required(row, "itemid"))
            .setNumericValue(value)
            .setTextValue(value == null ? words : null)
            .setUnit(row.text("valueuom"))
            .build());
  }
}
