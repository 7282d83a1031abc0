package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.table.BadRowException;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Finds the patient of a resource. */
final class Subjects {
  private Subjects() {}

  /**
   * Returns the id of the patient.
   *
   * @return null if the subject is not a patient
   */
  static @Nullable String patient(JsonNode resource, Map<String, Reference> bundle)
      throws BadRowException {
    JsonNode subject = resource.path("subject");
    if (!subject.isObject()) {
      throw new BadRowException("subject is missing");
    }
    Reference reference = Reference.of(subject, bundle);
    if (reference == null) {
      throw new BadRowException("subject is not a reference to a resource");
    }
    return reference.mayBe("Patient") ? reference.id() : null;
  }
}
