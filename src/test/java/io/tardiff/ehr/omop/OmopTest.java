package io.tardiff.ehr.omop;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.table.ParseTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;
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

/** Reads hand-written files in the layout of the common data model with invented values. */
class OmopTest {
  private static final String PERSON =
      "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime";
  private static final String VISIT =
      "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,"
          + "visit_end_date,visit_end_datetime,discharge_to_concept_id,discharge_to_source_value";
  private static final String VISIT_5_4 = VISIT.replace("discharge_to", "discharged_to");
  private static final String DETAIL =
      "visit_detail_id,person_id,visit_detail_concept_id,visit_detail_start_date,"
          + "visit_detail_start_datetime,visit_detail_end_date,visit_detail_end_datetime,"
          + "visit_occurrence_id";
  private static final String DEATH = "person_id,death_date,death_datetime";
  private static final String MEASUREMENT =
      "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,"
          + "measurement_time,operator_concept_id,value_as_number,value_as_concept_id,"
          + "unit_concept_id,visit_occurrence_id,visit_detail_id,measurement_source_value,"
          + "unit_source_value,value_source_value";
  private static final String OBSERVATION =
      "observation_id,person_id,observation_concept_id,observation_date,observation_datetime,"
          + "value_as_number,value_as_string,observation_source_value,unit_source_value";

  /** Ids may be hashes. */
  private static final String HASH = "-3210373572193940939";

  @TempDir Path directory;

  @BeforeEach
  void required() throws Exception {
    write("person.csv", PERSON);
    write("visit_occurrence.csv", VISIT);
    write("measurement.csv", MEASUREMENT);
  }

  @Test
  void birthIsAsPreciseAsTheSource() throws Exception {
    write(
        "person.csv",
        PERSON,
        HASH + ",8507,1950,,,1950-02-03 04:05:00",
        "2,8532,1950,2,3,",
        "3,0,1950.0,2.0,,",
        "4,,1950,,,",
        "5,8532,,,,",
        "6,8532,1950,13,1,",
        ",8532,1950,1,1,");

    expect(
        new EhrEvent[] {
          gender(HASH, 1),
          at(HASH, "1950-02-03T04:05:00Z", EhrEvent.BIRTH).build(),
          gender("2", 0),
          at("2", "1950-02-03T00:00:00Z", EhrEvent.BIRTH).build(),
          at("3", "1950-02-01T00:00:00Z", EhrEvent.BIRTH).build(),
          at("4", "1950-06-15T00:00:00Z", EhrEvent.BIRTH).build(),
          gender("5", 0),
          gender("6", 0)
        },
        DeadLetter.of(
            "person", null, "year_of_birth, month_of_birth and day_of_birth are not a date"),
        DeadLetter.of("person", null, "person_id is empty"));
  }

  @Test
  void visitsGiveAdmissionsAndDischarges() throws Exception {
    write(
        "visit_occurrence.csv",
        VISIT,
        "-11,1,9201,2150-01-01,2150-01-01 10:00:00,2150-01-05,2150-01-05 12:00:00,581476,HOME",
        "12,1,32037,2150-02-01,2150-02-01 10:00:00,2150-02-05,2150-02-05 12:00:00,,",
        "13,1,9202,2150-03-01,2150-03-01 10:00:00,2150-03-01,2150-03-01 12:00:00,,");
    write("death.csv", DEATH, "2,2150-01-01,");

    expect(
        new EhrEvent[] {
          stay("-11", "2150-01-01T10:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("-11", "2150-01-05T12:00:00Z", EhrEvent.HOSPITAL_DISCHARGE)
              .setTextValue("HOME")
              .build(),
          outcome("-11", "2150-01-05T12:00:00Z", 0),
          stay("12", "2150-02-01T10:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("12", "2150-02-01T10:00:00Z", EhrEvent.ADMISSION).build(),
          stay("12", "2150-02-05T12:00:00Z", EhrEvent.DISCHARGE).build(),
          stay("12", "2150-02-05T12:00:00Z", EhrEvent.HOSPITAL_DISCHARGE).build(),
          // Not in the table of deaths.
          outcome("12", "2150-02-05T12:00:00Z", 0),
          at("2", "2150-01-01T23:59:59Z", EhrEvent.DEATH).build()
        });
  }

  @Test
  void detailsOfAVisitAreStaysWithItsOutcome() throws Exception {
    write(
        "visit_occurrence.csv",
        VISIT,
        "11,1,9201,2150-01-01,2150-01-01 10:00:00,2150-01-09,2150-01-09 12:00:00,,",
        "12,1,262,2150-03-01,2150-03-01 10:00:00,2150-03-09,2150-03-09 12:00:00,,");
    write(
        "visit_detail.csv",
        DETAIL,
        "11,1,32037,2150-03-01,,2150-03-02,2150-03-02 08:00:00,12",
        "21,1,32037,2150-03-05,2150-03-05 08:00:00,2150-03-06,2150-03-06 08:00:00,12",
        "22,1,8717,2150-03-06,2150-03-06 08:00:00,2150-03-09,2150-03-09 08:00:00,12",
        "23,1,32037,2150-05-06,2150-05-06 08:00:00,2150-05-09,2150-05-09 08:00:00,");
    // Only a date: its last second is after the discharge, but counts as in hospital.
    write("death.csv", DEATH, "1,2150-03-09,");

    expect(
        new EhrEvent[] {
          stay("11", "2150-01-01T10:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("11", "2150-01-09T12:00:00Z", EhrEvent.HOSPITAL_DISCHARGE).build(),
          outcome("11", "2150-01-09T12:00:00Z", 0),
          stay("12", "2150-03-01T10:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("12", "2150-03-09T12:00:00Z", EhrEvent.HOSPITAL_DISCHARGE).build(),
          outcome("12", "2150-03-09T12:00:00Z", 1),
          stay("visit_detail//11", "2150-03-01T00:00:00Z", EhrEvent.ADMISSION).build(),
          stay("visit_detail//11", "2150-03-02T08:00:00Z", EhrEvent.DISCHARGE).build(),
          part("visit_detail//11", "2150-03-01T00:00:00Z", "12"),
          stay("visit_detail//21", "2150-03-05T08:00:00Z", EhrEvent.ADMISSION).build(),
          stay("visit_detail//21", "2150-03-06T08:00:00Z", EhrEvent.DISCHARGE).build(),
          part("visit_detail//21", "2150-03-05T08:00:00Z", "12"),
          stay("visit_detail//23", "2150-05-06T08:00:00Z", EhrEvent.ADMISSION).build(),
          stay("visit_detail//23", "2150-05-09T08:00:00Z", EhrEvent.DISCHARGE).build(),
          at("1", "2150-03-09T23:59:59Z", EhrEvent.DEATH).build()
        });
  }

  @Test
  void dischargeGivesTheOutcomeAndMissingOnesGiveNone() throws Exception {
    write(
        "visit_occurrence.csv",
        VISIT_5_4,
        "11,1,9201,2150-01-01,,2150-01-02,,4216643,",
        "12,1,9201,2150-02-01,,2150-02-02,,0,Expired",
        "13,1,9201,2150-03-01,,2150-03-02,,8536,",
        "14,1,9201,2150-04-01,,2150-04-02,,0,",
        "15,1,9201,2150-05-01,,2150-05-02,,32220,Still patient",
        "16,1,9201,2150-06-01,,2150-06-02,,1234567,",
        "17,1,9201,2150-07-01,,2150-07-02,,NULL,",
        "18,1,9201,2150-08-01,,2150-08-02,,8536,Expired",
        "19,1,9201,2150-09-01,,2150-09-02,,4216643.0,");
    // Not populated.
    write("death.csv", DEATH);

    expect(
        new EhrEvent[] {
          stay("11", "2150-01-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("11", "2150-01-02T23:59:59Z", EhrEvent.HOSPITAL_DISCHARGE)
              .setTextValue("DIED")
              .build(),
          outcome("11", "2150-01-02T23:59:59Z", 1),
          stay("12", "2150-02-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("12", "2150-02-02T23:59:59Z", EhrEvent.HOSPITAL_DISCHARGE)
              .setTextValue("DIED")
              .build(),
          outcome("12", "2150-02-02T23:59:59Z", 1),
          stay("13", "2150-03-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("13", "2150-03-02T23:59:59Z", EhrEvent.HOSPITAL_DISCHARGE)
              .setTextValue("8536")
              .build(),
          outcome("13", "2150-03-02T23:59:59Z", 0),
          stay("14", "2150-04-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("14", "2150-04-02T23:59:59Z", EhrEvent.HOSPITAL_DISCHARGE).build(),
          stay("15", "2150-05-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          discharge("15", "2150-05-02T23:59:59Z", "Still patient"),
          unknown("15", "2150-05-02T23:59:59Z", "still a patient"),
          stay("16", "2150-06-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          discharge("16", "2150-06-02T23:59:59Z", "1234567"),
          unknown("16", "2150-06-02T23:59:59Z", "disposition in no list"),
          stay("17", "2150-07-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("17", "2150-07-02T23:59:59Z", EhrEvent.HOSPITAL_DISCHARGE).build(),
          stay("18", "2150-08-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          discharge("18", "2150-08-02T23:59:59Z", "Expired"),
          unknown("18", "2150-08-02T23:59:59Z", "contradictory evidence"),
          stay("19", "2150-09-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          discharge("19", "2150-09-02T23:59:59Z", "DIED"),
          outcome("19", "2150-09-02T23:59:59Z", 1)
        });
  }

  @Test
  void deathTableDecidesUnstatedOutcomes() throws Exception {
    write(
        "visit_occurrence.csv",
        VISIT,
        "11,1,9201,2150-01-01,,2150-01-02,,,",
        "12,1,9201,2150-02-01,,2150-02-02,,1234567,",
        "13,1,9201,2150-03-01,,2150-03-02,,32220,",
        "14,1,9201,2150-04-01,,2150-04-02,,,",
        "15,2,9201,2150-04-01,,2150-04-02,2150-04-02 10:00:00,,");
    write("death.csv", DEATH, "1,2150-04-02,", "2,2150-04-02,2150-04-02 20:00:00");

    expect(
        new EhrEvent[] {
          stay("11", "2150-01-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("11", "2150-01-02T23:59:59Z", EhrEvent.HOSPITAL_DISCHARGE).build(),
          outcome("11", "2150-01-02T23:59:59Z", 0),
          stay("12", "2150-02-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          discharge("12", "2150-02-02T23:59:59Z", "1234567"),
          unknown("12", "2150-02-02T23:59:59Z", "disposition in no list"),
          outcome("12", "2150-02-02T23:59:59Z", 0),
          stay("13", "2150-03-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          discharge("13", "2150-03-02T23:59:59Z", "32220"),
          unknown("13", "2150-03-02T23:59:59Z", "still a patient"),
          stay("14", "2150-04-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
          stay("14", "2150-04-02T23:59:59Z", EhrEvent.HOSPITAL_DISCHARGE).build(),
          outcome("14", "2150-04-02T23:59:59Z", 1),
          at("1", "2150-04-02T23:59:59Z", EhrEvent.DEATH).build(),
          // At home, or in hospital and recorded late: unknown.
          at("2", "2150-04-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).setStayId("15").build(),
          at("2", "2150-04-02T10:00:00Z", EhrEvent.HOSPITAL_DISCHARGE).setStayId("15").build(),
          at("2", "2150-04-02T20:00:00Z", EhrEvent.DEATH).build()
        });
  }

  @Test
  void detailBelongsToTheVisitItNames() throws Exception {
    write(
        "visit_occurrence.csv",
        VISIT,
        "11,1,9201,2150-03-01,2150-03-01 10:00:00,2150-03-09,2150-03-09 12:00:00,8536,",
        "12,1,262,2150-03-02,2150-03-02 10:00:00,2150-03-08,2150-03-08 12:00:00,4216643,");
    write(
        "visit_detail.csv",
        DETAIL,
        "21,1,32037,2150-03-05,2150-03-05 08:00:00,2150-03-06,2150-03-06 08:00:00,11",
        "22,1,32037,2150-03-05,2150-03-05 09:00:00,2150-03-06,2150-03-06 08:00:00,77");

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(Omop.read().from(directory.toString()));
    PAssert.that(
            read.get(EhrTags.events())
                .apply(Filter.by(event -> event.getCode().equals(EhrEvent.HOSPITAL_STAY))))
        .containsInAnyOrder(
            part("visit_detail//21", "2150-03-05T08:00:00Z", "11"),
            // No visit with this id, so the innermost one at that time.
            part("visit_detail//22", "2150-03-05T09:00:00Z", "12"));
    pipeline.run().waitUntilFinish();
  }

  private static EhrEvent discharge(String stay, String time, String where) {
    return stay(stay, time, EhrEvent.HOSPITAL_DISCHARGE).setTextValue(where).build();
  }

  @Test
  void openAndImpossibleVisitsHaveNoOutcome() throws Exception {
    write(
        "visit_occurrence.csv",
        VISIT,
        "11,1,9201,2150-01-01,,,,,",
        "12,1,9201,2150-01-05,,2150-01-04,,,",
        "13,1,9201,,,2150-01-04,,,",
        "14,1,9201,5/1/2150,,2150-01-04,,,");
    write("death.csv", DEATH, "1,,");

    expect(
        new EhrEvent[] {stay("11", "2150-01-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build()},
        DeadLetter.of("visit_occurrence", null, "visit_end_date is before visit_start_date"),
        DeadLetter.of("visit_occurrence", null, "visit_start_date is empty"),
        DeadLetter.of("visit_occurrence", null, "visit_start_date is not a time"),
        DeadLetter.of("death", null, "death_date is empty"));
  }

  @Test
  void visitConceptsAreConfigurable() throws Exception {
    write(
        "visit_occurrence.csv",
        VISIT,
        "11,1,8870,2150-01-01,,,,,",
        "12,1,9201,2150-02-01,,,,,",
        "13,1,7,2150-03-01,,,,,");

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline.apply(
            Omop.read()
                .from(directory.toString())
                .withHospitalVisits(Set.of("8870"))
                .withIcuVisits(Set.of("7")));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(
            stay("11", "2150-01-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
            stay("13", "2150-03-01T00:00:00Z", EhrEvent.HOSPITAL_ADMISSION).build(),
            stay("13", "2150-03-01T00:00:00Z", EhrEvent.ADMISSION).build());
    pipeline.run().waitUntilFinish();
  }

  @Test
  void measurementsHaveNoStayAndTheMostPreciseTime() throws Exception {
    write(
        "measurement.csv",
        MEASUREMENT,
        "1,1,3027018,2150-01-01,2150-01-01 10:00:00,,,80,,8541,11,,220045,,80",
        "2,1,3027018.0,2150-01-01,,11:30:00,,81,,,11,,220045,,81",
        "3,1,3027018,2150-01-01,,2150-01-01 12:30:00,,82,,,,,220045,,82",
        "4,1,3027018,2150-01-01,,,,83,,,,,220045,,83",
        "5,1,3027018,2150-01-01,,noon,,84,,,,,220045,,84",
        "6,1,3027018,,,,,85,,,,,220045,,85");

    expect(
        new EhrEvent[] {
          at("1", "2150-01-01T10:00:00Z", "3027018").setNumericValue(80.0).setUnit("/min").build(),
          at("1", "2150-01-01T11:30:00Z", "3027018").setNumericValue(81.0).build(),
          at("1", "2150-01-01T12:30:00Z", "3027018").setNumericValue(82.0).build(),
          at("1", "2150-01-01T23:59:59Z", "3027018").setNumericValue(83.0).build()
        },
        DeadLetter.of("measurement", null, "measurement_time is not a time"),
        DeadLetter.of("measurement", null, "measurement_date is empty"));
  }

  /** The two concepts of degrees Celsius in use; 8653 is that of OMOP's MIMIC-III conversion. */
  @Test
  void bothConceptsOfDegreesCelsius() throws Exception {
    write(
        "measurement.csv",
        MEASUREMENT,
        "1,1,3020891,2150-01-01,2150-01-01 10:00:00,,,37.2,,8653,,,,Deg. C,37.2",
        "2,1,3020891,2150-01-01,2150-01-01 11:00:00,,,37.3,,586323,,,,,37.3");

    expect(
        new EhrEvent[] {
          at("1", "2150-01-01T10:00:00Z", "3020891").setNumericValue(37.2).setUnit("Cel").build(),
          at("1", "2150-01-01T11:00:00Z", "3020891").setNumericValue(37.3).setUnit("Cel").build()
        });
  }

  @Test
  void unmappedMeasurementsKeepTheSourceCode() throws Exception {
    write(
        "measurement.csv",
        MEASUREMENT,
        "1,1,0,2150-01-01,2150-01-01 10:00:00,,,2,,8554,,,50805,%,2",
        "2,1,,2150-01-01,2150-01-01 10:00:00,,,3,,0,,,50805,,3",
        "3,1,0,2150-01-01,2150-01-01 10:00:00,,,3,,,,,,,3");

    expect(
        new EhrEvent[] {
          at("1", "2150-01-01T10:00:00Z", "50805").setNumericValue(2.0).setUnit("%").build(),
          at("1", "2150-01-01T10:00:00Z", "50805").setNumericValue(3.0).build()
        },
        DeadLetter.of(
            "measurement",
            null,
            "measurement_concept_id is 0 and measurement_source_value is empty"));
  }

  @Test
  void boundsAndWordsAreTexts() throws Exception {
    write(
        "measurement.csv",
        MEASUREMENT,
        "1,1,5,2150-01-01,2150-01-01 10:00:00,,4171756,0.5,,8840,,,x,mg/dl,<0.5",
        "2,1,5,2150-01-01,2150-01-01 10:00:00,,4172703,0.5,,99,,,x,,0.5",
        "3,1,5,2150-01-01,2150-01-01 10:00:00,,,,9191,,,,x,,POS",
        "4,1,5,2150-01-01,2150-01-01 10:00:00,,,,9191,,,,x,,",
        "5,1,5,2150-01-01,2150-01-01 10:00:00,,,,0,,,,x,,",
        "6,1,5,2150-01-01,2150-01-01 10:00:00,,,much,,,,,x,,much");

    expect(
        new EhrEvent[] {
          at("1", "2150-01-01T10:00:00Z", "5")
              .setNumericValue(0.5)
              .setTextValue("<0.5")
              // From the concept, not the source's spelling.
              .setUnit("mg/dL")
              .build(),
          at("1", "2150-01-01T10:00:00Z", "5").setNumericValue(0.5).setUnit("99").build(),
          at("1", "2150-01-01T10:00:00Z", "5").setTextValue("POS").build(),
          at("1", "2150-01-01T10:00:00Z", "5").setTextValue("9191").build()
        },
        DeadLetter.of("measurement", null, "value_as_number is not a number"));
  }

  @Test
  void observationsAreReadLikeMeasurements() throws Exception {
    write(
        "observation.csv",
        OBSERVATION,
        "1,1,4264378,2150-01-01,2150-01-01 10:00:00,250,,226559,mL",
        "2,1,4127294,2150-01-01,2150-01-01 10:00:00,,Full code,223758,");

    expect(
        new EhrEvent[] {
          at("1", "2150-01-01T10:00:00Z", "4264378").setNumericValue(250.0).setUnit("mL").build(),
          at("1", "2150-01-01T10:00:00Z", "4127294").setTextValue("Full code").build()
        });
  }

  @Test
  void tabSeparatedFilesAreRead() throws Exception {
    for (String table : new String[] {"person", "visit_occurrence", "measurement"}) {
      Path file = directory.resolve(table + ".csv");
      Files.writeString(file, Files.readString(file).replace(',', '\t'));
    }
    Files.writeString(
        directory.resolve("person.csv"), PERSON.replace(',', '\t') + "\n1\t8507\t\t\t\t\n");

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline.apply(
            Omop.read()
                .from(directory.toString())
                .withDelimiter('\t')
                .withCodes(Set.of(EhrEvent.GENDER)));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(gender("1", 1));
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void beamRowsAreParsed() {
    Schema schema =
        Schema.builder()
            .addInt64Field("PERSON_ID")
            .addInt64Field("MEASUREMENT_CONCEPT_ID")
            .addLogicalTypeField("MEASUREMENT_DATE", SqlTypes.DATE)
            .addNullableField("MEASUREMENT_DATETIME", Schema.FieldType.DATETIME)
            .addDoubleField("VALUE_AS_NUMBER")
            .build();
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline
            .apply(
                Create.of(
                        row(schema, Instant.parse("2150-01-01T10:00:00Z"), 80.0),
                        row(schema, null, 81.0))
                    .withRowSchema(schema))
            .apply(ParseTable.with(Omop.measurement()));

    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(
            at(HASH, "2150-01-01T10:00:00Z", "3027018").setNumericValue(80.0).build(),
            at(HASH, "2150-01-01T23:59:59Z", "3027018").setNumericValue(81.0).build());
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  private static Row row(Schema schema, @Nullable Instant time, double value) {
    return Row.withSchema(schema)
        .addValues(Long.valueOf(HASH), 3027018L, LocalDate.of(2150, 1, 1), time, value)
        .build();
  }

  @Test
  void allMissingTablesAreReported() throws Exception {
    Files.delete(directory.resolve("person.csv"));
    Files.delete(directory.resolve("measurement.csv"));

    assertThat(
        refusal(),
        allOf(
            containsString("input must be a directory with person.csv[.gz]"),
            containsString("has no person.csv[.gz], measurement.csv[.gz]")));
  }

  @Test
  void missingColumnsFailWhenThePipelineIsBuilt() throws Exception {
    write("measurement.csv", "measurement_id,person_id,measurement_date");

    assertThat(refusal(), containsString("lacks measurement_concept_id, value_as_number"));
  }

  @Test
  void emptyInputIsRefused() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Omop.read().from("")).getMessage(),
        is("input must name a directory, was empty"));
  }

  private String refusal() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    return assertThrows(
            IllegalArgumentException.class,
            () -> pipeline.apply(Omop.read().from(directory.toString())))
        .getMessage();
  }

  private void expect(EhrEvent[] events, DeadLetter... deadLetters) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(Omop.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(read.get(EhrTags.deadLetters())).containsInAnyOrder(deadLetters);
    pipeline.run().waitUntilFinish();
  }

  private static EhrEvent.Builder at(String person, String time, String code) {
    return EhrEvent.builder().setSubjectId(person).setTime(Instant.parse(time)).setCode(code);
  }

  private static EhrEvent.Builder stay(String stay, String time, String code) {
    return at("1", time, code).setStayId(stay);
  }

  private static EhrEvent part(String stay, String time, String visit) {
    return stay(stay, time, EhrEvent.HOSPITAL_STAY).setTextValue(visit).build();
  }

  private static EhrEvent unknown(String stay, String time, String why) {
    return stay(stay, time, EhrEvent.HOSPITAL_DEATH).setTextValue(why).build();
  }

  private static EhrEvent outcome(String stay, String time, double value) {
    return stay(stay, time, EhrEvent.HOSPITAL_DEATH).setNumericValue(value).build();
  }

  private static EhrEvent gender(String person, double value) {
    return EhrEvent.builder()
        .setSubjectId(person)
        .setCode(EhrEvent.GENDER)
        .setNumericValue(value)
        .build();
  }

  private void write(String name, String... lines) throws Exception {
    Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
  }
}
