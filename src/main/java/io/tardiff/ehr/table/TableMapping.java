package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.files.Bounds;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * Maps the columns of your own tables to events, in YAML and without code.
 *
 * <pre>
 * tables:
 *   stays:                                  # one row per stay
 *     files: stays.csv
 *     subject: patient
 *     stay: stay
 *     statics:
 *       age: Age                            # column: code
 *       sex: {code: Gender, values: {F: 0, M: 1}}
 *     admission: admitted                   # a column of times
 *     discharge: left
 *     hospital_death: {column: outcome, values: {dead: 1, alive: 0}, time: left}
 *     split: {column: fold, values: {valid: tuning, test: held_out}}
 *   vitals:                                 # long: one row per observation
 *     files: [vitals-*.csv, more/vitals.csv.gz]
 *     delimiter: ";"
 *     decimal: ","
 *     missing: ["-1", "k.A."]               # besides empty cells, NULL, NA, NaN, ...
 *     subject: patient
 *     stay: stay
 *     time: charted
 *     code: {column: item, rename: {Heart rate: HR}}
 *     value: value
 *     unit: unit
 *   hours:                                  # wide: one row per time step
 *     files: "hours/*.psv"
 *     delimiter: "|"
 *     subject: {file: "p(\\d+)\\.psv"}       # one file per subject, named by the group
 *     stay: subject
 *     time: {row: 1, as: hours}             # or {column: hour, as: hours, shift: -1}
 *     columns:
 *       HR: HR
 *       Temp: {code: Temp, unit: Cel}
 *     admission: start                      # hour 0, the epoch
 *     discharge: {after_last: 1, as: hours} # an hour after the last row
 * </pre>
 *
 * <h2>Fields of a table</h2>
 *
 * <ul>
 *   <li>{@code files}: paths or patterns relative to the directory; not needed for a {@linkplain
 *       #parser parser}. {@code format}: {@code csv} (plain or compressed, with a header line),
 *       {@code avro}, {@code parquet}. Default: what the first bytes of the files show.
 *   <li>{@code delimiter} (one character), {@code decimal} ({@code "."} or {@code ","}), {@code
 *       time_format} ({@code dd.MM.yyyy HH:mm}), {@code charset} and {@code missing} (texts that
 *       mark missing values): text format. For the defaults see {@link TextFormat}.
 *   <li>{@code subject} (required), {@code stay}: a column, or {@code {file: regular expression}}
 *       whose one group matches part of the file name (without directory). {@code stay: subject} if
 *       the file name is both. With {@code file}, rows are read in order, and only the first of
 *       repeated facts (statics, admission, ...) is used.
 *   <li>{@code time}: a column, interpreted {@code as: iso} (default), {@code epoch_seconds},
 *       {@code epoch_millis}, or as {@code seconds, minutes, hours, days} since the start of the
 *       stay, which is the epoch. {@code shift} is added before scaling. {@code {row: 0.5, as:
 *       hours}}: rows are half an hour apart, the first at 0.
 *   <li>{@code code}, {@code value}, {@code unit}: columns of a long table. {@code columns}: those
 *       of a wide table; {@code values} maps texts to numbers. A non-numeric value becomes the text
 *       of its event, which the cohort counts. Preferably use the cohort's concept names ({@code
 *       HR}) as codes, which need no vocabulary.
 *   <li>{@code statics}: facts without a time.
 *   <li>{@code admission, discharge, hospital_admission, hospital_discharge, birth, death}: time
 *       columns, by default interpreted like {@code time}, else {@code {column: , as: }}.
 *   <li>{@code hospital_death} (0 or 1) and {@code label} (a class from 0): a column, optionally
 *       with {@code values} to map texts and a {@code time} column. {@code split}: a column of
 *       {@code train, tuning, held_out} or their synonyms ({@code val}, {@code test}). If {@code
 *       values} maps any number, other numbers are invalid. An unusable row of labels or splits
 *       fails the run; an unmapped {@code hospital_death} is an unknown outcome.
 * </ul>
 *
 * <p>{@link Tables} reads the files. For Beam rows, such as those of BigQuery, use a table as a
 * parser:
 *
 * <pre>{@code
 * TableMapping mapping = TableMapping.load("gs://bucket/mapping.yaml");
 * PCollectionTuple read = rows.apply(ParseTable.with(mapping.parser("vitals")));
 * }</pre>
 *
 * <p>An invalid mapping is rejected with all its errors, each naming the field and what is valid.
 */
public final class TableMapping implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<MappedTable> tables;

  private TableMapping(List<MappedTable> tables) {
    this.tables = tables;
  }

  /** Loads a mapping from any Beam file system. */
  public static TableMapping load(String path) {
    try {
      MatchResult match = FileSystems.match(path, EmptyMatchTreatment.ALLOW);
      checkArgument(
          match.status() == MatchResult.Status.OK && match.metadata().size() == 1,
          "mapping must be a file, but there is no %s",
          path);
      try (InputStream in =
          Channels.newInputStream(FileSystems.open(match.metadata().get(0).resourceId()))) {
        byte[] bytes = in.readNBytes(Bounds.YAML_BYTES + 1);
        checkArgument(
            bytes.length <= Bounds.YAML_BYTES,
            "mapping must have at most 1 MiB, %s is larger",
            path);
        return parse(path, new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the mapping " + path, e);
    }
  }

  /**
   * Parses a mapping.
   *
   * @param source name of the mapping, for messages
   */
  public static TableMapping parse(String source, String yaml) {
    return new TableMapping(List.copyOf(MappingReader.read(source, yaml)));
  }

  /** Returns the names of the tables. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    tables.forEach(table -> names.add(table.name()));
    return names;
  }

  /** Returns a table's parser, for {@link ParseTable}. The table must have a subject column. */
  public TableParser parser(String name) {
    for (MappedTable table : tables) {
      if (table.name().equals(name)) {
        checkArgument(
            !table.isFilePerSubject(),
            "table must have a subject column, was %s: its file names are the subjects",
            name);
        return new MappedParser(table);
      }
    }
    throw new IllegalArgumentException(
        "table must be one of " + String.join(", ", names()) + ", was " + name);
  }

  List<MappedTable> tables() {
    return tables;
  }
}
