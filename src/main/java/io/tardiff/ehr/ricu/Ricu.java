package io.tardiff.ehr.ricu;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.FailOnBadRows;
import io.tardiff.ehr.table.ReadTable;
import io.tardiff.ehr.table.TableFiles;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TextFormat;
import io.tardiff.progress.Printable;
import io.tardiff.settings.Labelled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads cohorts that the R package ricu made in the layout of YAIB (Yet Another ICU Benchmark):
 * stays of MIMIC-III and IV, eICU, HiRID, AmsterdamUMCdb and others with the same concepts and
 * units.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system:
 *
 * <pre>
 * dyn.parquet    stay_id, time, hr, sbp, crea, ...      a row per stay and hour, a column per concept
 * sta.parquet    stay_id, age, sex, height, weight      a row per stay
 * outc.parquet   stay_id, label                         the label of a stay, or
 *                stay_id, time, label                   of each hour                  (optional)
 * </pre>
 *
 * <p>Avro and CSV files are read as well, and shards.
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The stay is the {@code stay_id}: an integer, a float or a text. The files name no patients,
 *       so the subject is the stay, and a split cannot keep the stays of a patient together.
 *   <li>The admission, {@link EhrEvent#ADMISSION} of each row of {@code sta}, is at the epoch;
 *       times count from it. A duration has its own unit, as in the files of R's and Python's
 *       arrow. Plain numbers are hours, or of the unit of {@link Read#withTimeUnit}.
 *   <li>{@code dyn}: one event per measured cell; the code is the column, the unit that of ricu's
 *       concept dictionary, true is 1 and false 0. ricu aggregates by hour and names an hour by its
 *       start: the value at 3 h may have been measured until 4 h.
 *   <li>{@code sta}: static {@code Age}, {@code Gender}, {@code Height} and {@code Weight}. The
 *       concepts {@code los_icu} (in days) and {@code death} (in hospital) are read as {@link
 *       EhrEvent#DISCHARGE} and {@link EhrEvent#HOSPITAL_DEATH}: 1 if true, 0 if false, none if
 *       missing.
 *   <li>{@code outc}: {@link EhrEvent#LABEL} with the class 0 to 9, or true and false. With a time
 *       it is the label of that hour, which may use its values, as YAIB predicts it; without one it
 *       is the label of the whole stay. A row without a label gives no event. {@code outc} does not
 *       say what it labels, and YAIB's mortality is death in the unit, so it is no {@link
 *       EhrEvent#HOSPITAL_DEATH}.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(
 *         Ricu.read()
 *             .from("gs://bucket/mortality24/hirid")
 *             .withCodes(Set.of("hr", "map", "lact")));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 * }</pre>
 *
 * <p>Building the pipeline fails if {@code dyn}, {@code sta} or a column is missing; if the times
 * of a Parquet file have another type, or are plain numbers that look like minutes or seconds and
 * no unit is set; and if its labels are not classes, as those of YAIB's regression tasks (length of
 * stay, kidney function). A row that cannot be read becomes a dead letter; the valid cells of a
 * wide row are still read. An unusable row of {@code outc} fails the run.
 */
public final class Ricu {
  private static final String DYNAMIC = "dyn";
  private static final String STATIC = "sta";
  private static final String OUTCOME = "outc";

  private Ricu() {}

  /** Units of times that are plain numbers. */
  public enum TimeUnit implements Labelled {
    SECONDS(1_000),
    MINUTES(60_000),
    HOURS(3_600_000),
    DAYS(86_400_000);

    private final long millis;

    TimeUnit(long millis) {
      this.millis = millis;
    }

    long millis() {
      return millis;
    }

    /** Returns the unit with a label, such as {@code hours}. */
    public static TimeUnit of(String label) {
      return Labelled.of(TimeUnit.class, "timeUnit", label);
    }
  }

  /** Returns a reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null, null, TextFormat.standard());
  }

  /** Returns a parser of {@code dyn} with ricu's concepts, whose plain times are hours. */
  public static TableParser dynamics() {
    return new Dynamics(Dynamics.all(), new Elapsed(TimeUnit.HOURS));
  }

  /** Returns a parser of {@code sta}. */
  public static TableParser statics() {
    return new Statics();
  }

  /** Returns a parser of {@code outc}, whose plain times are hours. */
  public static TableParser outcomes() {
    return new Outcomes(new Elapsed(TimeUnit.HOURS));
  }

  /** Reads a cohort; see {@link Ricu}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;
    private final @Nullable Set<String> codes;
    private final @Nullable TimeUnit timeUnit;
    private final TextFormat format;

    private Read(
        @Nullable String directory,
        @Nullable Set<String> codes,
        @Nullable TimeUnit timeUnit,
        TextFormat format) {
      this.directory = directory;
      this.codes = codes;
      this.timeUnit = timeUnit;
      this.format = format;
    }

    /** Reads the files in this directory. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, codes, timeUnit, format);
    }

    /**
     * Reads these columns of {@code dyn} and keeps only events with these codes and {@linkplain
     * EhrEvent#reservedCodes reserved} ones. Default: the 48 dynamic variables of YAIB and a few
     * others of ricu's concepts.
     */
    public Read withCodes(Set<String> codes) {
      return new Read(directory, Set.copyOf(codes), timeUnit, format);
    }

    /** Sets the unit of times that are plain numbers. Default: hours. */
    public Read withTimeUnit(TimeUnit unit) {
      return new Read(directory, codes, unit, format);
    }

    /** Sets the text format of CSV files. Default: {@link TextFormat#standard()}. */
    public Read withFormat(TextFormat format) {
      return new Read(directory, codes, timeUnit, format);
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      TableFiles files = TableFiles.in(directory);
      List<String> missing =
          Stream.of(DYNAMIC, STATIC)
              .filter(table -> files.of(table).isEmpty())
              .map(table -> table + ".parquet")
              .toList();
      checkArgument(
          missing.isEmpty(),
          "input must be a directory with dyn.parquet and sta.parquet, was %s: it is missing or has"
              + " no %s",
          directory,
          String.join(" and no ", missing));
      check(files);
      Elapsed elapsed = new Elapsed(timeUnit == null ? TimeUnit.HOURS : timeUnit);
      List<PCollectionTuple> tables = new ArrayList<>();
      tables.add(read(begin, new Dynamics(codes == null ? Dynamics.all() : codes, elapsed), files));
      tables.add(read(begin, new Statics(), files));
      if (!files.of(OUTCOME).isEmpty()) {
        PCollectionTuple labels = read(begin, new Outcomes(elapsed), files);
        tables.add(
            PCollectionTuple.of(EhrTags.events(), labels.get(EhrTags.events()))
                .and(EhrTags.counts(), labels.get(EhrTags.counts()))
                .and(
                    EhrTags.deadLetters(),
                    labels.get(EhrTags.deadLetters()).apply("All labels", new FailOnBadRows())));
      }
      return EhrTags.merge(begin.getPipeline(), tables);
    }

    private PCollectionTuple read(PBegin begin, TableParser parser, TableFiles files) {
      return begin.apply(
          "Read " + parser.table(),
          ReadTable.of(parser).from(files.of(parser.table())).withFormat(format).withCodes(codes));
    }

    private void check(TableFiles files) {
      List<Boolean> stated =
          Stream.of(DYNAMIC, OUTCOME)
              .filter(files::isParquet)
              .map(table -> FileCheck.statesUnit(files.of(table).get(0), timeUnit))
              .filter(Objects::nonNull)
              .toList();
      checkArgument(
          timeUnit == null || stated.isEmpty() || stated.contains(false),
          "timeUnit must not be set: the files state the unit of their times");
      if (files.isParquet(OUTCOME)) {
        FileCheck.checkLabels(files.of(OUTCOME).get(0));
      }
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder
          .addIfNotNull(
              DisplayData.item("directory", Printable.location(directory))
                  .withLabel("Input directory"))
          .addIfNotNull(
              DisplayData.item("timeUnit", timeUnit == null ? null : timeUnit.label())
                  .withLabel("Unit of times that are plain numbers"));
    }
  }
}
