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
 * What the columns of tables of your own mean, written down in YAML: the code-free way from a table
 * to events.
 *
 * <pre>
 * tables:
 *   stays:                                  # one row a stay
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
 *   vitals:                                 # long: one row an observation
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
 *   hours:                                  # wide: one row a step
 *     files: "hours/*.psv"
 *     delimiter: "|"
 *     subject: {file: "p(\\d+)\\.psv"}       # one file a subject, by the group of its name
 *     stay: subject
 *     time: {row: 1, as: hours}             # or {column: hour, as: hours, shift: -1}
 *     columns:
 *       HR: HR
 *       Temp: {code: Temp, unit: Cel}
 *     admission: start                      # the epoch, that is hour 0
 *     discharge: {after_last: 1, as: hours} # an hour after the last row
 * </pre>
 *
 * <h2>Fields of a table</h2>
 *
 * <ul>
 *   <li>{@code files}: patterns below the directory; not needed for rows of your own. {@code
 *       format}: {@code csv} (default; gzip by the ending {@code .gz}), {@code avro}, {@code
 *       parquet}. CSV has one line as its header.
 *   <li>{@code delimiter} (one character), {@code decimal} ({@code "."} or {@code ","}), {@code
 *       time_format} ({@code dd.MM.yyyy HH:mm}), {@code charset} and {@code missing} (words for no
 *       value): how the files are written, where it is not as {@link TextFormat} has it.
 *   <li>{@code subject} (required), {@code stay}: a column, or {@code {file: regular expression}}
 *       with one group, found in the name of the file without its directory. {@code stay: subject}
 *       where the file names both. Then the rows of a file are read in their order, and what is
 *       repeated in each (statics, admission, ...) is taken where it is first.
 *   <li>{@code time}: a column as {@code as: iso} (default), {@code epoch_seconds}, {@code
 *       epoch_millis}, or {@code seconds, minutes, hours, days} since the start of the stay, which
 *       is the epoch; {@code shift} is added before scaling. {@code {row: 0.5, as: hours}}: rows
 *       half an hour apart, the first at 0.
 *   <li>{@code code}, {@code value}, {@code unit}: a long table. {@code columns}: a wide one, where
 *       numbers of texts can be named in {@code values}. A value that is no number becomes the text
 *       of its event, which a cohort counts. Codes are best the cohort's names of concepts ({@code
 *       HR}), which it knows without a vocabulary.
 *   <li>{@code statics}: facts without a time.
 *   <li>{@code admission, discharge, hospital_admission, hospital_discharge, birth, death}: columns
 *       of times, by default in the form of {@code time}, else {@code {column: , as: }}.
 *   <li>{@code hospital_death} (0 or 1) and {@code label} (a class from 0): a column, with {@code
 *       values} for texts and a {@code time} column where the outcome has one. {@code split}: a
 *       column of {@code train, tuning, held_out}, or of the names that others have for them
 *       ({@code val}, {@code test}). Where some {@code values} are of numbers, other numbers are
 *       none. A row of labels or splits that cannot be used fails the run; a word for an outcome
 *       that is not in {@code values} is an outcome that is not known.
 * </ul>
 *
 * <p>{@link Tables} reads the files. For rows of your own, say of BigQuery, the same table is a
 * parser:
 *
 * <pre>{@code
 * TableMapping mapping = TableMapping.load("gs://bucket/mapping.yaml");
 * PCollectionTuple read = rows.apply(ParseTable.with(mapping.parser("vitals")));
 * }</pre>
 *
 * <p>A mapping with errors is refused with all of them, each naming the field and what is valid.
 */
public final class TableMapping implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<MappedTable> tables;

  private TableMapping(List<MappedTable> tables) {
    this.tables = tables;
  }

  /** Reads a mapping from any Beam file system. */
  public static TableMapping load(String path) {
    try {
      MatchResult match = FileSystems.match(path, EmptyMatchTreatment.ALLOW);
      checkArgument(
          match.status() == MatchResult.Status.OK && match.metadata().size() == 1,
          "mapping must name a file, but there is no %s",
          path);
      try (InputStream in =
          Channels.newInputStream(FileSystems.open(match.metadata().get(0).resourceId()))) {
        byte[] bytes = in.readNBytes(Bounds.YAML_BYTES + 1);
        checkArgument(
            bytes.length <= Bounds.YAML_BYTES, "mapping must be at most 1 MiB, %s is not", path);
        return parse(path, new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the mapping " + path, e);
    }
  }

  /**
   * Reads a mapping from its text.
   *
   * @param source for messages
   */
  public static TableMapping parse(String source, String yaml) {
    return new TableMapping(List.copyOf(MappingReader.read(source, yaml)));
  }

  /** Names of the tables. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    tables.forEach(table -> names.add(table.name()));
    return names;
  }

  /** A parser for rows of your own; not of tables whose files name the subjects. */
  public TableParser parser(String name) {
    for (MappedTable table : tables) {
      if (table.name().equals(name)) {
        checkArgument(
            !table.isFilePerSubject(),
            "table must have a column of subjects, was %s: its files name them",
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
