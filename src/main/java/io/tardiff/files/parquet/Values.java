package io.tardiff.files.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.BsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.joda.time.Instant;

/** Converts values of Parquet's types to Java. */
final class Values {
  private static final long JULIAN_EPOCH_DAY = 2_440_588;
  private static final long DAY_MILLIS = 86_400_000;

  private Values() {}

  /** Reads the current value of a column. */
  interface Decoder {
    Object decode(ColumnReader column);
  }

  /** Thrown for a text column that holds invalid UTF-8. */
  static final class NotTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotTextException() {
      super("it holds bytes that are not UTF-8 text");
    }
  }

  static boolean isReadable(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case FIXED_LEN_BYTE_ARRAY ->
          logical instanceof DecimalLogicalTypeAnnotation
              || logical instanceof UUIDLogicalTypeAnnotation;
      case BINARY -> !(logical instanceof BsonLogicalTypeAnnotation);
      default -> true;
    };
  }

  /** Whether a column with a duration in Arrow's schema holds plain numbers, its ticks. */
  static boolean mayBeDuration(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT64
        && type.getLogicalTypeAnnotation() == null;
  }

  static Decoder durations(ChronoUnit unit) {
    return column -> Duration.of(column.getLong(), unit);
  }

  static Class<?> type(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal.getScale() == 0 ? Long.class : Double.class;
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Boolean.class;
      case FLOAT, DOUBLE -> Double.class;
      case INT32, INT64 ->
          logical instanceof TimestampLogicalTypeAnnotation
              ? Instant.class
              : logical instanceof DateLogicalTypeAnnotation
                  ? LocalDate.class
                  : logical instanceof TimeLogicalTypeAnnotation ? LocalTime.class : Long.class;
      case INT96 -> Instant.class;
      case BINARY, FIXED_LEN_BYTE_ARRAY -> String.class;
    };
  }

  static Decoder decoder(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      int scale = decimal.getScale();
      if (scale <= 0) {
        return whole(type, scale);
      }
      return switch (type.getPrimitiveTypeName()) {
        case INT32 -> column -> BigDecimal.valueOf(column.getInteger(), scale).doubleValue();
        case INT64 -> column -> BigDecimal.valueOf(column.getLong(), scale).doubleValue();
        default ->
            column ->
                new BigDecimal(new BigInteger(column.getBinary().getBytesUnsafe()), scale)
                    .doubleValue();
      };
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> ColumnReader::getBoolean;
      case FLOAT -> column -> widen(column.getFloat());
      case DOUBLE -> ColumnReader::getDouble;
      case INT32 -> int32(logical);
      case INT64 -> int64(logical);
      case INT96 -> column -> int96(column.getBinary().toByteBuffer());
      case BINARY -> column -> utf8(column.getBinary());
      case FIXED_LEN_BYTE_ARRAY -> column -> uuid(column.getBinary().toByteBuffer());
    };
  }

  /** Reads decimals without a fraction exactly: warehouses store ids as 38-digit decimals. */
  private static Decoder whole(PrimitiveType type, int scale) {
    return column -> {
      BigInteger unscaled =
          switch (type.getPrimitiveTypeName()) {
            case INT32 -> BigInteger.valueOf(column.getInteger());
            case INT64 -> BigInteger.valueOf(column.getLong());
            default -> new BigInteger(column.getBinary().getBytesUnsafe());
          };
      BigInteger value = new BigDecimal(unscaled, scale).toBigInteger();
      return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value.toString();
    };
  }

  private static String utf8(Binary binary) {
    String text = binary.toStringUsingUTF8();
    // The replacement character of a decoding error, or a rare genuine one: check.
    if (text.indexOf('\uFFFD') >= 0) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(binary.toByteBuffer());
      } catch (CharacterCodingException e) {
        throw new NotTextException();
      }
    }
    return text;
  }

  private static String uuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(bytes.position()), bytes.getLong(bytes.position() + Long.BYTES))
        .toString();
  }

  /** Returns the double of the shortest decimal form of a float. */
  private static double widen(float value) {
    // Fast path for multiples of a quarter, which are exact: most values are.
    float scaled = value * 4;
    return scaled == Math.rint(scaled) || !Float.isFinite(value)
        ? value
        : Double.parseDouble(Float.toString(value));
  }

  private static Decoder int32(LogicalTypeAnnotation logical) {
    if (logical instanceof DateLogicalTypeAnnotation) {
      return column -> LocalDate.ofEpochDay(column.getInteger());
    }
    if (logical instanceof TimeLogicalTypeAnnotation) {
      return column -> LocalTime.ofNanoOfDay(column.getInteger() * 1_000_000L);
    }
    return logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()
        ? column -> Integer.toUnsignedLong(column.getInteger())
        : column -> (long) column.getInteger();
  }

  private static Decoder int64(LogicalTypeAnnotation logical) {
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      long perMilli = perMilli(timestamp.getUnit());
      return column -> Instant.ofEpochMilli(Math.floorDiv(column.getLong(), perMilli));
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      long nanos = 1_000_000 / perMilli(time.getUnit());
      return column -> LocalTime.ofNanoOfDay(Math.multiplyExact(column.getLong(), nanos));
    }
    if (logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()) {
      return column -> {
        long value = column.getLong();
        return value >= 0 ? (Object) value : Long.toUnsignedString(value);
      };
    }
    return ColumnReader::getLong;
  }

  private static long perMilli(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1;
      case MICROS -> 1_000;
      case NANOS -> 1_000_000;
    };
  }

  /**
   * Reads nanoseconds of the day and Julian day, the timestamps of Impala and old versions of
   * Spark.
   */
  private static Instant int96(ByteBuffer bytes) {
    ByteBuffer ordered = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = ordered.getLong();
    long day = ordered.getInt() - JULIAN_EPOCH_DAY;
    return Instant.ofEpochMilli(day * DAY_MILLIS + Math.floorDiv(nanos, 1_000_000L));
  }
}
