package io.tardiff.evaluation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.influence.Guidance;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * {@code metrics.json}. What is not defined, a NaN, is null there.
 *
 * @param cohort section that another step handed in, as are {@code training}, {@code timings} and
 *     {@code throughput}
 * @param fidelity for each set its name and {@link Fidelity}
 * @param privacy for each set, in the same order, its name and {@link Privacy}
 * @param plausibility for each set, in the same order, its name and {@link Plausibility}
 */
@Internal
public record MetricsFile(
    JsonNode cohort,
    JsonNode training,
    List<UtilityRow> utility,
    List<ObjectNode> fidelity,
    List<ObjectNode> privacy,
    List<ObjectNode> plausibility,
    Kept guidance,
    JsonNode timings,
    JsonNode throughput) {

  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(
              new SimpleModule()
                  .addSerializer(double.class, new FiniteSerializer())
                  .addSerializer(Double.class, new FiniteSerializer())
                  .addDeserializer(double.class, new FiniteDeserializer()))
          .build();

  /**
   * What set is kept, and why.
   *
   * @param signal section that another step handed in
   */
  public record Kept(JsonNode signal, @Nullable SetName choice, String reason) {}

  /** A set, by what makes it one; all null for real windows. */
  public record SetName(
      @Nullable String guidanceRule, @Nullable Double guidanceScale, @Nullable String selection) {

    /** All null where there is no set. */
    public static SetName of(@Nullable SyntheticSet set) {
      return set == null
          ? new SetName(null, null, null)
          : new SetName(
              set.guidance().rule().label(), set.guidance().scale(), set.selection().label());
    }

    /** The set of a row; all null for real windows. */
    public static SetName of(UtilityRow row) {
      return new SetName(row.getGuidanceRule(), row.getGuidanceScale(), row.getSelection());
    }

    /** The set's name for people; empty for real windows. */
    public String title() {
      return guidanceRule == null ? "" : method().titleOf(guidance().title());
    }

    /** The set's name in files. */
    String name() {
      return method().nameOf(guidance().name());
    }

    private Guidance guidance() {
      return Guidance.of(Guidance.Rule.of(guidanceRule), guidanceScale);
    }

    private SelectionMethod method() {
      return selection == null ? SelectionMethod.NONE : SelectionMethod.of(selection);
    }
  }

  /** What was measured on a set; the real tuning windows are one. */
  public record Measured(
      String set, SetName name, Fidelity fidelity, Privacy privacy, Plausibility plausibility) {

    /** Whether these are the real tuning windows. */
    public boolean isReal() {
      return set.equals(REAL);
    }
  }

  private static final String REAL = "real_tuning";

  /** Whose figures those beside it are. */
  private record Kind(String set) {}

  /** The figures of one kind of each set, as they stand in the file. */
  static ObjectNode entry(@Nullable SyntheticSet set, Record figures) {
    ObjectNode entry = MAPPER.createObjectNode();
    for (Record part :
        List.of(new Kind(set == null ? REAL : "synthetic"), SetName.of(set), figures)) {
      entry.setAll(MAPPER.<ObjectNode>valueToTree(part));
    }
    return entry;
  }

  /** The sets that were measured. */
  public List<Measured> measured() {
    List<Measured> sets = new ArrayList<>();
    for (int i = 0; i < fidelity.size(); i++) {
      sets.add(
          new Measured(
              part(fidelity.get(i), Kind.class).set(),
              part(fidelity.get(i), SetName.class),
              part(fidelity.get(i), Fidelity.class),
              part(privacy.get(i), Privacy.class),
              part(plausibility.get(i), Plausibility.class)));
    }
    return sets;
  }

  private static <R> R part(ObjectNode entry, Class<R> type) {
    try {
      return MAPPER.treeToValue(entry, type);
    } catch (JsonProcessingException e) {
      throw damaged(e);
    }
  }

  /**
   * The content of a file.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static MetricsFile read(String json) {
    try {
      return MAPPER.readValue(json, MetricsFile.class);
    } catch (JsonProcessingException e) {
      throw damaged(e);
    }
  }

  private static IllegalArgumentException damaged(JsonProcessingException e) {
    return new IllegalArgumentException("metrics.json is damaged", e);
  }

  /** The same with more in the section {@code timings}. */
  public MetricsFile withTimings(Map<String, Double> more) {
    ObjectNode all = timings.deepCopy();
    more.forEach(all::put);
    return new MetricsFile(
        cohort, training, utility, fidelity, privacy, plausibility, guidance, all, throughput);
  }

  /** The content of the file. */
  public String json() {
    return pretty(this);
  }

  static String pretty(Record file) {
    return MAPPER.valueToTree(file).toPrettyString() + "\n";
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

  private static final class FiniteDeserializer extends JsonDeserializer<Double> {
    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.getDoubleValue();
    }

    @Override
    public Double getNullValue(DeserializationContext context) {
      return Double.NaN;
    }
  }
}
