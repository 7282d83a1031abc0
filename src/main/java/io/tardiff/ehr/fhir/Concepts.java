package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.EhrEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Extracts codes and texts from codeable concepts. */
final class Concepts {
  private static final Set<String> LOINC =
      Set.of("http://loinc.org", "https://loinc.org", "urn:oid:2.16.840.1.113883.6.1");

  /** Extensions of R4 and R5 for the score of an answer. */
  private static final Set<String> ORDINAL =
      Set.of(
          "http://hl7.org/fhir/StructureDefinition/ordinalValue",
          "http://hl7.org/fhir/StructureDefinition/itemWeight");

  /** Longer texts are neither names nor codes. */
  private static final int MAX_LENGTH = 512;

  private Concepts() {}

  /**
   * Returns the code of an event: the first wanted coding, LOINC before others; if none is wanted,
   * the first LOINC code, else the first coding. LOINC codes are unchanged, others {@code
   * system|code}; a concept without coding is {@code text|} and its text.
   *
   * @return null if there is neither coding nor text
   */
  static @Nullable String code(JsonNode concept, Predicate<String> wanted) {
    List<String> loinc = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (JsonNode coding : concept.path("coding")) {
      String code = text(coding.path("code"));
      if (code == null) {
        continue;
      }
      String system = text(coding.path("system"));
      if (system != null && LOINC.contains(withoutVersion(system)) && !isReserved(code)) {
        loinc.add(code);
      } else {
        others.add((system == null ? "" : system) + "|" + code);
        if (system != null && !withoutVersion(system).equals(system)) {
          others.add(withoutVersion(system) + "|" + code);
        }
      }
    }
    List<String> codes = new ArrayList<>(loinc);
    codes.addAll(others);
    String text = text(concept.path("text"));
    if (text != null) {
      codes.add("text|" + text);
    }
    return codes.stream().filter(wanted).findFirst().orElse(codes.isEmpty() ? null : codes.get(0));
  }

  /**
   * Strips the version of {@code http://loinc.org|2.74} and the slash of {@code
   * http://snomed.info/sct/}.
   */
  private static String withoutVersion(String system) {
    int version = system.indexOf('|');
    String plain = version < 0 ? system : system.substring(0, version);
    return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
  }

  /**
   * Whether a code is reserved by the library: a source must not be able to inject an outcome or a
   * split.
   */
  private static boolean isReserved(String code) {
    return EhrEvent.reservedCodes().contains(code)
        || code.equals(EhrEvent.GENDER)
        || code.equals(EhrEvent.AGE);
  }

  /**
   * Returns the text that a person would see: the text, else the first display, else the first
   * code.
   */
  static @Nullable String display(JsonNode concept) {
    String text = text(concept.path("text"));
    if (text != null) {
      return text;
    }
    for (String field : new String[] {"display", "code"}) {
      for (JsonNode coding : concept.path("coding")) {
        String value = text(coding.path(field));
        if (value != null) {
          return value;
        }
      }
    }
    return null;
  }

  /** Returns the score that the source assigns to an answer, such as 5 for a GCS motor response. */
  static @Nullable JsonNode ordinal(JsonNode concept) {
    for (JsonNode coding : concept.path("coding")) {
      for (JsonNode extension : coding.path("extension")) {
        if (ORDINAL.contains(extension.path("url").asText())) {
          return extension.path("valueDecimal");
        }
      }
    }
    return null;
  }

  /** Passes on the text and all displays of a concept. */
  static void texts(JsonNode concept, Consumer<String> texts) {
    accept(concept.path("text"), texts);
    for (JsonNode coding : concept.path("coding")) {
      accept(coding.path("display"), texts);
    }
  }

  static void accept(JsonNode field, Consumer<String> texts) {
    String text = text(field);
    if (text != null) {
      texts.accept(text);
    }
  }

  /** Returns the trimmed text; null if it is missing, empty, or too long for a name or a code. */
  static @Nullable String text(JsonNode field) {
    String text = field.textValue();
    if (text == null || text.length() > MAX_LENGTH) {
      return null;
    }
    String trimmed = text.trim();
    return trimmed.isEmpty() ? null : trimmed;
  }
}
