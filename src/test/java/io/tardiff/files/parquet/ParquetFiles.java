package io.tardiff.files.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes Parquet files as other programs may: any codec, small row groups, other metadata. */
public final class ParquetFiles {
  private ParquetFiles() {}

  /**
   * Writes a file.
   *
   * @param columns schema without {@code message name { }}
   * @param rowGroupBytes size after which a row group ends
   * @param metadata entries of the footer
   * @param rows values in the order of the columns: null, or of the Java type of the column's
   *     physical type, with {@link String} for binary ones
   */
  public static void write(
      Path file,
      String columns,
      CompressionCodecName codec,
      long rowGroupBytes,
      Map<String, String> metadata,
      List<@Nullable Object[]> rows)
      throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    Files.createDirectories(file.toAbsolutePath().getParent());
    MessageType type = MessageTypeParser.parseMessageType("message schema {" + columns + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(
                new BeamOutputFile(
                    FileSystems.create(
                        FileSystems.matchNewResource(file.toString(), false), MimeTypes.BINARY)))
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new Codecs())
            .withCompressionCodec(codec)
            .withRowGroupSize(rowGroupBytes)
            .withMinRowCountForPageSizeCheck(1)
            .withExtraMetaData(metadata)
            .withType(type)
            .build()) {
      for (@Nullable Object[] row : rows) {
        Group group = new SimpleGroup(type);
        for (int i = 0; i < row.length; i++) {
          if (row[i] != null) {
            add(group, i, row[i]);
          }
        }
        writer.write(group);
      }
    }
  }

  /** Returns the footer entry of Arrow's writers for a column of durations. */
  public static Map<String, String> duration(String column, TimeUnit unit) throws IOException {
    Schema schema =
        new Schema(
            List.of(
                Field.nullable("before", new ArrowType.Utf8()),
                Field.nullable(column, new ArrowType.Duration(unit))));
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    MessageSerializer.serialize(new WriteChannel(Channels.newChannel(message)), schema);
    return Map.of("ARROW:schema", Base64.getEncoder().encodeToString(message.toByteArray()));
  }

  private static void add(Group group, int column, Object value) {
    if (value instanceof Integer number) {
      group.add(column, number);
    } else if (value instanceof Long number) {
      group.add(column, number);
    } else if (value instanceof Float number) {
      group.add(column, number);
    } else if (value instanceof Double number) {
      group.add(column, number);
    } else if (value instanceof Boolean flag) {
      group.add(column, flag);
    } else {
      group.add(column, Binary.fromString((String) value));
    }
  }
}
