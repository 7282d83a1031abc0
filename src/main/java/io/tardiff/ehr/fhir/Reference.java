package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The target of a reference.
 *
 * @param type resource type; null if the reference does not state it
 * @param id resource id
 */
record Reference(@Nullable String type, String id) {

  /** A relative reference or the end of an absolute URL, optionally with a version. */
  private static final Pattern PATH =
      Pattern.compile("(?:[^?#]*/)?([A-Z][A-Za-z]{1,63})/([^/?#|\\s]{1,200})(?:/_history/[^/]*)?");

  private static final Pattern URN =
      Pattern.compile("urn:(?:uuid|oid):([^/?#|\\s]{1,200})", Pattern.CASE_INSENSITIVE);

  /** Bounds the input of the patterns, which is untrusted. */
  private static final int MAX_LENGTH = 2048;

  /**
   * Parses a reference.
   *
   * @param bundle references to the resources of the same bundle by full URL
   * @return null if there is no reference, or it does not identify a separate resource: a contained
   *     resource, a search or only an identifier
   */
  static @Nullable Reference of(JsonNode reference, Map<String, Reference> bundle) {
    JsonNode text = reference.path("reference");
    if (!text.isTextual() || text.textValue().length() > MAX_LENGTH) {
      return null;
    }
    Reference neighbour = bundle.get(text.textValue());
    if (neighbour != null) {
      return neighbour;
    }
    Matcher urn = URN.matcher(text.textValue());
    if (urn.matches()) {
      return new Reference(reference.path("type").textValue(), urn.group(1));
    }
    Matcher path = PATH.matcher(text.textValue());
    return path.matches() ? new Reference(path.group(1), path.group(2)) : null;
  }

  /** Returns the id at the end of a full URL, for a resource without an id. */
  static @Nullable String idOfUrl(String url) {
    if (url.length() > MAX_LENGTH) {
      return null;
    }
    Matcher urn = URN.matcher(url);
    if (urn.matches()) {
      return urn.group(1);
    }
    Matcher path = PATH.matcher(url);
    return path.matches() ? path.group(2) : null;
  }

  boolean mayBe(String other) {
    return type == null || type.equals(other);
  }
}
