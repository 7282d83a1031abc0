package io.tardiff.ehr.meds;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
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
 * Reads and writes data in the Medical Event Data Standard (MEDS) 0.4, whatever hospital and ETL
 * they come from.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system:
 *
 * <pre>
 * data/**.parquet                   subject_id, time, code [, numeric_value, text_value, ...]
 * metadata/subject_splits.parquet   subject_id, split                                (if there)
 * labels/TASK/**.parquet            subject_id, prediction_time, boolean_value or integer_value
 * </pre>
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>Every row is an event with its code and values as they are; a null time is a static fact. A
 *       number is the shortest decimal of the 32-bit float, and NaN is no value. Times are kept to
 *       the millisecond.
 *   <li>MEDS has no stays: events belong to the subject. Files with a column {@code stay_id}, as
 *       {@link WriteMeds} writes them, keep it.
 *   <li>The unit is the column {@code unit} where there is one, else what the code ends in: {@code
 *       LAB//220045//bpm}, {@code SUBJECT_FLUID_OUTPUT//226559//ml}, {@code
 *       SUBJECT_WEIGHT_AT_INFUSION//KG}; {@code UNK} is none.
 *   <li>{@code ICU_ADMISSION//...}, {@code ICU_DISCHARGE//...}, {@code HOSPITAL_ADMISSION//...} and
 *       {@code HOSPITAL_DISCHARGE//...} also give an event with the first part as the code: {@link
 *       EhrEvent#ADMISSION} and so on. {@code HOSPITAL_DISCHARGE//DIED} also gives {@link
 *       EhrEvent#HOSPITAL_DEATH} 1 at its time, {@code HOSPITAL_DISCHARGE//HOME} 0, by the words of
 *       {@link Dispositions}. A disposition in no list is not known, and {@code UNK} says nothing.
 *   <li>{@code MEDS_BIRTH} and {@code MEDS_DEATH} are the library's own {@link EhrEvent#BIRTH} and
 *       {@link EhrEvent#DEATH}. Ages count from birth. Sex is a code ({@code GENDER//M}), which the
 *       vocabulary gives its number.
 *   <li>{@link EhrEvent#SPLIT} with train, tuning or held_out as the text; words of other tools
 *       (val, validation, dev, test, holdout, ...) are read as these, with a warning.
 *   <li>{@link EhrEvent#LABEL} at the prediction time, up to and including which data may be used:
 *       false is 0, true 1, an integer the class. Other kinds of labels are not read.
 * </ul>
 *
 * <p>Labels come from {@code labels} if there is one task, from the task or directory of {@link
 * Read#withLabels} else.
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * Set<String> codes = Set.of("LAB//220045//bpm", "GENDER//M", "GENDER//F"); // all where not set
 * PCollectionTuple read =
 *     pipeline.apply(
 *         Meds.read().from("gs://bucket/meds").withLabels("mortality").withCodes(codes));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 *
 * // The same for rows that are elsewhere:
 * PCollectionTuple parsed = rows.apply(ParseTable.with(Meds.events()));
 *
 * events.apply(Meds.write().to("gs://bucket/synthetic").withName("Synthetic ICU"));
 * }</pre>
 *
 * <p>A directory without data, a column that is missing or of another type, labels of another kind
 * and several tasks without a choice fail when the pipeline is built, and so does a split that is
 * none. A row without subject or code and an infinite number become dead letters. A row of splits
 * or labels that cannot be used fails the run, as it would leave a label out or put a subject into
 * another split, and so does a damaged file ({@link ReadParquetTable}).
 */
public final class Meds {
  private Meds() {}

  /** A reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null, null, Dispositions.standard());
  }

  /** A writer; {@link WriteMeds#to} is required. */
  public static WriteMeds write() {
    return WriteMeds.create();
  }

  /** Rows of {@code data}. */
  public static TableParser events() {
    return new EventParser(null, Dispositions.standard());
  }

  /** Rows of {@code metadata/subject_splits.parquet}. */
  public static TableParser splits() {
    return new SplitParser();
  }

  /** Rows of a task's labels. */
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

    /** The directory that holds {@code data}. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, labels, codes, dispositions);
    }

    /**
     * Where labels are: the name of a task in {@code labels}, or a directory anywhere if it has a
     * slash.
     */
    public Read withLabels(String task) {
      checkArgument(!task.isEmpty(), "labels must name a task or a directory, was empty");
      return new Read(directory, task, codes, dispositions);
    }

    /** Reads no labels, whatever there is. */
    public Read withoutLabels() {
      return new Read(directory, NONE, codes, dispositions);
    }

    /**
     * Makes events of these codes, and of the {@linkplain EhrEvent#reservedCodes reserved} ones.
     * The item alone will do for a code that has one: {@code 220045} for {@code LAB//220045//bpm},
     * whose events then have the item as their code. So the vocabulary of MIMIC-IV's own tables
     * reads MEDS that was made of them.
     */
    public Read withCodes(@Nullable Set<String> codes) {
      return new Read(directory, labels, codes == null ? null : Set.copyOf(codes), dispositions);
    }

    /** What the parts of a discharge mean; {@link Dispositions#standard()} by default. */
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
              read.get(EhrTags.deadLetters()).apply("All " + what, new RefuseBadRows()));
    }

    private static void checkSplits(String file) {
      try {
        SplitWords.check(file);
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
        // File systems differ in how they write a directory; its last part is the same in all.
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
        ParquetRows rows, String column, Class<?> type, String what, List<String> wrong) {
      Class<?> there = rows.type(column);
      // A missing one is told together with the others that are missing.
      if (there != null && there != type) {
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
      builder.addIfNotNull(DisplayData.item("directory", Printable.location(directory)).withLabel("Input directory"));
      builder.addIfNotNull(DisplayData.item("labels", Printable.location(labels)).withLabel("Task or directory"));
    }
  }
}
