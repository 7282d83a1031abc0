package io.tardiff.ehr.meds;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.FailOnBadRows;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.ReadParquetTable;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.files.parquet.ParquetRows;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Reads and writes the Medical Event Data Standard (MEDS) 0.4, from any hospital and ETL.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system:
 *
 * <pre>
 * data/**.parquet                   subject_id, time, code [, numeric_value, text_value, ...]
 * metadata/subject_splits.parquet   subject_id, split                                (optional)
 * labels/TASK/**.parquet            subject_id, prediction_time, boolean_value or integer_value
 * </pre>
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>Every row is an event with its code and values, whatever its shard and place in it; a null
 *       time marks a static fact. Numbers are the shortest decimals of the 32-bit floats, NaN is a
 *       missing value. Times have millisecond precision.
 *   <li>MEDS has no stays: events belong to the subject. A column {@code stay_id}, as written by
 *       {@link WriteMeds}, is kept.
 *   <li>The unit is that of the column {@code unit}, else the last part of the code: {@code
 *       LAB//220045//bpm}, {@code SUBJECT_FLUID_OUTPUT//226559//ml}, {@code
 *       SUBJECT_WEIGHT_AT_INFUSION//KG}; {@code UNK} means none.
 *   <li>{@code ICU_ADMISSION//...}, {@code ICU_DISCHARGE//...}, {@code HOSPITAL_ADMISSION//...} and
 *       {@code HOSPITAL_DISCHARGE//...} also give an event with the first part as the code, such as
 *       {@link EhrEvent#ADMISSION}. {@code HOSPITAL_DISCHARGE//DIED} also gives an {@link
 *       EhrEvent#HOSPITAL_DEATH} of 1 at its time, {@code HOSPITAL_DISCHARGE//HOME} one of 0,
 *       according to {@link Dispositions}. An unlisted disposition gives an unknown outcome, {@code
 *       UNK} none.
 *   <li>{@code MEDS_BIRTH} and {@code MEDS_DEATH} are {@link EhrEvent#BIRTH} and {@link
 *       EhrEvent#DEATH}. Ages are computed from birth. Sex is a code ({@code GENDER//M}) that the
 *       vocabulary maps to a number.
 *   <li>{@link EhrEvent#SPLIT} has the text train, tuning or held_out. Synonyms from other tools
 *       (val, validation, dev, test, holdout, ...) are accepted with a warning.
 *   <li>{@link EhrEvent#LABEL} is at the prediction time, up to and including which data may be
 *       used. A boolean gives class 0 or 1, an integer is the class. Other types of labels are not
 *       supported.
 * </ul>
 *
 * <p>If {@code labels} has more than one task, {@link Read#withLabels} selects one.
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * Set<String> codes = Set.of("LAB//220045//bpm", "GENDER//M", "GENDER//F"); // default: all codes
 * PCollectionTuple read =
 *     pipeline.apply(
 *         Meds.read().from("gs://bucket/meds").withLabels("mortality").withCodes(codes));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 *
 * // The same for other rows:
 * PCollectionTuple parsed = rows.apply(ParseTable.with(Meds.events()));
 *
 * events.apply(Meds.write().to("gs://bucket/synthetic").withName("Synthetic ICU"));
 * }</pre>
 *
 * <p>Building the pipeline fails if there are no data, a column is missing or of the wrong type,
 * the labels are of an unsupported type, there are several tasks and none is selected, or a split
 * is unknown. A row without subject or code, or with an infinite number, becomes a dead letter. An
 * unusable row of the splits or labels fails the run, because dropping it would lose a label or
 * move a subject to another split. So does a damaged file ({@link ReadParquetTable}).
 */
public final class Meds {
  private Meds() {}

  /** Returns a reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null, null, Dispositions.standard());
  }

  /** Returns a writer; {@link WriteMeds#to} is required. */
  public static WriteMeds write() {
    return WriteMeds.create();
  }

  /** Returns a parser of {@code data}. */
  public static TableParser events() {
    return new EventParser(null, Dispositions.standard());
  }

  /** Returns a parser of {@code metadata/subject_splits.parquet}. */
  public static TableParser splits() {
    return new SplitParser();
  }

  /** Returns a parser of the labels of a task. */
  public static TableParser labels() {
    return new LabelParser();
  }

  /** Reads a MEDS directory; see {@link Meds}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private static final String NONE = "";

    private final @Nullable String directory;
    private final @Nullable String labels;
    private final @Nullable Set<String> codes;

    private final Dispositions dispositions;

    private Read(
        @Nullable String directory,
        @Nullable String labels,
        @Nullable Set<String> codes,
        Dispositions dispositions) {
      this.dispositions = dispositions;
      this.directory = directory;
      this.labels = labels;
      this.codes = codes;
    }

    /** Reads the directory that contains {@code data}. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, labels, codes, dispositions);
    }

    /**
     * Selects the labels: the name of a task in {@code labels}, or, if it contains a slash, any
     * directory.
     */
    public Read withLabels(String task) {
      checkArgument(!task.isEmpty(), "labels must name a task or a directory, was empty");
      return new Read(directory, task, codes, dispositions);
    }

    /** Ignores any labels. */
    public Read withoutLabels() {
      return new Read(directory, NONE, codes, dispositions);
    }

    /**
     * Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones;
     * null for all. The item can stand for a code that contains it: {@code 220045} selects {@code
     * LAB//220045//bpm}, and the events then have the item as their code. Thus the vocabulary of
     * the MIMIC-IV tables also reads MEDS data made from them.
     */
    public Read withCodes(@Nullable Set<String> codes) {
      return new Read(directory, labels, codes == null ? null : Set.copyOf(codes), dispositions);
    }

    /**
     * Sets the meaning of the parts of discharge codes. Default: {@link Dispositions#standard()}.
     */
    public Read withDispositions(Dispositions other) {
      return new Read(directory, labels, codes, other);
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      String root = InputFiles.slash(directory);
      List<String> data = files(root + "data/**.parquet");
      checkArgument(
          !data.isEmpty(),
          "input must be a MEDS directory with data/**.parquet, was %s: it is missing or has none",
          directory);
      checkTypes(data.get(0));
      String splits = root + "metadata/subject_splits.parquet";

      List<PCollectionTuple> parts = new ArrayList<>();
      parts.add(
          begin.apply(
              "Data",
              ReadParquetTable.of(new EventParser(codes, dispositions))
                  .from(List.of(root + "data/**.parquet"))
                  .withCodes(codes)));
      checkArgument(
          !files(splits).isEmpty() || files(root + "metadata/subject_splits*").isEmpty(),
          "input must have its splits in metadata/subject_splits.parquet, has %s",
          String.join(", ", files(root + "metadata/subject_splits*")));
      if (!files(splits).isEmpty()) {
        checkSplits(splits);
        parts.add(
            withoutBadRows(
                "splits",
                begin.apply(
                    "Splits", ReadParquetTable.of(new SplitParser()).from(List.of(splits)))));
      }
      String labelFiles = labelFiles(root);
      if (labelFiles != null) {
        parts.add(
            withoutBadRows(
                "labels",
                begin.apply(
                    "Labels", ReadParquetTable.of(new LabelParser()).from(List.of(labelFiles)))));
      }
      return EhrTags.merge(begin.getPipeline(), parts);
    }

    private static PCollectionTuple withoutBadRows(String what, PCollectionTuple read) {
      return PCollectionTuple.of(EhrTags.events(), read.get(EhrTags.events()))
          .and(
              EhrTags.deadLetters(),
              read.get(EhrTags.deadLetters()).apply("All " + what, new FailOnBadRows()));
    }

    private static void checkSplits(String file) {
      try {
        SplitsFile.check(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    private @Nullable String labelFiles(String root) {
      if (NONE.equals(labels)) {
        return null;
      }
      String pattern;
      if (labels == null) {
        Set<String> tasks = tasks(root + "labels/");
        checkArgument(
            tasks.size() <= 1,
            "labels must name one of the tasks %s of %s (withLabels), or none (withoutLabels)",
            String.join(", ", tasks),
            directory);
        if (tasks.isEmpty()) {
          return null;
        }
        pattern = root + "labels/" + tasks.iterator().next() + "/**.parquet";
      } else {
        pattern =
            (labels.contains("/") ? InputFiles.slash(labels) : root + "labels/" + labels + "/")
                + "**.parquet";
      }
      List<String> files = files(pattern);
      checkArgument(
          !files.isEmpty(),
          "labels must be a task of %s or a directory with **.parquet, was %s",
          directory,
          labels);
      try (ParquetRows rows = ParquetRows.open(files.get(0))) {
        checkArgument(
            rows.type(MedsColumns.BOOLEAN_LABEL) == Boolean.class
                || rows.type(MedsColumns.INTEGER_LABEL) == Long.class,
            "labels must have boolean_value or integer_value, had %s",
            String.join(", ", rows.columns()));
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
      return pattern;
    }

    private static Set<String> tasks(String labels) {
      Set<String> tasks = new TreeSet<>();
      for (String file : files(labels + "**.parquet")) {
        // File systems spell directories differently, but agree on the last part.
        String below = file.substring(file.lastIndexOf("/labels/") + "/labels/".length());
        int end = below.indexOf('/');
        if (end > 0) {
          tasks.add(below.substring(0, end));
        }
      }
      return tasks;
    }

    private static void checkTypes(String file) {
      try (ParquetRows rows = ParquetRows.open(file)) {
        List<String> wrong = new ArrayList<>();
        check(rows, MedsColumns.SUBJECT, Long.class, "integers", wrong);
        check(rows, MedsColumns.TIME, Instant.class, "timestamps", wrong);
        check(rows, MedsColumns.CODE, String.class, "texts", wrong);
        check(rows, MedsColumns.NUMBER, Double.class, "floats", wrong);
        check(rows, MedsColumns.TEXT, String.class, "texts", wrong);
        checkArgument(
            wrong.isEmpty(), "input must be MEDS, but in %s %s", file, String.join(", ", wrong));
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    private static void check(
        ParquetRows rows, String column, Class<?> type, String what, List<String> wrong)
        throws IOException {
      Class<?> actual = rows.type(column);
      // Missing columns are reported together, later.
      if (actual != null && actual != type && !rows.isEmpty(column)) {
        wrong.add(column + " does not hold " + what);
      }
    }

    private static List<String> files(String pattern) {
      try {
        return InputFiles.match(pattern).stream()
            .map(Metadata::resourceId)
            .map(Object::toString)
            .sorted()
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list " + pattern, e);
      }
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder.addIfNotNull(
          DisplayData.item("directory", Printable.location(directory))
              .withLabel("Input directory"));
      builder.addIfNotNull(
          DisplayData.item("labels", Printable.location(labels)).withLabel("Task or directory"));
    }
  }
}
