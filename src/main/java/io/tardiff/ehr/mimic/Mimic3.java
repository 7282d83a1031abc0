package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.TableParser;
import java.util.List;

/**
 * Reads MIMIC-III 1.4: 61,532 intensive care stays at one hospital from 2001 to 2012, charted in
 * CareVue and later in MetaVision.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system, as downloaded. File names may be upper or lower case, files
 * plain or gzip:
 *
 * <pre>
 * ICUSTAYS.csv[.gz]       subject_id, hadm_id, icustay_id, intime, outtime
 * ADMISSIONS.csv[.gz]     subject_id, hadm_id, admittime, dischtime, deathtime, discharge_location,
 *                         hospital_expire_flag
 * PATIENTS.csv[.gz]       subject_id, gender, dob, dod
 * CHARTEVENTS.csv[.gz]    subject_id, icustay_id, itemid, charttime, value, valuenum, valueuom, error
 * OUTPUTEVENTS.csv[.gz]   subject_id, icustay_id, charttime, itemid, value, valueuom  (optional)
 * LABEVENTS.csv[.gz]      subject_id, itemid, charttime, value, valuenum, valueuom    (optional)
 * </pre>
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The subject is the subject_id, the stay is the icustay_id. Laboratory values, and charted
 *       values without an icustay_id, have no stay. The source shifts the times of each patient to
 *       after 2100.
 *   <li>{@link EhrEvent#ADMISSION} and {@link EhrEvent#DISCHARGE} are at intime and outtime, {@link
 *       EhrEvent#HOSPITAL_ADMISSION} and {@link EhrEvent#HOSPITAL_DISCHARGE} at admittime and
 *       dischtime. The id of a hospital stay is {@code hadm//} followed by the hadm_id; {@link
 *       EhrEvent#HOSPITAL_STAY} links unit stays to it.
 *   <li>{@link EhrEvent#HOSPITAL_DEATH} is the hospital_expire_flag, at deathtime or else
 *       dischtime. The outcome is unknown if the flag is 0 but there is a deathtime or the
 *       discharge_location means death, if the deathtime lies more than a day outside the
 *       admission, or if dischtime precedes admittime. Without a flag, the deathtime or else the
 *       discharge_location decides. The dod is {@link EhrEvent#DEATH} and not the outcome of a
 *       hospital stay; it is a date, placed at 00:00 of that day.
 *   <li>Sex is the static {@link EhrEvent#GENDER}, dob is {@link EhrEvent#BIRTH}. The source sets
 *       the dob of patients over 89 to 300 years before their first admission, and the reader keeps
 *       it: an age of about 300 means 90 or older.
 *   <li>Every charted, laboratory and output value has the itemid as its code, the valueuom as its
 *       unit and the valuenum as its number. The text is the value column if that is more than the
 *       number ("4 Spontaneously") or there is no number. Values are not filtered: a systolic
 *       pressure of 11,647 is left to the cohort.
 *   <li>Charted rows with error 1 and outputs with iserror 1 were withdrawn by the source: they are
 *       counted ({@code errors}) and give no event.
 *   <li>Values are not summed: CareVue charts the Glasgow coma scale as a total (198), MetaVision
 *       only its components (220739, 223900, 223901), each of which is an event.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * Set<String> codes = Set.of("211", "Gender"); // heart rate and sex; default: all codes
 * PCollectionTuple read =
 *     pipeline.apply(Mimic3.read().from("/data/mimic3").withCodes(codes));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 *
 * // The same for rows of a database:
 * PCollection<Row> rows =
 *     pipeline.apply(
 *         JdbcIO.readRows()
 *             .withDataSourceConfiguration(database)
 *             .withQuery("SELECT * FROM chartevents"));
 * PCollectionTuple charted = rows.apply(ParseTable.with(Mimic3.chartEvents()).withCodes(codes));
 * }</pre>
 *
 * <p>Building the pipeline fails if one of the first four files or a column is missing, or if a
 * table is present twice (compressed and uncompressed). A row with an unreadable number or time, or
 * without a required cell, becomes a dead letter that names the table and the column. Rows without
 * a value are counted ({@code withoutValue}) and give no event.
 */
public final class Mimic3 {
  private Mimic3() {}

  /** Returns a reader; {@link ReadMimic#from} is required. */
  public static ReadMimic read() {
    return ReadMimic.of(
        List.of(),
        List.of(icuStays(), admissions(), patients(), chartEvents()),
        List.of(outputEvents(), labEvents()));
  }

  /** Returns a parser of {@code PATIENTS}. */
  public static TableParser patients() {
    return new PatientParser("PATIENTS", /* hasBirthDate= */ true);
  }

  /** Returns a parser of {@code ADMISSIONS}. */
  public static TableParser admissions() {
    return new AdmissionParser("ADMISSIONS", Dispositions.standard());
  }

  /** Returns a parser of {@code ICUSTAYS}. */
  public static TableParser icuStays() {
    return new StayParser("ICUSTAYS", "icustay_id");
  }

  /** Returns a parser of {@code CHARTEVENTS}. */
  public static TableParser chartEvents() {
    return MeasurementParser.charted("CHARTEVENTS", "icustay_id").withoutErrors("error");
  }

  /** Returns a parser of {@code OUTPUTEVENTS}. */
  public static TableParser outputEvents() {
    return MeasurementParser.numeric("OUTPUTEVENTS", "icustay_id").withoutErrorsIfMarked("iserror");
  }

  /** Returns a parser of {@code LABEVENTS}. */
  public static TableParser labEvents() {
    return MeasurementParser.charted("LABEVENTS", null);
  }
}
