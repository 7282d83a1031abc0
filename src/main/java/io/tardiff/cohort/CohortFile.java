package io.tardiff.cohort;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Content of {@code cohort.json}. */
final class CohortFile {
  private static final List<String> ATTRITION =
      List.of(
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
      for (String rule : ATTRITION) {
        dropped.append(", ").append(count(rule)).append(" with ").append(rule);
      }
      throw new IllegalStateException(
          "no stay is left for the cohort: " + count(CohortCounts.STAYS) + " seen" + dropped);
    }
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

  ObjectNode json(CohortSummary summary, List<Shard> shards, List<Double> medians) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("format", Cohort.FORMAT);
    json.put("hash", summary.hash());
    json.set("spec", WindowSpecs.toJson(config.spec()));
    json.set("splits", splits(summary, shards));
    json.set("attrition", attrition());
    ObjectNode rows = json.putObject("rows");
    counts.forEach(
        (what, count) -> {
          if (what.startsWith("rows ")) {
            rows.put(what.substring("rows ".length()), count);
          }
        });
    json.set("config", config(medians));
    json.set(
        "normaliser", Normalisers.toJson(NormaliserFitting.fit(config.normalisation(), summary)));
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
            windows == 0 ? 0 : observed / (double) (windows * config.steps()));
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

  private ArrayNode attrition() {
    ArrayNode table = Json.MAPPER.createArrayNode();
    long left = count(CohortCounts.STAYS);
    table.addObject().put("rule", "stays seen").put("dropped", 0).put("left", left);
    for (String rule : ATTRITION) {
      left -= count(rule);
      table.addObject().put("rule", rule).put("dropped", count(rule)).put("left", left);
    }
    return table;
  }

  private ObjectNode config(List<Double> medians) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("task", config.task().name());
    json.put("train_share", config.trainShare());
    json.put("tuning_share", config.tuningShare());
    json.put("split_seed", config.splitSeed());
    json.put("normalisation", config.normalisation().label());
    ArrayNode channels = json.putArray("channels");
    List<ChannelDefinition> definitions = config.channelDefinitions();
    for (int c = 0; c < definitions.size(); c++) {
      ObjectNode channel = definition(definitions.get(c));
      channel.put("train_median", medians.get(c));
      channels.add(channel);
    }
    ArrayNode statics = json.putArray("statics");
    config.staticDefinitions().forEach(covariate -> statics.add(definition(covariate)));
    return json;
  }

  private static ObjectNode definition(ChannelDefinition definition) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("name", definition.name());
    json.put("unit", definition.unit());
    json.put("aggregate", definition.aggregate().label());
    ArrayNode codes = json.putArray("codes");
    definition.codes().forEach(codes::add);
    json.put("outlier_low", definition.outlierLow());
    json.put("valid_low", definition.validLow());
    json.put("valid_high", definition.validHigh());
    json.put("outlier_high", definition.outlierHigh());
    return json;
  }

  private long count(String what) {
    return counts.getOrDefault(what, 0L);
  }
}
