package io.tardiff.ehr.table;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the cells of Avro records as texts. */
final class AvroCells {
  private final Map<String, Schema.Field> fields = new HashMap<>();
  private final String file;

  /**
   * Reads the given columns.
   *
   * @param file name of the file, for messages
   */
  AvroCells(Columns columns, Schema schema, String file) {
    this.file = file;
    columns
        .positions()
        .forEach((column, position) -> fields.put(column, schema.getFields().get(position)));
  }

  /** Returns the names of the fields in order. */
  static List<String> names(Schema schema) {
    return schema.getFields().stream().map(Schema.Field::name).toList();
  }

  /**
   * Returns the trimmed text of a cell; null if it is empty.
   *
   * @throws IllegalArgumentException naming file and column if the cell has an unsupported type
   */
  @Nullable String text(GenericRecord record, String column) {
    Schema.Field field = fields.get(column);
    Object value = field == null ? null : record.get(field.pos());
    if (value == null) {
      return null;
    }
    Schema plain = plain(field.schema());
    LogicalType logical = plain.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal) {
      Conversions.DecimalConversion conversion = new Conversions.DecimalConversion();
      return (value instanceof GenericFixed fixed
              ? conversion.fromFixed(fixed, plain, logical)
              : conversion.fromBytes((ByteBuffer) value, plain, logical))
          .toPlainString();
    }
    if (logical != null && value instanceof Number number) {
      return switch (logical.getName()) {
        case "timestamp-millis", "local-timestamp-millis" ->
            Instant.ofEpochMilli(number.longValue()).toString();
        case "timestamp-micros", "local-timestamp-micros" ->
            Instant.EPOCH.plus(number.longValue(), ChronoUnit.MICROS).toString();
        case "date" -> LocalDate.ofEpochDay(number.longValue()).toString();
        default -> value.toString();
      };
    }
    if (value instanceof ByteBuffer bytes) {
      try {
        return TextFormat.trim(
            StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString());
      } catch (CharacterCodingException e) {
        throw unsupported(field, "bytes that are not UTF-8 text", e);
      }
    }
    if (value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || plain.getType() == Schema.Type.ENUM) {
      return TextFormat.trim(value.toString());
    }
    throw unsupported(field, "values of an unsupported type", null);
  }

  private IllegalArgumentException unsupported(
      Schema.Field field, String what, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "cannot read " + file + ": column " + field.name() + " holds " + what, cause);
  }

  /**
   * Returns the non-null type of a union with null. Other unions are returned unchanged: their
   * values show the type.
   */
  private static Schema plain(Schema schema) {
    if (schema.getType() == Schema.Type.UNION) {
      List<Schema> types =
          schema.getTypes().stream().filter(t -> t.getType() != Schema.Type.NULL).toList();
      return types.size() == 1 ? types.get(0) : schema;
    }
    return schema;
  }
}
