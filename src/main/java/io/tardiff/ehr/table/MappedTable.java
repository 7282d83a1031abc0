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
 * A validated table of a mapping.
 *
 * @param name name for messages and dead letters
 * @param files file patterns below the directory; empty if only used as a parser
 * @param format file format
 * @param text text format as far as the mapping sets it
 * @param subject origin of the subject
 * @param stay origin of the stay; null for none
 * @param time time of the rows; null for none
 * @param measurement code, value and unit of a long table; null in a wide one
 * @param columns observations of a wide table
 * @param statics facts without a time
 * @param marks admissions, discharges, birth and death
 * @param startsAtEpoch whether each stay is admitted at the epoch
 * @param dischargeAfterLast milliseconds from the last row to the discharge; null for none
 * @param hospitalDeath outcome; null for none
 * @param label class; null for none
 * @param split published split; null for none
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

  /** File formats. */
  enum Format {
    CSV,
    AVRO,
    PARQUET
  }

  /** Representation of times. */
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

    /** Returns milliseconds per unit; 0 for ISO times. */
    double millis() {
      return millis;
    }
  }

  /**
   * Origin of an id: a column or the file name.
   *
   * @param column column name; null if the id is in the file name
   * @param file pattern whose one group is the id; null if the id is in a column
   */
  record Key(@Nullable String column, @Nullable Pattern file) implements Serializable {}

  /**
   * A time in a column.
   *
   * @param column column name
   * @param scale representation of the time
   * @param shift offset to add, in units of the scale
   */
  record Time(String column, Scale scale, double shift) implements Serializable {}

  /**
   * The time of a row, from a column or the row number.
   *
   * @param column time column; null to use the row number
   * @param stepMillis milliseconds between rows, for row numbers
   */
  record RowTime(@Nullable Time column, double stepMillis) implements Serializable {}

  /**
   * The columns of a long table.
   *
   * @param code code column
   * @param rename codes by content of the column; other content is the code
   * @param value value column
   * @param unit unit column; null for none
   */
  record Measurement(String code, Map<String, String> rename, String value, @Nullable String unit)
      implements Serializable {}

  /**
   * A column of observations or facts with one code.
   *
   * @param column column name
   * @param code code of the events
   * @param unit unit of the values; null for none
   * @param values numbers by text; other texts are parsed as numbers
   */
  record Observation(String column, String code, @Nullable String unit, Map<String, Double> values)
      implements Serializable {}

  /**
   * A time that is an event, such as an admission.
   *
   * @param code reserved code
   * @param time time column
   */
  record Mark(String code, Time time) implements Serializable {}

  /**
   * An outcome or a label.
   *
   * @param column column name
   * @param values numbers by text; other texts are parsed as numbers
   * @param time time column; null for none
   */
  record Outcome(String column, Map<String, Double> values, @Nullable Time time)
      implements Serializable {}

  /**
   * A published split.
   *
   * @param column column name
   * @param values splits by text; other texts must name a split
   */
  record SplitColumn(String column, Map<String, String> values) implements Serializable {}

  /** Whether file names identify the subjects; rows are then read in file order. */
  boolean isFilePerSubject() {
    return subject.file() != null;
  }

  /**
   * Returns the columns that every file needs: keys, times, the long format, outcomes and splits.
   */
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

  /** Returns the columns with independent values, some of which a file may lack. */
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
