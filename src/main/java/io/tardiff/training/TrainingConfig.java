package io.tardiff.training;

import static io.tardiff.settings.InvalidSettingException.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.GuidanceOver;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.beam.sdk.annotations.Internal;

/**
 * What {@link TrainModels} trains: a denoiser and a target classifier, from one seed.
 *
 * <pre>{@code
 * TrainingConfig config =
 *     TrainingConfig.defaults()
 *         .withClassifier(ClassifierConfig.forName("cnn"))
 *         .withDenoiser(DenoiserTraining.defaults().withTrainingSteps(20_000))
 *         .withSeed(7);
 * }</pre>
 */
@AutoValue
public abstract class TrainingConfig implements Serializable {
  /** Each is a step of the pipeline's graph. */
  private static final int MAX_ROUNDS = 1000;

  public abstract DenoiserTraining denoiser();

  public abstract ClassifierTraining classifier();

  /** Which windows of the tuning split the guidance direction G averages over. */
  public abstract GuidanceOver guidanceOver();

  public abstract long seed();

  /** Seconds of training between checkpoints: what is lost at most when a worker is lost. */
  public abstract int checkpointSeconds();

  /** How many transforms, one after the other, the training of the denoiser is spread over. */
  public abstract int trainingRounds();

  /** Time after which a round leaves the rest to the next; the last one goes to the end. */
  public abstract Duration roundBudget();

  /** What the workers that train must have; it changes nothing that is computed. */
  public abstract WorkerResources resources();

  public static TrainingConfig defaults() {
    return new AutoValue_TrainingConfig.Builder()
        .denoiser(DenoiserTraining.defaults())
        .classifier(ClassifierTraining.of(ClassifierConfig.forName("gru")))
        .guidanceOver(GuidanceOver.ALL)
        .seed(0)
        .checkpointSeconds(60)
        .trainingRounds(1)
        .roundBudget(Duration.ofMinutes(60))
        .resources(WorkerResources.any())
        .build();
  }

  /** What options and files say of it; files have the denoiser and the classifier apart. */
  @Internal
  public static Settings<TrainingConfig> settings() {
    return own()
        .part(DenoiserTraining.settings(), TrainingConfig::denoiser, TrainingConfig::withDenoiser)
        .part(
            ClassifierTraining.settings(),
            TrainingConfig::classifier,
            (config, classifier) -> config.withClassifier(classifier));
  }

  private static Settings<TrainingConfig> own() {
    return Settings.of(defaults())
        .whole("seed", TrainingConfig::seed, TrainingConfig::withSeed)
        .choice(
            "guidanceOver",
            GuidanceOver.class,
            TrainingConfig::guidanceOver,
            TrainingConfig::withGuidanceOver)
        .integer(
            "checkpointSeconds",
            TrainingConfig::checkpointSeconds,
            TrainingConfig::withCheckpointSeconds)
        .operational()
        .integer(
            "trainingRounds", TrainingConfig::trainingRounds, TrainingConfig::withTrainingRounds)
        .operational()
        .integer(
            "roundMinutes",
            config -> (int) config.roundBudget().toMinutes(),
            TrainingConfig::withRoundMinutes)
        .operational()
        .part(WorkerResources.settings(), TrainingConfig::resources, TrainingConfig::withResources);
  }

  abstract Builder toBuilder();

  public TrainingConfig withDenoiser(DenoiserTraining denoiser) {
    return toBuilder().denoiser(denoiser).build();
  }

  public TrainingConfig withClassifier(ClassifierTraining classifier) {
    return toBuilder().classifier(classifier).build();
  }

  /** {@link #withClassifier(ClassifierTraining)} with that network, trained as by default. */
  public TrainingConfig withClassifier(ClassifierConfig network) {
    return withClassifier(ClassifierTraining.of(network));
  }

  public TrainingConfig withGuidanceOver(GuidanceOver over) {
    return toBuilder().guidanceOver(over).build();
  }

  public TrainingConfig withSeed(long seed) {
    return toBuilder().seed(seed).build();
  }

  public TrainingConfig withCheckpointSeconds(int seconds) {
    check(seconds >= 1, "checkpointSeconds", seconds, "must be at least 1");
    return toBuilder().checkpointSeconds(seconds).build();
  }

  /**
   * Spreads the training of the denoiser over transforms that each end within a time: some runners
   * take a worker that works on one element for too long for dead. The weights are the same, bit
   * for bit, in any number of rounds.
   */
  public TrainingConfig withTrainingRounds(int rounds) {
    check(
        rounds >= 1 && rounds <= MAX_ROUNDS,
        "trainingRounds",
        rounds,
        "must be from 1 to %s",
        MAX_ROUNDS);
    return toBuilder().trainingRounds(rounds).build();
  }

  /** Time after which a round leaves the rest to the next. */
  public TrainingConfig withRoundBudget(Duration budget) {
    check(!budget.isNegative() && !budget.isZero(), "roundBudget", budget, "must be above 0");
    return toBuilder().roundBudget(budget).build();
  }

  /** {@link #withRoundBudget} in minutes. */
  public TrainingConfig withRoundMinutes(int minutes) {
    check(minutes >= 1, "roundMinutes", minutes, "must be at least 1");
    return withRoundBudget(Duration.ofMinutes(minutes));
  }

  public TrainingConfig withResources(WorkerResources resources) {
    return toBuilder().resources(resources).build();
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder denoiser(DenoiserTraining denoiser);

    abstract Builder classifier(ClassifierTraining classifier);

    abstract Builder guidanceOver(GuidanceOver over);

    abstract Builder seed(long seed);

    abstract Builder checkpointSeconds(int seconds);

    abstract Builder trainingRounds(int rounds);

    abstract Builder roundBudget(Duration budget);

    abstract Builder resources(WorkerResources resources);

    abstract TrainingConfig build();
  }

  /** Names the result: the same cohort, configuration and seed give the same model. */
  @Internal
  public String runId(String cohortHash) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("format", TarDiffModel.FORMAT);
    json.put("cohort", cohortHash);
    json.setAll(own().toJson(this));
    json.set("denoiser", DenoiserTraining.settings().toJson(denoiser()));
    json.set("classifier", ClassifierTraining.settings().toJson(classifier()));
    return Hashing.sha256()
        .hashString(json.toString(), StandardCharsets.UTF_8)
        .toString()
        .substring(0, 16);
  }
}
