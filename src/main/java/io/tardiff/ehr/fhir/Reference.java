package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a reference points at.
 *
 * @param type of the resource, null where the reference does not tell
 * @param id of the resource
 */
record Reference(@Nullable String type, String id) {

  /** Relative, or the end of an absolute URL; a version is of no interest. */
  private static final Pattern PATH =
      Pattern.compile("(?:[^?#]*/)?([A-Z][A-Za-z]{1,63})/([^/?#|\\s]{1,200})(?:/_history/[^/]*)?");

  private static final Pattern URN =
      Pattern.compile("urn:(?:uuid|oid):([^/?#|\\s]{1,200})", Pattern.CASE_INSENSITIVE);

  /** Longer ones are no references: the pattern runs over text that anyone may have written. */
  private static final int MAX_LENGTH = 2048;

  /**
   * @param bundle from the full URL of each resource that came with this one to what it is
   * @return null where there is no reference, or one that names no resource: to a contained one, by
   *     a search, by an identifier alone
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

  /** The id at the end of a full URL, for a resource that has none of its own. */
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
