package io.tardiff.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.beam.sdk.annotations.Internal;

/** Small helpers on Jackson trees that name the field that is missing or wrong. */
@Internal
public final class Json {
  public static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

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
