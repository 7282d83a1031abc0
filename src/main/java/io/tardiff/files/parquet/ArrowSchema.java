package io.tardiff.files.parquet;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Duration;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.LargeUtf8;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The Arrow schema of a Parquet file, as metadata of the file. Arrow's readers restore types from
 * it that Parquet cannot express: Parquet has one string type, Arrow has {@code string} and {@code
 * large_string}; Parquet has no durations.
 *
 * @see <a href="https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format">The
 *     format of the message</a>
 */
final class ArrowSchema {
  /** Key of the metadata entry. */
  static final String KEY = "ARROW:schema";

  private static final int CONTINUATION = -1;
  private static final int ALIGNMENT = 8;
  private static final short FEATURES = MetadataVersion.V5;

  private final FlatBufferBuilder message = new FlatBufferBuilder();
  private final Set<String> largeStrings;

  private ArrowSchema(Set<String> largeStrings) {
    this.largeStrings = largeStrings;
  }

  /** Returns the value of the metadata entry. {@code largeStrings} names columns of the schema. */
  static String encode(MessageType schema, Set<String> largeStrings) {
    return new ArrowSchema(largeStrings).encode(schema);
  }

  private String encode(MessageType schema) {
    int[] fields =
        schema.getFields().stream().mapToInt(field -> field(field.asPrimitiveType())).toArray();
    int header =
        Schema.createSchema(
            message, Endianness.Little, Schema.createFieldsVector(message, fields), 0, 0);
    Message.finishMessageBuffer(
        message,
        Message.createMessage(
            message, FEATURES, MessageHeader.Schema, header, /* bodyLength= */ 0, 0));
    byte[] bytes = message.sizedByteArray();
    int padded = (bytes.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer encapsulated =
        ByteBuffer.allocate(2 * Integer.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    encapsulated.putInt(CONTINUATION).putInt(padded).put(bytes);
    return Base64.getEncoder().encodeToString(encapsulated.array());
  }

  private int field(PrimitiveType column) {
    int name = message.createString(column.getName());
    boolean nullable = column.isRepetition(org.apache.parquet.schema.Type.Repetition.OPTIONAL);
    int children = Field.createChildrenVector(message, new int[0]);
    byte kind = kind(column);
    int type = type(column, kind);
    return Field.createField(message, name, nullable, kind, type, 0, children, 0);
  }

  /**
   * Returns the units of the columns that hold durations, which Parquet has no type for: writers
   * store the number and leave the unit to this entry.
   *
   * @param entry value of the metadata entry; null if the file has none
   * @throws IllegalArgumentException if it is damaged
   */
  static Map<String, ChronoUnit> durations(@Nullable String entry) {
    Map<String, ChronoUnit> units = new HashMap<>();
    if (entry == null) {
      return units;
    }
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(entry)).order(ByteOrder.LITTLE_ENDIAN);
      // The oldest writers omit the marker before the length.
      int message = bytes.getInt(0) == CONTINUATION ? 2 * Integer.BYTES : Integer.BYTES;
      bytes.position(message);
      Schema schema = (Schema) Message.getRootAsMessage(bytes).header(new Schema());
      for (int i = 0; i < schema.fieldsLength(); i++) {
        Field field = schema.fields(i);
        if (field.typeType() == Type.Duration) {
          Duration duration = (Duration) field.type(new Duration());
          units.put(field.name(), unit(duration.unit()));
        }
      }
      return units;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("its Arrow schema is damaged", e);
    }
  }

  private static ChronoUnit unit(short unit) {
    return switch (unit) {
      case TimeUnit.SECOND -> ChronoUnit.SECONDS;
      case TimeUnit.MILLISECOND -> ChronoUnit.MILLIS;
      case TimeUnit.MICROSECOND -> ChronoUnit.MICROS;
      case TimeUnit.NANOSECOND -> ChronoUnit.NANOS;
      default -> throw new IllegalArgumentException("unknown unit " + unit);
    };
  }

  private byte kind(PrimitiveType column) {
    return switch (column.getPrimitiveTypeName()) {
      case BOOLEAN -> Type.Bool;
      case INT32 -> Type.Int;
      case INT64 -> column.getLogicalTypeAnnotation() == null ? Type.Int : Type.Timestamp;
      case FLOAT, DOUBLE -> Type.FloatingPoint;
      case BINARY -> largeStrings.contains(column.getName()) ? Type.LargeUtf8 : Type.Utf8;
      default -> throw new IllegalArgumentException("cannot write columns of type " + column);
    };
  }

  private int type(PrimitiveType column, byte kind) {
    PrimitiveType.PrimitiveTypeName physical = column.getPrimitiveTypeName();
    switch (kind) {
      case Type.Bool:
        Bool.startBool(message);
        return Bool.endBool(message);
      case Type.Int:
        int bits = physical == PrimitiveType.PrimitiveTypeName.INT32 ? Integer.SIZE : Long.SIZE;
        return Int.createInt(message, bits, /* isSigned= */ true);
      case Type.FloatingPoint:
        boolean single = physical == PrimitiveType.PrimitiveTypeName.FLOAT;
        return FloatingPoint.createFloatingPoint(
            message, single ? Precision.SINGLE : Precision.DOUBLE);
      case Type.Timestamp:
        return timestamp((TimestampLogicalTypeAnnotation) column.getLogicalTypeAnnotation());
      case Type.LargeUtf8:
        LargeUtf8.startLargeUtf8(message);
        return LargeUtf8.endLargeUtf8(message);
      default:
        Utf8.startUtf8(message);
        return Utf8.endUtf8(message);
    }
  }

  private int timestamp(TimestampLogicalTypeAnnotation annotation) {
    LogicalTypeAnnotation.TimeUnit unit = annotation.getUnit();
    short ticks =
        switch (unit) {
          case MILLIS -> TimeUnit.MILLISECOND;
          case MICROS -> TimeUnit.MICROSECOND;
          case NANOS -> TimeUnit.NANOSECOND;
        };
    int zone = annotation.isAdjustedToUTC() ? message.createString("UTC") : 0;
    return Timestamp.createTimestamp(message, ticks, zone);
  }
}
