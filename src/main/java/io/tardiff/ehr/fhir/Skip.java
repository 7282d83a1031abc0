package io.tardiff.ehr.fhir;

/** Reasons why well-formed content gives no event; each is a metric. */
enum Skip {
  /** A resource that is neither Patient, Encounter, Observation nor Bundle. */
  OTHER_RESOURCE("otherResources"),
  /** The subject is not a patient but a group, a device or a location. */
  OTHER_SUBJECT("otherSubjects"),
  /** An observation that is not final, or was entered in error. */
  OBSERVATION_STATUS("observationsByStatus"),
  /** An encounter that did not take place. */
  ENCOUNTER_STATUS("encountersByStatus"),
  /** An encounter whose class opens no stay, such as an outpatient visit. */
  OTHER_CLASS("otherEncounterClasses"),
  /** A part of another encounter, not in an ICU: the whole opens the stay. */
  PART_OF_STAY("partsOfStays"),
  /** The source states that there is no value. */
  ABSENT("absentValues"),
  /** An observation without a value or components, such as a panel or a note. */
  NO_VALUE("withoutValue"),
  /** A further ICU period within one encounter. */
  LATER_ICU("laterIcuPeriods"),
  /** An unlisted discharge disposition. */
  UNLISTED_DISPOSITION("dispositionsInNoList"),
  /** A death without a time. */
  UNTIMED_DEATH("deathsWithoutTime");

  private final String counter;

  Skip(String counter) {
    this.counter = counter;
  }

  String counter() {
    return counter;
  }
}
