package io.tardiff.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.tardiff.files.Json;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The JSON form of a {@link WindowSpec}, used in {@code cohort.json} and {@code model.json}.
 *
 * <pre>{@code
 * {"steps": 48, "step": "PT1H", "channels": [{"name": "HR", "unit": "bpm"}, ...],
 *  "statics": ["Age", ...], "classes": 2}
 * }</pre>
 */
@Internal
public final class WindowSpecs {

  private WindowSpecs() {}

  /** For records that hold a spec. */
  static final class ToJson extends StdConverter<WindowSpec, JsonNode> {
    @Override
    public JsonNode convert(WindowSpec spec) {
      return toJson(spec);
    }
  }

  /** For records that hold a spec. */
  static final class FromJson extends StdConverter<JsonNode, WindowSpec> {
    @Override
    public WindowSpec convert(JsonNode json) {
      return fromJson(json);
    }
  }

  /** Converts a spec to JSON. */
  public static ObjectNode toJson(WindowSpec spec) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("steps", spec.steps());
    json.put("step", spec.step().toString());
    ArrayNode channels = json.putArray("channels");
    for (WindowSpec.Channel channel : spec.channels()) {
      channels.addObject().put("name", channel.name()).put("unit", channel.unit());
    }
    ArrayNode statics = json.putArray("statics");
    spec.statics().forEach(statics::add);
    json.put("classes", spec.classes());
    return json;
  }

  /**
   * Converts JSON to a spec.
   *
   * @throws IllegalArgumentException if a field is missing or invalid, naming it
   */
  public static WindowSpec fromJson(JsonNode json) {
    List<WindowSpec.Channel> channels = new ArrayList<>();
    for (JsonNode channel : Json.array(json, "channels")) {
      channels.add(WindowSpec.Channel.of(Json.text(channel, "name"), Json.text(channel, "unit")));
    }
    List<String> statics = new ArrayList<>();
    Json.array(json, "statics").forEach(name -> statics.add(name.asText()));
    return WindowSpec.of(
        Json.integer(json, "steps"),
        step(Json.text(json, "step")),
        channels,
        statics,
        Json.integer(json, "classes"));
  }

  private static Duration step(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "field step must be an ISO 8601 duration such as PT1H, was " + text, e);
    }
  }
}
