package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes FHIR resources as other programs may, with the same meaning: members in another order,
 * null members, unknown members and extensions, {@code 80.0} for {@code 80}, other white space.
 */
public final class JsonDisguise {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Members that the reader looks at, in any object. */
  private static final List<String> MEMBERS =
      List.of(
          "actualPeriod",
          "admission",
          "birthDate",
          "coding",
          "comparator",
          "component",
          "dataAbsentReason",
          "deceasedBoolean",
          "deceasedDateTime",
          "dischargeDisposition",
          "display",
          "effectiveInstant",
          "effectivePeriod",
          "encounter",
          "entry",
          "extension",
          "hospitalization",
          "identifier",
          "issued",
          "location",
          "meta",
          "partOf",
          "period",
          "serviceType",
          "system",
          "text",
          "type",
          "unit",
          "valueCodeableConcept",
          "valueInteger",
          "valueString");

  private static final List<String> SPACE = List.of(" ", "\t", "  ", "");

  private final Random random;

  public JsonDisguise(Random random) {
    this.random = random;
  }

  /** Returns the resource on one line. */
  public String line(String resource) throws IOException {
    return spaced(disguised(MAPPER.readTree(resource)));
  }

  /** Returns a bundle of the resources on one line. */
  public String bundle(List<String> resources) throws IOException {
    return spaced(bundleOf(resources));
  }

  /** Returns a bundle of the resources on many lines. */
  public String prettyBundle(List<String> resources) throws IOException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(bundleOf(resources));
  }

  private ObjectNode bundleOf(List<String> resources) throws IOException {
    ObjectNode bundle = MAPPER.createObjectNode();
    bundle.put("type", "collection");
    ArrayNode entries = bundle.putArray("entry");
    for (String resource : resources) {
      JsonNode disguised = disguised(MAPPER.readTree(resource));
      ObjectNode entry = entries.addObject();
      entry.set("resource", disguised);
      entry.put(
          "fullUrl",
          "https://example.org/fhir/"
              + disguised.path("resourceType").asText()
              + "/"
              + disguised.path("id").asText());
    }
    // The type of a resource need not come first.
    bundle.put("resourceType", "Bundle");
    return bundle;
  }

  private JsonNode disguised(JsonNode node) {
    if (node.isArray()) {
      ArrayNode array = MAPPER.createArrayNode();
      node.forEach(element -> array.add(disguised(element)));
      return array;
    }
    if (node.isInt() && random.nextBoolean()) {
      return DoubleNode.valueOf(node.doubleValue());
    }
    if (!node.isObject()) {
      return node;
    }
    List<Map.Entry<String, JsonNode>> members = new ArrayList<>();
    node.fields()
        .forEachRemaining(
            member -> members.add(Map.entry(member.getKey(), disguised(member.getValue()))));
    for (int i = random.nextInt(3); i > 0; i--) {
      String name = MEMBERS.get(random.nextInt(MEMBERS.size()));
      if (members.stream().noneMatch(member -> member.getKey().equals(name))) {
        members.add(Map.entry(name, MAPPER.nullNode()));
      }
    }
    if (random.nextInt(4) == 0) {
      members.add(Map.entry("_unknown", MAPPER.createObjectNode().put("id", "x")));
    }
    if (random.nextInt(4) == 0 && members.stream().noneMatch(m -> m.getKey().equals("extension"))) {
      ArrayNode extension = MAPPER.createArrayNode();
      extension.addObject().put("url", "https://example.org/origin").put("valueString", "monitor");
      members.add(Map.entry("extension", extension));
    }
    Collections.shuffle(members, random);
    ObjectNode object = MAPPER.createObjectNode();
    members.forEach(member -> object.set(member.getKey(), member.getValue()));
    return object;
  }

  /** Writes white space around the tokens. */
  private String spaced(JsonNode node) throws IOException {
    if (node.isObject()) {
      List<String> members = new ArrayList<>();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        members.add(
            space()
                + MAPPER.writeValueAsString(member.getKey())
                + space()
                + ":"
                + space()
                + spaced(member.getValue())
                + space());
      }
      return "{" + String.join(",", members) + "}";
    }
    if (node.isArray()) {
      List<String> elements = new ArrayList<>();
      for (JsonNode element : node) {
        elements.add(space() + spaced(element));
      }
      return "[" + String.join(",", elements) + space() + "]";
    }
    return MAPPER.writeValueAsString(node);
  }

  private String space() {
    return SPACE.get(random.nextInt(SPACE.size()));
  }
}
