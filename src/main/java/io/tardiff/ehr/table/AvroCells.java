package io.tardiff.ehr.table;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The cells of a record, as texts. */
final class AvroCells implements SerializableFunction<GenericRecord, List<@Nullable String>> {
  private static final long serialVersionUID = 1L;

  private final List<String> fields;
  private final Map<String, Integer> columns;

  private AvroCells(List<String> fields, Map<String, Integer> columns) {
    this.fields = fields;
    this.columns = columns;
  }

  /**
   * The cells of some columns.
   *
   * @param names fields of the schema by the names that the parser has for them
   */
  static AvroCells of(Map<String, String> names) {
    List<String> fields = new ArrayList<>();
    Map<String, Integer> columns = new HashMap<>();
    names.forEach(
        (column, field) -> {
          columns.put(column, fields.size());
          fields.add(field);
        });
    return new AvroCells(fields, columns);
  }

  /** Where in the list a column is, by the name that the parser has for it. */
  Map<String, Integer> columns() {
    return columns;
  }

  @Override
  public List<@Nullable String> apply(GenericRecord record) {
    List<@Nullable String> cells = new ArrayList<>(fields.size());
    for (String field : fields) {
      Schema.Field there = record.getSchema().getField(field);
      cells.add(there == null ? null : text(there.schema(), record.get(there.pos())));
    }
    return cells;
  }

  private static @Nullable String text(Schema schema, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    Schema plain = plain(schema);
    LogicalType logical = plain.getLogicalType();
    String text;
    if (logical instanceof LogicalTypes.Decimal) {
      Conversions.DecimalConversion conversion = new Conversions.DecimalConversion();
      text =
          (value instanceof GenericFixed fixed
                  ? conversion.fromFixed(fixed, plain, logical)
                  : conversion.fromBytes((ByteBuffer) value, plain, logical))
              .toPlainString();
    } else if (logical != null && value instanceof Number number) {
      text =
          switch (logical.getName()) {
            case "timestamp-millis", "local-timestamp-millis" ->
                Instant.ofEpochMilli(number.longValue()).toString();
            case "timestamp-micros", "local-timestamp-micros" ->
                Instant.EPOCH.plus(number.longValue(), ChronoUnit.MICROS).toString();
            case "date" -> LocalDate.ofEpochDay(number.longValue()).toString();
            default -> value.toString();
          };
    } else {
      text = value.toString().trim();
    }
    return text.isEmpty() ? null : text;
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
