package io.tardiff.cohort;

import com.google.common.collect.Iterables;
import com.google.common.primitives.Longs;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Shard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the counts of a cohort and assembles its {@code cohort.json}. */
final class CohortFile {
  private static final Logger LOG = LoggerFactory.getLogger(CohortFile.class);

  private static final Set<String> ALWAYS_SHOWN =
      Set.of(
          CohortCounts.NO_ADMISSION,
          CohortCounts.NO_OUTCOME,
          CohortCounts.BAD_OUTCOME,
          CohortCounts.NOT_OBSERVED);

  /** Counts of the reader in a message. */
  private static final int COUNTS_TOLD = 5;

  private final CohortConfig config;
  private final Map<String, Long> counts;

  CohortFile(CohortConfig config, Map<String, Long> counts) {
    this.config = config;
    this.counts = counts;
  }

  /** Throws if no model could be trained on the cohort. */
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
          "no stay is left in the cohort: "
              + count(CohortCounts.STAYS)
              + " seen"
              + dropped
              + readerCounts());
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

  /** A channel that lost most of its values no longer measures the same thing. */
  private void checkDropped() {
    for (String channel : config.channels()) {
      Map<ValueFate, Long> ofChannel = ValueFate.of(channel, counts);
      double share = ValueFate.droppedShare(ofChannel);
      if (share > config.droppedThreshold()) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "%.1f %% of the values of channel %s were dropped, above the droppedThreshold of"
                    + " %.1f %%: of %,d values read, %s",
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
    List<Cohort.Attrition> attrition = attrition();
    return new CohortJson(
        Cohort.FORMAT,
        summary.hash(),
        config.spec(),
        splits(summary, shards),
        attrition,
        warnings(attrition),
        rows,
        read(),
        values(),
        config(fills),
        NormaliserFitting.fit(config.normalisation(), summary),
        scales(summary),
        config.statics().isEmpty() ? null : summary.statics(config.staticConcepts()),
        unlabelled(summary, shards));
  }

  /** Returns what became of windows without a label, or null if there was none to keep. */
  private CohortJson.@Nullable WithoutLabel unlabelled(CohortSummary summary, List<Shard> shards) {
    Map<String, Long> dropped = new LinkedHashMap<>();
    counts.forEach(
        (what, count) -> {
          if (what.startsWith(CohortCounts.UNLABELLED)) {
            dropped.put(what.substring(CohortCounts.UNLABELLED.length()), count);
          }
        });
    return summary.unlabelled == 0 && dropped.isEmpty()
        ? null
        : new CohortJson.WithoutLabel(
            summary.unlabelled, dropped, files(shards, Cohort.UNLABELLED));
  }

  private static List<CohortJson.File> files(List<Shard> shards, String prefix) {
    return shards.stream()
        .sorted(Comparator.comparing(Shard::getPath))
        .map(shard -> new CohortJson.File(AtomicFile.name(shard.getPath()), shard.getCount()))
        .filter(file -> file.file().startsWith(prefix + "-"))
        .toList();
  }

  private List<ChannelScale> scales(CohortSummary summary) {
    List<ChannelScale> scales = new ArrayList<>();
    List<Concept> concepts = config.channelConcepts();
    for (int c = 0; c < concepts.size(); c++) {
      double resolution = summary.resolution(c, concepts.get(c));
      scales.add(
          resolution == 0 || summary.min[c] > summary.max[c]
              ? ChannelScale.CONTINUOUS
              : new ChannelScale(resolution, summary.min[c], summary.max[c]));
    }
    return scales;
  }

  /** Returns what the reader counted other than rows, in descending order, as reasons. */
  private String readerCounts() {
    String largest =
        counts.entrySet().stream()
            .filter(
                count -> {
                  List<String> what = CohortCounts.ofReader(count.getKey());
                  return !what.isEmpty()
                      && !what.get(1).equals(ReadCount.ROWS)
                      && !what.get(1).equals(CohortCounts.DEAD_LETTERS);
                })
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(COUNTS_TOLD)
            .map(count -> count.getValue() + " " + CohortCounts.ofReader(count.getKey()).get(1))
            .collect(Collectors.joining(", "));
    return largest.isEmpty() ? "" : "; the reader counted " + largest;
  }

  /** Returns the counts of the reader, by table. */
  private Map<String, Map<String, Long>> read() {
    Map<String, Map<String, Long>> read = new LinkedHashMap<>();
    counts.forEach(
        (key, count) -> {
          List<String> what = CohortCounts.ofReader(key);
          if (!what.isEmpty()) {
            read.computeIfAbsent(what.get(0), table -> new LinkedHashMap<>())
                .put(what.get(1), count);
          }
        });
    return read;
  }

  /** Returns the counts of what happened to the values, by channel and static covariate. */
  private Map<String, Cohort.Values> values() {
    Map<String, Cohort.Values> values = new LinkedHashMap<>();
    Stream.concat(config.channels().stream(), config.statics().stream())
        .forEach(
            concept -> {
              Map<ValueFate, Long> ofConcept = ValueFate.of(concept, counts);
              if (!ofConcept.isEmpty()) {
                values.put(concept, values(ofConcept));
              }
            });
    return values;
  }

  private static Cohort.Values values(Map<ValueFate, Long> ofConcept) {
    Map<String, Long> dropped = new LinkedHashMap<>();
    Map<String, Long> others = new LinkedHashMap<>();
    ofConcept.forEach(
        (fate, count) -> {
          if (fate != ValueFate.READ) {
            (fate.isDropped() ? dropped : others).put(fate.label(), count);
          }
        });
    return new Cohort.Values(
        ValueFate.droppedShare(ofConcept), dropped, others, ofConcept.get(ValueFate.READ));
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
            windows == 0 ? 0 : observed / (double) (windows * config.windowSteps()));
      }
      splits.put(
          split.label(),
          new CohortJson.Part(
              windows, summary.labels[split.ordinal()], coverage, files(shards, split.label())));
    }
    return splits;
  }

  /**
   * Returns the rules that dropped something and those of {@link #ALWAYS_SHOWN}, with counts by
   * label where labels are known.
   */
  private List<Cohort.Attrition> attrition() {
    List<Cohort.Attrition> table = new ArrayList<>();
    long left = count(CohortCounts.STAYS);
    long[] labelsLeft = labels(CohortCounts.STAYS);
    table.add(row("stays seen", 0, left, new long[labelsLeft.length], labelsLeft));
    left = drop(table, CohortCounts.STAY_RULES, left, labelsLeft);
    if (count(CohortCounts.WINDOWS) != left) {
      left = count(CohortCounts.WINDOWS);
      labelsLeft = labels(CohortCounts.WINDOWS);
      table.add(row("windows of these stays", 0, left, new long[labelsLeft.length], labelsLeft));
    } else {
      // More labels are known of windows than of stays.
      labelsLeft = labels(CohortCounts.WINDOWS);
    }
    drop(table, CohortCounts.WINDOW_RULES, left, labelsLeft);
    return table;
  }

  private long drop(
      List<Cohort.Attrition> table, List<String> rules, long before, long[] labelsLeft) {
    long left = before;
    for (String rule : rules) {
      long dropped = count(rule);
      long[] labelsDropped = labels(rule);
      left -= dropped;
      for (int k = 0; k < labelsLeft.length; k++) {
        labelsLeft[k] -= labelsDropped[k];
      }
      if (dropped > 0 || ALWAYS_SHOWN.contains(rule)) {
        table.add(row(rule, dropped, left, labelsDropped, labelsLeft));
      }
    }
    return left;
  }

  private static Cohort.Attrition row(
      String rule, long dropped, long left, long[] labelsDropped, long[] labelsLeft) {
    if (Arrays.stream(labelsDropped).sum() + Arrays.stream(labelsLeft).sum() == 0) {
      return new Cohort.Attrition(rule, dropped, left, null, null, null);
    }
    return new Cohort.Attrition(
        rule,
        dropped,
        left,
        Longs.asList(labelsDropped.clone()),
        Longs.asList(labelsLeft.clone()),
        LabelShift.pValue(labelsDropped, labelsLeft));
  }

  private long[] labels(String what) {
    long[] labels = new long[config.task().classes()];
    for (int k = 0; k < labels.length; k++) {
      labels[k] = count(CohortCounts.ofLabel(what, k));
    }
    return labels;
  }

  /** Returns warnings of a possible selection bias by label. */
  private List<String> warnings(List<Cohort.Attrition> attrition) {
    List<String> warnings = new ArrayList<>();
    for (Cohort.Attrition row : attrition) {
      Double chance = row.labelShiftP();
      // What is set aside is asked for.
      if (chance != null
          && chance < LabelShift.SIGNIFICANT
          && !row.rule().equals(CohortCounts.SET_ASIDE)) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "the rule \"%s\" shifts the labels by more than chance: %s of those it drops,"
                    + " %s of those it keeps (p = %.1g)",
                row.rule(),
                shares(row.droppedLabels()),
                shares(row.leftLabels()),
                chance));
      }
    }
    if (count(CohortCounts.PUBLISHED_SPLIT) > 0 && count(CohortCounts.OWN_SPLIT) > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%,d windows are of subjects that the published split does not name, and were split"
                  + " by hash",
              count(CohortCounts.OWN_SPLIT)));
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
              "%,d deaths are known from the time of death alone, while %,d windows without a"
                  + " stated outcome %s, survivors among them: deaths are"
                  + " over-represented",
              recovered,
              unsettled,
              config.unlabelled() == Unlabelled.TRAIN ? "have no label" : "were dropped"));
    }
    return warnings;
  }

  /** Formats the share of label 1 if there are two classes, else of all labels. */
  private static String shares(List<Long> labels) {
    double all = 0;
    for (long count : labels) {
      all += count;
    }
    StringBuilder shares = new StringBuilder();
    for (int k = labels.size() == 2 ? 1 : 0; k < labels.size(); k++) {
      shares.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %%",
              shares.length() == 0 ? "" : ", ",
              100 * labels.get(k) / Math.max(1, all)));
    }
    return (labels.size() == 2 ? "label 1 is " : "labels 0, 1, ... are ") + shares;
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
        config.usesAllLabels() ? null : config.trainLabels(),
        config.normalisation().label(),
        config.droppedWarning(),
        config.droppedThreshold(),
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
