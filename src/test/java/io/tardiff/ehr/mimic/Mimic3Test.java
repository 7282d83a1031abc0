package io.tardiff.ehr.mimic;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.table.ParseTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mimic3Test {
  private static final String CHART_HEADER =
      "row_id,subject_id,hadm_id,icustay_id,itemid,charttime,storetime,cgid,value,valuenum,valueuom,"
          + "warning,error,resultstatus,stopped";
  private static final String OUTPUT_HEADER =
      "row_id,subject_id,hadm_id,icustay_id,charttime,itemid,value,valueuom,storetime,cgid,stopped,"
          + "newbottle,iserror";
  private static final String LAB_HEADER =
      "row_id,subject_id,hadm_id,itemid,charttime,value,valuenum,valueuom,flag";
  private static final String PATIENT_HEADER =
      "row_id,subject_id,gender,dob,dod,dod_hosp,dod_ssn,expire_flag";
  private static final String ADMISSION_HEADER =
      "row_id,subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,admission_location,"
          + "discharge_location,insurance,language,religion,marital_status,ethnicity,edregtime,"
          + "edouttime,diagnosis,hospital_expire_flag,has_chartevents_data";
  private static final String STAY_HEADER =
      "row_id,subject_id,hadm_id,icustay_id,dbsource,first_careunit,last_careunit,first_wardid,"
          + "last_wardid,intime,outtime,los";

  @TempDir Path directory;

  @BeforeEach
  void emptyTables() throws Exception {
    write("ICUSTAYS.csv", STAY_HEADER);
    write("ADMISSIONS.csv", ADMISSION_HEADER);
    write("PATIENTS.csv", PATIENT_HEADER);
    write("CHARTEVENTS.csv", CHART_HEADER);
  }

  @Test
  void chartedValueKeepsItsUnitAndStay() throws Exception {
    chart(charted("211", "71", "71", "BPM", "0"));

    expect(null, event("7", "211", "2150-01-01T10:00:00Z", 71.0, null, "BPM"));
  }

  @Test
  void valueWithoutAStayBelongsToThePatient() throws Exception {
    chart("1,5,6,,211,2150-01-01 10:00:00,,,71,71,BPM,,0,,");

    expect(null, event(null, "211", "2150-01-01T10:00:00Z", 71.0, null, "BPM"));
  }

  @Test
  void withdrawnRowsAreCountedAndDropped() throws Exception {
    chart(charted("211", "71", "71", "BPM", "1"), charted("211", "72", "72", "BPM", ""));

    PipelineResult result =
        expect(null, event("7", "211", "2150-01-01T10:00:00Z", 72.0, null, "BPM"));

    assertThat(MimicFiles.counters(result, "CHARTEVENTS"), is(Map.of("rows", 2L, "errors", 1L)));
  }

  @Test
  void rowsWithoutAValueAreCountedAndDropped() throws Exception {
    chart(charted("211", "", "", "BPM", "0"));

    PipelineResult result = expect(null);

    assertThat(
        MimicFiles.counters(result, "CHARTEVENTS"), is(Map.of("rows", 1L, "withoutValue", 1L)));
  }

  @Test
  void textIsKeptIfItIsMoreThanTheNumber() throws Exception {
    chart(
        charted("184", "4 Spontaneously", "4", "", "0"),
        charted("720", "\"Assist, Control\"", "", "", "0"),
        // CareVue's spelling of 0.5, the same number.
        charted("190", ".5", "0.5", "torr", "0"));

    expect(
        null,
        event("7", "184", "2150-01-01T10:00:00Z", 4.0, "4 Spontaneously", null),
        event("7", "720", "2150-01-01T10:00:00Z", null, "Assist, Control", null),
        event("7", "190", "2150-01-01T10:00:00Z", 0.5, null, "torr"));
  }

  @Test
  void oddValuesAreLeftToTheCohort() throws Exception {
    chart(
        charted("51", "11647", "11647", "mmHg", "0"),
        charted("52", "-8", "-8", "mmHg", "0"),
        charted("646", "0", "0", "%", "0"),
        // Fahrenheit and Celsius, spelled as in the source.
        charted("223761", "98.6", "98.6", "?F", "0"),
        charted("677", "37", "37", "Deg. C", "0"));

    expect(
        null,
        event("7", "51", "2150-01-01T10:00:00Z", 11647.0, null, "mmHg"),
        event("7", "52", "2150-01-01T10:00:00Z", -8.0, null, "mmHg"),
        event("7", "646", "2150-01-01T10:00:00Z", 0.0, null, "%"),
        event("7", "223761", "2150-01-01T10:00:00Z", 98.6, null, "?F"),
        event("7", "677", "2150-01-01T10:00:00Z", 37.0, null, "Deg. C"));
  }

  @Test
  void stayGivesAdmissionAndDischarge() throws Exception {
    write(
        "ICUSTAYS.csv",
        STAY_HEADER,
        "1,5,6,7,carevue,MICU,MICU,5,5,2150-01-01 09:00:00,2150-01-03 09:00:00,2",
        "1,5,6.0,8,carevue,MICU,MICU,5,5,2150-02-01 09:00:00,,");

    expect(
        null,
        event("7", EhrEvent.ADMISSION, "2150-01-01T09:00:00Z", null, null, null),
        event("7", EhrEvent.HOSPITAL_STAY, "2150-01-01T09:00:00Z", null, "hadm//6", null),
        event("7", EhrEvent.DISCHARGE, "2150-01-03T09:00:00Z", null, null, null),
        event("8", EhrEvent.ADMISSION, "2150-02-01T09:00:00Z", null, null, null),
        // A data frame writes integer columns with gaps like this.
        event("8", EhrEvent.HOSPITAL_STAY, "2150-02-01T09:00:00Z", null, "hadm//6", null));
  }

  @Test
  void deathInHospitalIsTheFlagOfTheAdmission() throws Exception {
    write(
        "ADMISSIONS.csv",
        ADMISSION_HEADER,
        admission("2150-01-01 08:00:00", "2150-01-05 08:00:00", "", "0"),
        admission("2151-01-01 08:00:00", "2151-01-05 08:00:00", "2151-01-05 07:00:00", "1"),
        admission("2152-01-01 08:00:00", "2152-01-05 08:00:00", "", "1"));

    expect(
        null,
        event("hadm//6", EhrEvent.HOSPITAL_ADMISSION, "2150-01-01T08:00:00Z", null, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_DISCHARGE, "2150-01-05T08:00:00Z", null, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_DEATH, "2150-01-05T08:00:00Z", 0.0, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_ADMISSION, "2151-01-01T08:00:00Z", null, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_DISCHARGE, "2151-01-05T08:00:00Z", null, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_DEATH, "2151-01-05T07:00:00Z", 1.0, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_ADMISSION, "2152-01-01T08:00:00Z", null, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_DISCHARGE, "2152-01-05T08:00:00Z", null, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_DEATH, "2152-01-05T08:00:00Z", 1.0, null, null));
  }

  @Test
  void contradictoryAdmissionIsAnUnknownOutcome() throws Exception {
    write(
        "ADMISSIONS.csv",
        ADMISSION_HEADER,
        // Flag against deathtime; flag against location; deathtime outside the stay; reversed
        // times.
        admission("2150-01-01 08:00:00", "2150-01-05 08:00:00", "2150-01-05 07:00:00", "0"),
        admission("2151-01-01 08:00:00", "2151-01-05 08:00:00", "", "0")
            .replace("HOME", "DEAD/EXPIRED"),
        admission("2152-01-01 08:00:00", "2152-01-05 08:00:00", "2152-01-07 07:00:00", "1"),
        admission("2153-01-05 08:00:00", "2153-01-05 07:00:00", "", "1"));

    expectOutcomes(
        unknown("2150-01-05T08:00:00Z", "contradictory evidence"),
        unknown("2151-01-05T08:00:00Z", "contradictory evidence"),
        unknown("2152-01-05T08:00:00Z", "contradictory evidence"),
        unknown("2153-01-05T08:00:00Z", "discharge before admission"));
  }

  @Test
  void withoutAFlagTimeOrLocationDecides() throws Exception {
    write(
        "ADMISSIONS.csv",
        ADMISSION_HEADER,
        admission("2150-01-01 08:00:00", "2150-01-05 08:00:00", "", ""),
        admission("2151-01-01 08:00:00", "2151-01-05 08:00:00", "2151-01-05 07:00:00", ""),
        admission("2152-01-01 08:00:00", "2152-01-05 08:00:00", "", "").replace("HOME", "DIED"),
        admission("2153-01-01 08:00:00", "2153-01-05 08:00:00", "", "").replace("HOME", "MOON"),
        admission("2154-01-01 08:00:00", "2154-01-05 08:00:00", "", "").replace("HOME", ""));

    expectOutcomes(
        event("hadm//6", EhrEvent.HOSPITAL_DEATH, "2150-01-05T08:00:00Z", 0.0, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_DEATH, "2151-01-05T07:00:00Z", 1.0, null, null),
        event("hadm//6", EhrEvent.HOSPITAL_DEATH, "2152-01-05T08:00:00Z", 1.0, null, null),
        unknown("2153-01-05T08:00:00Z", "disposition in no list"),
        unknown("2154-01-05T08:00:00Z", "not stated"));
  }

  private static EhrEvent unknown(String time, String why) {
    return event("hadm//6", EhrEvent.HOSPITAL_DEATH, time, null, why, null);
  }

  private void expectOutcomes(EhrEvent... outcomes) {
    Pipeline pipeline = MimicFiles.pipeline();
    PCollectionTuple read = pipeline.apply(Mimic3.read().from(directory.toString()));
    PAssert.that(
            read.get(EhrTags.events())
                .apply(Filter.by(event -> event.getCode().equals(EhrEvent.HOSPITAL_DEATH))))
        .containsInAnyOrder(outcomes);
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void patientGivesSexBirthAndDeathButNoOutcome() throws Exception {
    write(
        "PATIENTS.csv",
        PATIENT_HEADER,
        "1,5,F,1850-06-01 00:00:00,2150-02-01 00:00:00,,2150-02-01 00:00:00,1");

    expect(
        null,
        event(null, EhrEvent.GENDER, null, 0.0, null, null),
        // Over 89: kept 300 years before.
        event(null, EhrEvent.BIRTH, "1850-06-01T00:00:00Z", null, null, null),
        event(null, EhrEvent.DEATH, "2150-02-01T00:00:00Z", null, null, null));
  }

  @Test
  void optionalTablesAreRead() throws Exception {
    write(
        "OUTPUTEVENTS.csv",
        OUTPUT_HEADER,
        "1,5,6,7,2150-01-01 10:00:00,40055,80,ml,2150-01-01 10:05:00,1,,,",
        "1,5,6,7,2150-01-01 10:00:00,40055,,ml,2150-01-01 10:05:00,1,,,",
        "1,5,6,7,2150-01-01 10:00:00,40055,90,ml,2150-01-01 10:05:00,1,,,1");
    write(
        "LABEVENTS.csv.gz",
        LAB_HEADER,
        "1,5,,50912,2150-01-01 10:00:00,1.2,1.2,mg/dL,abnormal",
        "1,5,6,51003,2150-01-01 10:00:00,<0.01,,ng/mL,");

    expect(
        null,
        event("7", "40055", "2150-01-01T10:00:00Z", 80.0, null, "ml"),
        event(null, "50912", "2150-01-01T10:00:00Z", 1.2, null, "mg/dL"),
        event(null, "51003", "2150-01-01T10:00:00Z", null, "<0.01", "ng/mL"));
  }

  @Test
  void filtersByCodeExceptReserved() throws Exception {
    chart(charted("211", "71", "71", "BPM", "0"), charted("646", "98", "98", "%", "0"));
    write("PATIENTS.csv", PATIENT_HEADER, "1,5,M,2100-06-01 00:00:00,,,,0");

    expect(
        Set.of("646"),
        event("7", "646", "2150-01-01T10:00:00Z", 98.0, null, "%"),
        event(null, EhrEvent.BIRTH, "2100-06-01T00:00:00Z", null, null, null));
  }

  @Test
  void badRowsAreDeadLettersWithoutTheirContent() throws Exception {
    chart(
        charted("211", "71", "fast", "BPM", "0"),
        charted("211", "71", "Infinity", "BPM", "0"),
        charted("", "71", "71", "BPM", "0"),
        charted("211", "71", "71", "BPM", "maybe"),
        "1,,6,7,211,2150-01-01 10:00:00,,,71,71,BPM,,0,,",
        "1,5,6,7,211,,,,71,71,BPM,,0,,",
        "1,5,6,7,211,yesterday,,,71,71,BPM,,0,,",
        "1,5,6,7,211",
        charted("720", "\"Assist", "", "", "0"));
    write(
        "ICUSTAYS.csv",
        STAY_HEADER,
        "1,5,6,,carevue,MICU,MICU,5,5,2150-01-01 09:00:00,,",
        "1,5,6,7,carevue,MICU,MICU,5,5,,2150-01-03 09:00:00,");
    write(
        "ADMISSIONS.csv",
        ADMISSION_HEADER,
        admission("2150-01-01 08:00:00", "2150-01-05 08:00:00", "", "2"),
        admission("2150-01-01 08:00:00", "", "", "0"),
        admission("", "2150-01-05 08:00:00", "", "0"));
    write(
        "PATIENTS.csv",
        PATIENT_HEADER,
        "1,5,X,2100-06-01 00:00:00,,,,0",
        "1,5,F,2100-06-31 00:00:00,,,,0");

    Pipeline pipeline = MimicFiles.pipeline();
    PCollectionTuple read = pipeline.apply(Mimic3.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events())).empty();
    PAssert.that(read.get(EhrTags.deadLetters()))
        .containsInAnyOrder(
            bad("CHARTEVENTS", "valuenum is not a number"),
            bad("CHARTEVENTS", "valuenum is not finite"),
            bad("CHARTEVENTS", "itemid is empty"),
            bad("CHARTEVENTS", "error is not a number"),
            bad("CHARTEVENTS", "subject_id is empty"),
            bad("CHARTEVENTS", "charttime is empty"),
            bad("CHARTEVENTS", "charttime is not a time"),
            bad("CHARTEVENTS", "row has a different number of fields than the header"),
            bad("CHARTEVENTS", "row has unbalanced quotes"),
            bad("ICUSTAYS", "icustay_id is empty"),
            bad("ICUSTAYS", "intime is empty"),
            bad("ADMISSIONS", "hospital_expire_flag is not 0 or 1"),
            bad("ADMISSIONS", "dischtime is empty"),
            bad("ADMISSIONS", "admittime is empty"),
            bad("PATIENTS", "gender is not F or M"),
            bad("PATIENTS", "dob is not a time"));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void beamRowsAreParsed() {
    Schema schema =
        Schema.builder()
            .addInt64Field("SUBJECT_ID")
            .addNullableField("ICUSTAY_ID", Schema.FieldType.INT64)
            .addInt64Field("ITEMID")
            .addDateTimeField("CHARTTIME")
            .addNullableField("VALUE", Schema.FieldType.STRING)
            .addNullableField("VALUENUM", Schema.FieldType.DOUBLE)
            .addNullableField("VALUEUOM", Schema.FieldType.STRING)
            .addNullableField("ERROR", Schema.FieldType.INT32)
            .build();
    Instant time = Instant.parse("2150-01-01T10:00:00Z");
    Pipeline pipeline = MimicFiles.pipeline();
    PCollectionTuple read =
        pipeline
            .apply(
                Create.of(
                        Row.withSchema(schema)
                            .addValues(5L, 7L, 211L, time, "71", 71.0, "BPM", 0)
                            .build(),
                        Row.withSchema(schema)
                            .addValues(5L, 7L, 211L, time, "72", 72.0, "BPM", 1)
                            .build())
                    .withRowSchema(schema))
            .apply(ParseTable.with(Mimic3.chartEvents()));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(event("7", "211", "2150-01-01T10:00:00Z", 71.0, null, "BPM"));
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void missingTablesFailTogetherWhenThePipelineIsBuilt() throws Exception {
    Files.delete(directory.resolve("ICUSTAYS.csv"));
    Files.delete(directory.resolve("CHARTEVENTS.csv"));

    assertThat(
        refusal(),
        allOf(
            containsString("input must be a directory with ICUSTAYS.csv[.gz]"),
            containsString("has no ICUSTAYS.csv[.gz], CHARTEVENTS.csv[.gz]")));
  }

  @Test
  void missingColumnFailsWhenThePipelineIsBuilt() throws Exception {
    write("CHARTEVENTS.csv", CHART_HEADER.replace(",error,", ",").replace(",valueuom,", ","));

    assertThat(refusal(), containsString("lacks valueuom, error"));
  }

  @Test
  void duplicateTableFailsWhenThePipelineIsBuilt() throws Exception {
    write("CHARTEVENTS.csv.gz", CHART_HEADER);

    assertThat(refusal(), containsString("input must have one file of table CHARTEVENTS"));
  }

  @Test
  void emptyInputIsRefused() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Mimic3.read().from("")).getMessage(),
        is("input must name a directory, was empty"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> MimicFiles.pipeline().apply(Mimic3.read()))
            .getMessage(),
        not(containsString("null")));
  }

  private PipelineResult expect(@Nullable Set<String> codes, EhrEvent... events) {
    Pipeline pipeline = MimicFiles.pipeline();
    ReadMimic reader = Mimic3.read().from(directory.toString());
    PCollectionTuple read = pipeline.apply(codes == null ? reader : reader.withCodes(codes));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return result;
  }

  private String refusal() {
    return assertThrows(
            IllegalArgumentException.class,
            () -> MimicFiles.pipeline().apply(Mimic3.read().from(directory.toString())))
        .getMessage();
  }

  private void chart(String... rows) throws Exception {
    String[] lines = new String[rows.length + 1];
    lines[0] = CHART_HEADER;
    System.arraycopy(rows, 0, lines, 1, rows.length);
    write("CHARTEVENTS.csv", lines);
  }

  private void write(String name, String... lines) throws Exception {
    MimicFiles.write(directory, name, lines);
  }

  private static String charted(
      String item, String value, String number, String unit, String error) {
    return String.join(
        ",",
        "1,5,6,7",
        item,
        "2150-01-01 10:00:00,2150-01-01 10:05:00,1",
        value,
        number,
        unit,
        "0",
        error,
        ",");
  }

  private static String admission(String in, String out, String death, String flag) {
    return String.join(
        ",", "1,5,6", in, out, death, "EMERGENCY,WARD,HOME,Private,,,,,,,SEPSIS", flag, "1");
  }

  private static DeadLetter bad(String table, String reason) {
    return DeadLetter.of(table, null, reason);
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
