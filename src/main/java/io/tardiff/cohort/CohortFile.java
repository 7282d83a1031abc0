package io.tardiff.cohort;

import com.google.common.collect.Iterables;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Shard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Fills {@code cohort.json}. */
final class CohortFile {
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

  CohortJson json(CohortSummary summary, List<Shard> shards, List<Double> fills) {
    Map<String, Long> rows = new LinkedHashMap<>();
    counts.forEach(
        (what, count) -> {
          if (what.equals(CohortCounts.OPEN_END)) {
            rows.put(what, count);
          } else if (what.startsWith("rows ")) {
            rows.put(what.substring("rows ".length()), count);
          }
        });
    return new CohortJson(
        Cohort.FORMAT,
        summary.hash(),
        config.spec(),
        splits(summary, shards),
        attrition(),
        rows,
        config(fills),
        NormaliserFitting.fit(config.normalisation(), summary));
  }

  private Map<String, CohortJson.Part> splits(CohortSummary summary, List<Shard> shards) {
    Map<String, CohortJson.Part> splits = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      long windows = summary.windows(split);
      Map<String, Double> coverage = new LinkedHashMap<>();
      for (int c = 0; c < config.channels().size(); c++) {
        long observed = summary.observed[split.ordinal()][c];
        coverage.put(
            config.channels().get(c),
            windows == 0 ? 0 : observed / (double) (windows * config.steps()));
      }
      List<CohortJson.File> files =
          shards.stream()
              .sorted(Comparator.comparing(Shard::getPath))
              .map(shard -> new CohortJson.File(AtomicFile.name(shard.getPath()), shard.getCount()))
              .filter(file -> file.file().startsWith(split.label() + "-"))
              .toList();
      splits.put(
          split.label(),
          new CohortJson.Part(windows, summary.labels[split.ordinal()], coverage, files));
    }
    return splits;
  }

  /** Only rules that can apply to the task, and always those that can surprise. */
  private List<Cohort.Attrition> attrition() {
    List<Cohort.Attrition> table = new ArrayList<>();
    long left = count(CohortCounts.STAYS);
    table.add(new Cohort.Attrition("stays seen", 0, left));
    left = drop(table, CohortCounts.STAY_RULES, left);
    if (count(CohortCounts.WINDOWS) != left) {
      left = count(CohortCounts.WINDOWS);
      table.add(new Cohort.Attrition("windows of these stays", 0, left));
    }
    drop(table, CohortCounts.WINDOW_RULES, left);
    return table;
  }

  private long drop(List<Cohort.Attrition> table, List<String> rules, long before) {
    long left = before;
    for (String rule : rules) {
      if (count(rule) > 0 || ALWAYS_SHOWN.contains(rule)) {
        left -= count(rule);
        table.add(new Cohort.Attrition(rule, count(rule), left));
      }
    }
    return left;
  }

  private CohortJson.Config config(List<Double> fills) {
    List<CohortJson.Variable> channels = new ArrayList<>();
    List<Concept> concepts = config.channelConcepts();
    for (int c = 0; c < concepts.size(); c++) {
      channels.add(variable(concepts.get(c), fills.get(c)));
    }
    return new CohortJson.Config(
        config.task().toJson(),
        config.vocabulary(),
        config.imputation().label(),
        config.stratified(),
        config.trainShare(),
        config.tuningShare(),
        config.splitSeed(),
        config.normalisation().label(),
        channels,
        config.staticConcepts().stream().map(covariate -> variable(covariate, null)).toList());
  }

  private CohortJson.Variable variable(Concept concept, @Nullable Double fillValue) {
    List<String> codes = new ArrayList<>();
    config
        .dictionary()
        .codes(config.vocabulary(), concept.name())
        .forEach(group -> group.forEach(code -> codes.add(code.code())));
    return new CohortJson.Variable(
        concept.name(),
        concept.unit(),
        concept.aggregate().label(),
        codes,
        concept.outlierLow(),
        concept.validLow(),
        concept.validHigh(),
        concept.outlierHigh(),
        fillValue);
  }

  private long count(String what) {
    return counts.getOrDefault(what, 0L);
  }
}
