package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.files.Bounds;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Parses a JSON resource of any type into events. */
final class ResourceParser implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String SOURCE = "resource";
  private static final String BUNDLE = "Bundle";
  private static final String RESOURCE_TYPE = "resourceType";

  private static final Set<String> TYPES =
      Set.of(ObservationParser.TYPE, PatientParser.TYPE, EncounterParser.TYPE, BUNDLE);

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(Bounds.JSON_DEPTH)
                          .maxNumberLength(Bounds.NUMBER_CHARS)
                          // The resource itself is bounded.
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          // A duplicate field is ambiguous.
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Some programs write null for a member that a resource does not have.
          .disable(JsonNodeFeature.READ_NULL_PROPERTIES)
          .build()
          .reader();

  private final ObservationParser observations;
  private final PatientParser patients;
  private final EncounterParser encounters;
  private final int megabytes;

  ResourceParser(Settings settings) {
    observations = new ObservationParser(settings);
    patients = new PatientParser(settings);
    encounters = new EncounterParser(settings);
    megabytes = settings.maxRecordMegabytes();
  }

  void parse(String json, Sink sink) {
    String text = json.startsWith("\uFEFF") ? json.substring(1) : json;
    if (text.isBlank()) {
      return;
    }
    if (text.length() > (long) megabytes * Bounds.MIB) {
      sink.reject(SOURCE, tooLong());
      return;
    }
    JsonNode resource;
    try {
      if (isIrrelevant(text)) {
        sink.skip(Skip.OTHER_RESOURCE);
        return;
      }
      try (JsonParser parser = new BoundedParser(READER.createParser(text), maxValues())) {
        resource = READER.readTree(parser);
      }
    } catch (TooManyValuesException e) {
      sink.reject(SOURCE, "resource has more than " + maxValues() + " values (maxRecordMegabytes)");
      return;
    } catch (StreamConstraintsException e) {
      sink.reject(
          SOURCE,
          "JSON is nested deeper than "
              + Bounds.JSON_DEPTH
              + " or has a number of more than "
              + Bounds.NUMBER_CHARS
              + " characters");
      return;
    } catch (IOException e) {
      // The parser's message would quote patient data.
      sink.reject(SOURCE, "resource is not JSON");
      return;
    }
    parse(resource, null, Map.of(), sink);
  }

  /** Returns the reason for the dead letter of a resource that is too long to parse. */
  String tooLong() {
    return "resource is longer than " + megabytes + " MiB (maxRecordMegabytes)";
  }

  private int maxValues() {
    return megabytes * Bounds.JSON_VALUES_PER_MIB;
  }

  private static final class TooManyValuesException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Bounds the number of objects, arrays and scalars, which take far more memory than their text.
   */
  private static final class BoundedParser extends JsonParserDelegate {
    private final int limit;
    private int values;

    BoundedParser(JsonParser parser, int limit) {
      super(parser);
      this.limit = limit;
    }

    @Override
    public JsonToken nextToken() throws IOException {
      JsonToken token = super.nextToken();
      if (token != null && (token.isScalarValue() || token.isStructStart()) && ++values > limit) {
        throw new TooManyValuesException();
      }
      return token;
    }
  }

  /**
   * Skips irrelevant resources, the majority of an export, without parsing them completely; most
   * have their type first.
   */
  private static boolean isIrrelevant(String text) throws IOException {
    try (JsonParser parser = READER.createParser(text)) {
      return parser.nextToken() == JsonToken.START_OBJECT
          && RESOURCE_TYPE.equals(parser.nextFieldName())
          && parser.nextToken() == JsonToken.VALUE_STRING
          && !TYPES.contains(parser.getText());
    }
  }

  private void parse(
      JsonNode resource, @Nullable String fullUrl, Map<String, Reference> bundle, Sink sink) {
    JsonNode type = resource.path(RESOURCE_TYPE);
    if (!type.isTextual()) {
      sink.reject(SOURCE, "resource has no resourceType");
      return;
    }
    String source = TYPES.contains(type.textValue()) ? type.textValue() : SOURCE;
    try {
      switch (type.textValue()) {
        case ObservationParser.TYPE -> observations.parse(resource, bundle, sink);
        case PatientParser.TYPE -> patients.parse(resource, id(resource, fullUrl), sink);
        case EncounterParser.TYPE ->
            encounters.parse(resource, id(resource, fullUrl), bundle, sink);
        case BUNDLE -> bundle(resource, sink);
        default -> sink.skip(Skip.OTHER_RESOURCE);
      }
    } catch (BadRowException e) {
      sink.reject(source, e.getMessage());
    }
  }

  private static String id(JsonNode resource, @Nullable String fullUrl) throws BadRowException {
    String id = Concepts.text(resource.path("id"));
    if (id == null && fullUrl != null) {
      id = Reference.idOfUrl(fullUrl);
    }
    if (id == null) {
      throw new BadRowException("id is missing");
    }
    return id;
  }

  /** Parses the entries of a bundle, which may refer to each other by full URL instead of id. */
  private void bundle(JsonNode bundle, Sink sink) throws BadRowException {
    if (bundle.path("type").asText().equals("history")) {
      throw new BadRowException("Bundle is a history, which contains outdated versions");
    }
    Map<String, Reference> neighbours = new HashMap<>();
    for (JsonNode entry : bundle.path("entry")) {
      String fullUrl = entry.path("fullUrl").textValue();
      JsonNode resource = entry.path("resource");
      String type = resource.path(RESOURCE_TYPE).textValue();
      if (fullUrl == null || type == null) {
        continue;
      }
      String id = Concepts.text(resource.path("id"));
      id = id == null ? Reference.idOfUrl(fullUrl) : id;
      if (id != null) {
        neighbours.put(fullUrl, new Reference(type, id));
      }
    }
    for (JsonNode entry : bundle.path("entry")) {
      JsonNode resource = entry.path("resource");
      // Entries without a resource are deletions or responses to them.
      if (resource.isObject()) {
        parse(resource, entry.path("fullUrl").textValue(), neighbours, sink);
      }
    }
  }
}
