package io.tardiff.ehr.table;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One table of a mapping, checked.
 *
 * @param name for messages and dead letters
 * @param files patterns below the directory; none for rows of one's own alone
 * @param format of the files
 * @param text how its files are written, as far as the mapping says
 * @param subject where the subject comes from
 * @param stay where the stay comes from, null for none
 * @param time of the rows, null where they have none
 * @param measurement code, value and unit of a long table, null in a wide one
 * @param columns observations of a wide table
 * @param statics facts without a time
 * @param marks times that frame a stay or a life
 * @param startsAtEpoch whether each stay is admitted at the epoch
 * @param dischargeAfterLast milliseconds from the last row to the discharge, null for none
 * @param hospitalDeath outcome
 * @param label class
 * @param split published split
 */
record MappedTable(
    String name,
    List<String> files,
    Format format,
    TextFormat text,
    Key subject,
    @Nullable Key stay,
    @Nullable RowTime time,
    @Nullable Measurement measurement,
    List<Observation> columns,
    List<Observation> statics,
    List<Mark> marks,
    boolean startsAtEpoch,
    @Nullable Long dischargeAfterLast,
    @Nullable Outcome hospitalDeath,
    @Nullable Outcome label,
    @Nullable SplitColumn split)
    implements Serializable {

  /** Kinds of files. */
  enum Format {
    CSV,
    AVRO,
    PARQUET
  }

  /** What the number, or the text, of a time is. */
  enum Scale {
    ISO(0),
    EPOCH_MILLIS(1),
    EPOCH_SECONDS(1000),
    SECONDS(1000),
    MINUTES(60_000),
    HOURS(3_600_000),
    DAYS(86_400_000);

    private final double millis;

    Scale(double millis) {
      this.millis = millis;
    }

    /** Milliseconds of one; 0 where times are dates. */
    double millis() {
      return millis;
    }
  }

  /**
   * An id: a column, or a part of the name of the file.
   *
   * @param column null where it is the file
   * @param file with one group, which is the id; null where it is a column
   */
  record Key(@Nullable String column, @Nullable Pattern file) implements Serializable {}

  /**
   * A time in a column.
   *
   * @param column name
   * @param scale of its content
   * @param shift added, in units of the scale
   */
  record Time(String column, Scale scale, double shift) implements Serializable {}

  /**
   * The time of a row.
   *
   * @param column null where rows are counted
   * @param stepMillis time from one row to the next where they are counted
   */
  record RowTime(@Nullable Time column, double stepMillis) implements Serializable {}

  /**
   * The columns of a long table.
   *
   * @param code column
   * @param rename codes by what the column holds; others stay as they are
   * @param value column
   * @param unit column, null for none
   */
  record Measurement(String code, Map<String, String> rename, String value, @Nullable String unit)
      implements Serializable {}

  /**
   * A column with a code of its own.
   *
   * @param column name
   * @param code of the events
   * @param unit of all of them, null for none
   * @param values numbers of texts; others are read as numbers
   */
  record Observation(String column, String code, @Nullable String unit, Map<String, Double> values)
      implements Serializable {}

  /**
   * A time that is an event.
   *
   * @param code reserved
   * @param time column
   */
  record Mark(String code, Time time) implements Serializable {}

  /**
   * An outcome or a label.
   *
   * @param column name
   * @param values numbers of texts; others are read as numbers
   * @param time column, null where the outcome has none
   */
  record Outcome(String column, Map<String, Double> values, @Nullable Time time)
      implements Serializable {}

  /**
   * A published split.
   *
   * @param column name
   * @param values splits of texts; others are splits themselves
   */
  record SplitColumn(String column, Map<String, String> values) implements Serializable {}

  /** Whether rows are known by the file that they are in, and come in its order. */
  boolean isFilePerSubject() {
    return subject.file() != null;
  }

  /** Columns without which a row says nothing, or what it says of a stay would be half of it. */
  List<String> keyColumns() {
    Set<String> names = new LinkedHashSet<>();
    if (subject.column() != null) {
      names.add(subject.column());
    }
    if (stay != null && stay.column() != null) {
      names.add(stay.column());
    }
    if (time != null && time.column() != null) {
      names.add(time.column().column());
    }
    if (measurement != null) {
      names.add(measurement.code());
      names.add(measurement.value());
      if (measurement.unit() != null) {
        names.add(measurement.unit());
      }
    }
    marks.forEach(mark -> names.add(mark.time().column()));
    for (Outcome outcome : outcomes()) {
      names.add(outcome.column());
      if (outcome.time() != null) {
        names.add(outcome.time().column());
      }
    }
    if (split != null) {
      names.add(split.column());
    }
    return List.copyOf(names);
  }

  /** Columns whose values are for themselves: a file may do without some of them. */
  List<String> valueColumns() {
    Set<String> names = new LinkedHashSet<>();
    columns.forEach(column -> names.add(column.column()));
    statics.forEach(column -> names.add(column.column()));
    keyColumns().forEach(names::remove);
    return List.copyOf(names);
  }

  private List<Outcome> outcomes() {
    return Stream.of(hospitalDeath, label).filter(Objects::nonNull).toList();
  }
}
