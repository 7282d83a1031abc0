package io.tardiff.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.WindowSpec;
import java.util.List;

/**
 * The content of {@code model.json}, which {@link TrainModels} writes and {@link TarDiffModel}
 * reads. Each part is a separate file until the model is complete.
 */
record ModelFile(
    int format,
    @JsonProperty(required = true) String runId,
    long seed,
    @JsonProperty(required = true) String cohortHash,
    @JsonProperty(required = true) WindowSpec spec,
    @JsonProperty(required = true) Normaliser normaliser,
    @JsonProperty(required = true) long[] trainLabels,
    @JsonProperty(required = true) DenoiserPart denoiser,
    @JsonProperty(required = true) ClassifierPart classifier) {

  /**
   * The part written by {@link TrainDenoiserFn}.
   *
   * @param weights number of weights of the network
   * @param noiseError {@code [noise steps][channels]}
   */
  record DenoiserPart(
      @JsonProperty(required = true) String runId,
      @JsonProperty(required = true) JsonNode configuration,
      long weights,
      double seconds,
      @JsonProperty(required = true) List<TarDiffModel.DenoiserLoss> history,
      @JsonProperty(required = true) double[][] noiseError) {}

  /** The part written by {@link TrainClassifierFn}. */
  record ClassifierPart(
      @JsonProperty(required = true) String runId,
      @JsonProperty(required = true) JsonNode configuration,
      int bestEpoch,
      @JsonProperty(required = true) List<TarDiffModel.ClassifierEpoch> epochs) {}

  /** The field that all parts have. */
  record Owner(@JsonProperty(required = true) String runId) {}
}
