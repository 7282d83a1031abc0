package io.tardiff.ehr.fhir;

/** Why something that is well formed gives no event; each is a counter of the pipeline. */
enum Skip {
  /** A resource that is neither Patient, Encounter, Observation nor Bundle. */
  OTHER_RESOURCE("otherResources"),
  /** What was observed is no patient but a group, a device, a place. */
  OTHER_SUBJECT("otherSubjects"),
  /** An observation that is not final, or an error. */
  OBSERVATION_STATUS("observationsByStatus"),
  /** An encounter that did not take place. */
  ENCOUNTER_STATUS("encountersByStatus"),
  /** An encounter that opens no stay, such as a visit. */
  OTHER_CLASS("otherEncounterClasses"),
  /** A part of another encounter, which is not an ICU's: the whole opens the stay. */
  PART_OF_STAY("partsOfStays"),
  /** The source says that there is no value, and mostly why. */
  ABSENT("absentValues"),
  /** An observation without a value or components: a panel, a note. */
  NO_VALUE("withoutValue"),
  /** A second period in an ICU within one encounter. */
  LATER_ICU("laterIcuPeriods"),
  /** A way out of the hospital, in a code or a text that no list has. */
  UNLISTED_DISPOSITION("dispositionsInNoList"),
  /** A death of which no time is known. */
  UNTIMED_DEATH("deathsWithoutTime");

  private final String counter;

  Skip(String counter) {
    this.counter = counter;
  }

  String counter() {
    return counter;
  }
}
