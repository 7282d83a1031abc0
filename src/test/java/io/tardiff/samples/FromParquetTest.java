package io.tardiff.samples;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import io.tardiff.files.parquet.ParquetOutput;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FromParquetTest {
  private static final MessageType ADMISSIONS =
      Types.buildMessage()
          .required(INT64)
          .named("person")
          .required(INT64)
          .named("visit")
          .required(INT64)
          .as(timestampType(true, TimeUnit.MICROS))
          .named("in")
          .required(INT64)
          .as(timestampType(true, TimeUnit.MICROS))
          .named("out")
          .required(BOOLEAN)
          .named("survived")
          .named("admissions");
  private static final MessageType READINGS =
      Types.buildMessage()
          .required(INT64)
          .named("person")
          .required(INT64)
          .named("visit")
          .required(INT64)
          .as(timestampType(true, TimeUnit.MICROS))
          .named("at")
          .required(BINARY)
          .as(stringType())
          .named("sensor")
          .optional(DOUBLE)
          .named("reading")
          .named("readings");

  @Test
  void buildsACohort(@TempDir Path directory) throws Exception {
    write(directory);
    Pipeline pipeline = Pipeline.create();
    FromParquet.buildCohort(pipeline, directory.toString(), directory.resolve("out").toString());
    pipeline.run().waitUntilFinish();

    Cohort cohort = Cohort.open(directory.resolve("out/cohort").toString());
    long windows = 0;
    for (Split split : Split.values()) {
      for (EhrWindow window : cohort.readAll(split)) {
        windows++;
        // The first hour: readings without contact are ignored, and 98.6 F is 37 C.
        assertThat((double) window.values()[0], is(closeTo(75, 1e-4)));
        assertThat((double) window.values()[1], is(closeTo(37, 1e-4)));
      }
    }
    assertThat(windows, is(60L));
    assertThat(
        Files.readString(directory.resolve("out/dead-letter/dead-letters.jsonl")),
        is("{\"source\":\"readings\",\"reason\":\"sensor is empty\",\"count\":1}\n"));
  }

  private static void write(Path directory) throws IOException {
    Instant start = Instant.parse("2150-01-01T00:00:00Z");
    try (ParquetOutput admissions = output(directory.resolve("admissions.parquet"), ADMISSIONS);
        ParquetOutput readings = output(directory.resolve("readings-0.parquet"), READINGS)) {
      for (long person = 0; person < 60; person++) {
        Instant in = start.plus(Duration.standardDays(person));
        admissions.write(
            person, 100 + person, in, in.plus(Duration.standardDays(4)), person % 3 > 0);
        for (int hour = 0; hour < 6; hour++) {
          Instant at = in.plus(Duration.standardHours(hour));
          readings.write(person, 100 + person, at, "HR", hour == 1 ? -1.0 : 75.0);
          readings.write(person, 100 + person, at, "Temp", hour % 2 == 0 ? 98.6 : 37.0);
          readings.write(person, 100 + person, at, "Door", 1.0);
        }
      }
      readings.write(1L, 101L, start, "", 75.0);
    }
  }

  private static ParquetOutput output(Path file, MessageType schema) throws IOException {
    return new ParquetOutput(new FileOutputStream(file.toFile()).getChannel(), schema);
  }
}
