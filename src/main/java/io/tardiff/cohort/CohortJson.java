package io.tardiff.cohort;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The content of {@code cohort.json}, as {@link CohortFile} writes it and {@link Cohort} reads it.
 *
 * @param splits the splits by name
 * @param warnings of a possible selection bias by label
 * @param rows number of repeated rows, and of stays whose end is unknown
 * @param read counts of the reader, by table
 * @param values counts of what happened to the values, by channel and static covariate
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
    @JsonProperty(required = true) Normaliser normaliser) {

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
      @JsonProperty(required = true) List<File> shards) {}

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
