package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Comparator.reverseOrder;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import io.tardiff.influence.Purpose;
import io.tardiff.synthetic.SyntheticSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.checkerframework.checker.nullness.qual.Nullable;

/** All results of a run, in the order of the report. */
@Internal
public final class Evaluation {
  /** Sections of {@code metrics.json} that other steps of a run supply. */
  static final ImmutableSet<String> SECTIONS =
      ImmutableSet.of("cohort", "training", "guidance_signal", "timings", "throughput");

  private final List<UtilityRow> utility;
  private final List<SetMeasures> measures;
  private final @Nullable GuidanceChoice choice;
  private final List<UtilityCurves> curves;
  private final Map<String, JsonNode> sections = new TreeMap<>();

  /**
   * @param choice null if there was no set to choose from
   * @param sections JSON objects by name, one of {@link #SECTIONS}
   */
  public Evaluation(
      Iterable<UtilityRow> utility,
      Iterable<SetMeasures> measures,
      @Nullable GuidanceChoice choice,
      Iterable<UtilityCurves> curves,
      Map<String, String> sections) {
    this.utility = sorted(utility, UtilitySummary.ORDER);
    this.measures =
        sorted(
            measures,
            Comparator.comparing(SetMeasures::set, Comparator.nullsFirst(UtilityTask.SET_ORDER)));
    this.choice = choice;
    this.curves =
        sorted(
            curves,
            Comparator.comparing(UtilityCurves::model)
                .thenComparing(UtilityCurves::protocol)
                .thenComparing(UtilityCurves::set, Comparator.nullsFirst(UtilityTask.SET_ORDER)));
    sections.forEach((name, json) -> this.sections.put(name, parse(name, json)));
  }

  private static <T> List<T> sorted(Iterable<T> items, Comparator<T> order) {
    return Streams.stream(items).sorted(order).toList();
  }

  private static JsonNode parse(String name, String json) {
    checkArgument(SECTIONS.contains(name), "section must be one of %s, was %s", SECTIONS, name);
    try {
      JsonNode node = MetricsFile.MAPPER.readTree(json);
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

  public List<UtilityCurves> curves() {
    return curves;
  }

  /** Returns what the sets are for; to replace real windows if there was none to choose from. */
  public Purpose purpose() {
    return choice == null ? Purpose.REPLACE : choice.getPurpose();
  }

  /**
   * Returns the row of the kept set in a protocol, or that of real windows for TRTR, on held_out
   * with the model that decided the choice. Of several alphas it is the one with the highest AUPRC
   * on tuning, because choosing one must not use held_out.
   */
  public Optional<UtilityRow> ofKept(Protocol protocol) {
    if (choice == null) {
      return Optional.empty();
    }
    MetricsFile.SetName set =
        MetricsFile.SetName.of(protocol == Protocol.TRTR ? null : choice.getChosen());
    return utility.stream()
        .filter(row -> row.getTest().equals(UtilityRow.HELD_OUT))
        .filter(row -> row.getProtocol().equals(protocol.name()))
        .filter(row -> row.getModel().equals(choice.getModel()))
        .filter(row -> MetricsFile.SetName.of(row).equals(set))
        .max(
            Comparator.comparingDouble((UtilityRow row) -> row.getTuningAuprc().getMean())
                // Of equal ones the fewest windows.
                .thenComparing(UtilityRow::getAlpha, Comparator.nullsFirst(reverseOrder())));
  }

  /**
   * Returns the comparison that answers what the sets are for: the kept set against real windows
   * alone, in TSRTR if sets augment them, in TSTR if they replace them.
   */
  public Optional<MetricsFile.Comparison> comparison() {
    return ofKept(Protocol.leading(purpose()))
        .flatMap(
            row -> ofKept(Protocol.TRTR).flatMap(real -> MetricsFile.Comparison.of(row, real)));
  }

  /** Returns the comparison of real windows and the kept set with the best baseline. */
  public Optional<MetricsFile.AgainstBaseline> againstBaseline() {
    return ofKept(Protocol.TSRTR)
        .filter(row -> row.getAgainstBaseline() != null)
        .flatMap(
            row ->
                UtilitySummary.best(utility, row)
                    .map(
                        best ->
                            new MetricsFile.AgainstBaseline(
                                best,
                                row.getAlpha(),
                                row.getModel(),
                                row.getAgainstBaseline().getAuroc(),
                                row.getAgainstBaseline().getAuprc())));
  }

  /** Returns a section that another step supplied, or an empty object. */
  public JsonNode section(String name) {
    return sections.getOrDefault(name, MetricsFile.MAPPER.createObjectNode());
  }

  /** Returns the content of {@code metrics.json}, with the result of {@code gate}. */
  public MetricsFile metrics(Gate gate) {
    return new MetricsFile(
        section("cohort"),
        section("training"),
        utility,
        perSet(
            measured ->
                List.of(
                    measured.fidelity(),
                    new MetricsFile.Discriminated(measured.discriminative()),
                    new MetricsFile.OfStatics(measured.statics()))),
        perSet(
            measured -> List.of(measured.privacy(), new MetricsFile.Attacked(measured.attacks()))),
        perSet(measured -> List.of(measured.plausibility())),
        new MetricsFile.Kept(
            section("guidance_signal"),
            choice == null ? null : choice.getPurpose().label(),
            choice == null ? null : MetricsFile.SetName.of(choice.getChosen()),
            choice == null ? "There was no synthetic set to choose from." : choice.getReason(),
            comparison().orElse(null),
            againstBaseline().orElse(null)),
        gate.isOpen() ? null : gate.judge(this),
        section("timings"),
        section("throughput"));
  }

  private List<ObjectNode> perSet(Function<SetMeasures, List<Record>> figures) {
    return measures.stream()
        .map(
            measured ->
                MetricsFile.entry(measured.set(), figures.apply(measured).toArray(Record[]::new)))
        .toList();
  }

  /** The content of {@code chosen.json}. */
  private record Chosen(
      String purpose,
      String name,
      String guidanceRule,
      double guidanceScale,
      String selection,
      @Nullable String origin,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double alpha,
      String path,
      String reason,
      String model,
      List<Tuning> tuning) {

    private record Tuning(
        String name,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double alpha,
        UtilityRow.Score auprc,
        UtilityRow.Score auroc) {}
  }

  /**
   * Returns the content of {@code chosen.json} in {@code directory}: the set to keep, and the
   * tuning scores it was chosen by.
   */
  public String chosen(String directory, GuidanceChoice guidanceChoice) {
    SyntheticSet set = guidanceChoice.getChosen();
    ImmutableSet<Protocol> deciding = Protocol.deciding(guidanceChoice.getPurpose());
    List<Chosen.Tuning> tuning =
        utility.stream()
            .filter(row -> row.getTest().equals(UtilityRow.HELD_OUT))
            .filter(row -> deciding.contains(Protocol.valueOf(row.getProtocol())))
            .filter(row -> row.getModel().equals(guidanceChoice.getModel()))
            .map(
                row ->
                    new Chosen.Tuning(
                        row.getProtocol().equals(Protocol.TRTR.name())
                            ? "real"
                            : MetricsFile.SetName.of(row).name(),
                        row.getAlpha(),
                        row.getTuningAuprc(),
                        row.getTuningAuroc()))
            .toList();
    return MetricsFile.pretty(
        new Chosen(
            guidanceChoice.getPurpose().label(),
            set.name(),
            set.guidance().rule().label(),
            set.guidance().scale(),
            set.selection().label(),
            set.origin(),
            ofKept(guidanceChoice.protocol()).map(UtilityRow::getAlpha).orElse(null),
            relative(directory, set.directory()),
            guidanceChoice.getReason(),
            guidanceChoice.getModel(),
            tuning));
  }

  /** Makes a path within {@code directory} relative, so that both can be moved together. */
  private static String relative(String directory, String path) {
    String base = FileSystems.matchNewResource(directory, /* isDirectory= */ true).toString();
    String set = FileSystems.matchNewResource(path, /* isDirectory= */ true).toString();
    String name = set.startsWith(base) ? set.substring(base.length()) : set;
    return CharMatcher.is('/').trimTrailingFrom(name);
  }
}
