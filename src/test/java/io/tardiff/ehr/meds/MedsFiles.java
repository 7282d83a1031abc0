package io.tardiff.ehr.meds;

import io.tardiff.files.parquet.ParquetOutput;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes small MEDS files with invented values. */
public final class MedsFiles {
  public static final String DATA =
      "required int64 subject_id; optional int64 time (TIMESTAMP(MICROS,false));"
          + " required binary code (STRING); optional float numeric_value;";
  public static final String SPLITS = "required int64 subject_id; required binary split (STRING);";
  public static final String LABELS =
      "required int64 subject_id; required int64 prediction_time (TIMESTAMP(MICROS,false));"
          + " optional boolean boolean_value;";

  private MedsFiles() {}

  public static void write(Path file, String columns, @Nullable Object[]... rows)
      throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    MessageType schema = MessageTypeParser.parseMessageType("message schema {" + columns + "}");
    try (ParquetOutput out =
        new ParquetOutput(
            FileSystems.create(
                FileSystems.matchNewResource(file.toString(), false), MimeTypes.BINARY),
            schema)) {
      for (Object[] row : rows) {
        out.write(row);
      }
    }
  }

  public static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }
}
