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
 * The configuration of {@link TrainModels}: a denoiser, a target classifier and a seed.
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
  /** Limits the size of the pipeline's graph, in which each round is a step. */
  private static final int MAX_ROUNDS = 1000;

  public abstract DenoiserTraining denoiser();

  public abstract ClassifierTraining classifier();

  /** Which windows of the tuning split the guidance direction G averages over. */
  public abstract GuidanceOver guidanceOver();

  public abstract long seed();

  /** Seconds between checkpoints: the most training time that a lost worker costs. */
  public abstract int checkpointSeconds();

  /** Number of consecutive transforms that the training of the denoiser is spread over. */
  public abstract int trainingRounds();

  /** Time after which a round leaves the rest to the next one; the last round trains to the end. */
  public abstract Duration roundBudget();

  /** How many workers train the denoiser together. */
  public abstract Trainers trainers();

  /** Resources of the workers that train; they do not affect results. */
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
        .trainers(Trainers.one())
        .resources(WorkerResources.any())
        .build();
  }

  /** The settings of this configuration; files hold the denoiser and the classifier separately. */
  @Internal
  public static Settings<TrainingConfig> settings() {
    return ownSettings()
        .part(DenoiserTraining.settings(), TrainingConfig::denoiser, TrainingConfig::withDenoiser)
        .part(
            ClassifierTraining.settings(),
            TrainingConfig::classifier,
            (config, classifier) -> config.withClassifier(classifier))
        .checkedBy(TrainingConfig::checked);
  }

  private static Settings<TrainingConfig> ownSettings() {
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
        .part(Trainers.settings(), TrainingConfig::trainers, TrainingConfig::withTrainers)
        .part(WorkerResources.settings(), TrainingConfig::resources, TrainingConfig::withResources);
  }

  /** Checks that the settings go together. */
  TrainingConfig checked() {
    check(
        !trainers().areMany() || trainingRounds() == 1,
        "trainingRounds",
        trainingRounds(),
        "must be 1 with several trainers, whose rounds are localSteps long");
    trainers().checkRounds(denoiser());
    return this;
  }

  abstract Builder toBuilder();

  public TrainingConfig withDenoiser(DenoiserTraining denoiser) {
    return toBuilder().denoiser(denoiser).build();
  }

  public TrainingConfig withClassifier(ClassifierTraining classifier) {
    return toBuilder().classifier(classifier).build();
  }

  /** Like {@link #withClassifier(ClassifierTraining)}, with a network and default training. */
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
   * Spreads the training of the denoiser over several transforms with a time budget each, because
   * some runners give up on a worker that spends too long on one element. The number of rounds does
   * not change the weights, bit for bit.
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

  /** Sets the time after which a round leaves the rest to the next one. */
  public TrainingConfig withRoundBudget(Duration budget) {
    check(!budget.isNegative() && !budget.isZero(), "roundBudget", budget, "must be above 0");
    return toBuilder().roundBudget(budget).build();
  }

  /** Like {@link #withRoundBudget}, in minutes. */
  public TrainingConfig withRoundMinutes(int minutes) {
    check(minutes >= 1, "roundMinutes", minutes, "must be at least 1");
    return withRoundBudget(Duration.ofMinutes(minutes));
  }

  /** Lets several workers train the denoiser together; the weights depend on their number. */
  public TrainingConfig withTrainers(Trainers trainers) {
    return toBuilder().trainers(trainers).build();
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

    abstract Builder trainers(Trainers trainers);

    abstract Builder resources(WorkerResources resources);

    abstract TrainingConfig build();
  }

  /** Returns the id of the resulting model, a hash of cohort, configuration and seed. */
  @Internal
  public String runId(String cohortHash) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("format", TarDiffModel.FORMAT);
    json.put("cohort", cohortHash);
    json.setAll(ownSettings().toJson(this));
    json.set("denoiser", DenoiserTraining.settings().toJson(denoiser()));
    json.set("classifier", ClassifierTraining.settings().toJson(classifier()));
    return Hashing.sha256()
        .hashString(json.toString(), StandardCharsets.UTF_8)
        .toString()
        .substring(0, 16);
  }
}
