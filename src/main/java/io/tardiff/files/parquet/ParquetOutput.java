package io.tardiff.files.parquet;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Writes flat rows to a Parquet file, compressed with Zstandard. The same rows give the same bytes.
 *
 * <pre>{@code
 * MessageType schema = Types.buildMessage()
 *     .required(INT64).named("subject_id")
 *     .optional(INT64).as(timestampType(false, MICROS)).named("time")
 *     .optional(BINARY).as(stringType()).named("text_value")
 *     .named("schema");
 * WritableByteChannel channel = FileSystems.create(file, MimeTypes.BINARY);
 * try (ParquetOutput out = new ParquetOutput(channel, schema)) {
 *   out.write(12345L, Instant.now(), null);
 * }
 * }</pre>
 *
 * <p>A row has a value for each column in the order of the schema, or null: a {@link Number} for
 * integers, floats and doubles, a {@link Boolean}, a {@link String} for binary columns, an {@link
 * Instant} for timestamps. One row group, 64 MiB, is held in memory.
 */
public final class ParquetOutput implements Closeable {
  /**
   * Smaller than the default of 128 MiB, because it is the memory a writer needs and the unit in
   * which readers share a file.
   */
  private static final long ROW_GROUP_BYTES = 64L << 20;

  private final ParquetWriter<@Nullable Object[]> writer;
  private final int columns;

  /** Starts a file; {@link #close} closes the channel. */
  public ParquetOutput(WritableByteChannel channel, MessageType schema) throws IOException {
    columns = schema.getFieldCount();
    writer =
        new Builder(new BeamOutputFile(channel), schema)
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new Codecs())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build();
  }

  /**
   * Writes a row.
   *
   * @throws IllegalArgumentException if the row has another number of values than the schema, or
   *     null in a required column
   */
  public void write(@Nullable Object... row) throws IOException {
    checkArgument(row.length == columns, "a row must have %s values, had %s", columns, row.length);
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<@Nullable Object[], Builder> {
    private final MessageType schema;

    Builder(BeamOutputFile file, MessageType schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<@Nullable Object[]> getWriteSupport(Configuration unused) {
      return new RowSupport(schema);
    }

    @Override
    protected WriteSupport<@Nullable Object[]> getWriteSupport(ParquetConfiguration unused) {
      return new RowSupport(schema);
    }
  }

  private static final class RowSupport extends WriteSupport<@Nullable Object[]> {
    private final MessageType schema;
    private @Nullable RecordConsumer consumer;

    RowSupport(MessageType schema) {
      this.schema = schema;
    }

    @Override
    public WriteContext init(Configuration unused) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration unused) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(@Nullable Object[] row) {
      RecordConsumer out = consumer;
      out.startMessage();
      for (int i = 0; i < row.length; i++) {
        Object value = row[i];
        if (value != null) {
          Type field = schema.getType(i);
          out.startField(field.getName(), i);
          add(out, field.asPrimitiveType(), value);
          out.endField(field.getName(), i);
        } else if (schema.getType(i).isRepetition(Type.Repetition.REQUIRED)) {
          throw new IllegalArgumentException(
              schema.getFieldName(i) + " must not be null in any row");
        }
      }
      out.endMessage();
    }

    private static void add(RecordConsumer out, PrimitiveType type, Object value) {
      switch (type.getPrimitiveTypeName()) {
        case BOOLEAN -> out.addBoolean((Boolean) value);
        case INT32 -> out.addInteger(((Number) value).intValue());
        case INT64 -> out.addLong(value instanceof Instant time ? ticks(type, time) : (Long) value);
        case FLOAT -> out.addFloat(((Number) value).floatValue());
        case DOUBLE -> out.addDouble(((Number) value).doubleValue());
        case BINARY -> out.addBinary(Binary.fromString((String) value));
        default -> throw new IllegalArgumentException("cannot write columns of type " + type);
      }
    }

    private static long ticks(PrimitiveType type, Instant time) {
      LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
      LogicalTypeAnnotation.TimeUnit unit = ((TimestampLogicalTypeAnnotation) logical).getUnit();
      return Math.multiplyExact(
          time.getMillis(),
          switch (unit) {
            case MILLIS -> 1L;
            case MICROS -> 1_000L;
            case NANOS -> 1_000_000L;
          });
    }
  }
}
