package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.TableParser;
import java.util.List;

/**
 * Reads MIMIC-IV 2.x and 3.x: stays in intensive care of one hospital since 2008, charted in
 * MetaVision.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system, as it is downloaded, with {@code hosp} and {@code icu} or
 * with the files themselves; plain or gzip:
 *
 * <pre>
 * icu/icustays.csv[.gz]       subject_id, hadm_id, stay_id, intime, outtime
 * hosp/admissions.csv[.gz]    subject_id, hadm_id, admittime, dischtime, deathtime,
 *                             discharge_location, hospital_expire_flag
 * hosp/patients.csv[.gz]      subject_id, gender, anchor_age, anchor_year, dod
 * icu/chartevents.csv[.gz]    subject_id, stay_id, charttime, itemid, value, valuenum, valueuom
 * icu/outputevents.csv[.gz]   subject_id, stay_id, charttime, itemid, value, valueuom   (if there)
 * hosp/labevents.csv[.gz]     subject_id, itemid, charttime, value, valuenum, valueuom  (if there)
 * </pre>
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The subject is the subject_id, the stay the stay_id. Laboratory values have no stay. Times
 *       are shifted per patient, to after 2100.
 *   <li>{@link EhrEvent#ADMISSION} and {@link EhrEvent#DISCHARGE} of the unit at intime and
 *       outtime, {@link EhrEvent#HOSPITAL_ADMISSION} and {@link EhrEvent#HOSPITAL_DISCHARGE} at
 *       admittime and dischtime. The stay in hospital is {@code hadm//} and the hadm_id, and {@link
 *       EhrEvent#HOSPITAL_STAY} says which of them a stay in the unit is part of. Most admissions
 *       to the hospital have no stay in the unit.
 *   <li>{@link EhrEvent#HOSPITAL_DEATH} is the hospital_expire_flag, at deathtime or else
 *       dischtime. It is not known where a flag of 0 has a deathtime or a discharge_location that
 *       is a death beside it, where the deathtime lies more than a day outside the admission, or
 *       dischtime before admittime. Without a flag the deathtime tells it, else the
 *       discharge_location, alive or dead. The dod, up to a year after the last discharge, is
 *       {@link EhrEvent#DEATH} and no outcome of a hospital stay; it is a date, so its time is the
 *       midnight before.
 *   <li>Sex as the static {@link EhrEvent#GENDER} and the anchor_age as the static {@link
 *       EhrEvent#AGE}; 91 there means 90 and more. It is the age in the anchor_year, and a later
 *       stay finds the patient older: so {@link EhrEvent#BIRTH} is there too, on the first of
 *       January of the year of birth that follows from the two.
 *   <li>Every charted, laboratory and output value has the itemid as its code, the valueuom as its
 *       unit and the valuenum as its number. A value that is more than that number or has none is
 *       the text; {@code ___} stands for a text that was taken out, and is no value. Values stay as
 *       they are, however odd, also those that the source gives a warning with.
 *   <li>Nothing is added up: the Glasgow coma scale is charted in parts (220739, 223900, 223901),
 *       and each is an event.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * Set<String> codes = Set.of("220045", "Gender"); // heart rate and sex; all where not set
 * PCollectionTuple read =
 *     pipeline.apply(Mimic4.read().from("/data/mimic4").withCodes(codes));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 *
 * // The same for rows that are in a database:
 * PCollection<Row> rows =
 *     pipeline.apply(
 *         JdbcIO.readRows()
 *             .withDataSourceConfiguration(database)
 *             .withQuery("SELECT * FROM chartevents"));
 * PCollectionTuple charted = rows.apply(ParseTable.with(Mimic4.chartEvents()).withCodes(codes));
 * }</pre>
 *
 * <p>A directory that lacks one of the first four files, or has a table twice (unpacked beside its
 * archive), and a table that lacks a column fail when the pipeline is built. A row whose number or
 * time cannot be read, or that lacks what every row must have, becomes a dead letter with the name
 * of the table and of the column. Rows without any value are counted ({@code withoutValue}) and
 * give no event.
 */
public final class Mimic4 {
  private Mimic4() {}

  /** A reader; {@link ReadMimic#from} is required. */
  public static ReadMimic read() {
    return ReadMimic.of(
        List.of("hosp", "icu"),
        List.of(icuStays(), admissions(), patients(), chartEvents()),
        List.of(outputEvents(), labEvents()));
  }

  /** Rows of {@code patients}. */
  public static TableParser patients() {
    return new PatientParser("patients", /* born= */ false);
  }

  /** Rows of {@code admissions}. */
  public static TableParser admissions() {
    return new AdmissionParser("admissions", Dispositions.standard());
  }

  /** Rows of {@code icustays}. */
  public static TableParser icuStays() {
    return new StayParser("icustays", "stay_id");
  }

  /** Rows of {@code chartevents}. */
  public static TableParser chartEvents() {
    return MeasurementParser.charted("chartevents", "stay_id");
  }

  /** Rows of {@code outputevents}. */
  public static TableParser outputEvents() {
    return MeasurementParser.numeric("outputevents", "stay_id");
  }

  /** Rows of {@code labevents}. */
  public static TableParser labEvents() {
    return MeasurementParser.charted("labevents", null);
  }
}
