package io.tardiff.ehr.fhir;

/** Why something that is well formed gives no event; each is a counter of the pipeline. */
enum Skip {
  /** A resource that is neither Patient, Encounter, Observation nor Bundle. */
  OTHER_RESOURCE("otherResources", "resources of other types"),
  /** What was observed is no patient but a group, a device, a place. */
  OTHER_SUBJECT("otherSubjects", "resources of a group, a device or a place"),
  /** An observation that is not final, or an error. */
  OBSERVATION_STATUS("observationsByStatus", "observations that are not final"),
  /** An encounter that did not take place. */
  ENCOUNTER_STATUS("encountersByStatus", "encounters that did not take place"),
  /** An encounter that opens no stay, such as a visit. */
  OTHER_CLASS("otherEncounterClasses", "encounters of other classes than encounterClasses"),
  /** A part of another encounter, which is not an ICU's: the whole opens the stay. */
  PART_OF_STAY("partsOfStays", "parts of stays outside the ICU"),
  /** The source says that there is no value, and mostly why. */
  ABSENT("absentValues", "values that the source says it does not have"),
  /** An observation without a value or components: a panel, a note. */
  NO_VALUE("withoutValue", "observations without a value"),
  /** A second period in an ICU within one encounter. */
  LATER_ICU("laterIcuPeriods", "later periods in the ICU of one encounter"),
  /** A way out of the hospital, in a code or a text that no list has. */
  UNLISTED_DISPOSITION("dispositionsInNoList", "dispositions in no list"),
  /** A death of which no time is known. */
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

  /** In words, for the counts of a reader. */
  String label() {
    return label;
  }
}
