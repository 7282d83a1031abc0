package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import io.tardiff.synthetic.SyntheticSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
            choice == null ? null : MetricsFile.SetName.of(choice.getChosen()),
            choice == null ? "There was no synthetic set to choose from." : choice.getReason()),
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
      String name,
      String guidanceRule,
      double guidanceScale,
      String selection,
      @Nullable String origin,
      String path,
      String reason,
      String model,
      List<Tuning> tuning) {

    private record Tuning(String name, UtilityRow.Score auprc, UtilityRow.Score auroc) {}
  }

  /**
   * Returns the content of {@code chosen.json} in {@code directory}: the set to keep, and the
   * tuning scores it was chosen by.
   */
  public String chosen(String directory, GuidanceChoice guidanceChoice) {
    SyntheticSet set = guidanceChoice.getChosen();
    List<Chosen.Tuning> tuning =
        utility.stream()
            .filter(row -> row.getProtocol().equals(Protocol.TSTR.name()))
            .filter(row -> row.getModel().equals(guidanceChoice.getModel()))
            .map(
                row ->
                    new Chosen.Tuning(
                        MetricsFile.SetName.of(row).name(),
                        row.getTuningAuprc(),
                        row.getTuningAuroc()))
            .toList();
    return MetricsFile.pretty(
        new Chosen(
            set.name(),
            set.guidance().rule().label(),
            set.guidance().scale(),
            set.selection().label(),
            set.origin(),
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
