package io.tardiff.ehr.table;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.files.parquet.ParquetOutput;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablesTest {
  private static final TableMapping CHALLENGE = TableMapping.load("samples/cinc2019.yaml");

  /** Columns of the challenge. */
  private static final String HEADER =
      "HR|O2Sat|Temp|SBP|MAP|DBP|Resp|EtCO2|BaseExcess|HCO3|FiO2|pH|PaCO2|SaO2|AST|BUN|"
          + "Alkalinephos|Calcium|Chloride|Creatinine|Bilirubin_direct|Glucose|Lactate|Magnesium|"
          + "Phosphate|Potassium|Bilirubin_total|TroponinI|Hct|Hgb|PTT|WBC|Fibrinogen|Platelets|"
          + "Age|Gender|Unit1|Unit2|HospAdmTime|ICULOS|SepsisLabel";

  private static final String LONG =
      "tables: {vitals: {files: 'vitals*', delimiter: ';', missing: ['NULL'], subject: patient,"
          + " stay: stay, time: charted, code: {column: item, rename: {Heart rate: HR}},"
          + " value: value, unit: unit}}";

  @TempDir Path directory;

  @Test
  void challenge2019IsReadWithItsMapping() throws Exception {
    write(
        "training/training_setA/p000001.psv",
        HEADER,
        hour("NaN", "NaN", "-50", 1, "0"),
        hour("97", "36.1", "-50", 2, "0"),
        hour("89", "NaN", "-50", 4, "1"),
        "");
    write("training/training_setB/p100001.psv", HEADER, hour("80", "NaN", "NaN", 1, "0"), "");

    expect(
        Tables.read().withMapping(CHALLENGE),
        List.of(
            at("p000001", EhrEvent.ADMISSION, 0).build(),
            at("p000001", EhrEvent.HOSPITAL_ADMISSION, -50).build(),
            fact("p000001", "Age", 83.14, "a"),
            fact("p000001", "Gender", 0, null),
            value("p000001", "SepsisLabel", 0, 0, null),
            value("p000001", "HR", 1, 97, "bpm"),
            value("p000001", "Temp", 1, 36.1, "Cel"),
            value("p000001", "SepsisLabel", 1, 0, null),
            value("p000001", "HR", 3, 89, "bpm"),
            value("p000001", "SepsisLabel", 3, 1, null),
            at("p000001", EhrEvent.DISCHARGE, 4).build(),
            at("p100001", EhrEvent.ADMISSION, 0).build(),
            fact("p100001", "Age", 83.14, "a"),
            fact("p100001", "Gender", 0, null),
            value("p100001", "HR", 0, 80, "bpm"),
            value("p100001", "SepsisLabel", 0, 0, null),
            at("p100001", EhrEvent.DISCHARGE, 1).build()));
  }

  @Test
  void filtersByCodeExceptReserved() throws Exception {
    write("p000001.psv", HEADER, hour("97", "36.1", "NaN", 1, "0"), "");

    expect(
        Tables.read().withMapping(CHALLENGE).withCodes(Set.of("HR")),
        List.of(
            at("p000001", EhrEvent.ADMISSION, 0).build(),
            value("p000001", "HR", 0, 97, "bpm"),
            at("p000001", EhrEvent.DISCHARGE, 1).build()));
  }

  @Test
  void badSubjectFilesAreDeadLettersWithoutTheirNames() throws Exception {
    write(
        "p000001.psv",
        HEADER,
        hour("fast", "36.1", "NaN", 1, "0"),
        "97|36",
        hour("90", "NaN", "NaN", 3, "0"),
        "");
    write("p000002.psv", HEADER, hour("Infinity", "NaN", "NaN", 1, "0").replace("|1|0", "||0"), "");
    write("p000003.psv", "");
    write("p000004.psv", "HR|Temp", "97|36", "");
    write("readme.psv", "no patient");

    expect(
        Tables.read().withMapping(CHALLENGE).withCodes(Set.of("HR", "Temp")),
        List.of(
            at("p000001", EhrEvent.ADMISSION, 0).build(),
            // Not a number; counted by the cohort.
            at("p000001", "HR", 0).setTextValue("fast").setUnit("bpm").build(),
            value("p000001", "Temp", 0, 36.1, "Cel"),
            value("p000001", "HR", 2, 90, "bpm"),
            at("p000001", EhrEvent.DISCHARGE, 3).build(),
            at("p000002", EhrEvent.ADMISSION, 0).build()),
        DeadLetter.of("hours", null, "row has a different number of fields than the header"),
        DeadLetter.of("hours", null, "ICULOS is empty"),
        DeadLetter.of("hours", null, "file is empty"),
        DeadLetter.of("hours", null, "file lacks columns of the mapping"),
        DeadLetter.of("hours", null, "file name does not match subject.file or stay.file"));
  }

  @Test
  void timesFromRowNumbers() throws Exception {
    write("p1_s2.csv", "HR", "60", "bad", "1,2", "70", "");

    expect(
        mapped(
            "tables: {rows: {files: '*.csv', subject: {file: '^(p\\d+)_'}, stay: {file: '_(s\\d+)'},"
                + " time: {row: 0.5, as: hours}, columns: {HR: HR}}}"),
        List.of(
            event("p1", "s2", "HR").setTime(Instant.EPOCH).setNumericValue(60.0).build(),
            event("p1", "s2", "HR").setTime(new Instant(1_800_000)).setTextValue("bad").build(),
            // Unreadable rows keep their position.
            event("p1", "s2", "HR")
                .setTime(Instant.ofEpochSecond(5400))
                .setNumericValue(70.0)
                .build()),
        DeadLetter.of("rows", null, "row has a different number of fields than the header"));
  }

  @Test
  void longTablesInSeveralFilesWithTextsUnitsAndNoStay() throws Exception {
    write(
        "vitals1.csv",
        "Patient;Stay;Charted;Item;Value;Unit",
        "7;70;2150-01-02 03:04:05;Heart rate;61.5;bpm",
        "7;;2150-01-02T03:04:05Z;\"Rhythm; lead II\";Sinus;",
        "7;70;2150-01-02 03:04;Temp;NULL;F",
        "");
    gzip("vitals2.csv.gz", "patient;stay;charted;item;value;unit\n8;80;2150-01-02;Temp;98.6;F\n");

    Instant time = Instant.parse("2150-01-02T03:04:05Z");
    expect(
        mapped(LONG),
        List.of(
            event("7", "70", "HR").setTime(time).setNumericValue(61.5).setUnit("bpm").build(),
            event("7", null, "Rhythm; lead II").setTime(time).setTextValue("Sinus").build(),
            event("8", "80", "Temp")
                .setTime(Instant.parse("2150-01-02T00:00:00Z"))
                .setNumericValue(98.6)
                .setUnit("F")
                .build()));
  }

  @Test
  void badRowsOfLongTablesAreDeadLetters() throws Exception {
    write(
        "vitals.csv",
        "patient;stay;charted;item;value;unit",
        ";70;2150-01-02;HR;1;",
        "7;70;yesterday;HR;1;",
        "7;70;;HR;1;",
        "7;70;2150-01-02;;1;",
        "7;70;2150-01-02;HR;Infinity;",
        "7;70;2150-01-02;HR;1",
        "");

    expect(
        mapped(LONG),
        List.of(),
        letters(
            "vitals",
            "patient is empty",
            "charted is not a time",
            "charted is empty",
            "item is empty",
            "value is not finite",
            "row has a different number of fields than the header"));
  }

  @Test
  void stayTableGivesTimesOutcomesLabelsAndSplits() throws Exception {
    write(
        "stays.csv",
        "patient,stay,in,out,sex,outcome,y,fold,born",
        "7,70,0,36,F,dead,2,valid,1900-01-01",
        "8,80,60,,X,?,,train,",
        "");

    Instant end = Instant.ofEpochSecond(36 * 60);
    expect(
        mapped(
            "tables: {stays: {files: stays.csv, subject: patient, stay: stay,"
                + " admission: {column: in, as: minutes}, discharge: {column: out, as: minutes},"
                + " birth: born, statics: {sex: {code: Gender, values: {F: 0, M: 1}}},"
                + " hospital_death: {column: outcome, values: {dead: 1, alive: 0},"
                + "   time: {column: out, as: minutes}},"
                + " label: y, split: {column: fold, values: {valid: tuning}}}}"),
        List.of(
            event("7", "70", EhrEvent.ADMISSION).setTime(Instant.EPOCH).build(),
            event("7", "70", EhrEvent.DISCHARGE).setTime(end).build(),
            event("7", "70", EhrEvent.BIRTH).setTime(Instant.parse("1900-01-01T00:00:00Z")).build(),
            event("7", "70", "Gender").setNumericValue(0.0).build(),
            event("7", "70", EhrEvent.HOSPITAL_DEATH).setTime(end).setNumericValue(1.0).build(),
            event("7", "70", EhrEvent.LABEL).setNumericValue(2.0).build(),
            // Applies to the whole subject.
            event("7", null, EhrEvent.SPLIT).setTextValue("tuning").build(),
            event("8", "80", EhrEvent.ADMISSION).setTime(Instant.ofEpochSecond(3600)).build(),
            event("8", "80", EhrEvent.HOSPITAL_DEATH)
                .setTextValue("disposition in no list")
                .build(),
            event("8", null, EhrEvent.SPLIT).setTextValue("train").build()),
        // Only the first problem of a row is reported.
        DeadLetter.of("stays", null, "sex is not a number"));
  }

  @Test
  void unmappedOutcomesAreUnknownAndBadTimesAreDeadLetters() throws Exception {
    write("a.csv", "id,died,t", "1,2,", "2,still there,", "3,NULL,", "4,,1e300", "5,1,86400", "");

    expect(
        mapped(
            "tables: {a: {files: a.csv, subject: id, hospital_death: died,"
                + " death: {column: t, as: epoch_seconds}}}"),
        List.of(
            event("1", null, EhrEvent.HOSPITAL_DEATH)
                .setTextValue("disposition in no list")
                .build(),
            event("2", null, EhrEvent.HOSPITAL_DEATH)
                .setTextValue("disposition in no list")
                .build(),
            event("5", null, EhrEvent.HOSPITAL_DEATH).setNumericValue(1.0).build(),
            event("5", null, EhrEvent.DEATH).setTime(Instant.ofEpochSecond(86_400)).build()),
        letters("a", "t is out of range"));
  }

  /** Dropping the row would lose a label or a published split. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id,y,fold;1,-1,train | y is not a class 0, 1, ...",
        "id,y,fold;1,1.5,train | y is not a class 0, 1, ...",
        "id,y,fold;1,0,blind | fold is not train, tuning or held_out",
        "id,y,fold;1,0, | fold is empty",
        "id,y,fold;1,0,NULL | fold is empty",
        "id,y,fold;,0,train | id is empty",
        "id,y,fold;1,0 | row has a different number of fields than the header",
      })
  void unusableRowOfLabelsOrSplitsFailsTheRun(String lines, String reason) throws Exception {
    write("a.csv", lines.replace(';', '\n'), "");
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply(
        mapped("tables: {a: {files: a.csv, subject: id, label: y, split: fold}}")
            .from(directory.toString()));

    assertThat(
        assertThrows(
                Pipeline.PipelineExecutionException.class, () -> pipeline.run().waitUntilFinish())
            .getMessage(),
        containsString("table a has an unusable row, but every row of it is needed: " + reason));
  }

  @Test
  void splitSynonymsAreRead() throws Exception {
    write("a.csv", "id,fold", "1,Test", "2,val", "3,train", "5,2", "");

    expect(
        mapped(
            "tables: {a: {files: a.csv, subject: id, split: {column: fold, values: {2: train}}}}"),
        List.of(
            event("1", null, EhrEvent.SPLIT).setTextValue("held_out").build(),
            event("2", null, EhrEvent.SPLIT).setTextValue("tuning").build(),
            event("3", null, EhrEvent.SPLIT).setTextValue("train").build(),
            event("5", null, EhrEvent.SPLIT).setTextValue("train").build()));
  }

  /** The mapping defines 2 as alive and does not define 3. */
  @Test
  void unmappedNumbersAreUnknownOutcomes() throws Exception {
    write("a.csv", "id,died", "1,1.0", "2,2.0", "3,3", "4,0", "");

    expect(
        mapped(
            "tables: {a: {files: a.csv, subject: id,"
                + " hospital_death: {column: died, values: {1: 1, 2: 0}}}}"),
        List.of(
            event("1", null, EhrEvent.HOSPITAL_DEATH).setNumericValue(1.0).build(),
            event("2", null, EhrEvent.HOSPITAL_DEATH).setNumericValue(0.0).build(),
            event("3", null, EhrEvent.HOSPITAL_DEATH)
                .setTextValue("disposition in no list")
                .build(),
            event("4", null, EhrEvent.HOSPITAL_DEATH)
                .setTextValue("disposition in no list")
                .build()));
  }

  @Test
  void avroTablesKeepTimesAndNulls() throws Exception {
    Schema micros = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    Schema schema =
        SchemaBuilder.record("r")
            .fields()
            .requiredLong("Patient")
            .name("t")
            .type(micros)
            .noDefault()
            .optionalDouble("HR")
            .optionalString("note")
            .endRecord();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, directory.resolve("rows.avro").toFile());
      for (Double rate : new Double[] {61.5, null}) {
        writer.append(
            new GenericRecordBuilder(schema)
                .set("Patient", 7L)
                .set("t", 1_500_000L)
                .set("HR", rate)
                .set("note", "not mapped")
                .build());
      }
    }

    expect(
        mapped(
            "tables: {rows: {files: '*.avro', format: avro, subject: patient, time: t,"
                + " columns: {HR: HR}}}"),
        List.of(event("7", null, "HR").setTime(new Instant(1500)).setNumericValue(61.5).build()));
    assertThat(
        refusal(
            mapped(
                "tables: {rows: {files: '*.avro', format: avro, subject: patient, time: t,"
                    + " columns: {Pulse: HR}}}")),
        containsString("must have the columns patient, t, Pulse, lacks Pulse"));
  }

  /** Avro's own reader would take the truncation for the end of the file. */
  @Test
  void truncatedAvroFileFailsTheRun() throws Exception {
    Schema schema =
        SchemaBuilder.record("r")
            .fields()
            .requiredLong("patient")
            .requiredDouble("hour")
            .requiredDouble("HR")
            .endRecord();
    Path file = directory.resolve("rows.avro");
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, file.toFile());
      for (int i = 0; i < 100; i++) {
        writer.append(
            new GenericRecordBuilder(schema)
                .set("patient", 7L)
                .set("hour", (double) i)
                .set("HR", 60.0)
                .build());
      }
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 100));

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply(
        mapped(
                "tables: {rows: {files: '*.avro', format: avro, subject: patient,"
                    + " time: {column: hour, as: hours}, columns: {HR: HR}}}")
            .from(directory.toString()));
    assertThat(
        assertThrows(PipelineExecutionException.class, () -> pipeline.run().waitUntilFinish())
            .getMessage(),
        containsString("rows.avro: it is not Avro or is damaged"));
  }

  @Test
  void parquetTablesAreRead() throws Exception {
    try (ParquetOutput out =
        new ParquetOutput(
            FileSystems.create(
                FileSystems.matchNewResource(directory.resolve("rows.parquet").toString(), false),
                MimeTypes.BINARY),
            Types.buildMessage()
                .required(PrimitiveTypeName.INT64)
                .named("patient")
                .optional(PrimitiveTypeName.DOUBLE)
                .named("hour")
                .optional(PrimitiveTypeName.DOUBLE)
                .named("HR")
                .named("schema"))) {
      out.write(7L, 1.5, 61.5);
      out.write(7L, 2.0, null);
    }

    expect(
        mapped(
            "tables: {rows: {files: '*.parquet', format: parquet, subject: patient,"
                + " time: {column: hour, as: hours}, columns: {HR: {code: HR, unit: bpm}}}}"),
        List.of(
            event("7", null, "HR")
                .setTime(Instant.ofEpochSecond(5400))
                .setNumericValue(61.5)
                .setUnit("bpm")
                .build()));
  }

  @Test
  void beamRowsAreParsedWithTheMapping() {
    org.apache.beam.sdk.schemas.Schema schema =
        org.apache.beam.sdk.schemas.Schema.builder()
            .addInt64Field("PATIENT")
            .addNullableStringField("stay")
            .addDateTimeField("charted")
            .addStringField("item")
            .addDoubleField("value")
            .addNullableStringField("unit")
            .build();
    Instant time = Instant.parse("2150-01-02T03:04:05Z");
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline
            .apply(
                Create.of(
                        Row.withSchema(schema)
                            .addValues(7L, "70", time, "Heart rate", 61.5, "bpm")
                            .build())
                    .withRowSchema(schema))
            .apply(ParseTable.with(TableMapping.parse("long", LONG).parser("vitals")));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(
            event("7", "70", "HR").setTime(time).setNumericValue(61.5).setUnit("bpm").build());
    pipeline.run().waitUntilFinish();
  }

  @Test
  void allProblemsAreReportedTogether() throws Exception {
    write("a.csv", "id,HR", "1,2", "");

    assertThat(
        refusal(
            mapped(
                "tables: {a: {files: a.csv, subject: id, time: t, columns: {HR: HR}},"
                    + " b: {files: b.csv, subject: id, statics: {x: x}},"
                    + " c: {subject: id, statics: {x: x}}}")),
        allOf(
            containsString("input must be a directory with the tables of the mapping"),
            containsString("/a.csv must have the columns id, t, HR, lacks t"),
            containsString("table b lacks " + directory + "/b.csv"),
            containsString("table c has no files in the mapping")));
  }

  private static Tables.Read mapped(String yaml) {
    return Tables.read().withMapping(TableMapping.parse("map.yaml", yaml));
  }

  private void expect(Tables.Read read, List<EhrEvent> events, DeadLetter... letters) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple tuple = pipeline.apply(read.from(directory.toString()));
    PAssert.that(tuple.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(tuple.get(EhrTags.deadLetters())).containsInAnyOrder(letters);
    pipeline.run().waitUntilFinish();
  }

  private String refusal(Tables.Read read) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    return assertThrows(
            IllegalArgumentException.class, () -> pipeline.apply(read.from(directory.toString())))
        .getMessage();
  }

  private static DeadLetter[] letters(String table, String... reasons) {
    return Arrays.stream(reasons)
        .map(reason -> DeadLetter.of(table, null, reason))
        .toArray(DeadLetter[]::new);
  }

  /** Returns a row of the challenge with two vital signs. */
  private static String hour(
      String heartRate, String temperature, String admitted, int hour, String sepsis) {
    List<String> fields = new ArrayList<>();
    for (String column : HEADER.split("\\|")) {
      fields.add(
          switch (column) {
            case "HR" -> heartRate;
            case "Temp" -> temperature;
            case "Age" -> "83.14";
            case "Gender" -> "0";
            case "HospAdmTime" -> admitted;
            case "ICULOS" -> Integer.toString(hour);
            case "SepsisLabel" -> sepsis;
            default -> "NaN";
          });
    }
    return String.join("|", fields);
  }

  private static EhrEvent value(
      String subject, String code, int hour, double value, @Nullable String unit) {
    return at(subject, code, hour).setNumericValue(value).setUnit(unit).build();
  }

  private static EhrEvent fact(String subject, String code, double value, @Nullable String unit) {
    return event(subject, subject, code).setNumericValue(value).setUnit(unit).build();
  }

  private static EhrEvent.Builder at(String subject, String code, int hour) {
    return event(subject, subject, code).setTime(Instant.ofEpochSecond(hour * 3600L));
  }

  private static EhrEvent.Builder event(String subject, @Nullable String stay, String code) {
    return EhrEvent.builder().setSubjectId(subject).setStayId(stay).setCode(code);
  }

  private void write(String name, String... lines) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines));
  }

  private void gzip(String name, String text) throws Exception {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
