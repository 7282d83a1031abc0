package io.tardiff.ehr.fhir;

/** Reasons why well-formed content gives no event; each is a metric. */
enum Skip {
  /** A resource that is neither Patient, Encounter, Observation nor Bundle. */
  OTHER_RESOURCE("otherResources", "resources of other types"),
  /** The subject is not a patient but a group, a device or a location. */
  OTHER_SUBJECT("otherSubjects", "resources of a group, a device or a place"),
  /** An observation that is not final, or was entered in error. */
  OBSERVATION_STATUS("observationsByStatus", "observations that are not final"),
  /** An encounter that did not take place. */
  ENCOUNTER_STATUS("encountersByStatus", "encounters that did not take place"),
  /** An encounter whose class opens no stay, such as an outpatient visit. */
  OTHER_CLASS("otherEncounterClasses", "encounters of other classes than encounterClasses"),
  /** A part of another encounter, not in an ICU: the whole opens the stay. */
  PART_OF_STAY("partsOfStays", "parts of stays outside the ICU"),
  /** The source states that there is no value. */
  ABSENT("absentValues", "values that the source says it does not have"),
  /** An observation without a value or components, such as a panel or a note. */
  NO_VALUE("withoutValue", "observations without a value"),
  /** A further ICU period within one encounter. */
  LATER_ICU("laterIcuPeriods", "later periods in the ICU of one encounter"),
  /** An unlisted discharge disposition. */
  UNLISTED_DISPOSITION("dispositionsInNoList", "dispositions in no list"),
  /** A death without a time. */
  UNTIMED_DEATH("deathsWithoutTime", "deaths without a time");

  private final String counter;
  private final String label;

  Skip(String counter, String label) {
    this.counter = counter;
    this.label = label;
  }

  String counter() {
    return counter;
  }

  /** Returns the name in a reader's {@link io.tardiff.ehr.ReadCount}s. */
  String label() {
    return label;
  }
}
