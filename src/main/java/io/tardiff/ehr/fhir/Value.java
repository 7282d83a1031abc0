package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.table.BadRowException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A value of an observation or a component.
 *
 * @param number numeric value; null for a text
 * @param text text of a non-numeric value; for a number, its comparator or label, if any
 * @param unit unit of the number
 */
record Value(@Nullable Double number, @Nullable String text, @Nullable String unit) {
  static final String UCUM = "http://unitsofmeasure.org";
  static final String SAMPLED_DATA = "valueSampledData";

  private static final String QUANTITY = "valueQuantity";
  private static final Set<String> COMPARATORS = Set.of("<", "<=", ">=", ">");

  /** Optional comparator, decimal number, and optional unit that does not begin with a digit. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "(<=|>=|<|>)?\\s*([+-]?\\d{1,15}(?:\\.\\d{1,15})?)(?:\\s+([\\p{L}%°/\\[{][^\\s]{0,20}))?");

  private static final int MAX_NUMBER = 60;

  /** All value types of R4. */
  private static final List<String> FIELDS =
      List.of(
          QUANTITY,
          "valueInteger",
          "valueBoolean",
          "valueCodeableConcept",
          "valueString",
          "valueDateTime",
          "valueTime",
          "valueRange",
          "valueRatio",
          "valuePeriod",
          SAMPLED_DATA);

  /** Returns the name of the field that contains the value of an element; null if none. */
  static @Nullable String field(JsonNode element) {
    for (String field : FIELDS) {
      if (element.hasNonNull(field)) {
        return field;
      }
    }
    return null;
  }

  /**
   * Returns the value of a field other than sampled data.
   *
   * @return null if the field has no value
   */
  static @Nullable Value of(JsonNode element, String field) throws BadRowException {
    JsonNode value = element.path(field);
    return switch (field) {
      case QUANTITY -> quantity(value);
      case "valueInteger" -> numeric(Numbers.optional(value, field));
      case "valueBoolean" -> {
        if (!value.isBoolean()) {
          throw new BadRowException(field + " is not true or false");
        }
        yield numeric(value.booleanValue() ? 1.0 : 0.0);
      }
      case "valueCodeableConcept" -> concept(value);
      case "valueRange" -> join(text(value.path("low")), "..", text(value.path("high")));
      case "valueRatio" ->
          join(text(value.path("numerator")), ":", text(value.path("denominator")));
      case "valuePeriod" ->
          join(value.path("start").asText().trim(), "/", value.path("end").asText().trim());
      case "valueString" -> ofString(requireText(value, field));
      default -> {
        String text = requireText(value, field);
        yield text.isEmpty() ? null : new Value(null, text, null);
      }
    };
  }

  private static String requireText(JsonNode value, String field) throws BadRowException {
    if (!value.isTextual()) {
      throw new BadRowException(field + " is not a string");
    }
    return value.textValue().trim();
  }

  /**
   * Parses numbers sent as strings, as by many laboratories: {@code 7.35}, {@code <5}, {@code 37.2
   * Cel}.
   */
  private static @Nullable Value ofString(String text) {
    if (text.isEmpty()) {
      return null;
    }
    Matcher number = text.length() > MAX_NUMBER ? null : NUMBER.matcher(text);
    return number != null && number.matches()
        ? new Value(Double.valueOf(number.group(2)), number.group(1), number.group(3))
        : new Value(null, text, null);
  }

  /** Returns the UCUM code if there is one, else the displayed unit, else the code. */
  static @Nullable String unit(JsonNode quantity) {
    String code = Concepts.text(quantity.path("code"));
    if (code != null && UCUM.equals(quantity.path("system").textValue())) {
      return code;
    }
    String unit = Concepts.text(quantity.path("unit"));
    return unit == null ? code : unit;
  }

  private static @Nullable Value quantity(JsonNode quantity) throws BadRowException {
    Double number = Numbers.optional(quantity.path("value"), "valueQuantity.value");
    if (number == null) {
      return null;
    }
    JsonNode comparator = quantity.path("comparator");
    if (!comparator.isMissingNode() && !COMPARATORS.contains(comparator.asText())) {
      throw new BadRowException("valueQuantity.comparator is not <, <=, >= or >");
    }
    return new Value(number, comparator.textValue(), unit(quantity));
  }

  private static @Nullable Value numeric(@Nullable Double number) {
    return number == null ? null : new Value(number, null, null);
  }

  private static @Nullable Value concept(JsonNode concept) throws BadRowException {
    JsonNode ordinal = Concepts.ordinal(concept);
    Double number = ordinal == null ? null : Numbers.optional(ordinal, "ordinalValue");
    String text = Concepts.display(concept);
    return number == null && text == null ? null : new Value(number, text, null);
  }

  private static @Nullable Value join(String left, String between, String right) {
    return left.isEmpty() && right.isEmpty() ? null : new Value(null, left + between + right, null);
  }

  private static String text(JsonNode quantity) {
    JsonNode value = quantity.path("value");
    String unit = unit(quantity);
    if (!value.isNumber()) {
      return "";
    }
    return unit == null ? value.asText() : value.asText() + " " + unit;
  }
}
