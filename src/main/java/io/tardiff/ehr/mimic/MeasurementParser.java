package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses charted values, laboratory results and outputs: an item, a time and a value. */
final class MeasurementParser extends TableParser {
  private static final long serialVersionUID = 1L;

  /** Placeholder for text removed by de-identification. */
  private static final String REMOVED = "___";

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

  private final String table;
  private final @Nullable String stayColumn;
  private final String numberColumn;
  private final @Nullable String textColumn;
  private final @Nullable String errorColumn;
  private final boolean errorRequired;
  private final Counter errors;
  private final Counter withoutValue;

  private MeasurementParser(
      String table,
      @Nullable String stayColumn,
      String numberColumn,
      @Nullable String textColumn,
      @Nullable String errorColumn,
      boolean errorRequired) {
    this.table = table;
    this.stayColumn = stayColumn;
    this.numberColumn = numberColumn;
    this.textColumn = textColumn;
    this.errorColumn = errorColumn;
    this.errorRequired = errorRequired;
    errors = Metrics.counter("tardiff.ehr." + table, "errors");
    withoutValue = Metrics.counter("tardiff.ehr." + table, "withoutValue");
  }

  /** Parser of a table with a number in {@code valuenum} and a text in {@code value}. */
  static MeasurementParser charted(String table, @Nullable String stayColumn) {
    return new MeasurementParser(table, stayColumn, "valuenum", "value", null, false);
  }

  /** Parser of a table with a number in {@code value}. */
  static MeasurementParser numeric(String table, String stayColumn) {
    return new MeasurementParser(table, stayColumn, "value", null, null, false);
  }

  /** Drops rows where this column is 1; the column is required. */
  MeasurementParser withoutErrors(String column) {
    return new MeasurementParser(table, stayColumn, numberColumn, textColumn, column, true);
  }

  /** Drops rows where this column is 1; the column is optional. */
  MeasurementParser withoutErrorsIfMarked(String column) {
    return new MeasurementParser(table, stayColumn, numberColumn, textColumn, column, false);
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    List<String> columns = new ArrayList<>(List.of("subject_id", "itemid", "charttime"));
    if (stayColumn != null) {
      columns.add(stayColumn);
    }
    columns.add(numberColumn);
    if (textColumn != null) {
      columns.add(textColumn);
    }
    columns.add("valueuom");
    if (errorColumn != null && errorRequired) {
      columns.add(errorColumn);
    }
    return columns;
  }

  @Override
  public List<String> optionalColumns() {
    return errorColumn != null && !errorRequired ? List.of(errorColumn) : List.of();
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    if (errorColumn != null && isMarked(row, errorColumn)) {
      errors.inc();
      return;
    }
    Double number = Cells.number(row, numberColumn);
    String text = textColumn == null ? null : row.text(textColumn);
    if (REMOVED.equals(text)) {
      text = null;
    }
    if (number == null && text == null) {
      withoutValue.inc();
      return;
    }
    String subject = Cells.requiredId(row, "subject_id");
    String item = Cells.requiredId(row, "itemid");
    Instant time = Cells.time(row, "charttime");
    if (time == null) {
      throw new BadRowException("charttime is empty");
    }
    if (number != null && text != null && NUMBER.matcher(text).matches()) {
      // The text repeats the number; keep only a text that adds something.
      text = null;
    }
    events.accept(
        EhrEvent.builder()
            .setSubjectId(subject)
            .setStayId(stayColumn == null ? null : Cells.id(row, stayColumn))
            .setTime(time)
            .setCode(item)
            .setNumericValue(number)
            .setTextValue(text)
            .setUnit(row.text("valueuom"))
            .build());
  }

  private static boolean isMarked(TableRow row, String column) throws BadRowException {
    Double mark = Cells.number(row, column);
    return mark != null && mark == 1;
  }
}
