package io.tardiff.ehr.eicu;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Strings;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.UnknownStays;
import io.tardiff.ehr.table.ParseTable;
import io.tardiff.ehr.table.TableParser;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads hand-written files in the layout of eICU-CRD 2.0 with invented values. */
class EicuTest {
  private static final String PATIENT =
      "patientunitstayid,patienthealthsystemstayid,gender,age,ethnicity,hospitalid,wardid,"
          + "apacheadmissiondx,admissionheight,hospitaladmittime24,hospitaladmitoffset,"
          + "hospitaladmitsource,hospitaldischargeyear,hospitaldischargetime24,"
          + "hospitaldischargeoffset,hospitaldischargelocation,hospitaldischargestatus,unittype,"
          + "unitadmittime24,unitadmitsource,unitvisitnumber,unitstaytype,admissionweight,"
          + "dischargeweight,unitdischargetime24,unitdischargeoffset,unitdischargelocation,"
          + "unitdischargestatus,uniquepid";
  private static final String PERIODIC =
      "vitalperiodicid,patientunitstayid,observationoffset,temperature,sao2,heartrate,respiration,"
          + "cvp,etco2,systemicsystolic,systemicdiastolic,systemicmean,pasystolic,padiastolic,"
          + "pamean,st1,st2,st3,icp";
  private static final String APERIODIC =
      "vitalaperiodicid,patientunitstayid,observationoffset,noninvasivesystolic,"
          + "noninvasivediastolic,noninvasivemean,paop,cardiacoutput,cardiacinput,svr,svri,pvr,pvri";
  private static final String LAB =
      "labid,patientunitstayid,labresultoffset,labtypeid,labname,labresult,labresulttext,"
          + "labmeasurenamesystem,labmeasurenameinterface,labresultrevisedoffset";
  private static final String INTAKE =
      "intakeoutputid,patientunitstayid,intakeoutputoffset,intaketotal,outputtotal,dialysistotal,"
          + "nettotal,intakeoutputentryoffset,cellpath,celllabel,cellvaluenumeric,cellvaluetext";
  private static final String NURSE =
      "nursingchartid,patientunitstayid,nursingchartoffset,nursingchartentryoffset,"
          + "nursingchartcelltypecat,nursingchartcelltypevallabel,nursingchartcelltypevalname,"
          + "nursingchartvalue";
  private static final String RESPIRATORY =
      "respchartid,patientunitstayid,respchartoffset,respchartentryoffset,respcharttypecat,"
          + "respchartvaluelabel,respchartvalue";
  private static final String IO = "flowsheet|Flowsheet Cell Labels|I&O|";
  private static final String UNKNOWN_STAY = "patientunitstayid is not in the table patient";

  @TempDir Path directory;

  @Test
  void patientGivesAdmissionAndDischarge() throws Exception {
    write("vitalPeriodic.csv", PERIODIC);
    write(
        "patient.csv",
        PATIENT,
        "7,5,Female,60,,1,1,\"Rhythm disturbance (atrial, other)\",157.5,,-90,,2015,,3000,Home,Alive,"
            + "ICU,,,1,admit,46.5,45,,1500,Ward,Alive,002-1");

    expect(
        new EhrEvent[] {
          at(0, EhrEvent.ADMISSION).build(),
          at(-90, EhrEvent.HOSPITAL_ADMISSION).build(),
          at(1500, EhrEvent.DISCHARGE).setTextValue("Alive").build(),
          at(3000, EhrEvent.HOSPITAL_DISCHARGE).build(),
          at(3000, EhrEvent.HOSPITAL_DEATH).setNumericValue(0.0).build(),
          fact(EhrEvent.AGE, 60),
          fact(EhrEvent.GENDER, 0),
          fact("Height", 157.5),
          fact("Weight", 46.5)
        });
  }

  @Test
  void over89IsNinetyAndDeathIsOne() throws Exception {
    write("vitalPeriodic.csv", PERIODIC);
    patient("Male", "> 89", "", "Expired");

    expect(
        new EhrEvent[] {
          at(0, EhrEvent.ADMISSION).build(),
          at(1500, EhrEvent.DISCHARGE).build(),
          at(3000, EhrEvent.HOSPITAL_DISCHARGE).build(),
          at(3000, EhrEvent.HOSPITAL_DEATH).setNumericValue(1.0).build(),
          fact(EhrEvent.AGE, 90),
          fact(EhrEvent.GENDER, 1)
        });
  }

  @ParameterizedTest
  @CsvSource({
    "Alive, Home, Alive, Floor, 0.0",
    "Expired, Death, Alive, Floor, 1.0",
    "Expired, Home, Alive, Floor, 1.0",
    "Expired, Death, Expired, Death, 1.0",
    "'', '', Expired, Death, 1.0",
    "'', '', Expired, '', 1.0",
    "'', '', '', Death, 1.0",
    "'', Death, '', '', 1.0",
    "Alive, Home, Expired, Death, contradictory evidence",
    "Alive, Death, Alive, Floor, contradictory evidence",
    "Alive, Death, Expired, Death, contradictory evidence",
    // Without a known status the location decides, for survivors too.
    "'', Home, '', '', 0.0",
    "'', Skilled Nursing Facility, Alive, Floor, 0.0",
    "Gone, Home, Alive, Floor, 0.0",
    "Gone, Death, Alive, Floor, 1.0",
    "Gone, Moon, Alive, Floor, disposition in no list",
    "'', Home, Expired, Death, contradictory evidence",
    // Left the unit alive, but what followed is unknown.
    "'', '', Alive, Floor, none"
  })
  void outcomeFollowsFromFourColumns(
      String status, String place, String unitStatus, String unitPlace, String outcome)
      throws Exception {
    assertThat(
        outcome(
            Map.of(
                "hospitaldischargestatus", status,
                "hospitaldischargelocation", place,
                "unitdischargestatus", unitStatus,
                "unitdischargelocation", unitPlace,
                "hospitaldischargeoffset", "3000")),
        is(outcome));
  }

  @ParameterizedTest
  @CsvSource({
    "-100, 3000, 1.0",
    "'', '', 1.0",
    "-100, -120, discharge before admission",
    "-100, -90, discharge before admission",
    "100, 90, discharge before admission"
  })
  void dischargeBeforeAdmissionIsAnUnknownOutcome(String begin, String end, String outcome)
      throws Exception {
    assertThat(
        outcome(
            Map.of(
                "hospitaldischargestatus", "Expired",
                "hospitaladmitoffset", begin,
                "hospitaldischargeoffset", end)),
        is(outcome));
  }

  private static String outcome(Map<String, String> cells) throws Exception {
    Map<String, String> row = new HashMap<>(cells);
    row.put("uniquepid", "002-1");
    row.put("patientunitstayid", "7");
    List<String> outcomes = new ArrayList<>();
    Eicu.patient()
        .parse(
            column -> Strings.emptyToNull(row.getOrDefault(column, "")),
            event -> {
              if (event.getCode().equals(EhrEvent.HOSPITAL_DEATH)) {
                outcomes.add(
                    event.getNumericValue() == null
                        ? event.getTextValue()
                        : event.getNumericValue().toString());
              }
            });
    return outcomes.isEmpty() ? "none" : String.join(", ", outcomes);
  }

  @Test
  void blankCellsGiveNoEvents() throws Exception {
    write("vitalPeriodic.csv", PERIODIC);
    patient("Unknown", "", "", "");

    expect(stay());
  }

  @Test
  void absurdHeightsAreLeftToTheCohort() throws Exception {
    write("vitalPeriodic.csv", PERIODIC);
    patient("", "", "0.3", "");

    expect(stay(fact("Height", 0.3)));
  }

  @Test
  void badCellsOfAPatientDoNotLoseTheStay() throws Exception {
    stayAnd("aperiodic");
    write("vitalAperiodic.csv", APERIODIC, "1,7,81,171,90,116,,,,,,,");
    patient("Femail", "old", "", "Gone");

    expect(
        stay(
            at(81, "noninvasivesystolic").setNumericValue(171.0).build(),
            at(81, "noninvasivediastolic").setNumericValue(90.0).build(),
            at(81, "noninvasivemean").setNumericValue(116.0).build(),
            at(3000, EhrEvent.HOSPITAL_DEATH).setTextValue("disposition in no list").build()),
        DeadLetter.of("patient", null, "age is not a number"));
  }

  @Test
  void vitalSignsAreNamedByTheirColumns() throws Exception {
    stayAnd("");
    write("vitalPeriodic.csv", PERIODIC, "1,7,-5,36.8,97,0,,,,120,60,,,,,0.1,,,");

    expect(
        stay(
            at(-5, "temperature").setNumericValue(36.8).build(),
            at(-5, "sao2").setNumericValue(97.0).build(),
            at(-5, "heartrate").setNumericValue(0.0).build(),
            at(-5, "systemicsystolic").setNumericValue(120.0).build(),
            at(-5, "systemicdiastolic").setNumericValue(60.0).build(),
            at(-5, "st1").setNumericValue(0.1).build()));
  }

  @Test
  void badCellOfAWideRowDoesNotLoseTheOthers() throws Exception {
    stayAnd("");
    write(
        "vitalPeriodic.csv",
        PERIODIC,
        "1,7,5,hot,97,fast,16,,,,,,,,,,,,",
        "1,7,soon,36,97,,,,,,,,,,,,,,",
        "1,7,1e300,36,97,,,,,,,,,,,,,,",
        "1,7,,36,97,,,,,,,,,,,,,,",
        "1,,5,36,97,,,,,,,,,,,,,,",
        "1,7,5,36");

    expect(
        stay(
            at(5, "sao2").setNumericValue(97.0).build(),
            at(5, "respiration").setNumericValue(16.0).build()),
        DeadLetter.of("vitalPeriodic", null, "temperature is not a number"),
        DeadLetter.of("vitalPeriodic", null, "observationoffset is not a number"),
        DeadLetter.of("vitalPeriodic", null, "observationoffset is out of range"),
        DeadLetter.of("vitalPeriodic", null, "observationoffset is empty"),
        DeadLetter.of("vitalPeriodic", null, "patientunitstayid is empty"),
        DeadLetter.of(
            "vitalPeriodic", null, "row has a different number of fields than the header"));
  }

  @Test
  void labsHaveUnitsAndBoundsHaveTexts() throws Exception {
    stayAnd("aperiodic");
    write(
        "lab.csv",
        LAB,
        "1,7,-60,1,BUN,31.0,31,mg/dL,mg/dL,-50",
        "2,7,10,1,ALT (SGPT),17.0,17,Units/L,IU/L,11",
        "3,7,10,1,pH,7.362,7.362,,unit(s),11",
        "4,7,10,1,troponin - I,,<0.01,ng/mL,ng/mL,11",
        "5,7,10,1,troponin - I,0.01,<0.01,ng/mL,ng/mL,11",
        "6,7,10,1,sodium,,,mmol/L,mmol/L,11",
        "7,7,10,1,sodium,much,much,mmol/L,mmol/L,11");

    expect(
        stay(
            at(-60, "BUN").setNumericValue(31.0).setUnit("mg/dL").build(),
            at(10, "ALT (SGPT)").setNumericValue(17.0).setUnit("Units/L").build(),
            at(10, "pH").setNumericValue(7.362).build(),
            at(10, "troponin - I").setTextValue("<0.01").setUnit("ng/mL").build(),
            at(10, "troponin - I")
                .setNumericValue(0.01)
                .setTextValue("<0.01")
                .setUnit("ng/mL")
                .build()),
        DeadLetter.of("lab", null, "labresult is not a number"));
  }

  @Test
  void intakeAndOutputOfOneLabelHaveDifferentCodes() throws Exception {
    stayAnd("aperiodic");
    write(
        "intakeOutput.csv",
        INTAKE,
        "1,7,30,0,0,0,0,30," + IO + "Output (ml)|Urine,Urine,250,250",
        "2,7,30,0,0,0,0,30," + IO + "Output (ml)|Other,Other,10,10",
        "3,7,30,0,0,0,0,30," + IO + "Intake (ml)|Generic Intake (ml)|Other,Other,20,20",
        "4,7,30,0,0,0,0,30," + IO + "Weight|Bodyweight (kg),Bodyweight (kg),72.5,72.5",
        "5,7,30,0,0,0,0,30,flowsheet|Other,Other,1,1");

    expect(
        stay(
            at(30, "Output (ml)//Urine").setNumericValue(250.0).build(),
            at(30, "Output (ml)//Other").setNumericValue(10.0).build(),
            at(30, "Intake (ml)//Other").setNumericValue(20.0).build(),
            at(30, "Weight//Bodyweight (kg)").setNumericValue(72.5).build()),
        DeadLetter.of("intakeOutput", null, "cellpath has no group after I&O"));
  }

  @Test
  void nursesChartNumbersAndWords() throws Exception {
    stayAnd("aperiodic");
    write(
        "nurseCharting.csv",
        NURSE,
        "1,7,9,9,Vital Signs,Temperature,Temperature (F),98.6",
        "2,7,9,9,Scores,Glasgow coma score,GCS Total,15",
        "3,7,9,9,Scores,Glasgow coma score,GCS Total,Unable to score due to medication",
        "4,7,9,9,Other Vital Signs and Infusions,Score (Glasgow Coma Scale),Value,14",
        "5,7,9,9,Scores,Pain,Value,5d",
        "6,7,9,9,Scores,Pain,Value,NaN",
        "7,7,9,9,Scores,Pain,Value,",
        "8,7,9,9,Scores,,Value,3");

    expect(
        stay(
            at(9, "Temperature//Temperature (F)").setNumericValue(98.6).build(),
            at(9, "Glasgow coma score//GCS Total").setNumericValue(15.0).build(),
            at(9, "Glasgow coma score//GCS Total")
                .setTextValue("Unable to score due to medication")
                .build(),
            at(9, "Score (Glasgow Coma Scale)//Value").setNumericValue(14.0).build(),
            at(9, "Pain//Value").setTextValue("5d").build()),
        DeadLetter.of("nurseCharting", null, "nursingchartcelltypevallabel is empty"));
  }

  @Test
  void percentagesOfAVentilatorAreNumbers() throws Exception {
    stayAnd("aperiodic");
    write(
        "respiratoryCharting.csv",
        RESPIRATORY,
        "1,7,9,9,respFlowSettings,FiO2,60%",
        "2,7,9,9,respFlowSettings,FiO2,40",
        "3,7,9,9,respFlowCareData,O2 Device,Nasal cannula");

    expect(
        stay(
            at(9, "respFlowSettings//FiO2").setNumericValue(60.0).setUnit("%").build(),
            at(9, "respFlowSettings//FiO2").setNumericValue(40.0).build(),
            at(9, "respFlowCareData//O2 Device").setTextValue("Nasal cannula").build()));
  }

  @Test
  void eventsOfAnUnknownStayAreDeadLetters() throws Exception {
    stayAnd("");
    write("vitalPeriodic.csv", PERIODIC, "1,8,5,,97,80,,,,,,,,,,,,,");

    expect(
        stay(),
        DeadLetter.of("vitalPeriodic", null, UNKNOWN_STAY + ": sao2"),
        DeadLetter.of("vitalPeriodic", null, UNKNOWN_STAY + ": heartrate"));
  }

  @Test
  void valuesOfAnUnknownStayAreCountedByCode() throws Exception {
    stayAnd("");
    write(
        "vitalPeriodic.csv",
        PERIODIC,
        "1,8,5,,97,80,,,,,,,,,,,,,",
        "2,8,6,,97,,,,,,,,,,,,,,",
        "3,7,6,,97,80,,,,,,,,,,,,,");

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(Eicu.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.counts()))
        .satisfies(
            counts -> {
              Map<String, Long> byCode = new HashMap<>();
              for (ReadCount count : counts) {
                String code = UnknownStays.code(count.getWhat());
                if (code != null) {
                  byCode.merge(code, count.getCount(), Long::sum);
                }
              }
              assertThat(byCode, is(Map.of("sao2", 2L, "heartrate", 1L)));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void staysOfOnePersonHaveOneSubject() throws Exception {
    write(
        "patient.csv",
        PATIENT,
        patientRow("7", "", "", "", "", "002-1"),
        patientRow("8", "", "", "", "", "002-1"));
    write("vitalPeriodic.csv", PERIODIC, "1,8,5,,97,,,,,,,,,,,,,,");

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(Eicu.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events()))
        .satisfies(
            events -> {
              for (EhrEvent event : events) {
                assertThat(event.getSubjectId(), is("002-1"));
              }
              return null;
            });
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void duplicateStayDoesNotFailTheRun() throws Exception {
    write(
        "patient.csv",
        PATIENT,
        patientRow("7", "", "", "", "", "002-2"),
        patientRow("7", "", "", "", "", "002-1"));
    write("vitalPeriodic.csv", PERIODIC, "1,7,5,,97,,,,,,,,,,,,,,");

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(Eicu.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events()))
        .satisfies(
            events -> {
              for (EhrEvent event : events) {
                if (event.getCode().equals("sao2")) {
                  assertThat(event.getSubjectId(), is("002-1"));
                }
              }
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void filtersByCodeExceptReserved() throws Exception {
    stayAnd("");
    write(
        "vitalPeriodic.csv", PERIODIC, "1,7,5,36,97,80,,,,,,,,,,,,,", "1,9,5,36,97,,,,,,,,,,,,,,");

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline.apply(Eicu.read().from(directory.toString()).withCodes(Set.of("heartrate")));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(stay(at(5, "heartrate").setNumericValue(80.0).build()));
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void gzipAndUpperCaseNamesAreRead() throws Exception {
    stayAnd("");
    Path file = directory.resolve("vitalPeriodic.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(
          (PERIODIC.toUpperCase(java.util.Locale.ROOT) + "\n1,7,5,,97,,,,,,,,,,,,,,\n")
              .getBytes(StandardCharsets.UTF_8));
    }

    expect(stay(at(5, "sao2").setNumericValue(97.0).build()));
  }

  @Test
  void beamRowsAreParsedAndFindTheirPerson() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    Schema patients =
        Schema.builder()
            .addInt64Field("patientunitstayid")
            .addStringField("uniquepid")
            .addNullableField("age", Schema.FieldType.STRING)
            .addNullableField("gender", Schema.FieldType.STRING)
            .addInt64Field("unitdischargeoffset")
            .addInt64Field("hospitaldischargeoffset")
            .addNullableField("hospitaldischargestatus", Schema.FieldType.STRING)
            .build();
    Schema labs =
        Schema.builder()
            .addInt64Field("patientunitstayid")
            .addInt64Field("labresultoffset")
            .addStringField("labname")
            .addDoubleField("labresult")
            .addStringField("labmeasurenamesystem")
            .build();
    PCollection<EhrEvent> stays =
        pipeline
            .apply(
                "Patients",
                Create.of(
                        Row.withSchema(patients)
                            .addValues(7L, "002-1", null, null, 1500L, 3000L, null)
                            .build())
                    .withRowSchema(patients))
            .apply("Parse patients", ParseTable.with(Eicu.patient()))
            .get(EhrTags.events());
    PCollectionTuple read =
        pipeline
            .apply(
                "Labs",
                Create.of(Row.withSchema(labs).addValues(7L, 10L, "lactate", 2.5, "mmol/L").build())
                    .withRowSchema(labs))
            .apply("Parse labs", ParseTable.with(Eicu.lab()))
            .get(EhrTags.events())
            .apply(Eicu.findSubjects(stays, Eicu.lab()));

    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(at(10, "lactate").setNumericValue(2.5).setUnit("mmol/L").build());
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void allMissingTablesAreReported() {
    assertThat(
        refusal(directory.toString()),
        allOf(
            containsString("input must be a directory with eICU's patient.csv[.gz]"),
            containsString(
                "no patient.csv[.gz] and no vitalPeriodic.csv[.gz] or vitalAperiodic.csv[.gz]")));
  }

  @Test
  void missingVitalSignsFailBeforeAnythingRuns() throws Exception {
    patient("", "", "", "");
    write("lab.csv", LAB);

    assertThat(
        refusal(directory.toString()),
        containsString("has no vitalPeriodic.csv[.gz] or vitalAperiodic.csv[.gz]"));
  }

  @Test
  void missingColumnsFailBeforeAnythingRuns() throws Exception {
    stayAnd("aperiodic");
    write("lab.csv", "labid,patientunitstayid,labname", "1,7,BUN");

    assertThat(refusal(directory.toString()), containsString("lacks labresultoffset, labresult"));
  }

  @Test
  void emptyInputIsRefused() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Eicu.read().from("")).getMessage(),
        is("input must name a directory, was empty"));
  }

  @Test
  void parsersNameTheirTables() {
    assertThat(
        List.of(
                Eicu.patient(),
                Eicu.vitalPeriodic(),
                Eicu.vitalAperiodic(),
                Eicu.lab(),
                Eicu.intakeOutput(),
                Eicu.nurseCharting(),
                Eicu.respiratoryCharting())
            .stream()
            .map(TableParser::table)
            .toList(),
        is(
            List.of(
                "patient",
                "vitalPeriodic",
                "vitalAperiodic",
                "lab",
                "intakeOutput",
                "nurseCharting",
                "respiratoryCharting")));
  }

  private void expect(EhrEvent[] events, DeadLetter... deadLetters) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(Eicu.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(read.get(EhrTags.deadLetters())).containsInAnyOrder(deadLetters);
    pipeline.run().waitUntilFinish();
  }

  private static String refusal(String input) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    return assertThrows(
            IllegalArgumentException.class, () -> pipeline.apply(Eicu.read().from(input)))
        .getMessage();
  }

  /** Writes stay 7 of the person 002-1 without any other data. */
  private void stayAnd(String vitals) throws Exception {
    patient("", "", "", "");
    if (!vitals.isEmpty()) {
      write("vitalAperiodic.csv", APERIODIC);
    }
  }

  private void patient(String gender, String age, String height, String status) throws Exception {
    write("patient.csv", PATIENT, patientRow("7", gender, age, height, status, "002-1"));
  }

  private static String patientRow(
      String stay, String gender, String age, String height, String status, String person) {
    return stay
        + ",5,"
        + gender
        + ","
        + age
        + ",,1,1,,"
        + height
        + ",,,,2015,,3000,,"
        + status
        + ",ICU,,,1,admit,,,,1500,Ward,,"
        + person;
  }

  /** Returns the events of {@link #stayAnd} and more. */
  private static EhrEvent[] stay(EhrEvent... more) {
    EhrEvent[] events = new EhrEvent[more.length + 3];
    events[0] = at(0, EhrEvent.ADMISSION).build();
    events[1] = at(1500, EhrEvent.DISCHARGE).build();
    events[2] = at(3000, EhrEvent.HOSPITAL_DISCHARGE).build();
    System.arraycopy(more, 0, events, 3, more.length);
    return events;
  }

  private static EhrEvent.Builder at(long minute, String code) {
    return EhrEvent.builder()
        .setSubjectId("002-1")
        .setStayId("7")
        .setTime(Instant.EPOCH.plus(Duration.standardMinutes(minute)))
        .setCode(code);
  }

  private static EhrEvent fact(String code, double value) {
    return at(0, code).setTime(null).setNumericValue(value).build();
  }

  private void write(String name, String... lines) throws Exception {
    Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
  }
}
