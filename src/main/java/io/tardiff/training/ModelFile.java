package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.cohort.ChannelScale;
import io.tardiff.cohort.Filling;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.StaticCovariate;
import io.tardiff.cohort.WindowSpec;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The content of {@code model.json}, which {@link TrainModels} writes and {@link TarDiffModel}
 * reads. Each part is a separate file until the model is complete.
 *
 * @param scales one per channel; null in models that are older
 * @param filling fills the gaps of samples; null if the denoiser makes no masks
 * @param statics static covariates of samples; null if the denoiser makes none
 * @param trainUnlabelled number of windows without a label that the denoiser learned from; null if
 *     there was none
 */
record ModelFile(
    int format,
    @JsonProperty(required = true) String runId,
    long seed,
    @JsonProperty(required = true) String cohortHash,
    @JsonProperty(required = true) WindowSpec spec,
    @JsonProperty(required = true) Normaliser normaliser,
    @Nullable List<ChannelScale> scales,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Filling filling,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<StaticCovariate> statics,
    @JsonProperty(required = true) long[] trainLabels,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long trainUnlabelled,
    @JsonProperty(required = true) DenoiserPart denoiser,
    @JsonProperty(required = true) ClassifierPart classifier) {

  /**
   * Checks that the fields are consistent.
   *
   * @throws IllegalArgumentException if they are not; the message names the field
   */
  void check(int noiseSteps) {
    int channels = spec.channels().size();
    checkArgument(
        normaliser.low().length == channels,
        "field normaliser must have %s channels, had %s",
        channels,
        normaliser.low().length);
    checkArgument(
        scales == null || scales.size() == channels,
        "field scales must have %s channels, had %s",
        channels,
        scales == null ? 0 : scales.size());
    checkArgument(
        filling == null || filling.standard().size() == channels,
        "field filling must have %s channels, had %s",
        channels,
        filling == null ? 0 : filling.standard().size());
    checkArgument(
        statics == null
            || statics.stream().map(StaticCovariate::name).toList().equals(spec.statics()),
        "field statics must have the names of spec.statics in their order");
    checkArgument(
        trainLabels.length == spec.classes() && Arrays.stream(trainLabels).allMatch(n -> n >= 0),
        "field train_labels must hold a count for each of %s classes",
        spec.classes());
    checkArgument(
        trainUnlabelled == null || trainUnlabelled > 0,
        "field train_unlabelled must be positive, was %s",
        trainUnlabelled);
    checkArgument(
        denoiser.noiseError().length == noiseSteps,
        "noise_error must have %s rows, had %s",
        noiseSteps,
        denoiser.noiseError().length);
    int width = layout().width();
    for (double[] row : denoiser.noiseError()) {
      checkArgument(
          row.length == width && Arrays.stream(row).allMatch(e -> Double.isFinite(e) && e >= 0),
          "noise_error must have %s finite numbers of 0 or more in each row",
          width);
    }
    checkArgument(denoiser.history() != null, "field history is missing");
    int epochs = classifier.epochs().size();
    checkArgument(epochs >= 1, "field epochs must have at least one");
    for (int i = 0; i < epochs; i++) {
      checkArgument(
          classifier.epochs().get(i).epoch() == i + 1,
          "field epochs must be numbered from 1, number %s was %s",
          i + 1,
          classifier.epochs().get(i).epoch());
    }
    checkArgument(
        classifier.bestEpoch() >= 1 && classifier.bestEpoch() <= epochs,
        "field best_epoch must be from 1 to %s, was %s",
        epochs,
        classifier.bestEpoch());
  }

  /** Returns the channels of the denoiser. */
  DenoiserLayout layout() {
    return new DenoiserLayout(spec, filling != null, statics == null ? List.of() : statics);
  }

  /**
   * What {@link TrainDenoiserFn} leaves.
   *
   * @param weights number of weights of the network
   * @param noiseError {@code [noise steps][channels of the layout]}
   */
  record DenoiserPart(
      @JsonProperty(required = true) String runId,
      @JsonProperty(required = true) JsonNode configuration,
      long weights,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double seconds,
      @JsonProperty(required = true) List<TarDiffModel.DenoiserLoss> history,
      @JsonProperty(required = true) double[][] noiseError) {

    DenoiserPart timeless() {
      return new DenoiserPart(runId, configuration, weights, null, history, noiseError);
    }
  }

  /**
   * What {@link TrainClassifierFn} leaves.
   *
   * @param seconds see {@link DenoiserPart}
   */
  record ClassifierPart(
      @JsonProperty(required = true) String runId,
      @JsonProperty(required = true) JsonNode configuration,
      int bestEpoch,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double seconds,
      @JsonProperty(required = true) List<TarDiffModel.ClassifierEpoch> epochs) {

    ClassifierPart timeless() {
      return new ClassifierPart(runId, configuration, bestEpoch, null, epochs);
    }
  }

  /** The field that all parts share. */
  record Owner(@JsonProperty(required = true) String runId) {}
}
