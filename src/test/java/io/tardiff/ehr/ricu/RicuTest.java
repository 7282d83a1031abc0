package io.tardiff.ehr.ricu;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.files.parquet.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RicuTest {
  private static final String DYN =
      "required int32 stay_id; optional double time; optional double hr; optional double crea;";
  private static final String STA =
      "required int32 stay_id; optional double age; optional binary sex (STRING);";
  private static final String OUTC = "required int32 stay_id; optional int32 label;";
  private static final Set<String> CODES =
      Set.of("hr", "crea", "Age", "Gender", "Height", "Weight");

  @TempDir Path directory;

  private final Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());

  @Test
  void measuredCellsBecomeEventsWithTheUnitsOfRicu() throws Exception {
    write(
        "dyn",
        DYN,
        row(7, 0.0, 80.5, null),
        row(7, 1.0, null, 1.2),
        row(7, -2.5, Double.NaN, null));
    write(
        "sta",
        STA + "optional double height; optional float weight;",
        row(7, 63.0, "Female", 170.0, 80.5f),
        row(8, null, "Male", null, null));

    expect(
        Ricu.read().withCodes(CODES),
        of("7", at(0), "hr", 80.5, "bpm"),
        of("7", at(1), "crea", 1.2, "mg/dL"),
        of("7", at(0), EhrEvent.ADMISSION, null, null),
        of("7", null, "Age", 63.0, null),
        of("7", null, "Gender", 0.0, null),
        of("7", null, "Height", 170.0, "cm"),
        of("7", null, "Weight", 80.5, "kg"),
        of("8", at(0), EhrEvent.ADMISSION, null, null),
        of("8", null, "Gender", 1.0, null));
  }

  @ParameterizedTest
  @CsvSource({
    "double, 36.5, 0, ",
    "int32, 36, 0, ",
    "int64, 36, 0, ",
    "int64, 129600, 1, SECOND",
    "int64, 129600000, 1, MILLISECOND",
    "int64, 129600000000, 1, MICROSECOND",
    "int64, 129600000000000, 1, NANOSECOND"
  })
  void timesOfAnyType(String type, String ticks, int durations, @Nullable TimeUnit unit)
      throws Exception {
    Object time =
        switch (type) {
          case "double" -> (Object) Double.valueOf(ticks);
          case "int32" -> Integer.valueOf(ticks);
          default -> Long.valueOf(ticks);
        };
    ParquetFiles.write(
        directory.resolve("dyn.parquet"),
        "required int64 stay_id; optional " + type + " time; optional double hr;",
        CompressionCodecName.SNAPPY,
        1 << 20,
        durations == 1 ? ParquetFiles.duration("time", unit) : Map.of(),
        List.<@Nullable Object[]>of(row(7L, time, 80.0)));
    write("sta", STA);

    expect(
        Ricu.read().withCodes(CODES),
        of("7", at(type.equals("double") ? 36.5 : 36), "hr", 80.0, "bpm"));
  }

  @Test
  void plainNumbersOfAnotherUnitNeedTheOption() throws Exception {
    write("dyn", DYN, row(7, 0.0, 80.0, null), row(7, 3600.0, 81.0, null));
    write("sta", STA);

    assertThat(
        refusal(Ricu.read()),
        allOf(
            startsWith("time must hold hours unless timeUnit says otherwise, but in "),
            containsString("dyn.parquet all numbers are multiples of 60")));
    expect(
        Ricu.read().withCodes(CODES).withTimeUnit(Ricu.TimeUnit.SECONDS),
        of("7", at(0), "hr", 80.0, "bpm"),
        of("7", at(1), "hr", 81.0, "bpm"));
  }

  @Test
  void unitOfDurationsCannotBeSet() throws Exception {
    ParquetFiles.write(
        directory.resolve("dyn.parquet"),
        "required int64 stay_id; optional int64 time;",
        CompressionCodecName.SNAPPY,
        1 << 20,
        ParquetFiles.duration("time", TimeUnit.SECOND),
        List.<@Nullable Object[]>of(row(7L, 0L)));
    write("sta", STA);

    assertThat(
        refusal(Ricu.read().withTimeUnit(Ricu.TimeUnit.HOURS)),
        is("timeUnit must not be set: the files state the unit of their times"));
  }

  @Test
  void calendarTimesAreRejected() throws Exception {
    write(
        "dyn",
        "required int64 stay_id; optional int64 time (TIMESTAMP(MICROS,false));",
        row(7L, 0L));
    write("sta", STA);

    assertThat(
        refusal(Ricu.read()),
        startsWith("time must hold durations since admission, or hours, but in "));
  }

  @Test
  void labelsOfStaysAndOfHours() throws Exception {
    write("dyn", DYN);
    write("sta", STA);
    write("outc", OUTC, row(7, 1), row(8, 0), row(9, null));

    expect(
        Ricu.read(),
        of("7", null, EhrEvent.LABEL, 1.0, null),
        of("8", null, EhrEvent.LABEL, 0.0, null));

    write(
        "outc",
        "required binary stay_id (STRING); optional double time; optional boolean label;",
        row("a", 0.0, false),
        row("a", 1.0, true));
    Pipeline second = Pipeline.create(PipelineOptionsFactory.create());
    PAssert.that(second.apply(Ricu.read().from(directory.toString())).get(EhrTags.events()))
        .containsInAnyOrder(
            of("a", at(0), EhrEvent.LABEL, 0.0, null), of("a", at(1), EhrEvent.LABEL, 1.0, null));
    second.run().waitUntilFinish();
  }

  @ParameterizedTest
  @CsvSource({"double, 0.9", "int32, 34", "double, -1"})
  void labelsOfRegressionTasksAreRejected(String type, String label) throws Exception {
    write("dyn", DYN);
    write("sta", STA);
    write(
        "outc",
        "required int32 stay_id; optional " + type + " label;",
        row(7, type.equals("int32") ? (Object) 1 : (Object) 1.0),
        row(8, type.equals("int32") ? (Object) Integer.valueOf(label) : Double.valueOf(label)));

    assertThat(
        refusal(Ricu.read()),
        allOf(
            startsWith("label must hold classes from 0 to 9, but in "),
            containsString("outc.parquet it holds other numbers, as regression tasks do")));
  }

  @Test
  void lengthOfStayAsDurationIsNoLabel() throws Exception {
    write("dyn", DYN);
    write("sta", STA);
    ParquetFiles.write(
        directory.resolve("outc.parquet"),
        "required int32 stay_id; optional int64 label;",
        CompressionCodecName.SNAPPY,
        1 << 20,
        ParquetFiles.duration("label", TimeUnit.SECOND),
        List.<@Nullable Object[]>of(row(7, 0L)));

    assertThat(refusal(Ricu.read()), containsString("outc.parquet it holds durations"));
  }

  /** In a text file, which is not checked before the pipeline runs. */
  @Test
  void unusableLabelFailsTheRun() throws Exception {
    write("dyn", DYN);
    write("sta", STA);
    Files.writeString(directory.resolve("outc.csv"), "stay_id,label\n7,1\n8,maybe\n");

    pipeline.apply(Ricu.read().from(directory.toString()));
    assertThat(
        assertThrows(Pipeline.PipelineExecutionException.class, pipeline::run).getMessage(),
        containsString(
            "table outc has an unusable row, but every row of it is needed: label is not a number"));
  }

  @Test
  void deathInHospitalAndTheEndOfTheStay() throws Exception {
    write("dyn", DYN);
    write(
        "sta",
        "required int32 stay_id; optional boolean death; optional double los_icu;",
        row(7, true, 1.5),
        row(8, false, null),
        row(9, null, -1.0));

    expect(
        Ricu.read(),
        List.of(DeadLetter.of("sta", null, "los_icu is negative")),
        of("7", at(0), EhrEvent.ADMISSION, null, null),
        of("7", at(36), EhrEvent.DISCHARGE, null, null),
        HospitalOutcome.DIED.into(of("7", null, EhrEvent.LABEL, null, null).toBuilder()).build(),
        of("8", at(0), EhrEvent.ADMISSION, null, null),
        HospitalOutcome.ALIVE.into(of("8", null, EhrEvent.LABEL, null, null).toBuilder()).build(),
        of("9", at(0), EhrEvent.ADMISSION, null, null));
  }

  @Test
  void badCellsAreDeadLettersAndTheOthersAreRead() throws Exception {
    Files.writeString(
        directory.resolve("dyn.csv"),
        "stay_id,time,hr,crea\n7,0,80,much\n7,,81,1\n7,1e9,82,1\n,1,83,1\n7,1,1e999,1.1\n");
    Files.writeString(directory.resolve("sta.csv"), "stay_id,age,sex\n7.0,old,woman\n8,60,TRUE\n");

    expect(
        Ricu.read().withCodes(CODES),
        List.of(
            DeadLetter.of("dyn", null, "crea is not a number"),
            DeadLetter.of("dyn", null, "time is empty"),
            DeadLetter.of("dyn", null, "time is more than 1000 days from the admission (timeUnit)"),
            DeadLetter.of("dyn", null, "stay_id is empty"),
            DeadLetter.of("dyn", null, "hr is not finite"),
            DeadLetter.of("sta", null, "age is not a number"),
            DeadLetter.of("sta", null, "sex is not Female, Male, Other or Unknown")),
        of("7", at(0), "hr", 80.0, "bpm"),
        of("7", at(1), "crea", 1.1, "mg/dL"),
        of("7", at(0), EhrEvent.ADMISSION, null, null),
        of("8", at(0), EhrEvent.ADMISSION, null, null),
        of("8", null, "Age", 60.0, null));
  }

  @Test
  void missingFilesAreNamed() throws Exception {
    assertThat(
        refusal(Ricu.read()),
        allOf(
            startsWith("input must be a directory with dyn.parquet and sta.parquet, was "),
            containsString("it is missing or has no dyn.parquet and no sta.parquet")));
  }

  private void write(String table, String columns, @Nullable Object[]... rows) throws IOException {
    ParquetFiles.write(
        directory.resolve(table + ".parquet"),
        columns,
        CompressionCodecName.SNAPPY,
        1 << 20,
        Map.of(),
        Arrays.asList(rows));
  }

  private static @Nullable Object[] row(@Nullable Object... cells) {
    return cells;
  }

  private void expect(Ricu.Read read, EhrEvent... events) {
    expect(read, List.of(), events);
  }

  private void expect(Ricu.Read read, List<DeadLetter> letters, EhrEvent... events) {
    PCollectionTuple result = pipeline.apply(read.from(directory.toString()));
    PAssert.that(result.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(result.get(EhrTags.deadLetters())).containsInAnyOrder(letters);
    pipeline.run().waitUntilFinish();
  }

  private String refusal(Ricu.Read read) {
    return assertThrows(
            IllegalArgumentException.class,
            () ->
                Pipeline.create(PipelineOptionsFactory.create())
                    .apply(read.from(directory.toString())))
        .getMessage();
  }

  private static Instant at(double hours) {
    return Instant.ofEpochMilli(Math.round(hours * 3_600_000));
  }

  private static EhrEvent of(
      String stay,
      @Nullable Instant time,
      String code,
      @Nullable Double value,
      @Nullable String unit) {
    return EhrEvent.builder()
        .setSubjectId(stay)
        .setStayId(stay)
        .setTime(time)
        .setCode(code)
        .setNumericValue(value)
        .setUnit(unit)
        .build();
  }
}
