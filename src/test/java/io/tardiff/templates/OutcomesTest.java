package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.CloseableIterator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Labels of sources that contradict themselves, leave outcomes open or use other codings, from
 * files by the command line. Each has twelve ordinary patients, of whom every third dies; all
 * values are invented.
 */
class OutcomesTest {
  private static final int ORDINARY = 12;
  private static final String START = "2150-01-01 08:00:00";
  private static final String END = "2150-01-04 08:00:00";

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> stays = new ArrayList<>();
  private final List<String> more = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  @TempDir Path directory;

  @Test
  void eicuStatusesThatContradictEachOther() throws Exception {
    stays.add(
        "patientunitstayid,uniquepid,gender,age,hospitaladmitoffset,hospitaldischargeoffset,"
            + "hospitaldischargelocation,hospitaldischargestatus,unitdischargeoffset,"
            + "unitdischargelocation,unitdischargestatus");
    values.add("vitalperiodicid,patientunitstayid,observationoffset,sao2,heartrate");
    for (int i = 0; i < ORDINARY; i++) {
      eicu(100 + i, "Home", i % 3 == 0 ? "Expired" : "Alive", "Floor", "Alive");
    }
    eicu(901, "Death", "Alive", "Death", "Expired");
    eicu(902, "", "", "Death", "Expired");
    eicu(903, "", "", "Floor", "Alive");
    write("patient.csv", stays);
    write("vitalPeriodic.csv", values);

    Map<String, Integer> labels = ingest("eicu", "--channels=HR");
    assertOrdinary(labels, 100);
    assertThat(labels, not(hasKey("901")));
    assertThat(labels, hasEntry("902", 1));
    assertThat(labels, not(hasKey("903")));
    assertThat(dropped("no outcome: contradictory evidence"), is(1L));
    assertThat(dropped("no outcome"), is(1L));
  }

  /** The label in outc is death in the unit, which says nothing of the hospital. */
  @Test
  void ricuStatesDeathInHospitalOnlyInItsStatics() throws Exception {
    stays.add("stay_id,age,sex,los_icu,death");
    values.add("stay_id,time,hr");
    more.add("stay_id,label");
    for (int i = 0; i < ORDINARY; i++) {
      ricu(100 + i, i % 3 == 0 ? "TRUE" : "FALSE", 0);
    }
    ricu(901, "NA", 0);
    ricu(902, "NA", 1);
    ricu(903, "TRUE", 0);
    write("sta.csv", stays);
    write("dyn.csv", values);
    write("outc.csv", more);

    Map<String, Integer> labels = ingest("ricu", "--channels=HR");
    assertOrdinary(labels, 100);
    assertThat(labels, not(hasKey("901")));
    assertThat(labels, not(hasKey("902")));
    assertThat(labels, hasEntry("903", 1));
    assertThat(dropped("no outcome"), is(2L));
  }

  private void ricu(int stay, String death, int label) {
    stays.add(stay + ",60,Female,3," + death);
    more.add(stay + "," + label);
    for (int hour = 0; hour < 48; hour += 6) {
      values.add(stay + "," + hour + ",80");
    }
  }

  private void eicu(int stay, String place, String status, String unitPlace, String unitStatus) {
    String rest = place + "," + status + ",4000," + unitPlace + "," + unitStatus;
    stays.add(stay + ",p" + stay + ",Female,60,-60,6000," + rest);
    for (int minute = 5; minute < 300; minute += 60) {
      values.add("1," + stay + "," + minute + ",97,80");
    }
  }

  @Test
  void omopStillAPatientAndUnknownPlacesBesideATableOfDeaths() throws Exception {
    omop();
    for (int i = 0; i < ORDINARY; i++) {
      omop(100 + i, "", "");
      if (i % 3 == 0) {
        more.add((100 + i) + ",2150-01-04,");
      }
    }
    omop(900, "32220", "Still patient");
    omop(903, "4216643", "");
    omop(904, "8536", "");
    more.add("904,2150-01-02,");
    write("death.csv", more);

    Map<String, Integer> labels = omopLabels();
    assertOrdinary(labels, 5100);
    assertThat(labels, not(hasKey("5900")));
    assertThat(labels, hasEntry("5903", 1));
    assertThat(labels, not(hasKey("5904")));
    assertThat(dropped("no outcome: still a patient"), is(1L));
    assertThat(dropped("no outcome: contradictory evidence"), is(1L));
  }

  @Test
  void omopWithoutATableOfDeaths() throws Exception {
    omop();
    for (int i = 0; i < ORDINARY; i++) {
      omop(100 + i, i % 3 == 0 ? "4216643" : "8536", "");
    }
    omop(900, "NULL", "");
    omop(901, "", "");
    omop(902, "0", "");
    omop(903, "1234567", "");

    Map<String, Integer> labels = omopLabels();
    assertOrdinary(labels, 5100);
    assertThat(labels.size(), is(ORDINARY));
    assertThat(dropped("no outcome") + dropped("no outcome: disposition in no list"), is(4L));
  }

  private void omop() throws Exception {
    write("person.csv", List.of("person_id,gender_concept_id,year_of_birth,birth_datetime"));
    stays.add(
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,"
            + "visit_end_date,visit_end_datetime,discharged_to_concept_id,"
            + "discharged_to_source_value");
    more.add("person_id,death_date,death_datetime");
    values.add(
        "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,"
            + "value_as_number");
  }

  private void omop(int person, String concept, String source) {
    stays.add(
        String.join(
            ",",
            String.valueOf(5000 + person),
            String.valueOf(person),
            "9201",
            START.substring(0, 10),
            START,
            END.substring(0, 10),
            END,
            concept,
            source));
    for (int hour = 8; hour < 12; hour++) {
      String time = String.format("2150-01-01 %02d:06:00", hour);
      values.add("1," + person + ",3027018,2150-01-01," + time + ",80");
    }
  }

  private Map<String, Integer> omopLabels() throws Exception {
    write("visit_occurrence.csv", stays);
    write("measurement.csv", values);
    return ingest("omop", "--task=hospital_mortality", "--channels=HR");
  }

  @Test
  void mimicStaysOfAdmissionsThatEndBeforeTheyBegin() throws Exception {
    stays.add(
        "subject_id,hadm_id,admittime,dischtime,deathtime,discharge_location,"
            + "hospital_expire_flag");
    more.add("subject_id,hadm_id,stay_id,intime,outtime");
    values.add("subject_id,hadm_id,stay_id,charttime,itemid,value,valuenum,valueuom");
    for (int i = 0; i < ORDINARY; i++) {
      mimic(1000 + i, START, END, i % 3 == 0);
    }
    String next = ",2151-01-01 08:00:00,2151-01-04 08:00:00,2151-01-04 08:00:00,DIED,1";
    mimic(1900, START, "2149-12-31 23:00:00", false);
    stays.add("1900,9900" + next);
    mimic(1901, START, "2150-01-05 08:00:00", false);
    stays.add("1901,9901" + next);
    // The admission ends before the stay begins.
    mimic(1904, START, "2150-01-01 08:30:00", false);
    stays.add("1904,9904" + next);
    write("admissions.csv", stays);
    write("icustays.csv", more);
    write("chartevents.csv", values);
    write("patients.csv", List.of("subject_id,gender,anchor_age,anchor_year,dod"));

    Map<String, Integer> labels = ingest("mimic4", "--channels=HR");
    assertOrdinary(labels, 3000);
    assertThat(labels, hasEntry("3901", 0));
    assertThat(labels, not(hasKey("3900")));
    assertThat(labels, not(hasKey("3904")));
    assertThat(dropped("no outcome: discharge before admission"), is(1L));
    assertThat(dropped("outcome before the prediction time"), is(1L));
  }

  private void mimic(int subject, String in, String out, boolean died) {
    String end = out + "," + (died ? out : "") + ",HOME," + (died ? 1 : 0);
    stays.add(subject + "," + (subject + 1000) + "," + in + "," + end);
    String stay = subject + "," + (subject + 1000) + "," + (subject + 2000);
    more.add(stay + ",2150-01-01 09:00:00,2150-01-04 07:00:00");
    for (int hour = 9; hour < 13; hour++) {
      values.add(stay + String.format(",2150-01-01 %02d:06:00,220045,80,80,bpm", hour));
    }
  }

  @Test
  void fhirDeathsInOtherCodings() throws Exception {
    ordinaryFhir();
    fhir(
        "xid",
        disposition(
            "http://terminology.kemkes.go.id/CodeSystem/discharge-disposition", "exp-lt48h"));
    fhir(
        "xepic",
        ",'hospitalization':{'dischargeDisposition':{'coding':[{'system':'urn:oid:1.2.840.114350.1.13','code':'20','display':'Expired'}]}}");
    fhir(
        "xtext",
        ",'hospitalization':{'dischargeDisposition':{'text':'Expired in Medical Facility'}}");
    fhir("xnubc", disposition("https://www.nubc.org/CodeSystem/PatDischargeStatus", "20"));
    fhir("xunknown", disposition("http://acme.org/way-out", "20"));

    Map<String, Integer> labels = fhirLabels();
    assertOrdinary(labels, 0);
    for (String patient : List.of("xid", "xepic", "xtext", "xnubc")) {
      assertThat(labels, hasEntry("e" + patient, 1));
    }
    assertThat(labels, not(hasKey("exunknown")));
    assertThat(dropped("no outcome: disposition in no list"), is(1L));
  }

  @Test
  void fhirOutcomeOfALaterStayIsNotUsed() throws Exception {
    ordinaryFhir();
    fhir("xlater", "");
    fhir("xlater", "exlater2", 2151, disposition("http://acme.org", "exp"));
    stays.add("{'resourceType':'Patient','id':'xlater','deceasedDateTime':'2151-01-04T08:00:00Z'}");

    Map<String, Integer> labels = fhirLabels();
    assertOrdinary(labels, 0);
    assertThat(labels, not(hasKey("exlater")));
    assertThat(labels, hasEntry("exlater2", 1));
    assertThat(dropped("no outcome"), is(1L));
  }

  @Test
  void fhirUnitStaysHaveTheOutcomeOfTheirHospitalStay() throws Exception {
    for (int i = 0; i < ORDINARY; i++) {
      String patient = String.valueOf(i);
      stays.add(
          encounter(
              patient,
              "h" + i,
              2150,
              "EMER",
              disposition("http://mimic", i % 3 == 0 ? "DIED" : "HOME")));
      stays.add(
          encounter(
              patient,
              "e" + i,
              2150,
              "ACUTE",
              ",'partOf':{'reference':'Encounter/h" + i + "'},'serviceType':{'text':'MICU'}"));
      stays.add(
          i % 3 == 0
              ? "{'resourceType':'Patient','id':'" + i + "','deceasedDateTime':'2150-01-04'}"
              : "{'resourceType':'Patient','id':'" + i + "'}");
      observations(patient, 2150, "8867-4");
    }

    assertOrdinary(fhirLabels("--task=in_hospital_mortality"), 0);
  }

  @Test
  void fhirClassesOfEncountersAreAnOption() throws Exception {
    for (int i = 0; i < ORDINARY; i++) {
      stays.add(
          encounter(
              String.valueOf(i),
              "e" + i,
              2150,
              "EMER",
              disposition("http://a", i % 3 == 0 ? "exp" : "home")));
      observations(String.valueOf(i), 2150, "8867-4");
    }

    assertOrdinary(fhirLabels("--task=hospital_mortality", "--encounterClasses=IMP,EMER"), 0);
  }

  @Test
  void warnsOfOutcomesKnownByTheTimeOfDeathAlone() throws Exception {
    ordinaryFhir();
    for (int i = 0; i < 6; i++) {
      fhir("y" + i, "");
      if (i < 2) {
        stays.add("{'resourceType':'Patient','id':'y" + i + "','deceasedDateTime':'2150-01-03'}");
      }
    }

    Map<String, Integer> labels = fhirLabels();
    assertThat(labels, hasEntry("ey0", 1));
    assertThat(labels, not(hasKey("ey5")));
    assertThat(
        out.toString(StandardCharsets.UTF_8),
        containsString("2 deaths are known from the time of death alone, while 4 windows"));
  }

  private void ordinaryFhir() {
    for (int i = 0; i < ORDINARY; i++) {
      fhir(String.valueOf(i), disposition("http://acme.org", i % 3 == 0 ? "exp" : "home"));
    }
  }

  private void fhir(String patient, String more) {
    fhir(patient, "e" + patient, 2150, more);
  }

  private void fhir(String patient, String id, int year, String more) {
    stays.add(encounter(patient, id, year, "IMP", more));
    observations(patient, year, "8867-4");
  }

  private static String encounter(
      String patient, String id, int year, String category, String more) {
    return String.format(
        "{'resourceType':'Encounter','id':'%s','status':'finished','class':{'code':'%s'},"
            + "'subject':{'reference':'Patient/%s'},'period':{'start':'%d-01-01T08:00:00Z',"
            + "'end':'%d-01-04T08:00:00Z'}%s}",
        id, category, patient, year, year, more);
  }

  private void observations(String patient, int year, String code) {
    for (int hour = 8; hour < 12; hour++) {
      values.add(
          String.format(
              "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':"
                  + "'http://loinc.org','code':'9999-9'},{'system':'http://loinc.org','code':'%s'}]},"
                  + "'subject':{'reference':'Patient/%s'},'effectiveDateTime':"
                  + "'%d-01-01T%02d:06:00Z','valueQuantity':{'value':80,'unit':'/min'}}",
              code, patient, year, hour));
    }
  }

  private static String disposition(String system, String code) {
    return ",'hospitalization':{'dischargeDisposition':{'coding':[{'system':'"
        + system
        + "','code':'"
        + code
        + "'}]}}";
  }

  private Map<String, Integer> fhirLabels(String... options) throws Exception {
    write("Encounter.ndjson", stays.stream().map(line -> line.replace('\'', '"')).toList());
    write("Observation.ndjson", values.stream().map(line -> line.replace('\'', '"')).toList());
    List<String> all = new ArrayList<>(List.of(options));
    if (all.isEmpty()) {
      all.add("--task=hospital_mortality");
    }
    all.add("--channels=HR");
    return ingest("fhir", all.toArray(String[]::new));
  }

  /** Checks that every third of the ordinary patients dies. */
  private static void assertOrdinary(Map<String, Integer> labels, int first) {
    for (int i = 0; i < ORDINARY; i++) {
      String stay = first == 0 ? "e" + i : String.valueOf(first + i);
      assertThat(labels, hasEntry(stay, i % 3 == 0 ? 1 : 0));
    }
  }

  /** Returns the label of each window, by the id of its stay. */
  private Map<String, Integer> ingest(String source, String... options) {
    Path output = directory.resolve("out");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ingest",
                "--source=" + source,
                "--input=" + directory.resolve("in"),
                "--output=" + output,
                "--stratified",
                "--windowShards=1"));
    arguments.addAll(Arrays.asList(options));
    int exit = Commands.run(out, err, arguments);
    assertThat(err.toString(StandardCharsets.UTF_8), exit, is(0));
    Map<String, Integer> labels = new HashMap<>();
    Cohort cohort = cohort();
    for (Split split : Split.values()) {
      for (String shard : cohort.shards(split)) {
        try (CloseableIterator<EhrWindow> windows = cohort.read(shard)) {
          windows.forEachRemaining(
              window ->
                  labels.put(
                      window.windowId().substring(window.windowId().lastIndexOf('/') + 1),
                      window.label()));
        }
      }
    }
    return labels;
  }

  private Cohort cohort() {
    return Cohort.open(AtomicFile.resolve(directory.resolve("out").toString(), "cohort"));
  }

  private long dropped(String rule) {
    return cohort().attrition().stream()
        .filter(row -> row.rule().equals(rule))
        .mapToLong(Cohort.Attrition::dropped)
        .sum();
  }

  private void write(String name, List<String> lines) throws Exception {
    Path file = directory.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }
}
