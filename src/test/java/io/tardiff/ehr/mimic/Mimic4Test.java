package io.tardiff.ehr.mimic;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mimic4Test {
  private static final String PATIENTS =
      "subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod";
  private static final String ADMISSIONS =
      "subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,admit_provider_id,"
          + "admission_location,discharge_location,insurance,language,marital_status,race,edregtime,"
          + "edouttime,hospital_expire_flag";
  private static final String STAYS =
      "subject_id,hadm_id,stay_id,first_careunit,last_careunit,intime,outtime,los";
  private static final String CHART =
      "subject_id,hadm_id,stay_id,caregiver_id,charttime,storetime,itemid,value,valuenum,valueuom,"
          + "warning";
  private static final String OUTPUT =
      "subject_id,hadm_id,stay_id,caregiver_id,charttime,storetime,itemid,value,valueuom";
  private static final String LABS =
      "labevent_id,subject_id,hadm_id,specimen_id,itemid,order_provider_id,charttime,storetime,value,"
          + "valuenum,valueuom,ref_range_lower,ref_range_upper,flag,priority,comments";

  @TempDir Path directory;

  @BeforeEach
  void emptyTables() throws Exception {
    write("hosp/patients.csv.gz", PATIENTS);
    write("hosp/admissions.csv.gz", ADMISSIONS);
    write("icu/icustays.csv.gz", STAYS);
    write("icu/chartevents.csv.gz", CHART);
  }

  @Test
  void everyTableBecomesEvents() throws Exception {
    write("hosp/patients.csv.gz", PATIENTS, "5,M,60,2150,2011 - 2013,2151-03-01");
    write(
        "hosp/admissions.csv.gz",
        ADMISSIONS,
        "5,6,2150-01-01 08:00:00,2150-01-05 08:00:00,,EW EMER.,P1,EMERGENCY ROOM,HOME,Other,English,"
            + "WIDOWED,WHITE,2150-01-01 06:00:00,2150-01-01 08:30:00,0");
    write(
        "icu/icustays.csv.gz",
        STAYS,
        "5,6,7,\"Medical, Intensive\",MICU,2150-01-01 09:00:00,2150-01-03 09:00:00,2.0");
    write(
        "icu/chartevents.csv.gz",
        CHART,
        "5,6,7,1,2150-01-01 10:00:00,2150-01-01 10:05:00,220045,71,71,bpm,0",
        "5,6,7,1,2150-01-01 10:00:00,2150-01-01 10:05:00,223761,98.6,98.6,°F,1",
        "5,6,7,1,2150-01-01 10:00:00,2150-01-01 10:05:00,220739,Spontaneously,4,,0");
    write(
        "icu/outputevents.csv",
        OUTPUT,
        "5,6,7,1,2150-01-01 10:00:00,2150-01-01 10:05:00,226559,80,ml");
    write(
        "hosp/labevents.csv",
        LABS,
        "1,5,,9,50912,P1,2150-01-01 10:00:00,2150-01-01 11:00:00,1.2,1.2,mg/dL,0.5,1.2,,ROUTINE,",
        "2,5,6,9,50813,P1,2150-01-01 10:00:00,2150-01-01 11:00:00,___,2.5,mmol/L,0.5,2,abnormal,STAT,"
            + "\"RESULT, REPEATED.\"");

    expect(
        new EhrEvent[] {
          event(null, EhrEvent.GENDER, null, 1.0, null, null),
          event(null, EhrEvent.AGE, null, 60.0, null, "a"),
          event(null, EhrEvent.BIRTH, "2090-01-01T00:00:00Z", null, null, null),
          event(null, EhrEvent.DEATH, "2151-03-01T00:00:00Z", null, null, null),
          event("hadm//6", EhrEvent.HOSPITAL_ADMISSION, "2150-01-01T08:00:00Z", null, null, null),
          event("hadm//6", EhrEvent.HOSPITAL_DISCHARGE, "2150-01-05T08:00:00Z", null, null, null),
          // Died a year later, not in hospital.
          event("hadm//6", EhrEvent.HOSPITAL_DEATH, "2150-01-05T08:00:00Z", 0.0, null, null),
          event("7", EhrEvent.ADMISSION, "2150-01-01T09:00:00Z", null, null, null),
          event("7", EhrEvent.HOSPITAL_STAY, "2150-01-01T09:00:00Z", null, "hadm//6", null),
          event("7", EhrEvent.DISCHARGE, "2150-01-03T09:00:00Z", null, null, null),
          event("7", "220045", "2150-01-01T10:00:00Z", 71.0, null, "bpm"),
          event("7", "223761", "2150-01-01T10:00:00Z", 98.6, null, "°F"),
          event("7", "220739", "2150-01-01T10:00:00Z", 4.0, "Spontaneously", null),
          event("7", "226559", "2150-01-01T10:00:00Z", 80.0, null, "ml"),
          event(null, "50912", "2150-01-01T10:00:00Z", 1.2, null, "mg/dL"),
          event(null, "50813", "2150-01-01T10:00:00Z", 2.5, null, "mmol/L")
        });
  }

  @Test
  void removedTextIsNotAValue() throws Exception {
    write(
        "hosp/labevents.csv.gz",
        LABS,
        "2,5,6,9,50813,P1,2150-01-01 10:00:00,2150-01-01 11:00:00,___,,mmol/L,0.5,2,,STAT,___");

    expect(new EhrEvent[0]);
  }

  @Test
  void ageWithoutAYearGivesNoBirth() throws Exception {
    write("hosp/patients.csv.gz", "subject_id,gender,anchor_age", "5,F,91");

    expect(
        new EhrEvent[] {
          event(null, EhrEvent.GENDER, null, 0.0, null, null),
          event(null, EhrEvent.AGE, null, 91.0, null, "a")
        });
  }

  @Test
  void badPatientsAreDeadLetters() throws Exception {
    write(
        "hosp/patients.csv.gz",
        PATIENTS,
        "5,M,-1,2150,,",
        "5,M,1e300,2150,,",
        "5,M,60,1e300,,",
        "5,M,60,2150.5,,",
        "5,M,old,2150,,",
        ",M,60,2150,,");

    expect(
        new EhrEvent[0],
        bad("anchor_age is not an age"),
        bad("anchor_age is not an age"),
        bad("anchor_year is not a year"),
        bad("anchor_year is not a year"),
        bad("anchor_age is not a number"),
        bad("subject_id is empty"));
  }

  @Test
  void filesMayLieInTheDirectoryItself() throws Exception {
    for (String name : new String[] {"hosp/patients", "hosp/admissions", "icu/icustays"}) {
      Path file = directory.resolve(name + ".csv.gz");
      Files.move(file, directory.resolve(file.getFileName()));
    }

    expect(new EhrEvent[0]);
  }

  @Test
  void missingTablesFailTogetherWhenThePipelineIsBuilt() throws Exception {
    Files.delete(directory.resolve("icu/icustays.csv.gz"));
    Files.delete(directory.resolve("hosp/patients.csv.gz"));

    assertThat(refusal(), containsString("has no icustays.csv[.gz], patients.csv[.gz]"));
  }

  @Test
  void mimic3IsRejected() throws Exception {
    write("icu/icustays.csv.gz", "row_id,subject_id,hadm_id,icustay_id,intime,outtime");

    assertThat(refusal(), containsString("lacks stay_id"));
  }

  @Test
  void emptyInputIsRefused() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Mimic4.read().from("")).getMessage(),
        is("input must name a directory, was empty"));
  }

  private void expect(EhrEvent[] events, DeadLetter... deadLetters) {
    Pipeline pipeline = MimicFiles.pipeline();
    PCollectionTuple read = pipeline.apply(Mimic4.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(read.get(EhrTags.deadLetters())).containsInAnyOrder(deadLetters);
    pipeline.run().waitUntilFinish();
  }

  private String refusal() {
    return assertThrows(
            IllegalArgumentException.class,
            () -> MimicFiles.pipeline().apply(Mimic4.read().from(directory.toString())))
        .getMessage();
  }

  private void write(String name, String... lines) throws Exception {
    MimicFiles.write(directory, name, lines);
  }

  private static DeadLetter bad(String reason) {
    return DeadLetter.of("patients", null, reason);
  }

  private static EhrEvent event(
      @Nullable String stay,
      String code,
      @Nullable String time,
      @Nullable Double number,
      @Nullable String text,
      @Nullable String unit) {
    return EhrEvent.builder()
        .setSubjectId("5")
        .setStayId(stay)
        .setTime(time == null ? null : Instant.parse(time))
        .setCode(code)
        .setNumericValue(number)
        .setTextValue(text)
        .setUnit(unit)
        .build();
  }
}
