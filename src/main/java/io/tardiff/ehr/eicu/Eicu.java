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
 * Reads the eICU Collaborative Research Database 2.0: stays in the intensive care units of some two
 * hundred hospitals, with vital signs every five minutes.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system with the CSV files as they are downloaded, gzip or not, in
 * any case ({@code vitalPeriodic.csv.gz}, {@code vitalperiodic.csv}). {@code patient} is required,
 * and at least one of {@code vitalPeriodic} and {@code vitalAperiodic}; {@code lab}, {@code
 * intakeOutput}, {@code nurseCharting} and {@code respiratoryCharting} are read where they are
 * there.
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The subject is {@code uniquepid}, the person, and the stay {@code patientunitstayid}: one
 *       person has several stays, so a split by stay would leak.
 *   <li>Times are minutes from the admission to the unit, which is placed at the epoch. Before it
 *       they are negative, and kept. The stays of a person have no order in time: every event names
 *       its stay.
 *   <li>{@code patient}: {@link EhrEvent#ADMISSION} at the epoch, {@link EhrEvent#DISCHARGE} with
 *       {@code unitdischargestatus} as its text, {@link EhrEvent#HOSPITAL_ADMISSION}, {@link
 *       EhrEvent#HOSPITAL_DISCHARGE}, and {@link EhrEvent#HOSPITAL_DEATH} at the discharge by
 *       {@code hospitaldischargestatus}, {@code hospitaldischargelocation} and, where it is a
 *       death, {@code unitdischargestatus} or {@code unitdischargelocation}: whoever left the unit
 *       alive may have died later, and whoever died in it has died in hospital. None where that
 *       leaves nothing; not known where they contradict each other or the discharge comes before
 *       the admission. Static {@code Age} (more than 89 counts as 90), {@code Gender}, {@code
 *       Height} and {@code Weight}, as they are.
 *   <li>{@code vitalPeriodic} and {@code vitalAperiodic}: an event for each cell; the code is the
 *       column ({@code heartrate}, {@code noninvasivemean}). No units: bpm, mmHg, Celsius, per
 *       cent.
 *   <li>{@code lab}: the code is {@code labname}, the unit {@code labmeasurenamesystem}. A result
 *       that is no plain number (below a limit) has its text too. All revisions of a result are
 *       kept.
 *   <li>{@code intakeOutput}: the code is the group in {@code cellpath} and {@code celllabel}:
 *       {@code Output (ml)//Urine}, {@code Weight//Bodyweight (kg)}. The same label may be an
 *       intake and an output.
 *   <li>{@code nurseCharting}: the code is {@code nursingchartcelltypevallabel} and {@code
 *       nursingchartcelltypevalname}: {@code Temperature//Temperature (F)}, {@code Glasgow coma
 *       score//GCS Total}. Values in words are texts.
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
 * <p>A directory that is missing, or lacks tables or columns, fails when the pipeline is built. A
 * row that cannot be read becomes a dead letter; of a wide row, the good cells are read all the
 * same.
 *
 * <p>The observation tables do not name the person, who is looked up in a map from stay to person
 * that every worker holds: some two hundred thousand entries. An event whose stay is not in it is a
 * dead letter. Where {@code patient} lists a stay twice, the person that sorts first has it.
 *
 * <p>For rows from elsewhere there is each table's parser, and {@link #findSubjects} for the map:
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

  /** A reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null, Dispositions.standard(), TextFormat.standard());
  }

  /** Parser of {@code patient}. */
  public static TableParser patient() {
    return new Patients(Dispositions.standard());
  }

  /** Parser of {@code vitalPeriodic}; its events have the stay in the place of the subject. */
  public static TableParser vitalPeriodic() {
    return Vitals.periodic();
  }

  /** Parser of {@code vitalAperiodic}; its events have the stay in the place of the subject. */
  public static TableParser vitalAperiodic() {
    return Vitals.aperiodic();
  }

  /** Parser of {@code lab}; its events have the stay in the place of the subject. */
  public static TableParser lab() {
    return new Lab();
  }

  /** Parser of {@code intakeOutput}; its events have the stay in the place of the subject. */
  public static TableParser intakeOutput() {
    return new IntakeOutput();
  }

  /** Parser of {@code nurseCharting}; its events have the stay in the place of the subject. */
  public static TableParser nurseCharting() {
    return Charting.nurse();
  }

  /** Parser of {@code respiratoryCharting}; its events have the stay in the subject's place. */
  public static TableParser respiratoryCharting() {
    return Charting.respiratory();
  }

  /**
   * Puts the person into the events of an observation table, which know their stay alone. The
   * outputs are those of a reader.
   *
   * @param patients what {@link #patient} made of the stays
   * @param table the parser that the events come from; its name stands in the dead letters
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

    /** The directory that holds the tables. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, codes, dispositions, format);
    }

    /** What statuses and places of discharge mean; {@link Dispositions#standard()} by default. */
    public Read withDispositions(Dispositions other) {
      return new Read(directory, codes, other, format);
    }

    /**
     * Makes events of these codes only, and of the {@linkplain EhrEvent#reservedCodes reserved}
     * ones; by default of all.
     */
    public Read withCodes(Set<String> codes) {
      return new Read(directory, Set.copyOf(codes), dispositions, format);
    }

    /** How the tables are written. */
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
          String.join(", nor ", missing));
    }

    private PCollectionTuple read(PBegin begin, TableParser parser, TableFiles files) {
      return begin.apply(
          "Read " + parser.table(),
          ReadTable.of(parser).from(files.of(parser.table())).withFormat(format).withCodes(codes));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder.addIfNotNull(DisplayData.item("directory", Printable.location(directory)).withLabel("Input directory"));
    }
  }
}
