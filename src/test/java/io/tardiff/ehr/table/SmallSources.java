package io.tardiff.ehr.table;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The same 24 stays in the layout of every source. */
public final class SmallSources {
  public static final int STAYS = 24;
  private static final int HOURS = 4;

  /** Null words that programs write for empty cells. */
  private static final List<String> NULLS =
      List.of("NULL", "NA", "NaN", "\\N", "None", "<NA>", "nan", "");

  private SmallSources() {}

  /**
   * A table.
   *
   * @param file file name, with {@code *} in place of a shard number
   * @param ids columns of numeric ids
   * @param sharded whether it may be split into several files
   */
  public record Table(
      String file, List<String> header, List<List<String>> rows, Set<String> ids, boolean sharded) {

    /** Writes one file in the original layout. */
    public void write(Path directory) throws IOException {
      write(directory, file.replace("*", ""), header, rows, "\n");
    }

    /**
     * Writes three files with different column orders, ids as floats, null words for empty cells,
     * and CRLF line ends.
     */
    public void writeDisguised(Path directory, Random random) throws IOException {
      int parts = sharded ? 3 : 1;
      for (int part = 0; part < parts; part++) {
        int which = part;
        List<List<String>> mine =
            IntStream.range(0, rows.size())
                .filter(i -> i % parts == which)
                .mapToObj(rows::get)
                .toList();
        List<Integer> order = new ArrayList<>(IntStream.range(0, header.size()).boxed().toList());
        Collections.shuffle(order, random);
        List<List<String>> disguised = new ArrayList<>();
        for (List<String> row : mine) {
          List<String> cells = new ArrayList<>();
          for (int column : order) {
            cells.add(disguise(row.get(column), ids.contains(header.get(column)), random));
          }
          disguised.add(cells);
        }
        write(
            directory,
            file.replace("*", parts == 1 ? "" : "-00000000000" + part),
            order.stream().map(header::get).toList(),
            disguised,
            "\r\n");
      }
    }

    private static String disguise(String cell, boolean id, Random random) {
      if (cell.isEmpty()) {
        return NULLS.get(random.nextInt(NULLS.size()));
      }
      return id ? cell + ".0" : cell;
    }

    private static void write(
        Path directory, String name, List<String> header, List<List<String>> rows, String end)
        throws IOException {
      StringBuilder text = new StringBuilder(String.join(",", header)).append(end);
      rows.forEach(row -> text.append(String.join(",", row)).append(end));
      Path path = directory.resolve(name);
      Files.createDirectories(path.getParent());
      Files.write(path, text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * A source.
   *
   * @param arguments command-line arguments besides the input
   */
  public record Source(String name, List<String> arguments, List<Table> tables) {
    @Override
    public String toString() {
      return name;
    }
  }

  public static List<Source> all() {
    return List.of(mimic3(), mimic4(), eicu(), omop(), ricu(), tables(), physionet2012());
  }

  public static Source mimic3() {
    List<List<String>> stays = new ArrayList<>();
    List<List<String>> admissions = new ArrayList<>();
    List<List<String>> patients = new ArrayList<>();
    List<List<String>> charted = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      String subject = "" + (100 + i);
      String stay = "" + (2000 + i);
      String admission = "" + (5000 + i);
      boolean died = died(i);
      stays.add(List.of(subject, admission, stay, time(0), end()));
      admissions.add(
          List.of(
              subject,
              admission,
              time(0),
              end(),
              died ? end() : "",
              died ? "DEAD/EXPIRED" : "HOME",
              died ? "1" : "0"));
      patients.add(List.of(subject, i % 2 == 0 ? "F" : "M", "2100-01-01 00:00:00", ""));
      for (int h = 0; h < HOURS; h++) {
        charted.add(List.of(subject, admission, stay, "220045", time(h), "80", "80", "bpm", ""));
        charted.add(
            List.of(
                subject, admission, h % 2 == 0 ? stay : "", "51", time(h), "", "12" + h, "", ""));
      }
    }
    Set<String> ids = Set.of("subject_id", "hadm_id", "icustay_id", "itemid");
    return new Source(
        "mimic3",
        List.of("--source=mimic3", "--channels=HR,SBP"),
        List.of(
            new Table(
                "ICUSTAYS*.csv",
                List.of("subject_id", "hadm_id", "icustay_id", "intime", "outtime"),
                stays,
                ids,
                true),
            new Table(
                "ADMISSIONS*.csv",
                List.of(
                    "subject_id",
                    "hadm_id",
                    "admittime",
                    "dischtime",
                    "deathtime",
                    "discharge_location",
                    "hospital_expire_flag"),
                admissions,
                ids,
                true),
            new Table(
                "PATIENTS*.csv",
                List.of("subject_id", "gender", "dob", "dod"),
                patients,
                ids,
                true),
            new Table(
                "CHARTEVENTS*.csv",
                List.of(
                    "subject_id",
                    "hadm_id",
                    "icustay_id",
                    "itemid",
                    "charttime",
                    "value",
                    "valuenum",
                    "valueuom",
                    "error"),
                charted,
                ids,
                true)));
  }

  public static Source mimic4() {
    Source three = mimic3();
    List<List<String>> patients = new ArrayList<>();
    List<List<String>> charted = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      patients.add(List.of("" + (100 + i), i % 2 == 0 ? "F" : "M", "6" + i % 10, "2150", ""));
    }
    three.tables().get(3).rows().forEach(row -> charted.add(row.subList(0, 8)));
    charted.replaceAll(
        row ->
            row.get(3).equals("51")
                ? List.of(
                    row.get(0), row.get(1), row.get(2), "220050", row.get(4), "", row.get(6), "")
                : row);
    Set<String> ids = Set.of("subject_id", "hadm_id", "stay_id", "itemid");
    return new Source(
        "mimic4",
        List.of("--source=mimic4", "--channels=HR,SBP"),
        List.of(
            new Table(
                "icu/icustays*.csv",
                List.of("subject_id", "hadm_id", "stay_id", "intime", "outtime"),
                three.tables().get(0).rows(),
                ids,
                true),
            new Table(
                "hosp/admissions*.csv",
                three.tables().get(1).header(),
                three.tables().get(1).rows(),
                ids,
                true),
            new Table(
                "hosp/patients*.csv",
                List.of("subject_id", "gender", "anchor_age", "anchor_year", "dod"),
                patients,
                ids,
                true),
            new Table(
                "icu/chartevents*.csv",
                List.of(
                    "subject_id",
                    "hadm_id",
                    "stay_id",
                    "itemid",
                    "charttime",
                    "value",
                    "valuenum",
                    "valueuom"),
                charted,
                ids,
                true)));
  }

  public static Source eicu() {
    List<List<String>> patients = new ArrayList<>();
    List<List<String>> vitals = new ArrayList<>();
    List<List<String>> labs = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      String stay = "" + (2000 + i);
      String status = died(i) ? "Expired" : "Alive";
      patients.add(
          List.of(
              stay,
              "" + (7000 + i),
              "002-" + (100 + i),
              i % 2 == 0 ? "Female" : "Male",
              i == 0 ? "> 89" : "6" + i % 10,
              "",
              i % 3 == 0 ? "" : "80",
              "-60",
              "4320",
              status,
              "4320",
              status,
              died(i) ? "Death" : "Home"));
      for (int h = 0; h < HOURS; h++) {
        vitals.add(
            List.of(
                "" + (i * HOURS + h), stay, "" + (60 * h + 6), "", "80", h == 1 ? "" : "12" + h));
        labs.add(List.of(stay, "" + (60 * h + 6), "lactate", "1.5", "1.5", "mmol/L"));
      }
    }
    Set<String> ids = Set.of("patientunitstayid", "patienthealthsystemstayid", "vitalperiodicid");
    return new Source(
        "eicu",
        List.of("--source=eicu", "--channels=HR,SBP,Lactate"),
        List.of(
            new Table(
                "patient*.csv",
                List.of(
                    "patientunitstayid",
                    "patienthealthsystemstayid",
                    "uniquepid",
                    "gender",
                    "age",
                    "admissionheight",
                    "admissionweight",
                    "hospitaladmitoffset",
                    "hospitaldischargeoffset",
                    "hospitaldischargestatus",
                    "unitdischargeoffset",
                    "unitdischargestatus",
                    "hospitaldischargelocation"),
                patients,
                ids,
                true),
            new Table(
                "vitalPeriodic*.csv",
                List.of(
                    "vitalperiodicid",
                    "patientunitstayid",
                    "observationoffset",
                    "temperature",
                    "heartrate",
                    "systemicsystolic"),
                vitals,
                ids,
                true),
            new Table(
                "lab*.csv",
                List.of(
                    "patientunitstayid",
                    "labresultoffset",
                    "labname",
                    "labresult",
                    "labresulttext",
                    "labmeasurenamesystem"),
                labs,
                ids,
                true)));
  }

  public static Source omop() {
    List<List<String>> persons = new ArrayList<>();
    List<List<String>> visits = new ArrayList<>();
    List<List<String>> deaths = new ArrayList<>();
    List<List<String>> measurements = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      String person = "" + (100 + i);
      String visit = "" + (5000 + i);
      persons.add(List.of(person, "8507", "2090", ""));
      visits.add(
          List.of(
              visit,
              person,
              "9201",
              "2150-01-01",
              time(0),
              "2150-01-05",
              end(),
              died(i) ? "4216643" : "8536",
              ""));
      if (died(i)) {
        deaths.add(List.of(person, "2150-01-05", end()));
      }
      for (int h = 0; h < HOURS; h++) {
        measurements.add(
            List.of(
                "" + (i * 100 + h),
                person,
                "3027018",
                "2150-01-01",
                time(h),
                "80",
                "8541",
                "",
                visit));
        measurements.add(
            List.of(
                "" + (i * 100 + 50 + h),
                person,
                "3004249",
                "2150-01-01",
                time(h),
                h == 1 ? "" : "12" + h,
                "",
                "mmHg",
                visit));
      }
    }
    Set<String> ids =
        Set.of(
            "person_id",
            "gender_concept_id",
            "year_of_birth",
            "visit_occurrence_id",
            "visit_concept_id",
            "discharged_to_concept_id",
            "measurement_id",
            "measurement_concept_id",
            "unit_concept_id");
    return new Source(
        "omop",
        List.of("--source=omop", "--task=hospital_mortality", "--channels=HR,SBP"),
        List.of(
            new Table(
                "person*.csv",
                List.of("person_id", "gender_concept_id", "year_of_birth", "birth_datetime"),
                persons,
                ids,
                true),
            new Table(
                "visit_occurrence*.csv",
                List.of(
                    "visit_occurrence_id",
                    "person_id",
                    "visit_concept_id",
                    "visit_start_date",
                    "visit_start_datetime",
                    "visit_end_date",
                    "visit_end_datetime",
                    "discharged_to_concept_id",
                    "discharged_to_source_value"),
                visits,
                ids,
                true),
            new Table(
                "death*.csv",
                List.of("person_id", "death_date", "death_datetime"),
                deaths,
                ids,
                true),
            new Table(
                "measurement*.csv",
                List.of(
                    "measurement_id",
                    "person_id",
                    "measurement_concept_id",
                    "measurement_date",
                    "measurement_datetime",
                    "value_as_number",
                    "unit_concept_id",
                    "unit_source_value",
                    "visit_occurrence_id"),
                measurements,
                ids,
                true)));
  }

  public static Source ricu() {
    List<List<String>> dynamic = new ArrayList<>();
    List<List<String>> statics = new ArrayList<>();
    List<List<String>> outcomes = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      String stay = "" + (2000 + i);
      statics.add(
          List.of(
              stay, "6" + i % 10, i % 2 == 0 ? "Female" : "Male", "170", i % 4 == 0 ? "" : "80.5"));
      outcomes.add(List.of(stay, died(i) ? "1" : "0"));
      for (int h = 0; h < HOURS; h++) {
        dynamic.add(List.of(stay, "" + h, "8" + h, h == 1 ? "" : "12" + h + ".5", "40"));
      }
    }
    Set<String> ids = Set.of("stay_id");
    return new Source(
        "ricu",
        List.of("--source=ricu", "--task=stay_label", "--steps=24", "--channels=HR,SBP,FiO2"),
        List.of(
            new Table(
                "dyn*.csv", List.of("stay_id", "time", "hr", "sbp", "fio2"), dynamic, ids, true),
            new Table(
                "sta*.csv",
                List.of("stay_id", "age", "sex", "height", "weight"),
                statics,
                ids,
                true),
            new Table("outc*.csv", List.of("stay_id", "label"), outcomes, ids, true)));
  }

  public static Source tables() {
    List<List<String>> stays = new ArrayList<>();
    List<List<String>> longTable = new ArrayList<>();
    List<List<String>> wide = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      String subject = "" + (100 + i);
      String stay = "" + (2000 + i);
      stays.add(
          List.of(
              subject,
              stay,
              time(0),
              end(),
              died(i) ? "2" : "1",
              i % 4 == 0 ? "" : "6" + i % 10,
              List.of("train", "train", "val", "test").get(i / 2 % 4)));
      for (int h = 0; h < HOURS; h++) {
        longTable.add(List.of(subject, h % 2 == 0 ? stay : "", time(h), "211", "80", "bpm"));
        wide.add(List.of(subject, stay, time(h), h == 1 ? "" : "12" + h, "97"));
      }
    }
    Set<String> ids = Set.of("patient", "stay", "outcome", "item");
    return new Source(
        "tables",
        List.of("--source=tables", "--channels=HR,SBP,SpO2"),
        List.of(
            new Table(
                "stays*.csv",
                List.of("patient", "stay", "admitted", "left", "outcome", "age", "fold"),
                stays,
                ids,
                true),
            new Table(
                "long*.csv",
                List.of("patient", "stay", "charted", "item", "value", "unit"),
                longTable,
                ids,
                true),
            new Table(
                "wide*.csv",
                List.of("patient", "stay", "charted", "sbp", "SBP"),
                wide,
                ids,
                true)));
  }

  public static final String MAPPING =
      """
      tables:
        stays: {files: 'stays*.csv', subject: patient, stay: stay, admission: admitted,
                discharge: left, statics: {age: Age}, split: fold,
                hospital_death: {column: outcome, values: {2: 1, 1: 0}, time: left}}
        long: {files: 'long*.csv', subject: patient, stay: stay, time: charted,
               code: {column: item, rename: {211: HR}}, value: value, unit: unit}
        wide: {files: 'wide*.csv', subject: patient, stay: stay, time: charted,
               columns: {sbp: SBP, SBP: SpO2}}
      """;

  public static Source physionet2012() {
    List<Table> tables = new ArrayList<>();
    List<List<String>> outcomes = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      String stay = "" + (132_000 + i);
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("00:00", "RecordID", stay));
      rows.add(List.of("00:00", "Age", "6" + i % 10));
      for (int h = 0; h < HOURS; h++) {
        rows.add(List.of("0" + h + ":07", "HR", "80"));
        rows.add(List.of("0" + h + ":07", "SysABP", h == 1 ? "" : "12" + h));
      }
      tables.add(
          new Table(
              "set-a/" + stay + ".txt",
              List.of("Time", "Parameter", "Value"),
              rows,
              Set.of("Value"),
              false));
      outcomes.add(List.of(stay, "6", "1", "5", "-1", died(i) ? "1" : "0"));
    }
    tables.add(
        new Table(
            "Outcomes-a.txt",
            List.of(
                "RecordID", "SAPS-I", "SOFA", "Length_of_stay", "Survival", "In-hospital_death"),
            outcomes,
            Set.of("RecordID", "In-hospital_death"),
            false));
    return new Source(
        "physionet2012", List.of("--source=physionet2012", "--channels=HR,SBP"), tables);
  }

  /** Rows of the data files of MEDS: subject, time, code, number, text. */
  public static List<@Nullable Object[]> meds() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      long subject = 100L + i;
      rows.add(meds(subject, null, "GENDER//" + (i % 2 == 0 ? "F" : "M"), null, null));
      rows.add(meds(subject, "2090-01-01 00:00:00", "MEDS_BIRTH", null, null));
      rows.add(meds(subject, time(0), "HOSPITAL_ADMISSION//URGENT", null, null));
      rows.add(meds(subject, time(0), "ICU_ADMISSION//MICU", null, null));
      for (int h = 0; h < HOURS; h++) {
        rows.add(meds(subject, time(h), "LAB//220045//bpm", 80.5, null));
        rows.add(meds(subject, time(h), "LAB//220050//mmHg", h == 1 ? null : 120.1 + h, null));
        rows.add(meds(subject, time(h), "LAB//224027//UNK", null, "warm"));
      }
      rows.add(meds(subject, end(), "ICU_DISCHARGE//MICU", null, null));
      rows.add(
          meds(subject, end(), "HOSPITAL_DISCHARGE//" + (died(i) ? "DIED" : "HOME"), null, null));
    }
    return rows;
  }

  private static @Nullable Object[] meds(
      long subject,
      @Nullable String time,
      String code,
      @Nullable Double number,
      @Nullable String text) {
    return new @Nullable Object[] {
      subject,
      time == null ? null : Instant.parse(time.replace(' ', 'T') + "Z").toEpochMilli(),
      code,
      number,
      text
    };
  }

  /** FHIR resources as JSON. */
  public static List<String> fhir() {
    List<String> resources = new ArrayList<>();
    for (int i = 0; i < STAYS; i++) {
      String subject = "'subject':{'reference':'Patient/p" + i + "'},";
      resources.add(
          "{'resourceType':'Patient','id':'p"
              + i
              + "','birthDate':'2090-01-01','gender':'"
              + (i % 2 == 0 ? "female" : "male")
              + "'}");
      resources.add(
          "{'resourceType':'Encounter','id':'e"
              + i
              + "','status':'finished','class':{'system':"
              + "'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'IMP'},"
              + subject
              + "'type':[{'text':'ICU'}],'period':{'start':'"
              + fhirTime(time(0))
              + "','end':'"
              + fhirTime(end())
              + "'},'hospitalization':{'dischargeDisposition':{'coding':[{'system':"
              + "'http://terminology.hl7.org/CodeSystem/discharge-disposition','code':'"
              + (died(i) ? "exp" : "home")
              + "'}]}}}");
      for (int h = 0; h < HOURS; h++) {
        String effective = "'effectiveDateTime':'" + fhirTime(time(h)) + "',";
        resources.add(
            "{'resourceType':'Observation','id':'hr"
                + (i * HOURS + h)
                + "','status':'final','code':{'coding':[{'system':'http://loinc.org','code':"
                + "'8867-4'}]},"
                + subject
                + "'encounter':{'reference':'Encounter/e"
                + i
                + "'},"
                + effective
                + "'valueQuantity':{'value':80,'unit':'beats/minute','system':"
                + "'http://unitsofmeasure.org','code':'/min'}}");
        resources.add(
            "{'resourceType':'Observation','id':'bp"
                + (i * HOURS + h)
                + "','status':'final','code':{'coding':[{'system':'http://loinc.org','code':"
                + "'85354-9'}]},"
                + subject
                + effective
                + "'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},"
                + (h == 1
                    ? "'dataAbsentReason':{'text':'unknown'}}"
                    : "'valueQuantity':{'value':12" + h + ".5,'unit':'mmHg'}}")
                + ",{'code':{'coding':[{'system':'http://loinc.org','code':'8462-4'}]},"
                + "'valueQuantity':{'value':7"
                + h
                + ",'unit':'mmHg'}}]}");
      }
    }
    return resources.stream().map(resource -> resource.replace('\'', '"')).toList();
  }

  private static String fhirTime(String time) {
    return time.replace(' ', 'T') + "Z";
  }

  private static boolean died(int i) {
    return i % 3 == 0;
  }

  private static String time(int hour) {
    return String.format("2150-01-01 %02d:06:00", 8 + hour);
  }

  private static String end() {
    return "2150-01-05 08:00:00";
  }
}
