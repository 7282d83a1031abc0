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

/** The cells of the records of a file, as texts. */
final class AvroCells {
  private final Map<String, Schema.Field> fields = new HashMap<>();
  private final String file;

  /**
   * The cells of the columns that a parser declares.
   *
   * @param file for messages
   */
  AvroCells(Columns columns, Schema schema, String file) {
    this.file = file;
    columns
        .positions()
        .forEach((column, position) -> fields.put(column, schema.getFields().get(position)));
  }

  /** The names of the fields, in their order. */
  static List<String> names(Schema schema) {
    return schema.getFields().stream().map(Schema.Field::name).toList();
  }

  /**
   * The text of a cell, without blanks around it, null where it is empty.
   *
   * @throws IllegalArgumentException naming file and column where it is no plain value
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
        throw refused(field, "bytes that are no text in UTF-8", e);
      }
    }
    if (value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || plain.getType() == Schema.Type.ENUM) {
      return TextFormat.trim(value.toString());
    }
    throw refused(field, "what is no plain value", null);
  }

  private IllegalArgumentException refused(
      Schema.Field field, String what, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "cannot read " + file + ": column " + field.name() + " holds " + what, cause);
  }

  /** The one type of a union that is not null; others are told apart by their values. */
  private static Schema plain(Schema schema) {
    if (schema.getType() == Schema.Type.UNION) {
      List<Schema> types =
          schema.getTypes().stream().filter(t -> t.getType() != Schema.Type.NULL).toList();
      return types.size() == 1 ? types.get(0) : schema;
    }
    return schema;
  }
}
