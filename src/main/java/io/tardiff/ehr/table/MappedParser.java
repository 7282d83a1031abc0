package io.tardiff.ehr.table;

import io.tardiff.ehr.EhrEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Rows of a mapped table to events. */
final class MappedParser extends TableParser {
  private static final long serialVersionUID = 1L;

  /** Ten thousand years: later or earlier is no time of a patient, and not all of it is a date. */
  private static final double TIME_LIMIT = 3.2e14;

  private static final Set<String> SPLITS = Set.of("train", "tuning", "held_out");

  /** More classes than any task has. */
  private static final double CLASS_LIMIT = 10_000;

  private final MappedTable table;

  MappedParser(MappedTable table) {
    this.table = table;
  }

  MappedTable mapping() {
    return table;
  }

  @Override
  public String table() {
    return table.name();
  }

  @Override
  public List<String> requiredColumns() {
    return table.columnNames();
  }

  @Override
  public void parse(TableRow cells, Consumer<EhrEvent> events) throws BadRowException {
    Row row = new Row(table, cells, events);
    row.parse();
    if (row.problem != null) {
      // The other cells of the row are out by now.
      throw row.problem;
    }
  }

  /** The time in a cell, null where it is empty. */
  static @Nullable Instant time(TableRow cells, MappedTable table, MappedTable.Time time)
      throws BadRowException {
    String text = text(cells, table, time.column());
    if (text == null) {
      return null;
    }
    if (time.scale() == MappedTable.Scale.ISO) {
      Instant instant = Cells.parseTime(text);
      if (instant == null) {
        throw new BadRowException(time.column() + " is not a time");
      }
      return instant;
    }
    double millis = (number(text, time.column()) + time.shift()) * time.scale().millis();
    if (Math.abs(millis) > TIME_LIMIT) {
      throw new BadRowException(time.column() + " is out of range");
    }
    return Instant.ofEpochMilli(Math.round(millis));
  }

  private static @Nullable String text(TableRow cells, MappedTable table, String column) {
    String text = cells.text(column);
    return text == null || table.missing().contains(text) ? null : text;
  }

  private static double number(String text, String column) throws BadRowException {
    double value;
    try {
      value = Cells.decimal(text);
    } catch (NumberFormatException e) {
      throw new BadRowException(column + " is not a number");
    }
    if (!Double.isFinite(value)) {
      throw new BadRowException(column + " is not finite");
    }
    return value;
  }

  /** One row being read. */
  private static final class Row {
    private final MappedTable table;
    private final TableRow cells;
    private final Consumer<EhrEvent> events;
    private final @Nullable SubjectFile file;
    private String subject = "";
    private @Nullable String stay;
    private @Nullable BadRowException problem;

    Row(MappedTable table, TableRow cells, Consumer<EhrEvent> events) {
      this.table = table;
      this.cells = cells;
      this.events = events;
      this.file = cells instanceof SubjectFile.Row row ? row.file() : null;
    }

    /** Something that a row is asked for; where it is bad the others are still read. */
    private interface Part {
      void read() throws BadRowException;
    }

    private void part(Part part) {
      try {
        part.read();
      } catch (BadRowException e) {
        if (problem == null) {
          problem = e;
        }
      }
    }

    void parse() throws BadRowException {
      subject = key(table.subject(), file == null ? null : file.subject());
      // A stay of nobody's is a row that belongs to the subject.
      stay =
          table.stay() == null
              ? null
              : table.stay().column() != null
                  ? text(table.stay().column())
                  : key(table.stay(), file == null ? null : file.stay());
      if (table.startsAtEpoch() && isFirst(EhrEvent.ADMISSION)) {
        events.accept(event(EhrEvent.ADMISSION).setTime(Instant.EPOCH).build());
      }
      for (MappedTable.Observation fact : table.statics()) {
        part(() -> fact(fact));
      }
      for (MappedTable.Mark mark : table.marks()) {
        part(() -> mark(mark));
      }
      if (table.hospitalDeath() != null) {
        part(() -> outcome(EhrEvent.HOSPITAL_DEATH, table.hospitalDeath(), 1));
      }
      if (table.label() != null) {
        part(() -> outcome(EhrEvent.LABEL, table.label(), CLASS_LIMIT));
      }
      if (table.split() != null) {
        part(() -> split(table.split()));
      }
      if (table.measurement() != null || !table.columns().isEmpty()) {
        part(this::observations);
      }
    }

    private void observations() throws BadRowException {
      Instant time = rowTime();
      if (table.measurement() != null) {
        measurement(table.measurement(), time);
      }
      for (MappedTable.Observation column : table.columns()) {
        part(
            () -> {
              Double value = value(column.column(), column.values());
              if (value != null) {
                events.accept(
                    event(column.code())
                        .setTime(time)
                        .setNumericValue(value)
                        .setUnit(column.unit())
                        .build());
              }
            });
      }
    }

    private Instant rowTime() throws BadRowException {
      MappedTable.RowTime rowTime = table.time();
      Instant time;
      if (rowTime.column() == null) {
        time = Instant.ofEpochMilli(Math.round(file.row() * rowTime.stepMillis()));
      } else {
        time = time(cells, table, rowTime.column());
        if (time == null) {
          throw new BadRowException(rowTime.column().column() + " is empty");
        }
      }
      if (file != null) {
        file.saw(time);
      }
      return time;
    }

    private void measurement(MappedTable.Measurement measurement, Instant time)
        throws BadRowException {
      String code = text(measurement.code());
      if (code == null) {
        throw new BadRowException(measurement.code() + " is empty");
      }
      String text = text(measurement.value());
      if (text == null) {
        return;
      }
      EhrEvent.Builder event =
          event(measurement.rename().getOrDefault(code, code))
              .setTime(time)
              .setUnit(measurement.unit() == null ? null : text(measurement.unit()));
      try {
        event.setNumericValue(number(text, measurement.value()));
      } catch (BadRowException e) {
        if (e.getMessage().endsWith("finite")) {
          throw e;
        }
        // "Sinus rhythm", "> 200", "positive": it may be a channel's, in the right hands.
        event.setTextValue(text);
      }
      events.accept(event.build());
    }

    private void fact(MappedTable.Observation fact) throws BadRowException {
      Double value = value(fact.column(), fact.values());
      if (value != null && isFirst(fact.code())) {
        events.accept(event(fact.code()).setNumericValue(value).setUnit(fact.unit()).build());
      }
    }

    private void mark(MappedTable.Mark mark) throws BadRowException {
      Instant time = time(cells, table, mark.time());
      if (time != null && isFirst(mark.code())) {
        events.accept(event(mark.code()).setTime(time).build());
      }
    }

    private void outcome(String code, MappedTable.Outcome outcome, double limit)
        throws BadRowException {
      Double value = value(outcome.column(), outcome.values());
      if (value == null) {
        return;
      }
      if (value < 0 || value > limit || value != Math.rint(value)) {
        throw new BadRowException(
            outcome.column() + (limit == 1 ? " is not 0 or 1" : " is not a class, 0, 1, ..."));
      }
      Instant time = outcome.time() == null ? null : time(cells, table, outcome.time());
      if (time != null || isFirst(code)) {
        events.accept(event(code).setTime(time).setNumericValue(value).build());
      }
    }

    private void split(MappedTable.SplitColumn column) throws BadRowException {
      String text = text(column.column());
      if (text == null) {
        return;
      }
      String split = column.values().getOrDefault(text, text);
      if (!SPLITS.contains(split)) {
        throw new BadRowException(column.column() + " is not train, tuning or held_out");
      }
      if (isFirst(EhrEvent.SPLIT)) {
        events.accept(
            EhrEvent.builder()
                .setSubjectId(subject)
                .setCode(EhrEvent.SPLIT)
                .setTextValue(split)
                .build());
      }
    }

    private @Nullable Double value(String column, Map<String, Double> values)
        throws BadRowException {
      String text = text(column);
      if (text == null) {
        return null;
      }
      Double value = values.get(text);
      return value != null ? value : Double.valueOf(number(text, column));
    }

    private String key(MappedTable.Key key, @Nullable String ofFile) throws BadRowException {
      String id = key.column() != null ? text(key.column()) : ofFile;
      if (id == null) {
        throw new BadRowException(key.column() + " is empty");
      }
      return id;
    }

    /** Facts are repeated in each row of a file of one subject, and wanted once. */
    private boolean isFirst(String code) {
      return file == null || file.isFirst(code);
    }

    private @Nullable String text(String column) {
      return MappedParser.text(cells, table, column);
    }

    private EhrEvent.Builder event(String code) {
      return EhrEvent.builder().setSubjectId(subject).setStayId(stay).setCode(code);
    }
  }
}
