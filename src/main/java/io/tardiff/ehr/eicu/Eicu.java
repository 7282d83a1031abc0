package io.tardiff.ehr.eicu;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.ReadTable;
import io.tardiff.ehr.table.TableFiles;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TextFormat;
import io.tardiff.progress.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the eICU Collaborative Research Database 2.0: intensive care stays at about two hundred
 * hospitals, with vital signs every five minutes.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system with the CSV files as downloaded, plain or gzip, or Parquet
 * or Avro files of the same tables, with names in any case ({@code vitalPeriodic.csv.gz}, {@code
 * vitalperiodic.csv}). {@code patient} and at least one of {@code vitalPeriodic} and {@code
 * vitalAperiodic} are required; {@code lab}, {@code intakeOutput}, {@code nurseCharting} and {@code
 * respiratoryCharting} are optional.
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The subject is the {@code uniquepid}, the stay is the {@code patientunitstayid}. A person
 *       may have several stays, so a split by stay would leak.
 *   <li>Times are in minutes since admission to the unit, which is placed at the epoch; times
 *       before it are kept. Every event names its stay. The stays of a person have no known order.
 *   <li>{@code patient}: {@link EhrEvent#ADMISSION} at the epoch, {@link EhrEvent#DISCHARGE} with
 *       {@code unitdischargestatus} as its text, {@link EhrEvent#HOSPITAL_ADMISSION} and {@link
 *       EhrEvent#HOSPITAL_DISCHARGE}. {@link EhrEvent#HOSPITAL_DEATH}, at the hospital discharge,
 *       follows from {@code hospitaldischargestatus}; the other status and location columns count
 *       only if they state a death, since a patient who left the unit alive may have died later in
 *       hospital. There is no outcome if nothing is stated, and an unknown one if the columns
 *       contradict each other or the discharge precedes the admission. Static {@code Age} (over 89
 *       becomes 90), {@code Gender}, {@code Height} and {@code Weight}, unfiltered.
 *   <li>{@code vitalPeriodic} and {@code vitalAperiodic}: one event per cell; the code is the
 *       column ({@code heartrate}, {@code noninvasivemean}). The source has no units; they are bpm,
 *       mmHg, Celsius and percent.
 *   <li>{@code lab}: the code is {@code labname}, the unit {@code labmeasurenamesystem}. A result
 *       that is not a plain number, such as one below a limit, also has its text. All revisions of
 *       a result are kept.
 *   <li>{@code intakeOutput}: the code is the group in {@code cellpath} and the {@code celllabel},
 *       since intake and output share labels: {@code Output (ml)//Urine}, {@code Weight//Bodyweight
 *       (kg)}.
 *   <li>{@code nurseCharting}: the code is {@code nursingchartcelltypevallabel} and {@code
 *       nursingchartcelltypevalname}: {@code Temperature//Temperature (F)}, {@code Glasgow coma
 *       score//GCS Total}. Non-numeric values are texts.
 *   <li>{@code respiratoryCharting}: {@code respcharttypecat} and {@code respchartvaluelabel},
 *       {@code respFlowSettings//FiO2}; {@code 60%} is the number 60 with the unit %.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(
 *         Eicu.read()
 *             .from("gs://bucket/eicu-crd-2.0")
 *             .withCodes(Set.of("heartrate", "noninvasivesystolic", "lactate")));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 * PCollection<Long> checked = read.apply(DeadLetterThreshold.of(0.01));
 * events.apply(BuildCohort.to(directory).after(checked));
 * }</pre>
 *
 * <p>Building the pipeline fails if the directory, a required table or a column is missing. A row
 * that cannot be read becomes a dead letter; the valid cells of a wide row are still read.
 *
 * <p>The observation tables do not name the person. It is looked up by stay in a map of about two
 * hundred thousand entries that every worker holds. An event whose stay is not in the map becomes a
 * dead letter. If {@code patient} lists a stay twice, the person that sorts first gets it.
 *
 * <p>For rows from other sources, use the parser of each table and {@link #findSubjects}:
 *
 * <pre>{@code
 * PCollection<EhrEvent> stays =
 *     patientRows.apply(ParseTable.with(Eicu.patient())).get(EhrTags.events());
 * PCollectionTuple labs =
 *     labRows
 *         .apply(ParseTable.with(Eicu.lab()).withCodes(Set.of("lactate")))
 *         .get(EhrTags.events())
 *         .apply(Eicu.findSubjects(stays, Eicu.lab()));
 * }</pre>
 */
public final class Eicu {
  private Eicu() {}

  /** Returns a reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null, Dispositions.standard(), TextFormat.standard());
  }

  /** Returns a parser of {@code patient}. */
  public static TableParser patient() {
    return new Patients(Dispositions.standard());
  }

  /** Returns a parser of {@code vitalPeriodic}, whose events have the stay as the subject. */
  public static TableParser vitalPeriodic() {
    return Vitals.periodic();
  }

  /** Returns a parser of {@code vitalAperiodic}, whose events have the stay as the subject. */
  public static TableParser vitalAperiodic() {
    return Vitals.aperiodic();
  }

  /** Returns a parser of {@code lab}, whose events have the stay as the subject. */
  public static TableParser lab() {
    return new Lab();
  }

  /** Returns a parser of {@code intakeOutput}, whose events have the stay as the subject. */
  public static TableParser intakeOutput() {
    return new IntakeOutput();
  }

  /** Returns a parser of {@code nurseCharting}, whose events have the stay as the subject. */
  public static TableParser nurseCharting() {
    return Charting.nurse();
  }

  /** Returns a parser of {@code respiratoryCharting}, whose events have the stay as the subject. */
  public static TableParser respiratoryCharting() {
    return Charting.respiratory();
  }

  /**
   * Replaces the subject of events from an observation table, which is their stay, by the person.
   * The outputs are those of a reader.
   *
   * @param patients events from {@link #patient}
   * @param table parser of the events, whose table name appears in dead letters
   */
  public static PTransform<PCollection<EhrEvent>, PCollectionTuple> findSubjects(
      PCollection<EhrEvent> patients, TableParser table) {
    return new FindSubjects(patients, table.table());
  }

  /** Reads the data set; see {@link Eicu}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;
    private final @Nullable Set<String> codes;
    private final TextFormat format;

    private final Dispositions dispositions;

    private Read(
        @Nullable String directory,
        @Nullable Set<String> codes,
        Dispositions dispositions,
        TextFormat format) {
      this.directory = directory;
      this.codes = codes;
      this.dispositions = dispositions;
      this.format = format;
    }

    /** Reads the tables in this directory. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, codes, dispositions, format);
    }

    /**
     * Sets the meaning of discharge statuses and locations. Default: {@link
     * Dispositions#standard()}.
     */
    public Read withDispositions(Dispositions other) {
      return new Read(directory, codes, other, format);
    }

    /**
     * Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones.
     * Default: all codes.
     */
    public Read withCodes(Set<String> codes) {
      return new Read(directory, Set.copyOf(codes), dispositions, format);
    }

    /** Sets the text format of the tables. Default: {@link TextFormat#standard()}. */
    public Read withFormat(TextFormat format) {
      return new Read(directory, codes, dispositions, format);
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      TableFiles files = TableFiles.in(directory);
      checkTables(files);
      PCollectionTuple patients = read(begin, new Patients(dispositions), files);
      List<PCollectionTuple> tables = new ArrayList<>(List.of(patients));
      for (TableParser parser :
          List.of(
              vitalPeriodic(),
              vitalAperiodic(),
              lab(),
              intakeOutput(),
              nurseCharting(),
              respiratoryCharting())) {
        if (files.of(parser.table()).isEmpty()) {
          continue;
        }
        PCollectionTuple parsed = read(begin, parser, files);
        tables.add(
            parsed
                .get(EhrTags.events())
                .apply(
                    "Find subjects of " + parser.table(),
                    new FindSubjects(patients.get(EhrTags.events()), parser.table())));
        tables.add(
            PCollectionTuple.of(EhrTags.deadLetters(), parsed.get(EhrTags.deadLetters()))
                .and(EhrTags.counts(), parsed.get(EhrTags.counts())));
      }
      return EhrTags.merge(begin.getPipeline(), tables);
    }

    private void checkTables(TableFiles files) {
      boolean patient = !files.of(patient().table()).isEmpty();
      boolean vitals =
          !files.of(vitalPeriodic().table()).isEmpty()
              || !files.of(vitalAperiodic().table()).isEmpty();
      List<String> missing = new ArrayList<>();
      if (!patient) {
        missing.add("patient.csv[.gz]");
      }
      if (!vitals) {
        missing.add("vitalPeriodic.csv[.gz] or vitalAperiodic.csv[.gz]");
      }
      checkArgument(
          missing.isEmpty(),
          "input must be a directory with eICU's patient.csv[.gz] and vitalPeriodic.csv[.gz] or"
              + " vitalAperiodic.csv[.gz], was %s: it is missing or has no %s",
          directory,
          String.join(" and no ", missing));
    }

    private PCollectionTuple read(PBegin begin, TableParser parser, TableFiles files) {
      return begin.apply(
          "Read " + parser.table(),
          ReadTable.of(parser).from(files.of(parser.table())).withFormat(format).withCodes(codes));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder.addIfNotNull(
          DisplayData.item("directory", Printable.location(directory))
              .withLabel("Input directory"));
    }
  }
}
