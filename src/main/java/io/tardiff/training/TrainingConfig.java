package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.GuidanceDirection;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/**
 * What {@link TrainModels} trains: a denoiser and a target classifier, from one seed.
 *
 * <pre>{@code
 * TrainingConfig config =
 *     TrainingConfig.defaults()
 *         .withClassifier(ClassifierConfig.forName("cnn"))
 *         .withDenoiser(DenoiserTraining.defaults().withSteps(20_000))
 *         .withSeed(7);
 * }</pre>
 */
@AutoValue
public abstract class TrainingConfig implements Serializable {

  public abstract DenoiserTraining denoiser();

  public abstract ClassifierConfig classifier();

  /** Which windows of the tuning split the guidance direction G averages over. */
  public abstract GuidanceDirection.Over guidanceOver();

  public abstract long seed();

  /** Seconds of training between checkpoints: what is lost at most when a worker is lost. */
  public abstract int checkpointSeconds();

  /** What the workers that train must have; it changes nothing that is computed. */
  public abstract WorkerResources resources();

  public static TrainingConfig defaults() {
    return new AutoValue_TrainingConfig(
        DenoiserTraining.defaults(),
        ClassifierConfig.forName("gru"),
        GuidanceDirection.Over.ALL,
        0,
        60,
        WorkerResources.any());
  }

  public TrainingConfig withDenoiser(DenoiserTraining denoiser) {
    return new AutoValue_TrainingConfig(
        denoiser, classifier(), guidanceOver(), seed(), checkpointSeconds(), resources());
  }

  public TrainingConfig withClassifier(ClassifierConfig classifier) {
    return new AutoValue_TrainingConfig(
        denoiser(), classifier, guidanceOver(), seed(), checkpointSeconds(), resources());
  }

  public TrainingConfig withGuidanceOver(GuidanceDirection.Over over) {
    return new AutoValue_TrainingConfig(
        denoiser(), classifier(), over, seed(), checkpointSeconds(), resources());
  }

  public TrainingConfig withSeed(long seed) {
    return new AutoValue_TrainingConfig(
        denoiser(), classifier(), guidanceOver(), seed, checkpointSeconds(), resources());
  }

  public TrainingConfig withCheckpointSeconds(int seconds) {
    checkArgument(seconds >= 1, "checkpoint seconds must be at least 1, was %s", seconds);
    return new AutoValue_TrainingConfig(
        denoiser(), classifier(), guidanceOver(), seed(), seconds, resources());
  }

  public TrainingConfig withResources(WorkerResources resources) {
    return new AutoValue_TrainingConfig(
        denoiser(), classifier(), guidanceOver(), seed(), checkpointSeconds(), resources);
  }

  /** Names the result: the same cohort, configuration and seed give the same model. */
  String runId(String cohortHash) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("format", TarDiffModel.FORMAT);
    json.put("cohort", cohortHash);
    json.put("seed", seed());
    json.put("guidance_over", guidanceOver().label());
    json.set("denoiser", ModelJson.of(denoiser()));
    json.set("classifier", ModelJson.of(classifier()));
    return Hashing.sha256()
        .hashString(json.toString(), StandardCharsets.UTF_8)
        .toString()
        .substring(0, 16);
  }
}
