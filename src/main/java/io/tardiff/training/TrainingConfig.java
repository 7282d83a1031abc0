package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.GuidanceOver;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

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
  /** Each is a step of the pipeline's graph. */
  private static final int MAX_ROUNDS = 1000;

  public abstract DenoiserTraining denoiser();

  public abstract ClassifierConfig classifier();

  /** Which windows of the tuning split the guidance direction G averages over. */
  public abstract GuidanceOver guidanceOver();

  public abstract long seed();

  /** Seconds of training between checkpoints: what is lost at most when a worker is lost. */
  public abstract int checkpointSeconds();

  /** How many transforms, one after the other, the training of the denoiser is spread over. */
  public abstract int rounds();

  /** Time after which a round leaves the rest to the next; the last one goes to the end. */
  public abstract Duration roundBudget();

  /** What the workers that train must have; it changes nothing that is computed. */
  public abstract WorkerResources resources();

  public static TrainingConfig defaults() {
    return new AutoValue_TrainingConfig.Builder()
        .denoiser(DenoiserTraining.defaults())
        .classifier(ClassifierConfig.forName("gru"))
        .guidanceOver(GuidanceOver.ALL)
        .seed(0)
        .checkpointSeconds(60)
        .rounds(1)
        .roundBudget(Duration.ofMinutes(60))
        .resources(WorkerResources.any())
        .build();
  }

  abstract Builder toBuilder();

  public TrainingConfig withDenoiser(DenoiserTraining denoiser) {
    return toBuilder().denoiser(denoiser).build();
  }

  public TrainingConfig withClassifier(ClassifierConfig classifier) {
    return toBuilder().classifier(classifier).build();
  }

  public TrainingConfig withGuidanceOver(GuidanceOver over) {
    return toBuilder().guidanceOver(over).build();
  }

  public TrainingConfig withSeed(long seed) {
    return toBuilder().seed(seed).build();
  }

  public TrainingConfig withCheckpointSeconds(int seconds) {
    checkArgument(seconds >= 1, "checkpoint seconds must be at least 1, was %s", seconds);
    return toBuilder().checkpointSeconds(seconds).build();
  }

  /**
   * Spreads the training of the denoiser over transforms that each end within a time: some runners
   * take a worker that works on one element for too long for dead. The weights are the same, bit
   * for bit, in any number of rounds.
   */
  public TrainingConfig withRounds(int rounds) {
    checkArgument(
        rounds >= 1 && rounds <= MAX_ROUNDS,
        "rounds must be from 1 to %s, was %s",
        MAX_ROUNDS,
        rounds);
    return toBuilder().rounds(rounds).build();
  }

  /** Time after which a round leaves the rest to the next. */
  public TrainingConfig withRoundBudget(Duration budget) {
    checkArgument(
        !budget.isNegative() && !budget.isZero(), "round budget must be above 0, was %s", budget);
    return toBuilder().roundBudget(budget).build();
  }

  /** {@link #withRoundBudget} in minutes. */
  public TrainingConfig withRoundMinutes(int minutes) {
    checkArgument(minutes >= 1, "round minutes must be at least 1, was %s", minutes);
    return withRoundBudget(Duration.ofMinutes(minutes));
  }

  public TrainingConfig withResources(WorkerResources resources) {
    return toBuilder().resources(resources).build();
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder denoiser(DenoiserTraining denoiser);

    abstract Builder classifier(ClassifierConfig classifier);

    abstract Builder guidanceOver(GuidanceOver over);

    abstract Builder seed(long seed);

    abstract Builder checkpointSeconds(int seconds);

    abstract Builder rounds(int rounds);

    abstract Builder roundBudget(Duration budget);

    abstract Builder resources(WorkerResources resources);

    abstract TrainingConfig build();
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
