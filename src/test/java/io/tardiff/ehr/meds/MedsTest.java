package io.tardiff.ehr.meds;

import static io.tardiff.ehr.meds.MedsFiles.row;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.table.ParseTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MedsTest {
  private static final Instant TIME = Instant.parse("2180-07-23T14:00:00Z");
  private static final Instant LATER = Instant.parse("2180-07-25T14:00:00Z");

  @TempDir Path directory;

  private final Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());

  @Test
  void rowsBecomeEventsWithTheUnitOfTheCode() throws Exception {
    data(
        row(7L, null, "GENDER//M", null),
        row(7L, TIME, "LAB//220045//bpm", 73f),
        row(7L, TIME, "LAB//223761//°F", 98.6f),
        row(7L, TIME, "LAB//220210//insp/min", 18f),
        row(7L, TIME, "LAB//51237//UNK", 1.1f),
        row(7L, TIME, "SUBJECT_FLUID_OUTPUT//226559//ml", 200f),
        row(7L, TIME, "SUBJECT_WEIGHT_AT_INFUSION//KG", 80f),
        row(7L, TIME, "INFUSION_START//225158", 0.5f),
        row(7L, TIME, "LAB//224027//UNK", null),
        row(7L, TIME, "LAB//51498// ", 1f),
        row(7L, TIME, "MEDICATION//START//Aspirin ", null),
        row(7L, TIME, "MEDS_BIRTH", null),
        row(7L, LATER, "MEDS_DEATH", null));

    expect(
        Meds.read(),
        event(null, "GENDER//M", null, null),
        event(TIME, "LAB//220045//bpm", 73.0, "bpm"),
        event(TIME, "LAB//223761//°F", 98.6, "°F"),
        event(TIME, "LAB//220210//insp/min", 18.0, "insp/min"),
        event(TIME, "LAB//51237//UNK", 1.1, null),
        event(TIME, "SUBJECT_FLUID_OUTPUT//226559//ml", 200.0, "ml"),
        event(TIME, "SUBJECT_WEIGHT_AT_INFUSION//KG", 80.0, "KG"),
        event(TIME, "INFUSION_START//225158", 0.5, null),
        event(TIME, "LAB//224027//UNK", null, null),
        event(TIME, "LAB//51498// ", 1.0, null),
        event(TIME, "MEDICATION//START//Aspirin ", null, null),
        event(TIME, EhrEvent.BIRTH, null, null),
        event(LATER, EhrEvent.DEATH, null, null));
  }

  @Test
  void stays() throws Exception {
    data(
        row(7L, TIME, "HOSPITAL_ADMISSION//URGENT//TRANSFER FROM HOSPITAL", null),
        row(7L, TIME, "ICU_ADMISSION//Coronary Care Unit (CCU)", null),
        row(7L, LATER, "ICU_DISCHARGE//Coronary Care Unit (CCU)", null),
        row(7L, LATER, "HOSPITAL_DISCHARGE//DIED", null),
        row(8L, LATER, "HOSPITAL_DISCHARGE//HOSPICE", null),
        row(10L, LATER, "HOSPITAL_DISCHARGE//UNK", null),
        row(11L, LATER, "HOSPITAL_DISCHARGE//ELSEWHERE", null),
        row(9L, TIME, "ICU_ADMISSION", null),
        row(9L, LATER, "HOSPITAL_DISCHARGE", null),
        row(9L, LATER, "HOSPITAL_DISCHARGE_SUMMARY//DIED", null));

    expect(
        Meds.read().withCodes(Set.of()),
        event(TIME, EhrEvent.HOSPITAL_ADMISSION, null, null),
        event(TIME, EhrEvent.ADMISSION, null, null),
        event(LATER, EhrEvent.DISCHARGE, null, null),
        event(LATER, EhrEvent.HOSPITAL_DISCHARGE, null, null),
        event(LATER, EhrEvent.HOSPITAL_DEATH, 1.0, null),
        of("8", LATER, EhrEvent.HOSPITAL_DISCHARGE, null),
        of("8", LATER, EhrEvent.HOSPITAL_DEATH, 0.0),
        of("10", LATER, EhrEvent.HOSPITAL_DISCHARGE, null),
        of("11", LATER, EhrEvent.HOSPITAL_DISCHARGE, null),
        of("11", LATER, EhrEvent.HOSPITAL_DEATH, null).toBuilder()
            .setTextValue("disposition in no list")
            .build(),
        of("9", TIME, EhrEvent.ADMISSION, null),
        of("9", LATER, EhrEvent.HOSPITAL_DISCHARGE, null));
  }

  @Test
  void unwantedRowsAreSkippedBeforeParsing() throws Exception {
    data(
        row(7L, TIME, "LAB//1//bpm", 1f),
        row(7L, TIME, "LAB//2//bpm", 2f),
        row(7L, TIME, "LAB//2//bpm", Float.POSITIVE_INFINITY));

    PCollectionTuple read =
        pipeline.apply(Meds.read().from(directory.toString()).withCodes(Set.of("LAB//1//bpm")));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(event(TIME, "LAB//1//bpm", 1.0, "bpm"));
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void itemSelectsItsCodes() throws Exception {
    data(
        row(7L, TIME, "LAB//220045//bpm", 80f),
        row(7L, TIME, "SUBJECT_FLUID_OUTPUT//226559//ml", 100f),
        row(7L, TIME, "MEDICATION//220045//bpm", 1f),
        row(7L, TIME, "LAB//220045", 2f));

    expect(
        Meds.read().withCodes(Set.of("220045", "226559")),
        event(TIME, "220045", 80.0, "bpm"),
        event(TIME, "226559", 100.0, "ml"));
  }

  @Test
  void splitsAndLabels() throws Exception {
    data(row(7L, TIME, "MEDS_BIRTH", null));
    MedsFiles.write(
        directory.resolve("metadata/subject_splits.parquet"),
        MedsFiles.SPLITS,
        row(7L, "held_out"),
        row(8L, "Test"),
        row(9L, "held-out"),
        row(10L, "val"),
        row(11L, "training"));
    MedsFiles.write(
        directory.resolve("labels/mortality/deep/down/3.parquet"),
        MedsFiles.LABELS,
        row(7L, TIME, true),
        row(7L, LATER, false));

    PCollectionTuple read = pipeline.apply(Meds.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(
            event(TIME, EhrEvent.BIRTH, null, null),
            split("7", "held_out"),
            split("8", "held_out"),
            split("9", "held_out"),
            split("10", "tuning"),
            split("11", "train"),
            event(TIME, EhrEvent.LABEL, 1.0, null),
            event(LATER, EhrEvent.LABEL, 0.0, null));
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  private static EhrEvent split(String subject, String split) {
    return of(subject, null, EhrEvent.SPLIT, null).toBuilder().setTextValue(split).build();
  }

  /** pandas writes a column without values as int32. */
  @Test
  void columnWithoutValuesMayHaveAnyType() throws Exception {
    MedsFiles.write(
        directory.resolve("data/0.parquet"),
        MedsFiles.DATA + " optional int32 text_value;",
        row(7L, TIME, "HR", 80f, null));

    expect(Meds.read(), event(TIME, "HR", 80.0, null));
  }

  @Test
  void splitsInAnotherFormatAreRejected() throws Exception {
    data(row(7L, TIME, "MEDS_BIRTH", null));
    Files.createDirectories(directory.resolve("metadata"));
    Files.writeString(
        directory.resolve("metadata/subject_splits.csv"), "subject_id,split\n7,test\n");

    assertThat(
        refusal(Meds.read().from(directory.toString())),
        startsWith("input must have its splits in metadata/subject_splits.parquet, has "));
  }

  @Test
  void invalidSplitFailsWhenThePipelineIsBuilt() throws Exception {
    data(row(7L, TIME, "MEDS_BIRTH", null));
    MedsFiles.write(
        directory.resolve("metadata/subject_splits.parquet"),
        MedsFiles.SPLITS,
        row(7L, "held_out"),
        row(8L, "fold_a"),
        row(9L, "10011398"));

    String refusal = refusal(Meds.read().from(directory.toString()));
    assertThat(
        refusal,
        allOf(
            containsString("has 2 rows without a subject or a valid split"),
            containsString("(not shown), fold_a")));
    assertThat(refusal, not(containsString("10011398")));
  }

  @Test
  void missingLabelFailsTheRun() throws Exception {
    data(row(7L, TIME, "MEDS_BIRTH", null));
    MedsFiles.write(
        directory.resolve("labels/mortality/0.parquet"),
        MedsFiles.LABELS,
        row(7L, TIME, true),
        row(7L, LATER, null));

    pipeline.apply(Meds.read().from(directory.toString()));
    assertThat(
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish()).getMessage(),
        containsString(
            "table labels has an unusable row, but every row of it is needed:"
                + " boolean_value and integer_value are empty"));
  }

  @Test
  void integerLabelsOfAnotherDirectory() throws Exception {
    data(row(7L, TIME, "MEDS_BIRTH", null));
    Path elsewhere = directory.resolve("elsewhere/task");
    MedsFiles.write(
        elsewhere.resolve("0.parquet"),
        "required int64 subject_id; required int64 prediction_time (TIMESTAMP(MICROS,false));"
            + " required int64 integer_value;",
        row(7L, TIME, 3L));

    PCollectionTuple read =
        pipeline.apply(Meds.read().from(directory.toString()).withLabels(elsewhere.toString()));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(
            event(TIME, EhrEvent.BIRTH, null, null), event(TIME, EhrEvent.LABEL, 3.0, null));
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void severalTasksNeedASelection() throws Exception {
    data(row(7L, TIME, "MEDS_BIRTH", null));
    for (String task : List.of("b", "a")) {
      MedsFiles.write(
          directory.resolve("labels/" + task + "/0.parquet"),
          MedsFiles.LABELS,
          row(7L, TIME, task.equals("a")));
    }

    assertThat(
        refusal(Meds.read().from(directory.toString())),
        startsWith("labels must name one of the tasks a, b of "));
    assertThat(
        refusal(Meds.read().from(directory.toString()).withLabels("c")),
        allOf(startsWith("labels must be a task of "), endsWith(", was c")));
    expect(Meds.read().withoutLabels(), event(TIME, EhrEvent.BIRTH, null, null));
  }

  @Test
  void labelsOfAnUnsupportedTypeAreRejected() throws Exception {
    data(row(7L, TIME, "MEDS_BIRTH", null));
    MedsFiles.write(
        directory.resolve("labels/los/0.parquet"),
        "required int64 subject_id; required int64 prediction_time (TIMESTAMP(MICROS,false));"
            + " required float float_value;",
        row(7L, TIME, 3.5f));

    assertThat(
        refusal(Meds.read().from(directory.toString())),
        is(
            "labels must have boolean_value or integer_value, had subject_id, prediction_time,"
                + " float_value"));
  }

  @Test
  void missingValuesAndAdditionalColumns() throws Exception {
    MedsFiles.write(
        directory.resolve("data/0.parquet"),
        "required int64 subject_id; optional int64 time (TIMESTAMP(NANOS,true));"
            + " required binary code (STRING); optional double numeric_value;"
            + " optional binary text_value (STRING); optional int64 stay_id;"
            + " optional binary unit (STRING); repeated binary hadm (STRING);",
        row(7L, TIME, "LAB//1//bpm", Double.NaN, "high", 55L, null, null),
        row(7L, TIME, "LAB//1//bpm", 61.0, null, null, "/min", null));

    expect(
        Meds.read(),
        event(TIME, "LAB//1//bpm", null, null).toBuilder()
            .setTextValue("high")
            .setStayId("55")
            .build(),
        event(TIME, "LAB//1//bpm", 61.0, "/min"));
  }

  @Test
  void valueColumnsMayBeAbsent() throws Exception {
    MedsFiles.write(
        directory.resolve("data/x/0.parquet"),
        "required int64 subject_id; optional int64 time (TIMESTAMP(MILLIS,false));"
            + " required binary code (STRING);",
        row(7L, TIME, "DIAGNOSIS//ICD//10//I21"));

    expect(Meds.read(), event(TIME, "DIAGNOSIS//ICD//10//I21", null, null));
  }

  @Test
  void badRowsAreDeadLettersAndTheRestIsRead() throws Exception {
    MedsFiles.write(
        directory.resolve("data/0.parquet"),
        "optional int64 subject_id; optional int64 time (TIMESTAMP(MICROS,false));"
            + " optional binary code (STRING); optional float numeric_value;",
        row(null, TIME, "LAB//1//bpm", 1f),
        row(7L, TIME, null, 1f),
        row(7L, TIME, "LAB//1//bpm", Float.POSITIVE_INFINITY),
        row(7L, TIME, "LAB//1//bpm", 2f));

    PCollectionTuple read = pipeline.apply(Meds.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(event(TIME, "LAB//1//bpm", 2.0, "bpm"));
    PAssert.that(read.get(EhrTags.deadLetters()))
        .containsInAnyOrder(
            DeadLetter.of("data", null, "subject_id is empty"),
            DeadLetter.of("data", null, "code is empty"),
            DeadLetter.of("data", null, "numeric_value is not finite"));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void beamRowsAreParsed() {
    Schema schema =
        Schema.builder()
            .addStringField("subject_id")
            .addNullableField("time", Schema.FieldType.DATETIME)
            .addStringField("code")
            .addNullableField("numeric_value", Schema.FieldType.FLOAT)
            .build();
    PCollectionTuple read =
        pipeline
            .apply(
                Create.of(
                        Row.withSchema(schema)
                            .addValues("7", TIME, "LAB//220045//bpm", 61.5f)
                            .build(),
                        Row.withSchema(schema).addValues("x", TIME, "MEDS_BIRTH", null).build())
                    .withRowSchema(schema))
            .apply(ParseTable.with(Meds.events()));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(event(TIME, "LAB//220045//bpm", 61.5, "bpm"));
    PAssert.that(read.get(EhrTags.deadLetters()))
        .containsInAnyOrder(DeadLetter.of("data", null, "subject_id is not a whole number"));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void missingInputFailsWhenThePipelineIsBuilt() throws Exception {
    assertThat(refusal(Meds.read()), is("from must be called: it names the input directory"));
    assertThat(
        refusal(Meds.read().from(directory.toString())),
        allOf(startsWith("input must be a MEDS directory with data/**.parquet, was ")));
    assertThrows(IllegalArgumentException.class, () -> Meds.read().from(""));

    MedsFiles.write(
        directory.resolve("data/0.parquet"),
        "required binary subject_id (STRING); required int64 time; required double numeric_value;",
        row("7", 1L, 1.0));
    assertThat(
        refusal(Meds.read().from(directory.toString())),
        allOf(
            startsWith("input must be MEDS, but in "),
            endsWith("subject_id does not hold integers, time does not hold timestamps")));

    MedsFiles.write(directory.resolve("data/0.parquet"), "required int64 subject_id;", row(7L));
    assertThat(
        refusal(Meds.read().from(directory.toString())),
        containsString("must have the columns subject_id, time, code, lacks time, code"));
  }

  private static String refusal(Meds.Read read) {
    Pipeline other = Pipeline.create(PipelineOptionsFactory.create());
    return assertThrows(IllegalArgumentException.class, () -> other.apply(read)).getMessage();
  }

  private void expect(Meds.Read read, EhrEvent... events) {
    PCollectionTuple outputs = pipeline.apply(read.from(directory.toString()));
    PAssert.that(outputs.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(outputs.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  private void data(@Nullable Object[]... rows) throws Exception {
    MedsFiles.write(directory.resolve("data/train/0.parquet"), MedsFiles.DATA, rows);
  }

  private static EhrEvent event(
      @Nullable Instant time, String code, @Nullable Double value, @Nullable String unit) {
    return of("7", time, code, value).toBuilder().setUnit(unit).build();
  }

  private static EhrEvent of(
      String subject, @Nullable Instant time, String code, @Nullable Double value) {
    return EhrEvent.builder()
        .setSubjectId(subject)
        .setTime(time)
        .setCode(code)
        .setNumericValue(value)
        .build();
  }
}
