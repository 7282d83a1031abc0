package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.EhrEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Codes and texts of codeable concepts. */
final class Concepts {
  private static final Set<String> LOINC =
      Set.of("http://loinc.org", "https://loinc.org", "urn:oid:2.16.840.1.113883.6.1");

  /** Codes of R4 and R5 for the number that stands for an answer of a score. */
  private static final Set<String> ORDINAL =
      Set.of(
          "http://hl7.org/fhir/StructureDefinition/ordinalValue",
          "http://hl7.org/fhir/StructureDefinition/itemWeight");

  /** What is longer is a text by mistake. */
  private static final int MAX_LENGTH = 512;

  private Concepts() {}

  /**
   * The code of an event. Of several codings the first that is wanted, and of those LOINC's before
   * others; where none is wanted, the first LOINC code, else the first coding. LOINC codes are as
   * they are, others {@code system|code}; without any coding, {@code text|} and the text.
   *
   * @return null where there is none of them
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
      if (system != null && LOINC.contains(withoutVersion(system)) && !isOurs(code)) {
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

  /** {@code http://loinc.org|2.74} and {@code http://snomed.info/sct/} are the plain ones. */
  private static String withoutVersion(String system) {
    int version = system.indexOf('|');
    String plain = version < 0 ? system : system.substring(0, version);
    return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
  }

  /** Whoever writes the source must not be able to write an outcome or a split. */
  private static boolean isOurs(String code) {
    return EhrEvent.reservedCodes().contains(code)
        || code.equals(EhrEvent.GENDER)
        || code.equals(EhrEvent.AGE);
  }

  /** What a reader would see: the text, else the first display, else the first code. */
  static @Nullable String display(JsonNode concept) {
    String text = text(concept.path("text"));
    if (text != null) {
      return text;
    }
    for (String field : new String[] {"display", "code"}) {
      for (JsonNode coding : concept.path("coding")) {
        String there = text(coding.path(field));
        if (there != null) {
          return there;
        }
      }
    }
    return null;
  }

  /** The number that the source itself gives an answer, such as 5 for a GCS motor response. */
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

  /** Everything readable in a concept. */
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

  /** Null where it is no text, empty, or far too long for a name or a code. */
  static @Nullable String text(JsonNode field) {
    String text = field.textValue();
    if (text == null || text.length() > MAX_LENGTH) {
      return null;
    }
    String trimmed = text.trim();
    return trimmed.isEmpty() ? null : trimmed;
  }
}
