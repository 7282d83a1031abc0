package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.EhrEvent;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatientTest {

  private static Collected patient(String fields) {
    return patient(Settings.defaults(), fields);
  }

  private static Collected patient(Settings settings, String fields) {
    String json = "{'resourceType':'Patient','id':'p1'," + fields + "}";
    return Collected.of(settings, json.replace('\'', '"'));
  }

  @Test
  void patientGivesBirthSexAndDeath() {
    Collected read =
        patient(
            "'birthDate':'1950-02-03','gender':'female','deceasedDateTime':'2020-01-02T03:04:05Z'");

    assertThat(
        read.timed(),
        contains(
            "MEDS_BIRTH@1950-02-03T00:00:00.000Z",
            "MEDS_DEATH@2020-01-02T03:04:05.000Z",
            "Gender@null"));
    assertThat(read.events.get(0).getSubjectId(), is("p1"));
    assertThat(read.events.get(2).getNumericValue(), is(0.0));
    assertThat(patient("'gender':'male'").values(), contains("Gender=1.0"));
    assertThat(patient("'gender':'other'").events, is(empty()));
  }

  @ParameterizedTest
  @CsvSource({"1950, 1950-07-02", "1950-02, 1950-02-14"})
  void bareYearOrMonthOfBirthIsItsMiddle(String date, String middle) {
    assertThat(
        patient("'birthDate':'" + date + "'").timed(),
        contains("MEDS_BIRTH@" + middle + "T00:00:00.000Z"));
  }

  @Test
  void dateOfDeathIsItsLastMoment() {
    assertThat(
        patient("'deceasedDateTime':'2020-01-02'").timed(),
        contains("MEDS_DEATH@2020-01-02T23:59:59.999Z"));
  }

  @Test
  void deathWithoutATimeIsCounted() {
    assertThat(patient("'deceasedBoolean':true").skips, contains(Skip.UNTIMED_DEATH));
    assertThat(patient("'deceasedBoolean':true").events, is(empty()));
  }

  @Test
  void notDeceasedIsAlive() {
    assertThat(patient("'deceasedBoolean':false").timed(), contains("ALIVE@null"));
    assertThat(patient("'deceasedBoolean':'false'").events, is(empty()));
  }

  @Test
  void badFieldDoesNotLoseTheOthers() {
    Collected read = patient("'birthDate':'unknown','deceasedDateTime':'2020','gender':'male'");

    assertThat(read.values(), contains("Gender=1.0"));
    assertThat(
        read.rejects,
        contains(
            "Patient: birthDate is not a time",
            "Patient: deceasedDateTime is only a year or a month"));
  }

  @Test
  void sexIsFilteredByCodeAndBirthIsNot() {
    Collected read =
        patient(
            Settings.defaults().withCodes(Set.of("8867-4")),
            "'birthDate':'1950-02-03','gender':'male'");

    assertThat(read.events.stream().map(EhrEvent::getCode).toList(), contains(EhrEvent.BIRTH));
  }

  @Test
  void idIsRequired() {
    assertThat(
        Collected.of("{\"resourceType\":\"Patient\",\"gender\":\"male\"}").rejects,
        contains("Patient: id is missing"));
  }
}
