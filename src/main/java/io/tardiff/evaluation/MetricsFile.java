package io.tardiff.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import io.tardiff.influence.Purpose;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The content of {@code metrics.json}, in which undefined (NaN) figures are null.
 *
 * @param cohort section supplied by another step, like {@code training}, {@code timings} and {@code
 *     throughput}
 * @param fidelity name, {@link Fidelity}, list of {@link Discriminative} and {@link StaticFidelity}
 *     of each set
 * @param privacy name, {@link Privacy} and {@link PrivacyAttacks} of each set, in the same order
 * @param plausibility name and {@link Plausibility} of each set, in the same order
 * @param gate null if there is no bound
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
    Gate.@Nullable Result gate,
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
   * The set that is kept, and the reason.
   *
   * @param signal section supplied by another step
   * @param purpose what the sets are for, which decided by which protocol one was chosen; null if
   *     there was no set; files of earlier versions, which do not have it, mean {@code replace}
   * @param comparison the kept set against real windows alone; null if it was not measured
   * @param baseline real windows and the kept set against the best baseline; null if there were no
   *     baselines, or no TSRTR
   */
  public record Kept(
      JsonNode signal,
      @Nullable String purpose,
      @Nullable SetName choice,
      String reason,
      @Nullable Comparison comparison,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable AgainstBaseline baseline) {
    public Kept {
      purpose = purpose == null && choice != null ? Purpose.REPLACE.label() : purpose;
    }
  }

  /**
   * A downstream model that was fitted to the kept set, alone or with real windows, against the
   * same model of real windows alone, on held_out.
   *
   * @param protocol the protocol that answers the purpose: TSTR or TSRTR
   * @param alpha synthetic windows per real train window, those of the highest AUPRC on tuning;
   *     null unless TSRTR
   */
  public record Comparison(
      String protocol, @Nullable Double alpha, String model, Difference auroc, Difference auprc) {

    /** Returns the comparison of a row with that of real windows, if it was bootstrapped. */
    static Optional<Comparison> of(UtilityRow row, UtilityRow real) {
      return Optional.ofNullable(row.getAgainstReal())
          .map(
              difference ->
                  new Comparison(
                      row.getProtocol(),
                      row.getAlpha(),
                      row.getModel(),
                      Difference.of(row.getAuroc(), real.getAuroc(), difference.getAuroc()),
                      Difference.of(row.getAuprc(), real.getAuprc(), difference.getAuprc())));
    }
  }

  /**
   * Real windows and the kept set against the best that can be done with real windows in another
   * way, on held_out: the {@link Baseline} with the highest AUPRC there, so with hindsight.
   *
   * @param baseline its label
   * @param alpha synthetic windows per real train window
   */
  public record AgainstBaseline(
      String baseline,
      double alpha,
      String model,
      UtilityRow.Interval auroc,
      UtilityRow.Interval auprc) {

    /** Whether the AUPRC is higher than that of the baseline by more than chance. */
    public boolean isBetter() {
      return auprc.getLow() > 0;
    }
  }

  /**
   * A score, that of real windows alone, and their difference with its 95 % interval.
   *
   * @param smallestDetectable {@link UtilityRow.Interval#smallestDetectable}
   */
  public record Difference(
      double score,
      double realAlone,
      double difference,
      double low,
      double high,
      double smallestDetectable) {

    private static Difference of(
        UtilityRow.Score score, UtilityRow.Score real, UtilityRow.Interval interval) {
      return new Difference(
          score.getMean(),
          real.getMean(),
          interval.getDifference(),
          interval.getLow(),
          interval.getHigh(),
          interval.smallestDetectable());
    }
  }

  /**
   * What identifies a set; all null for real windows.
   *
   * @param origin name of a set made elsewhere; null for sets of this library
   */
  public record SetName(
      @Nullable String guidanceRule,
      @Nullable Double guidanceScale,
      @Nullable String selection,
      @Nullable String origin)
      implements Serializable {

    /** The set of this library without guidance or selection. */
    static final SetName UNGUIDED =
        new SetName(
            Guidance.none().rule().label(),
            Guidance.none().scale(),
            SelectionMethod.NONE.label(),
            null);

    /** Returns the name of a set; all null if there is none. */
    public static SetName of(@Nullable SyntheticSet set) {
      return set == null
          ? new SetName(null, null, null, null)
          : new SetName(
              set.guidance().rule().label(),
              set.guidance().scale(),
              set.selection().label(),
              set.origin());
    }

    /** Returns the name of the set of a row; all null for real windows. */
    public static SetName of(UtilityRow row) {
      return new SetName(
          row.getGuidanceRule(), row.getGuidanceScale(), row.getSelection(), row.getOrigin());
    }

    /** Returns the name for people; empty for real windows. */
    public String title() {
      if (origin != null) {
        return SyntheticSet.titleElsewhere(origin);
      }
      return guidanceRule == null ? "" : method().titleOf(guidance().title());
    }

    /** Returns the name in files. */
    String name() {
      return origin != null ? origin : method().nameOf(guidance().name());
    }

    private Guidance guidance() {
      return Guidance.of(Guidance.Rule.of(guidanceRule), guidanceScale);
    }

    private SelectionMethod method() {
      return selection == null ? SelectionMethod.NONE : SelectionMethod.of(selection);
    }
  }

  /**
   * The figures of a set, or of the real tuning windows.
   *
   * @param discriminative empty in files of earlier versions
   * @param attacks null in files of earlier versions
   */
  public record Measured(
      String set,
      SetName name,
      Fidelity fidelity,
      List<Discriminative> discriminative,
      Privacy privacy,
      @Nullable PrivacyAttacks attacks,
      Plausibility plausibility) {

    /** Whether these are the real tuning windows. */
    public boolean isReal() {
      return set.equals(REAL);
    }
  }

  private static final String REAL = "real_tuning";

  /** The discriminative scores in an entry of the section {@code fidelity}. */
  record Discriminated(@Nullable List<Discriminative> discriminative) {
    private List<Discriminative> orNone() {
      return discriminative == null ? List.of() : discriminative;
    }
  }

  /** The static covariates in an entry of the section {@code fidelity}, if the set has any. */
  record OfStatics(@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable StaticFidelity statics) {}

  /** The attacks in an entry of the section {@code privacy}. */
  record Attacked(@Nullable PrivacyAttacks attacks) {}

  /** Whether an entry is about real or synthetic windows. */
  private record Kind(String set) {}

  /** Returns an entry of the file: figures with the name of their set. */
  static ObjectNode entry(@Nullable SyntheticSet set, Record... figures) {
    ObjectNode entry = MAPPER.createObjectNode();
    List<Record> parts = new ArrayList<>();
    parts.add(new Kind(set == null ? REAL : "synthetic"));
    parts.add(SetName.of(set));
    parts.addAll(List.of(figures));
    parts.forEach(part -> entry.setAll(MAPPER.<ObjectNode>valueToTree(part)));
    return entry;
  }

  /** Returns the figures of each measured set. */
  public List<Measured> measured() {
    List<Measured> sets = new ArrayList<>();
    for (int i = 0; i < fidelity.size(); i++) {
      sets.add(
          new Measured(
              part(fidelity.get(i), Kind.class).set(),
              part(fidelity.get(i), SetName.class),
              part(fidelity.get(i), Fidelity.class),
              part(fidelity.get(i), Discriminated.class).orNone(),
              part(privacy.get(i), Privacy.class),
              part(privacy.get(i), Attacked.class).attacks(),
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
   * Parses {@code metrics.json}.
   *
   * @throws IllegalArgumentException if it is damaged
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

  /** Returns a copy with more entries in the section {@code timings}. */
  public MetricsFile withTimings(Map<String, Double> more) {
    ObjectNode all = timings.deepCopy();
    more.forEach(all::put);
    return new MetricsFile(
        cohort,
        training,
        utility,
        fidelity,
        privacy,
        plausibility,
        guidance,
        gate,
        all,
        throughput);
  }

  /** Returns the text of the file. */
  public String json() {
    return pretty(this);
  }

  static String pretty(Record file) {
    return MAPPER.valueToTree(file).toPrettyString() + "\n";
  }

  /** Writes NaN and infinities, which JSON lacks, as null. */
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
