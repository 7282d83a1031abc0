package io.tardiff.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Reads configuration files as plain trees of YAML (or JSON, which is YAML), without types or
 * references.
 */
@Internal
public final class Yaml {
  private static final ObjectMapper MAPPER =
      YAMLMapper.builder(YAMLFactory.builder().build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private Yaml() {}

  /**
   * Parses a text that holds an object.
   *
   * @param source name of the source, for messages
   * @throws IllegalArgumentException if the text is not YAML or not an object, naming the source
   */
  static JsonNode parse(String source, String text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      throw new IllegalArgumentException(
          source + " is not YAML: " + e.getOriginalMessage() + where, e);
    }
    if (node.isMissingNode() || node.isNull()) {
      // Empty, or only comments.
      return JsonNodeFactory.instance.objectNode();
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException(source + " must be a map of names to values");
    }
    return node;
  }

  /**
   * Reads a file on any Beam file system.
   *
   * @param what what the file is, for messages
   */
  public static JsonNode read(String path, String what) {
    try {
      return parse(path, AtomicFile.readText(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the " + what + " " + path, e);
    }
  }

  /** Reads a resource of the library, in the package of {@code owner}. */
  public static JsonNode resource(Class<?> owner, String name) {
    URL url = Resources.getResource(owner, name);
    try {
      return parse(name, Resources.toString(url, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Throws if an object has a field that is not {@code valid}. */
  public static void checkFields(JsonNode object, Collection<String> valid) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!valid.contains(name)) {
        throw new IllegalArgumentException(
            "field " + name + " is unknown; valid fields are " + String.join(", ", valid));
      }
    }
  }
}
