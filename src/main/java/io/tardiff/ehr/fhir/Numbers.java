package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.table.BadRowException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads numbers from JSON fields of any type and magnitude. */
final class Numbers {
  private Numbers() {}

  /** Returns null if the field is missing. */
  static @Nullable Double optional(JsonNode field, String name) throws BadRowException {
    if (field.isMissingNode() || field.isNull()) {
      return null;
    }
    if (!field.isNumber()) {
      throw new BadRowException(name + " is not a number");
    }
    double value = field.doubleValue();
    if (!Double.isFinite(value)) {
      throw new BadRowException(name + " is not finite");
    }
    return value;
  }

  static double required(JsonNode field, String name) throws BadRowException {
    Double value = optional(field, name);
    if (value == null) {
      throw new BadRowException(name + " is missing");
    }
    return value;
  }
}
