package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.TableParser;
import java.util.List;

/**
 * Reads MIMIC-IV 2.x and 3.x: intensive care stays at one hospital since 2008, charted in
 * MetaVision.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system, as downloaded. Files, plain or gzip, may be in {@code hosp}
 * and {@code icu} or in the directory itself:
 *
 * <pre>
 * icu/icustays.csv[.gz]       subject_id, hadm_id, stay_id, intime, outtime
 * hosp/admissions.csv[.gz]    subject_id, hadm_id, admittime, dischtime, deathtime,
 *                             discharge_location, hospital_expire_flag
 * hosp/patients.csv[.gz]      subject_id, gender, anchor_age, anchor_year, dod
 * icu/chartevents.csv[.gz]    subject_id, stay_id, charttime, itemid, value, valuenum, valueuom
 * icu/outputevents.csv[.gz]   subject_id, stay_id, charttime, itemid, value, valueuom   (optional)
 * hosp/labevents.csv[.gz]     subject_id, itemid, charttime, value, valuenum, valueuom  (optional)
 * </pre>
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The subject is the subject_id, the stay is the stay_id. Laboratory values have no stay. The
 *       source shifts the times of each patient to after 2100.
 *   <li>{@link EhrEvent#ADMISSION} and {@link EhrEvent#DISCHARGE} are at intime and outtime, {@link
 *       EhrEvent#HOSPITAL_ADMISSION} and {@link EhrEvent#HOSPITAL_DISCHARGE} at admittime and
 *       dischtime. The id of a hospital stay is {@code hadm//} followed by the hadm_id; {@link
 *       EhrEvent#HOSPITAL_STAY} links unit stays to it. Most hospital stays have no unit stay.
 *   <li>{@link EhrEvent#HOSPITAL_DEATH} is the hospital_expire_flag, at deathtime or else
 *       dischtime. The outcome is unknown if the flag is 0 but there is a deathtime or the
 *       discharge_location means death, if the deathtime lies more than a day outside the
 *       admission, or if dischtime precedes admittime. Without a flag, the deathtime or else the
 *       discharge_location decides. The dod, recorded up to a year after the last discharge, is
 *       {@link EhrEvent#DEATH} and not the outcome of a hospital stay; it is a date, placed at
 *       00:00 of that day.
 *   <li>Sex is the static {@link EhrEvent#GENDER}, anchor_age the static {@link EhrEvent#AGE},
 *       where 91 means 90 or older. Because anchor_age is the age in anchor_year only, {@link
 *       EhrEvent#BIRTH} is also emitted, on 1 January of anchor_year minus anchor_age.
 *   <li>Every charted, laboratory and output value has the itemid as its code, the valueuom as its
 *       unit and the valuenum as its number. The text is the value column if that is more than the
 *       number or there is no number; {@code ___} marks removed text and counts as no value. Values
 *       are not filtered, not even those with a warning.
 *   <li>Values are not summed: the components of the Glasgow coma scale (220739, 223900, 223901)
 *       are separate events.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * Set<String> codes = Set.of("220045", "Gender"); // heart rate and sex; default: all codes
 * PCollectionTuple read =
 *     pipeline.apply(Mimic4.read().from("/data/mimic4").withCodes(codes));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 *
 * // The same for rows of a database:
 * PCollection<Row> rows =
 *     pipeline.apply(
 *         JdbcIO.readRows()
 *             .withDataSourceConfiguration(database)
 *             .withQuery("SELECT * FROM chartevents"));
 * PCollectionTuple charted = rows.apply(ParseTable.with(Mimic4.chartEvents()).withCodes(codes));
 * }</pre>
 *
 * <p>Building the pipeline fails if one of the first four files or a column is missing, or if a
 * table is present twice (compressed and uncompressed). A row with an unreadable number or time, or
 * without a required cell, becomes a dead letter that names the table and the column. Rows without
 * a value are counted ({@code withoutValue}) and give no event.
 */
public final class Mimic4 {
  private Mimic4() {}

  /** Returns a reader; {@link ReadMimic#from} is required. */
  public static ReadMimic read() {
    return ReadMimic.of(
        List.of("hosp", "icu"),
        List.of(icuStays(), admissions(), patients(), chartEvents()),
        List.of(outputEvents(), labEvents()));
  }

  /** Returns a parser of {@code patients}. */
  public static TableParser patients() {
    return new PatientParser("patients", /* hasBirthDate= */ false);
  }

  /** Returns a parser of {@code admissions}. */
  public static TableParser admissions() {
    return new AdmissionParser("admissions", Dispositions.standard());
  }

  /** Returns a parser of {@code icustays}. */
  public static TableParser icuStays() {
    return new StayParser("icustays", "stay_id");
  }

  /** Returns a parser of {@code chartevents}. */
  public static TableParser chartEvents() {
    return MeasurementParser.charted("chartevents", "stay_id");
  }

  /** Returns a parser of {@code outputevents}. */
  public static TableParser outputEvents() {
    return MeasurementParser.numeric("outputevents", "stay_id");
  }

  /** Returns a parser of {@code labevents}. */
  public static TableParser labEvents() {
    return MeasurementParser.charted("labevents", null);
  }
}
