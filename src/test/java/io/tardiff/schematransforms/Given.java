package io.tardiff.schematransforms;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.transforms.SchemaTransform;
import org.apache.beam.sdk.values.Row;

/** Creates configurations like those from YAML and Python: by name, with integers for numbers. */
final class Given {
  private Given() {}

  static Provider<?> provider(String name) {
    return ReferencePage.providers().stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no transform " + name));
  }

  static SchemaTransform transform(String name, Map<String, ?> fields) {
    return provider(name).from(row(name, fields));
  }

  static Row row(String name, Map<String, ?> fields) {
    return row(provider(name).configurationSchema(), fields);
  }

  /** Creates a row like Beam's clients: fields not given are null, unknown ones are rejected. */
  static Row row(Schema schema, Map<String, ?> fields) {
    if (!Set.copyOf(schema.getFieldNames()).containsAll(fields.keySet())) {
      throw new IllegalArgumentException(fields.keySet() + " must be of " + schema.getFieldNames());
    }
    List<Object> values = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      values.add(value(field.getType(), fields.get(field.getName())));
    }
    return Row.withSchema(schema).addValues(values).build();
  }

  private static Object value(FieldType type, Object given) {
    if (given == null) {
      return null;
    }
    return switch (type.getTypeName()) {
      case INT32 ->
          given instanceof Number n && n.intValue() == n.doubleValue()
              ? (Object) n.intValue()
              : given;
      case INT64 ->
          given instanceof Number n && n.longValue() == n.doubleValue()
              ? (Object) n.longValue()
              : given;
      case DOUBLE -> given instanceof Number n ? (Object) n.doubleValue() : given;
      case ARRAY, ITERABLE -> {
        List<Object> elements = new ArrayList<>();
        ((List<?>) given).forEach(e -> elements.add(value(type.getCollectionElementType(), e)));
        yield elements;
      }
      case ROW -> {
        @SuppressWarnings("unchecked")
        Map<String, ?> nested = (Map<String, ?>) given;
        yield row(type.getRowSchema(), nested);
      }
      default -> given;
    };
  }
}
