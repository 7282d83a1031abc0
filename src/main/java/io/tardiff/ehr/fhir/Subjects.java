package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.table.BadRowException;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The patient that a resource is about. */
final class Subjects {
  private Subjects() {}

  /**
   * @return null where it is about something else
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
