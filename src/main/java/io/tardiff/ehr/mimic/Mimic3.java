package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.TableParser;
import java.util.List;

/**
 * Reads MIMIC-III 1.4: 61,532 stays in intensive care of one hospital, 2001 to 2012, charted first
 * in CareVue and then in MetaVision.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system, as it is downloaded; names in either case, plain or gzip:
 *
 * <pre>
 * ICUSTAYS.csv[.gz]       subject_id, hadm_id, icustay_id, intime, outtime
 * ADMISSIONS.csv[.gz]     subject_id, hadm_id, admittime, dischtime, deathtime, discharge_location,
 *                         hospital_expire_flag
 * PATIENTS.csv[.gz]       subject_id, gender, dob, dod
 * CHARTEVENTS.csv[.gz]    subject_id, icustay_id, itemid, charttime, value, valuenum, valueuom, error
 * OUTPUTEVENTS.csv[.gz]   subject_id, icustay_id, charttime, itemid, value, valueuom  (if there)
 * LABEVENTS.csv[.gz]      subject_id, itemid, charttime, value, valuenum, valueuom    (if there)
 * </pre>
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The subject is the subject_id, the stay the icustay_id. Laboratory values, and charted ones
 *       without an icustay_id, have no stay. Times are shifted per patient, to after 2100.
 *   <li>{@link EhrEvent#ADMISSION} and {@link EhrEvent#DISCHARGE} of the unit at intime and
 *       outtime, {@link EhrEvent#HOSPITAL_ADMISSION} and {@link EhrEvent#HOSPITAL_DISCHARGE} at
 *       admittime and dischtime. The stay in hospital is {@code hadm//} and the hadm_id, and {@link
 *       EhrEvent#HOSPITAL_STAY} says which of them a stay in the unit is part of.
 *   <li>{@link EhrEvent#HOSPITAL_DEATH} is the hospital_expire_flag, at deathtime or else
 *       dischtime. It is not known where a flag of 0 has a deathtime or a discharge_location that
 *       is a death beside it, where the deathtime lies more than a day outside the admission, or
 *       dischtime before admittime. Without a flag the deathtime tells it, else the
 *       discharge_location, alive or dead. The dod is {@link EhrEvent#DEATH} and no outcome of a
 *       hospital stay; it is a date, so its time is the midnight before.
 *   <li>Sex as the static {@link EhrEvent#GENDER}, dob as {@link EhrEvent#BIRTH}. For patients
 *       above 89 the source moved it to 300 years before the first admission and here it stays
 *       there: an age of 300 or so means 90 and more.
 *   <li>Every charted, laboratory and output value has the itemid as its code, the valueuom as its
 *       unit and the valuenum as its number. A value that is more than that number ("4
 *       Spontaneously") or has none is the text. Values stay as they are, however odd: a systolic
 *       pressure of 11,647 is the cohort's business.
 *   <li>Charted rows with an error of 1, and outputs with an iserror of 1, are withdrawn by the
 *       source: they are counted ({@code errors}) and give no event.
 *   <li>Nothing is added up: CareVue charts the Glasgow coma scale as a total (198), MetaVision
 *       only its parts (220739, 223900, 223901), and each is an event.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * Set<String> codes = Set.of("211", "Gender"); // heart rate and sex; all where not set
 * PCollectionTuple read =
 *     pipeline.apply(Mimic3.read().from("/data/mimic3").withCodes(codes));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 *
 * // The same for rows that are in a database:
 * PCollection<Row> rows =
 *     pipeline.apply(
 *         JdbcIO.readRows()
 *             .withDataSourceConfiguration(database)
 *             .withQuery("SELECT * FROM chartevents"));
 * PCollectionTuple charted = rows.apply(ParseTable.with(Mimic3.chartEvents()).withCodes(codes));
 * }</pre>
 *
 * <p>A directory that lacks one of the first four files, or has a table twice (unpacked beside its
 * archive), and a table that lacks a column fail when the pipeline is built. A row whose number or
 * time cannot be read, or that lacks what every row must have, becomes a dead letter with the name
 * of the table and of the column. Rows without any value are counted ({@code withoutValue}) and
 * give no event.
 */
public final class Mimic3 {
  private Mimic3() {}

  /** A reader; {@link ReadMimic#from} is required. */
  public static ReadMimic read() {
    return ReadMimic.of(
        List.of(),
        List.of(icuStays(), admissions(), patients(), chartEvents()),
        List.of(outputEvents(), labEvents()));
  }

  /** Rows of {@code PATIENTS}. */
  public static TableParser patients() {
    return new PatientParser("PATIENTS", /* born= */ true);
  }

  /** Rows of {@code ADMISSIONS}. */
  public static TableParser admissions() {
    return new AdmissionParser("ADMISSIONS", Dispositions.standard());
  }

  /** Rows of {@code ICUSTAYS}. */
  public static TableParser icuStays() {
    return new StayParser("ICUSTAYS", "icustay_id");
  }

  /** Rows of {@code CHARTEVENTS}. */
  public static TableParser chartEvents() {
    return MeasurementParser.charted("CHARTEVENTS", "icustay_id").withoutErrors("error");
  }

  /** Rows of {@code OUTPUTEVENTS}. */
  public static TableParser outputEvents() {
    return MeasurementParser.numeric("OUTPUTEVENTS", "icustay_id").withoutErrorsIfMarked("iserror");
  }

  /** Rows of {@code LABEVENTS}. */
  public static TableParser labEvents() {
    return MeasurementParser.charted("LABEVENTS", null);
  }
}
