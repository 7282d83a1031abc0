package io.tardiff.files;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Maps JSON to records and reads fields of Jackson trees. Errors name the field that is missing or
 * invalid.
 */
@Internal
public final class Json {
  public static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Maps between JSON and records, whose components, and nothing else, are fields in snake case and
   * in their order. (Jackson would add what {@code is} and {@code get} methods return, in the order
   * of reflection, which differs between runs.) Primitives are required, as are components marked
   * so. Unknown fields are ignored, because a later version may have written them.
   */
  public static final ObjectMapper RECORDS =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  /**
   * Converts a JSON object to a record.
   *
   * @throws IllegalArgumentException if a field is missing or invalid, naming it
   */
  public static <R> R record(JsonNode json, Class<R> type) {
    try {
      return RECORDS.treeToValue(json, type);
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      throw new IllegalArgumentException("field " + path(e) + " is missing or invalid", e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    }
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : e.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.length() == 0 ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }

  /** Formats a record as indented JSON. */
  public static String pretty(Object value) {
    return RECORDS.valueToTree(value).toPrettyString();
  }

  public static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("field " + name + " is missing");
    }
    return value;
  }

  public static String text(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("field " + name + " must be a text, was " + value);
    }
    return value.asText();
  }

  public static int integer(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new IllegalArgumentException("field " + name + " must be an integer, was " + value);
    }
    return value.asInt();
  }

  public static long count(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isIntegralNumber() || value.asLong() < 0) {
      throw new IllegalArgumentException("field " + name + " must be a count, was " + value);
    }
    return value.asLong();
  }

  public static JsonNode array(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isArray()) {
      throw new IllegalArgumentException("field " + name + " must be an array");
    }
    return value;
  }

  public static double[] doubles(JsonNode node, String name) {
    return doubles(name, array(node, name));
  }

  public static double[] doubles(String name, JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!array.get(i).isNumber()) {
        throw new IllegalArgumentException("field " + name + " must hold numbers only");
      }
      values[i] = array.get(i).asDouble();
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException("field " + name + " must hold finite numbers only");
      }
    }
    return values;
  }

  public static long[] longs(JsonNode node, String name) {
    JsonNode array = array(node, name);
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!array.get(i).isIntegralNumber()) {
        throw new IllegalArgumentException("field " + name + " must hold integers only");
      }
      values[i] = array.get(i).asLong();
    }
    return values;
  }

  public static ArrayNode of(double[] values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.length);
    for (double value : values) {
      array.add(value);
    }
    return array;
  }

  public static ArrayNode of(long[] values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.length);
    for (long value : values) {
      array.add(value);
    }
    return array;
  }
}
