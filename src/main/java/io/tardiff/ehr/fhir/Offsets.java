package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Whether the times of a resource have UTC offsets. Times without one are read as UTC, so if a
 * patient has both kinds, some values may be hours off.
 */
final class Offsets {
  static final int NONE = 0;
  static final int WITH = 1;
  static final int WITHOUT = 2;
  static final int BOTH = WITH | WITHOUT;

  private static final int DATE_LENGTH = 10;

  private Offsets() {}

  /** Returns the flags for the times of an encounter, an observation or a patient. */
  static int of(JsonNode resource) {
    return ofTimes(resource.path("effectiveDateTime"), resource.path("effectiveInstant"))
        | ofTimes(resource.path("effectivePeriod").path("start"))
        | ofTimes(resource.path("effectivePeriod").path("end"))
        | ofTimes(resource.path("period").path("start"), resource.path("period").path("end"))
        | ofTimes(
            resource.path("actualPeriod").path("start"), resource.path("actualPeriod").path("end"))
        | ofTimes(resource.path("deceasedDateTime"));
  }

  private static int ofTimes(JsonNode... times) {
    int offsets = NONE;
    for (JsonNode time : times) {
      String text = time.textValue();
      // Dates have no offset.
      if (text != null && text.length() > DATE_LENGTH) {
        boolean with =
            text.endsWith("Z")
                || text.indexOf('+', DATE_LENGTH) > 0
                || text.indexOf('-', DATE_LENGTH) > 0;
        offsets |= with ? WITH : WITHOUT;
      }
    }
    return offsets;
  }
}
