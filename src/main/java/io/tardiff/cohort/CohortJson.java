package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The content of {@code cohort.json}, as {@link CohortFile} writes it and {@link Cohort} reads it.
 *
 * @param splits the splits by name
 * @param warnings of a possible selection bias by label
 * @param rows number of repeated rows, and of stays whose end is unknown
 * @param read counts of the reader, by table
 * @param values counts of what happened to the values, by channel and static covariate
 * @param scales one per channel; null in cohorts that are older
 * @param statics one per static covariate; null if there is none and in cohorts that are older
 * @param unlabelled windows without a label; null if there is none
 */
record CohortJson(
    int format,
    @JsonProperty(required = true) String hash,
    @JsonProperty(required = true) WindowSpec spec,
    @JsonProperty(required = true) Map<String, Part> splits,
    @JsonProperty(required = true) List<Cohort.Attrition> attrition,
    @Nullable List<String> warnings,
    @Nullable Map<String, Long> rows,
    @Nullable Map<String, Map<String, Long>> read,
    @Nullable Map<String, Cohort.Values> values,
    @JsonProperty(required = true) Config config,
    @JsonProperty(required = true) Normaliser normaliser,
    @Nullable List<ChannelScale> scales,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<StaticCovariate> statics,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable WithoutLabel unlabelled) {

  /** A shard's split, whether its windows have labels, and how many it holds. */
  record Declared(Split split, boolean labelled, long windows) {}

  /**
   * That the fields fit each other.
   *
   * @throws IllegalArgumentException naming the field that does not
   */
  void check() {
    int channels = spec.channels().size();
    checkArgument(
        normaliser.low().length == channels,
        "field normaliser must have %s channels, had %s",
        channels,
        normaliser.low().length);
    checkArgument(
        config.channels().size() == channels,
        "field config.channels must have %s channels, had %s",
        channels,
        config.channels().size());
    checkArgument(
        scales == null || scales.size() == channels,
        "field scales must have %s channels, had %s",
        channels,
        scales == null ? 0 : scales.size());
    checkArgument(
        statics == null
            || statics.stream().map(StaticCovariate::name).toList().equals(spec.statics()),
        "field statics must have the names of spec.statics in their order");
    checkArgument(attrition != null, "field attrition is missing");
    for (int c = 0; c < channels; c++) {
      String name = config.channels().get(c).name();
      checkArgument(
          name == null || name.equals(spec.channels().get(c).name()),
          "field config.channels must have the channels of spec.channels in their order, had %s"
              + " where that has %s",
          name,
          spec.channels().get(c).name());
    }
    for (Split split : Split.values()) {
      Part part = splits.get(split.label());
      checkArgument(part != null, "field splits.%s is missing", split.label());
      part.check(split, spec.classes());
    }
    if (unlabelled != null) {
      unlabelled.check();
    }
  }

  /**
   * What is said of a shard.
   *
   * @throws IllegalArgumentException where it is none of the cohort
   */
  Declared shard(String name) {
    for (Split split : Split.values()) {
      for (File shard : splits.get(split.label()).shards()) {
        if (shard.file().equals(name)) {
          return new Declared(split, true, shard.windows());
        }
      }
    }
    if (unlabelled != null) {
      for (File shard : unlabelled.shards()) {
        if (shard.file().equals(name)) {
          return new Declared(Split.TRAIN, false, shard.windows());
        }
      }
    }
    throw new IllegalArgumentException("shard must be one of the cohort, was " + name);
  }

  /**
   * A split.
   *
   * @param labels number of windows per class
   * @param coverage share of the steps that have an observation, by channel
   */
  record Part(
      long windows,
      @JsonProperty(required = true) long[] labels,
      @JsonProperty(required = true) Map<String, Double> coverage,
      @JsonProperty(required = true) List<File> shards) {

    private void check(Split split, int classes) {
      checkArgument(
          labels.length == classes,
          "field labels of %s must hold %s counts, held %s",
          split.label(),
          classes,
          labels.length);
      checkArgument(
          Arrays.stream(labels).allMatch(n -> n >= 0) && Arrays.stream(labels).sum() == windows,
          "field labels of %s must add up to its windows",
          split.label());
      checkShards(split.label(), windows, shards);
    }
  }

  private static void checkShards(String part, long windows, List<File> shards) {
    // A name that leads out of the directory must not be opened, nor another part's windows.
    Pattern name = Pattern.compile(part + "-\\d{5}-of-\\d{5}\\.avro");
    long held = 0;
    for (File shard : shards) {
      checkArgument(
          shard.file() != null && name.matcher(shard.file()).matches(),
          "field shards of %s must name files such as %s-00000-of-00008.avro in the directory of"
              + " the cohort, named %s",
          part,
          part,
          String.valueOf(shard.file()).replaceAll("\\p{Cntrl}", "?"));
      held += shard.windows();
    }
    checkArgument(held == windows, "field shards of %s must hold all of its windows", part);
  }

  /**
   * The windows of train subjects whose label is not known.
   *
   * @param dropped number of windows without a label that were dropped, by reason
   */
  record WithoutLabel(
      long windows,
      @JsonProperty(required = true) Map<String, Long> dropped,
      @JsonProperty(required = true) List<File> shards) {

    private void check() {
      checkShards(Cohort.UNLABELLED, windows, shards);
    }
  }

  /** A shard, named relative to the directory. */
  record File(@JsonProperty(required = true) String file, long windows) {}

  /** How the cohort was built. */
  record Config(
      @Nullable JsonNode task,
      @Nullable String vocabulary,
      @Nullable String imputation,
      @Nullable Boolean stratified,
      @Nullable Double trainShare,
      @Nullable Double tuningShare,
      @Nullable Long splitSeed,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Double> trainLabels,
      @Nullable String normalisation,
      @Nullable Double droppedWarning,
      @Nullable Double droppedThreshold,
      @JsonProperty(required = true) List<Variable> channels,
      @Nullable List<Variable> statics) {}

  /**
   * A channel or a static covariate.
   *
   * @param fillValue what gaps before the first observation are filled with; channels only
   */
  record Variable(
      @Nullable String name,
      @Nullable String unit,
      @Nullable String aggregate,
      @Nullable List<String> codes,
      double outlierLow,
      double validLow,
      double validHigh,
      double outlierHigh,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double fillValue) {}
}
