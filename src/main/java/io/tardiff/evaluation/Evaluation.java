package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import io.tardiff.synthetic.SyntheticSet;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.checkerframework.checker.nullness.qual.Nullable;

/** All that was measured in one run, in the order in which it is shown. */
@Internal
public final class Evaluation {
  /** Parts of {@code metrics.json} that other steps of a run know. */
  static final ImmutableSet<String> SECTIONS =
      ImmutableSet.of("cohort", "training", "guidance_signal", "timings", "throughput");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(
              new SimpleModule()
                  .addSerializer(double.class, new FiniteSerializer())
                  .addSerializer(Double.class, new FiniteSerializer()))
          .build();

  private final List<UtilityRow> utility;
  private final List<SetMeasures> measures;
  private final @Nullable GuidanceChoice choice;
  private final Map<String, JsonNode> sections = new TreeMap<>();

  /**
   * @param choice null where there was no set to choose from
   * @param sections JSON objects by name, among {@link #SECTIONS}
   */
  public Evaluation(
      Iterable<UtilityRow> utility,
      Iterable<SetMeasures> measures,
      @Nullable GuidanceChoice choice,
      Map<String, String> sections) {
    this.utility = sorted(utility, UtilitySummary.ORDER);
    this.measures =
        sorted(
            measures,
            Comparator.comparing(SetMeasures::set, Comparator.nullsFirst(UtilityTask.SET_ORDER)));
    this.choice = choice;
    sections.forEach((name, json) -> this.sections.put(name, parse(name, json)));
  }

  private static <T> List<T> sorted(Iterable<T> items, Comparator<T> order) {
    return Streams.stream(items).sorted(order).toList();
  }

  private static JsonNode parse(String name, String json) {
    checkArgument(
        SECTIONS.contains(name), "sections must be named among %s, was %s", SECTIONS, name);
    try {
      JsonNode node = MAPPER.readTree(json);
      checkArgument(node.isObject(), "section %s must be a JSON object, was not", name);
      return node;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("section " + name + " must be JSON, was not", e);
    }
  }

  public List<UtilityRow> utility() {
    return utility;
  }

  public List<SetMeasures> measures() {
    return measures;
  }

  public @Nullable GuidanceChoice choice() {
    return choice;
  }

  /** A part that another step handed in; an empty object where it did not. */
  public JsonNode section(String name) {
    return sections.getOrDefault(name, MAPPER.createObjectNode());
  }

  /** The content of {@code metrics.json}. */
  public ObjectNode metrics() {
    ObjectNode metrics = MAPPER.createObjectNode();
    metrics.set("cohort", section("cohort"));
    metrics.set("training", section("training"));
    metrics.set("utility", MAPPER.valueToTree(utility));
    metrics.set("fidelity", perSet(SetMeasures::fidelity));
    metrics.set("privacy", perSet(SetMeasures::privacy));
    metrics.set("plausibility", perSet(SetMeasures::plausibility));
    ObjectNode guidance = metrics.putObject("guidance");
    guidance.set("signal", section("guidance_signal"));
    if (choice == null) {
      guidance.putNull("choice").put("reason", "There was no synthetic set to choose from.");
    } else {
      name(guidance.putObject("choice"), choice.getChosen());
      guidance.put("reason", choice.getReason());
    }
    metrics.set("timings", section("timings"));
    metrics.set("throughput", section("throughput"));
    return metrics;
  }

  /**
   * The content of {@code chosen.json} in {@code directory}: the set to keep and the tuning figures
   * it was chosen by.
   */
  public ObjectNode chosen(String directory, GuidanceChoice made) {
    ObjectNode chosen = MAPPER.createObjectNode();
    chosen.put("name", made.getChosen().name());
    name(chosen, made.getChosen());
    chosen.put("path", relative(directory, made.getChosen().getDirectory()));
    chosen.put("reason", made.getReason());
    chosen.put("model", made.getModel());
    ArrayNode tuning = chosen.putArray("tuning");
    for (UtilityRow row : utility) {
      if (row.getProtocol().equals(Protocol.TSTR.name())
          && row.getModel().equals(made.getModel())) {
        ObjectNode entry = tuning.addObject();
        entry.put(
            "name",
            SyntheticSet.of(
                    row.getGuidanceRule(), row.getGuidanceScale(), row.getSelection(), directory)
                .name());
        entry.set("auprc", MAPPER.valueToTree(row.getTuningAuprc()));
        entry.set("auroc", MAPPER.valueToTree(row.getTuningAuroc()));
      }
    }
    return chosen;
  }

  /** As seen from {@code directory} where it lies within, so that both may be moved together. */
  private static String relative(String directory, String path) {
    String base = FileSystems.matchNewResource(directory, /* isDirectory= */ true).toString();
    String set = FileSystems.matchNewResource(path, /* isDirectory= */ true).toString();
    String name = set.startsWith(base) ? set.substring(base.length()) : set;
    return CharMatcher.is('/').trimTrailingFrom(name);
  }

  private ArrayNode perSet(Function<SetMeasures, Object> part) {
    ArrayNode entries = MAPPER.createArrayNode();
    for (SetMeasures measured : measures) {
      ObjectNode entry = entries.addObject();
      entry.put("set", measured.set() == null ? "real_tuning" : "synthetic");
      name(entry, measured.set());
      entry.setAll(MAPPER.<ObjectNode>valueToTree(part.apply(measured)));
    }
    return entries;
  }

  private static void name(ObjectNode node, @Nullable SyntheticSet set) {
    node.put("guidance_rule", set == null ? null : set.getGuidanceRule());
    node.put("guidance_scale", set == null ? null : (Double) set.getGuidanceScale());
    node.put("selection", set == null ? null : set.getSelection());
  }

  /** JSON has no NaN: what is not defined is null. */
  private static final class FiniteSerializer extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        generator.writeNumber(value);
      } else {
        generator.writeNull();
      }
    }
  }
}
