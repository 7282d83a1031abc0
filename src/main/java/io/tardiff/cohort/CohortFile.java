package io.tardiff.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Iterables;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Json;
import io.tardiff.files.Shard;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Content of {@code cohort.json}. */
final class CohortFile {
  private static final Logger LOG = LoggerFactory.getLogger(CohortFile.class);

  private static final Set<String> ALWAYS_SHOWN =
      Set.of(
          CohortCounts.NO_ADMISSION,
          CohortCounts.NO_OUTCOME,
          CohortCounts.BAD_OUTCOME,
          CohortCounts.NOT_OBSERVED);

  private final CohortConfig config;
  private final Map<String, Long> counts;

  CohortFile(CohortConfig config, Map<String, Long> counts) {
    this.config = config;
    this.counts = counts;
  }

  /** Fails where nothing could be learnt from the cohort. */
  void checkUsable(CohortSummary summary) {
    long left = 0;
    for (Split split : Split.values()) {
      left += summary.windows(split);
    }
    if (left == 0) {
      StringBuilder dropped = new StringBuilder();
      for (String rule : Iterables.concat(CohortCounts.STAY_RULES, CohortCounts.WINDOW_RULES)) {
        if (count(rule) > 0) {
          dropped.append("; dropped ").append(count(rule)).append(" by: ").append(rule);
        }
      }
      throw new IllegalStateException(
          "no stay is left for the cohort: " + count(CohortCounts.STAYS) + " seen" + dropped);
    }
    checkDropped();
    long[] labels = summary.labels[Split.TRAIN.ordinal()];
    long present = Arrays.stream(labels).filter(n -> n > 0).count();
    if (present < 2) {
      throw new IllegalStateException(
          "the train split must hold stays of at least 2 classes of the task "
              + config.task().name()
              + ", label counts were "
              + Arrays.toString(labels));
    }
  }

  /** A channel of which most was lost is another channel. */
  private void checkDropped() {
    for (String channel : config.channels()) {
      Map<ValueFate, Long> ofChannel = ValueFate.of(channel, counts);
      double share = ValueFate.droppedShare(ofChannel);
      if (share > config.droppedThreshold()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "%.1f %% of the values of channel %s were dropped, more than the tolerated %.1f %%"
                    + " (droppedThreshold): of %,d that were read %s",
                100 * share,
                channel,
                100 * config.droppedThreshold(),
                ofChannel.getOrDefault(ValueFate.READ, 0L),
                ValueFate.describe(ofChannel, /* withNeutral= */ false)));
      }
      if (share > config.droppedWarning()) {
        LOG.warn(
            "{} of the values of channel {} were dropped: {}",
            String.format(Locale.ROOT, "%.1f %%", 100 * share),
            channel,
            ValueFate.describe(ofChannel, /* withNeutral= */ false));
      }
    }
  }

  ObjectNode json(CohortSummary summary, List<Shard> shards, List<Double> fills) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("format", Cohort.FORMAT);
    json.put("hash", summary.hash());
    json.set("spec", WindowSpecs.toJson(config.spec()));
    json.set("splits", splits(summary, shards));
    ArrayNode attrition = attrition();
    json.set("attrition", attrition);
    json.set("warnings", warnings(attrition));
    ObjectNode rows = json.putObject("rows");
    counts.forEach(
        (what, count) -> {
          if (what.equals(CohortCounts.OPEN_END)) {
            rows.put(what, count);
          } else if (what.startsWith("rows ")) {
            rows.put(what.substring("rows ".length()), count);
          }
        });
    json.set("read", read());
    json.set("values", values());
    json.set("config", config(fills));
    json.set(
        "normaliser", Normalisers.toJson(NormaliserFitting.fit(config.normalisation(), summary)));
    return json;
  }

  /** What the reader counted, by table. */
  private ObjectNode read() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    counts.forEach(
        (key, count) -> {
          List<String> what = CohortCounts.ofReader(key);
          if (!what.isEmpty()) {
            table(json, what.get(0)).put(what.get(1), count);
          }
        });
    return json;
  }

  private static ObjectNode table(ObjectNode json, String table) {
    return json.get(table) instanceof ObjectNode there ? there : json.putObject(table);
  }

  /** What became of the values, by channel or static covariate. */
  private ObjectNode values() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    Stream.concat(config.channels().stream(), config.statics().stream())
        .forEach(
            concept -> {
              Map<ValueFate, Long> ofConcept = ValueFate.of(concept, counts);
              if (ofConcept.isEmpty()) {
                return;
              }
              ObjectNode node = json.putObject(concept);
              node.put("dropped_share", ValueFate.droppedShare(ofConcept));
              ObjectNode dropped = node.putObject("dropped");
              ObjectNode others = node.putObject("others");
              ofConcept.forEach(
                  (fate, count) -> {
                    if (fate == ValueFate.READ) {
                      node.put(fate.label(), count);
                    } else {
                      (fate.isDropped() ? dropped : others).put(fate.label(), count);
                    }
                  });
            });
    return json;
  }

  private ObjectNode splits(CohortSummary summary, List<Shard> shards) {
    ObjectNode splits = Json.MAPPER.createObjectNode();
    for (Split split : Split.values()) {
      ObjectNode part = splits.putObject(split.label());
      long windows = summary.windows(split);
      part.put("windows", windows);
      part.set("labels", Json.of(summary.labels[split.ordinal()]));
      ObjectNode coverage = part.putObject("coverage");
      for (int c = 0; c < config.channels().size(); c++) {
        long observed = summary.observed[split.ordinal()][c];
        coverage.put(
            config.channels().get(c),
            windows == 0 ? 0 : observed / (double) (windows * config.windowSteps()));
      }
      ArrayNode files = part.putArray("shards");
      shards.stream()
          .sorted(Comparator.comparing(Shard::getPath))
          .forEach(
              shard -> {
                String file = AtomicFile.name(shard.getPath());
                if (file.startsWith(split.label() + "-")) {
                  files.addObject().put("file", file).put("windows", shard.getCount());
                }
              });
    }
    return splits;
  }

  /**
   * Only rules that can apply to the task, and always those that can surprise. Where the labels of
   * what was dropped are known, or some of them, they are there too.
   */
  private ArrayNode attrition() {
    ArrayNode table = Json.MAPPER.createArrayNode();
    long left = count(CohortCounts.STAYS);
    long[] labelsLeft = labels(CohortCounts.STAYS);
    row(table, "stays seen", 0, left, new long[labelsLeft.length], labelsLeft);
    left = drop(table, CohortCounts.STAY_RULES, left, labelsLeft);
    if (count(CohortCounts.WINDOWS) != left) {
      left = count(CohortCounts.WINDOWS);
      labelsLeft = labels(CohortCounts.WINDOWS);
      row(table, "windows of these stays", 0, left, new long[labelsLeft.length], labelsLeft);
    } else {
      // The labels of windows are known where those of stays are, and more of them.
      labelsLeft = labels(CohortCounts.WINDOWS);
    }
    drop(table, CohortCounts.WINDOW_RULES, left, labelsLeft);
    return table;
  }

  private long drop(ArrayNode table, List<String> rules, long before, long[] labelsLeft) {
    long left = before;
    for (String rule : rules) {
      long dropped = count(rule);
      long[] labelsDropped = labels(rule);
      left -= dropped;
      for (int k = 0; k < labelsLeft.length; k++) {
        labelsLeft[k] -= labelsDropped[k];
      }
      if (dropped > 0 || ALWAYS_SHOWN.contains(rule)) {
        row(table, rule, dropped, left, labelsDropped, labelsLeft);
      }
    }
    return left;
  }

  private static void row(
      ArrayNode table,
      String rule,
      long dropped,
      long left,
      long[] labelsDropped,
      long[] labelsLeft) {
    ObjectNode row = table.addObject().put("rule", rule).put("dropped", dropped).put("left", left);
    if (Arrays.stream(labelsDropped).sum() + Arrays.stream(labelsLeft).sum() > 0) {
      row.set("dropped_labels", Json.of(labelsDropped));
      row.set("left_labels", Json.of(labelsLeft.clone()));
      Double chance = LabelShift.pValue(labelsDropped, labelsLeft);
      if (chance != null) {
        row.put("label_shift_p", chance);
      }
    }
  }

  private long[] labels(String what) {
    long[] labels = new long[config.task().classes()];
    for (int k = 0; k < labels.length; k++) {
      labels[k] = count(CohortCounts.ofLabel(what, k));
    }
    return labels;
  }

  /** Where the cohort may be a selection by its own label. */
  private ArrayNode warnings(ArrayNode attrition) {
    ArrayNode warnings = Json.MAPPER.createArrayNode();
    for (JsonNode row : attrition) {
      double chance = row.path("label_shift_p").asDouble(1);
      if (chance < LabelShift.SIGNIFICANT) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "the rule \"%s\" shifts the labels by more than chance: %s of those it drops,"
                    + " %s of those it leaves (p = %.1g)",
                row.path("rule").asText(),
                shares(row.path("dropped_labels")),
                shares(row.path("left_labels")),
                chance));
      }
    }
    long[] byDeath = labels(CohortCounts.BY_DEATH_ALONE);
    long unsettled =
        count(CohortCounts.NO_OUTCOME)
            + count(CohortCounts.noOutcome(HospitalOutcome.UNLISTED))
            + count(CohortCounts.noOutcome(HospitalOutcome.STILL_A_PATIENT));
    long recovered = Arrays.stream(byDeath).sum();
    if (recovered > 0 && unsettled > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%,d deaths are known by the time of death alone, while %,d windows without a stated"
                  + " outcome are left out, among them survivors: deaths are over-represented",
              recovered,
              unsettled));
    }
    return warnings;
  }

  /** Of two classes the second, of more all. */
  private static String shares(JsonNode labels) {
    double all = 0;
    for (JsonNode count : labels) {
      all += count.asDouble();
    }
    StringBuilder shares = new StringBuilder();
    for (int k = labels.size() == 2 ? 1 : 0; k < labels.size(); k++) {
      shares.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %%",
              shares.length() == 0 ? "" : ", ",
              100 * labels.get(k).asDouble() / Math.max(1, all)));
    }
    return "label " + (labels.size() == 2 ? "1 is " : "0 and on are ") + shares;
  }

  private ObjectNode config(List<Double> fills) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("task", config.task().toJson());
    json.put("vocabulary", config.vocabulary());
    json.put("imputation", config.imputation().label());
    json.put("stratified", config.stratified());
    json.put("train_share", config.trainShare());
    json.put("tuning_share", config.tuningShare());
    json.put("split_seed", config.splitSeed());
    json.put("normalisation", config.normalisation().label());
    json.put("dropped_warning", config.droppedWarning());
    json.put("dropped_threshold", config.droppedThreshold());
    ArrayNode channels = json.putArray("channels");
    List<Concept> concepts = config.channelConcepts();
    for (int c = 0; c < concepts.size(); c++) {
      ObjectNode channel = concept(concepts.get(c));
      channel.put("fill_value", fills.get(c));
      channels.add(channel);
    }
    ArrayNode statics = json.putArray("statics");
    config.staticConcepts().forEach(covariate -> statics.add(concept(covariate)));
    return json;
  }

  private ObjectNode concept(Concept concept) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("name", concept.name());
    json.put("unit", concept.unit());
    json.put("aggregate", concept.aggregate().label());
    ArrayNode codes = json.putArray("codes");
    config
        .dictionary()
        .codes(config.vocabulary(), concept.name())
        .forEach(group -> group.forEach(code -> codes.add(code.code())));
    json.put("outlier_low", concept.outlierLow());
    json.put("valid_low", concept.validLow());
    json.put("valid_high", concept.validHigh());
    json.put("outlier_high", concept.outlierHigh());
    return json;
  }

  private long count(String what) {
    return counts.getOrDefault(what, 0L);
  }
}
