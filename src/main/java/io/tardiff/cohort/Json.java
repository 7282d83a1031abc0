package io.tardiff.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Small helpers on Jackson trees that name the field that is missing or wrong. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("field " + name + " is missing");
    }
    return value;
  }

  static String text(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("field " + name + " must be a text, was " + value);
    }
    return value.asText();
  }

  static int integer(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new IllegalArgumentException("field " + name + " must be an integer, was " + value);
    }
    return value.asInt();
  }

  static long count(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isIntegralNumber() || value.asLong() < 0) {
      throw new IllegalArgumentException("field " + name + " must be a count, was " + value);
    }
    return value.asLong();
  }

  static JsonNode array(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isArray()) {
      throw new IllegalArgumentException("field " + name + " must be an array");
    }
    return value;
  }

  static double[] doubles(JsonNode node, String name) {
    return doubles(name, array(node, name));
  }

  static double[] doubles(String name, JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!array.get(i).isNumber()) {
        throw new IllegalArgumentException("field " + name + " must hold numbers only");
      }
      values[i] = array.get(i).asDouble();
    }
    return values;
  }

  static long[] longs(JsonNode node, String name) {
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

  static ArrayNode of(double[] values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.length);
    for (double value : values) {
      array.add(value);
    }
    return array;
  }

  static ArrayNode of(long[] values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.length);
    for (long value : values) {
      array.add(value);
    }
    return array;
  }
}
