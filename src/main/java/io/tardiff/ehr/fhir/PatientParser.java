package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import java.io.Serializable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Parses patients into events. */
final class PatientParser implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String TYPE = "Patient";

  private final Settings settings;

  PatientParser(Settings settings) {
    this.settings = settings;
  }

  void parse(JsonNode patient, String id, Sink sink) {
    sink.offsets(id, Offsets.of(patient));
    // A bad field does not affect the others.
    try {
      birth(patient, id, sink);
    } catch (BadRowException e) {
      sink.reject(TYPE, e.getMessage());
    }
    try {
      death(patient, id, sink);
    } catch (BadRowException e) {
      sink.reject(TYPE, e.getMessage());
    }
    Double gender =
        switch (patient.path("gender").asText()) {
          case "male" -> 1.0;
          case "female" -> 0.0;
          default -> null;
        };
    if (gender != null && settings.wants(EhrEvent.GENDER)) {
      sink.event(event(id, EhrEvent.GENDER).setNumericValue(gender).build());
    }
  }

  /** Places a bare year or month at its middle, so that the age is off by at most half of it. */
  private static void birth(JsonNode patient, String id, Sink sink) throws BadRowException {
    FhirTime birth = FhirTime.of(patient.path("birthDate"), "birthDate");
    if (birth != null) {
      boolean day = birth.precision().compareTo(FhirTime.Precision.DAY) >= 0;
      Instant time = day ? birth.first() : middle(birth);
      sink.event(event(id, EhrEvent.BIRTH).setTime(time).build());
    }
  }

  private static Instant middle(FhirTime time) {
    long days = new Duration(time.first(), time.last()).getStandardDays() / 2;
    return time.first().plus(Duration.standardDays(days));
  }

  /** Places a date at its end, so that no measurement of that day comes after the death. */
  private static void death(JsonNode patient, String id, Sink sink) throws BadRowException {
    FhirTime death = FhirTime.atLeastADay(patient.path("deceasedDateTime"), "deceasedDateTime");
    if (death != null) {
      sink.event(event(id, EhrEvent.DEATH).setTime(death.last()).build());
    } else if (patient.path("deceasedBoolean").isBoolean()) {
      if (patient.path("deceasedBoolean").booleanValue()) {
        sink.skip(Skip.UNTIMED_DEATH);
      } else {
        sink.event(event(id, EhrEvent.ALIVE).build());
      }
    }
  }

  private static EhrEvent.Builder event(String id, String code) {
    return EhrEvent.builder().setSubjectId(id).setCode(code);
  }
}
