package io.tardiff.ehr.table;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.SplitNames;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.progress.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parses rows of a mapped table. */
final class MappedParser extends TableParser {
  private static final long serialVersionUID = 1L;

  /** About ten thousand years, beyond any plausible time. */
  private static final double TIME_LIMIT = 3.2e14;

  private static final Logger LOG = LoggerFactory.getLogger(MappedParser.class);

  /** Tables and split synonyms that this worker has logged. */
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  /** Far more classes than any task has. */
  private static final double CLASS_LIMIT = 10_000;

  private final MappedTable table;
  private final TextFormat format;

  MappedParser(MappedTable table) {
    this(table, TextFormat.standard());
  }

  /**
   * @param format text format of the files; the mapping takes precedence
   */
  MappedParser(MappedTable table, TextFormat format) {
    this.table = table;
    this.format = format.overriddenBy(table.text());
  }

  /** Returns the text format of the files. */
  TextFormat format() {
    return format;
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
    return table.keyColumns();
  }

  @Override
  List<String> columnsOfAnyFile() {
    return table.valueColumns();
  }

  @Override
  public void parse(TableRow cells, Consumer<EhrEvent> events) throws BadRowException {
    Row row = new Row(table, format, cells, events);
    try {
      row.parse();
    } catch (BadRowException e) {
      row.problem = e;
      row.unusable = needsEveryRow();
    }
    if (row.unusable) {
      throw new UnusableRowException(table.name(), row.problem.getMessage());
    }
    if (row.problem != null) {
      // The events of the other cells have been emitted.
      throw row.problem;
    }
  }

  @Override
  boolean needsEveryRow() {
    return !table.isFilePerSubject() && (table.label() != null || table.split() != null);
  }

  /** Logs once per worker that a synonym is read as a split. */
  private static void logOnce(String table, String word, String split) {
    if (LOGGED.add(table + "/" + word)) {
      LOG.warn("Table {}: split {} is read as {}", Printable.of(table), Printable.of(word), split);
    }
  }

  /** Parses one row. */
  private static final class Row {
    private final MappedTable table;
    private final TextFormat format;
    private final TableRow cells;
    private final Consumer<EhrEvent> events;
    private final @Nullable SubjectFile file;
    private String subject = "";
    private @Nullable String stay;
    private @Nullable BadRowException problem;

    /** Whether the problem concerns a label or a split, which must not be lost. */
    private boolean unusable;

    Row(MappedTable table, TextFormat format, TableRow cells, Consumer<EhrEvent> events) {
      this.table = table;
      this.format = format;
      this.cells = cells;
      this.events = events;
      this.file = cells instanceof SubjectFile.Row row ? row.file() : null;
    }

    /** An independent part of a row: if it is bad, the others are still read. */
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

    /** Like {@link #part}, for a label or a split, which must not be lost. */
    private void essentialPart(Part part) {
      try {
        part.read();
      } catch (BadRowException e) {
        if (!unusable) {
          problem = e;
        }
        unusable |= file == null;
      }
    }

    void parse() throws BadRowException {
      subject = key(table.subject(), file == null ? null : file.subject());
      // A row with an empty stay belongs to the subject.
      stay =
          table.stay() == null
              ? null
              : table.stay().column() != null
                  ? id(table.stay().column())
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
        part(() -> hospitalDeath(table.hospitalDeath()));
      }
      if (table.label() != null) {
        essentialPart(() -> label(table.label()));
      }
      if (table.split() != null) {
        essentialPart(() -> split(table.split()));
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
              String text = text(column.column());
              Double mapped = mapped(column.column(), column.values());
              if (text != null || mapped != null) {
                EhrEvent.Builder event = event(column.code()).setTime(time).setUnit(column.unit());
                setValue(event, mapped, text, column.column());
                events.accept(event.build());
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
        time = time(rowTime.column());
        if (time == null) {
          throw new BadRowException(rowTime.column().column() + " is empty");
        }
      }
      if (file != null) {
        file.recordTime(time);
      }
      return time;
    }

    private void measurement(MappedTable.Measurement measurement, Instant time)
        throws BadRowException {
      String code = code(measurement);
      if (code == null) {
        throw new BadRowException(measurement.code() + " is empty");
      }
      String text = text(measurement.value());
      if (text == null) {
        return;
      }
      EhrEvent.Builder event =
          event(code)
              .setTime(time)
              .setUnit(measurement.unit() == null ? null : text(measurement.unit()));
      setValue(event, null, text, measurement.value());
      events.accept(event.build());
    }

    /**
     * Returns the code. A null word is a valid code if the mapping renames it: NA may be sodium.
     */
    private @Nullable String code(MappedTable.Measurement measurement) {
      String raw = cells.raw(measurement.code());
      if (raw == null) {
        return null;
      }
      String plain = Cells.plainId(raw);
      String renamed = measurement.rename().getOrDefault(raw, measurement.rename().get(plain));
      return renamed != null ? renamed : text(measurement.code()) == null ? null : plain;
    }

    /**
     * Sets the number, else the text ("Sinus rhythm", "> 200"), which a vocabulary may interpret.
     */
    private void setValue(
        EhrEvent.Builder event, @Nullable Double mapped, @Nullable String text, String column)
        throws BadRowException {
      if (mapped != null) {
        event.setNumericValue(mapped);
        return;
      }
      double value;
      try {
        value = format.number(text);
      } catch (NumberFormatException e) {
        event.setTextValue(text);
        return;
      }
      if (!Double.isFinite(value)) {
        throw new BadRowException(column + " is not finite");
      }
      event.setNumericValue(value);
    }

    private void fact(MappedTable.Observation fact) throws BadRowException {
      Double value = value(fact.column(), fact.values());
      if (value != null && isFirst(fact.code())) {
        events.accept(event(fact.code()).setNumericValue(value).setUnit(fact.unit()).build());
      }
    }

    private void mark(MappedTable.Mark mark) throws BadRowException {
      Instant time = time(mark.time());
      if (time != null && isFirst(mark.code())) {
        events.accept(event(mark.code()).setTime(time).build());
      }
    }

    /** An unmapped value is an unknown outcome, which the cohort counts. */
    private void hospitalDeath(MappedTable.Outcome outcome) throws BadRowException {
      Double value;
      try {
        value = value(outcome.column(), outcome.values());
      } catch (BadRowException e) {
        value = Double.NaN;
      }
      if (value != null) {
        boolean known = value == 0 || value == 1;
        outcome(EhrEvent.HOSPITAL_DEATH, outcome, known ? value : null);
      }
    }

    private void label(MappedTable.Outcome outcome) throws BadRowException {
      Double value = value(outcome.column(), outcome.values());
      if (value == null) {
        return;
      }
      if (value < 0 || value > CLASS_LIMIT || value != Math.rint(value)) {
        throw new BadRowException(outcome.column() + " is not a class 0, 1, ...");
      }
      outcome(EhrEvent.LABEL, outcome, value);
    }

    private void outcome(String code, MappedTable.Outcome outcome, @Nullable Double value)
        throws BadRowException {
      Instant time = outcome.time() == null ? null : time(outcome.time());
      if (time != null || isFirst(code)) {
        events.accept(
            event(code)
                .setTime(time)
                .setNumericValue(value)
                .setTextValue(value == null ? HospitalOutcome.UNLISTED.label() : null)
                .build());
      }
    }

    private void split(MappedTable.SplitColumn column) throws BadRowException {
      String text = text(column.column());
      if (text == null) {
        if (file == null) {
          // A split by hash might move a subject of the test split into training.
          throw new BadRowException(column.column() + " is empty");
        }
        return;
      }
      String split = column.values().getOrDefault(text, column.values().get(Cells.plainId(text)));
      split = split == null ? SplitNames.of(text) : split;
      if (split == null) {
        throw new BadRowException(column.column() + " is not train, tuning or held_out");
      }
      if (!split.equals(text) && !column.values().containsKey(text)) {
        logOnce(table.name(), text, split);
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
      Double mapped = mapped(column, values);
      String text = text(column);
      if (mapped != null || text == null) {
        return mapped;
      }
      double value = Cells.number(text, column, format);
      if (hasNumbers(values)) {
        // If the mapping gives some numbers a meaning, others have none: 2 may mean alive.
        throw new BadRowException(column + " is not one of the values in the mapping");
      }
      return value;
    }

    /** Returns the number to which the mapping maps a cell; null if none. */
    private @Nullable Double mapped(String column, Map<String, Double> values) {
      String raw = values.isEmpty() ? null : cells.raw(column);
      return raw == null ? null : values.getOrDefault(raw, values.get(Cells.plainId(raw)));
    }

    private static boolean hasNumbers(Map<String, Double> values) {
      return values.keySet().stream().anyMatch(key -> NUMBER.matcher(key).matches());
    }

    private String key(MappedTable.Key key, @Nullable String ofFile) throws BadRowException {
      String id = key.column() != null ? id(key.column()) : ofFile;
      if (id == null) {
        throw new BadRowException(key.column() + " is empty");
      }
      return id;
    }

    private @Nullable String id(String column) {
      String text = text(column);
      return text == null ? null : Cells.plainId(text);
    }

    /** Returns the time in a cell; null if it is empty. */
    private @Nullable Instant time(MappedTable.Time time) throws BadRowException {
      String text = text(time.column());
      if (text == null) {
        return null;
      }
      if (time.scale() == MappedTable.Scale.ISO) {
        Instant instant = format.time(text);
        if (instant == null) {
          throw new BadRowException(time.column() + " is not a time");
        }
        return instant;
      }
      // A duration has its own unit.
      Duration duration = Cells.duration(cells, time.column());
      double millis =
          duration == null
              ? (Cells.number(text, time.column(), format) + time.shift()) * time.scale().millis()
              : duration.toMillis() + time.shift() * time.scale().millis();
      if (Math.abs(millis) > TIME_LIMIT) {
        throw new BadRowException(time.column() + " is out of range");
      }
      return Instant.ofEpochMilli(Math.round(millis));
    }

    /** Whether to emit a fact: files of one subject repeat facts in every row. */
    private boolean isFirst(String code) {
      return file == null || file.isFirst(code);
    }

    private @Nullable String text(String column) {
      return format.text(cells.text(column));
    }

    private EhrEvent.Builder event(String code) {
      return EhrEvent.builder().setSubjectId(subject).setStayId(stay).setCode(code);
    }
  }
}
