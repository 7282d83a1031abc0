package io.tardiff.ehr.table;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.files.parquet.ParquetFiles;
import io.tardiff.files.parquet.ParquetOutput;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadParquetTableTest {
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(INT64)
          .named("SUBJECT_ID")
          .optional(INT64)
          .as(timestampType(false, TimeUnit.MICROS))
          .named("charttime")
          .optional(DOUBLE)
          .named("itemid")
          .optional(BINARY)
          .as(stringType())
          .named("value")
          .named("schema");

  @TempDir Path directory;

  @Test
  void parserOfTextsReadsParquet() throws Exception {
    Instant time = Instant.parse("2150-01-31T23:59:00Z");
    write("a.parquet", new Object[][] {{7L, time, 220045.0, " 61.5 "}, {7L, time, null, "1"}});
    write("b.parquet", new Object[][] {{8L, time, 51.0, "120"}, {8L, time, 455.0, "low"}});

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline.apply(ReadParquetTable.of(new Chart()).from(List.of(directory + "/*.parquet")));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(event("7", "220045", 61.5, time), event("8", "51", 120, time));
    PAssert.that(read.get(EhrTags.deadLetters()))
        .containsInAnyOrder(
            DeadLetter.of("chart", null, "itemid is empty"),
            DeadLetter.of("chart", null, "value is not a number"));
    pipeline.run().waitUntilFinish();
  }

  /** The name is that of a text table. */
  @Test
  void readTableReadsParquetByItsContent() throws Exception {
    Instant time = Instant.parse("2150-01-31T23:59:00Z");
    write("a.csv", new Object[][] {{7L, time, 220045.0, "61.5"}});

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline.apply(ReadTable.of(new Chart()).from(List.of(directory + "/*.csv")));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(event("7", "220045", 61.5, time));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void otherFormatsThatCannotBeReadAreNamed() throws Exception {
    write("b.csv", new Object[][] {{7L, Instant.EPOCH, 220045.0, "61.5"}});
    Files.writeString(directory.resolve("a.csv"), "subject_id,charttime,itemid,value\n");
    try (OutputStream zip =
        new GZIPOutputStream(Files.newOutputStream(directory.resolve("c.csv.gz")))) {
      Files.copy(directory.resolve("b.csv"), zip);
    }

    assertThat(
        refusal("/*.csv"),
        allOf(
            containsString("the files of a table must have one format, but "),
            containsString("a.csv is text and "),
            containsString("b.csv is Parquet")));
    assertThat(
        refusal("/c.csv.gz"),
        containsString(
            "c.csv.gz must be a text table, but is Parquet; set its format, or if it is compressed"
                + " as a whole, unpack it"));
  }

  private String refusal(String pattern) {
    return assertThrows(
            IllegalArgumentException.class,
            () ->
                Pipeline.create(PipelineOptionsFactory.create())
                    .apply(ReadTable.of(new Chart()).from(List.of(directory + pattern))))
        .getMessage();
  }

  /** The mapping's unit is that of plain numbers. */
  @Test
  void durationsOfAMappingHaveTheirOwnUnit() throws Exception {
    ParquetFiles.write(
        directory.resolve("wide.parquet"),
        "required int64 id; optional int64 elapsed; optional double hr;",
        CompressionCodecName.SNAPPY,
        1 << 20,
        ParquetFiles.duration("elapsed", org.apache.arrow.vector.types.TimeUnit.SECOND),
        List.<@Nullable Object[]>of(new @Nullable Object[] {7L, 5400L, 80.0}));
    TableMapping mapping =
        TableMapping.parse(
            "map.yaml",
            "tables: {wide: {files: wide.parquet, subject: id, time: {column: elapsed, as: hours},"
                + " columns: {hr: HR}}}");

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline.apply(Tables.read().from(directory.toString()).withMapping(mapping));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(
            EhrEvent.builder()
                .setSubjectId("7")
                .setTime(Instant.ofEpochMilli(5_400_000))
                .setCode("HR")
                .setNumericValue(80.0)
                .build());
    pipeline.run().waitUntilFinish();
  }

  @Test
  void filtersByCode() throws Exception {
    Instant time = Instant.EPOCH;
    write("a.parquet", new Object[][] {{7L, time, 220045.0, "61"}, {8L, time, 51.0, "120"}});

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read =
        pipeline.apply(
            ReadParquetTable.of(new Chart())
                .from(List.of(directory + "/a.parquet"))
                .withCodes(Set.of("51")));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(event("8", "51", 120, time));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void missingFilesAndColumnsFailWhenThePipelineIsBuilt() throws Exception {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    pipeline.apply(
                        ReadParquetTable.of(new Chart()).from(List.of(directory + "/no*"))))
            .getMessage(),
        containsString("input must match at least one file, but there is no "));

    try (ParquetOutput out =
        output("a.parquet", Types.buildMessage().required(INT64).named("itemid").named("schema"))) {
      out.write(1L);
    }
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    pipeline.apply(
                        ReadParquetTable.of(new Chart()).from(List.of(directory + "/*"))))
            .getMessage(),
        is(
            "the Parquet files of table chart must have the columns subject_id, itemid, value,"
                + " lacks subject_id, value"));
  }

  /** Returns the message of a failure to read the files, found when the pipeline is built. */
  private String failure() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    return assertThrows(
            UncheckedIOException.class,
            () ->
                pipeline.apply(
                    ReadParquetTable.of(new Chart()).from(List.of(directory + "/*.parquet"))))
        .getMessage();
  }

  @Test
  void damagedFileFails() throws Exception {
    write("a.parquet", new Object[][] {{7L, Instant.EPOCH, 1.0, "61"}});
    Files.writeString(directory.resolve("b.parquet"), "PAR1 and no more of it PAR1");

    assertThat(failure(), allOf(containsString("b.parquet"), containsString("is damaged")));
  }

  @Test
  void nestedColumnIsReportedAsNestedAndNotAsMissing() throws Exception {
    MessageType schema =
        Types.buildMessage()
            .required(INT64)
            .named("subject_id")
            .required(INT64)
            .named("itemid")
            .repeated(DOUBLE)
            .named("Value")
            .named("schema");
    output("a.parquet", schema).close();

    assertThat(
        failure(),
        allOf(
            containsString("a.parquet"),
            containsString("column Value is a list, a map or a group")));
  }

  private void write(String name, @Nullable Object[][] rows) throws Exception {
    try (ParquetOutput out = output(name, SCHEMA)) {
      for (Object[] row : rows) {
        out.write(row);
      }
    }
  }

  private ParquetOutput output(String name, MessageType schema) throws Exception {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    return new ParquetOutput(
        FileSystems.create(
            FileSystems.matchNewResource(directory.resolve(name).toString(), false),
            MimeTypes.BINARY),
        schema);
  }

  private static EhrEvent event(String subject, String code, double value, Instant time) {
    return EhrEvent.builder()
        .setSubjectId(subject)
        .setCode(code)
        .setTime(time)
        .setNumericValue(value)
        .build();
  }

  private static final class Chart extends TableParser {
    @Override
    public String table() {
      return "chart";
    }

    @Override
    public List<String> requiredColumns() {
      return List.of("subject_id", "itemid", "value");
    }

    @Override
    public List<String> optionalColumns() {
      return List.of("charttime");
    }

    @Override
    public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
      events.accept(
          EhrEvent.builder()
              .setSubjectId(Cells.required(row, "subject_id"))
              .setTime(Cells.time(row, "charttime"))
              .setCode(Cells.required(row, "itemid"))
              .setNumericValue(Cells.number(row, "value"))
              .build());
    }
  }
}
