package io.tardiff.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.WindowSpec;
import java.util.List;

/**
 * {@code model.json}: what {@link TrainModels} puts together and {@link TarDiffModel} reads. Each
 * part is a file of its own until the model is finished.
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
   * What {@link TrainDenoiserFn} leaves.
   *
   * @param weights how many numbers the network has
   * @param noiseError {@code [noise steps][channels]}
   */
  record DenoiserPart(
      @JsonProperty(required = true) String runId,
      @JsonProperty(required = true) JsonNode configuration,
      long weights,
      double seconds,
      @JsonProperty(required = true) List<TarDiffModel.DenoiserLoss> history,
      @JsonProperty(required = true) double[][] noiseError) {}

  /** What {@link TrainClassifierFn} leaves. */
  record ClassifierPart(
      @JsonProperty(required = true) String runId,
      @JsonProperty(required = true) JsonNode configuration,
      int bestEpoch,
      @JsonProperty(required = true) List<TarDiffModel.ClassifierEpoch> epochs) {}

  /** What every part says. */
  record Owner(@JsonProperty(required = true) String runId) {}
}
