package io.tardiff.training;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;

/**
 * How many workers train the denoiser together, and how they exchange what they have learned
 * (DiLoCo, Douillard et al. 2023, arXiv 2311.08105).
 *
 * <pre>{@code
 * TrainingConfig config = TrainingConfig.defaults().withTrainers(Trainers.of(4).withLocalSteps(250));
 * }</pre>
 *
 * <p>The files of the train split are dealt out to the trainers. In a round, each trainer starts
 * from the common weights and takes {@link #localSteps} steps of its own on its own windows; the
 * mean of the weights of all trainers then moves the common ones ({@link OuterWeights}). Trainers
 * exchange weights once a round, so a slow network is enough. Together they take as many steps as
 * one trainer would ({@link DenoiserTraining#trainingSteps}), so each sees its share of the
 * batches.
 *
 * <p>The model depends on the number of trainers and of local steps, but neither on the runner nor
 * on where and when trainers run. One trainer is ordinary training, without rounds.
 */
@AutoValue
public abstract class Trainers implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Limits the size of the pipeline's graph, in which each round is a few steps. */
  private static final int MAX_ROUNDS = 1000;

  private static final int MAX_TRAINERS = 1024;

  /** Number of workers that train; 1 for ordinary training. */
  public abstract int count();

  /** Steps that a trainer takes between two exchanges of weights. */
  public abstract int localSteps();

  /** Learning rate of the step that the common weights take towards the mean of the trainers. */
  public abstract double outerLearningRate();

  /** Momentum of that step, 0 to below 1. */
  public abstract double outerMomentum();

  /** One trainer. */
  public static Trainers one() {
    return new AutoValue_Trainers.Builder()
        .count(1)
        .localSteps(100)
        .outerLearningRate(0.7)
        .outerMomentum(0.6)
        .build();
  }

  /** The given number of trainers, with default rounds. */
  public static Trainers of(int count) {
    return one().withCount(count);
  }

  /** The settings of this configuration. */
  @Internal
  public static Settings<Trainers> settings() {
    Trainers one = one();
    return Settings.of(one)
        .integer("trainers", Trainers::count, Trainers::withCount)
        .absentMeans(one.count())
        .integer("localSteps", Trainers::localSteps, Trainers::withLocalSteps)
        .absentMeans(one.localSteps())
        .decimal("outerLearningRate", Trainers::outerLearningRate, Trainers::withOuterLearningRate)
        .absentMeans(one.outerLearningRate())
        .decimal("outerMomentum", Trainers::outerMomentum, Trainers::withOuterMomentum)
        .absentMeans(one.outerMomentum());
  }

  abstract Builder toBuilder();

  public Trainers withCount(int count) {
    check(
        count >= 1 && count <= MAX_TRAINERS,
        "trainers",
        count,
        "must be from 1 to %s",
        MAX_TRAINERS);
    return toBuilder().count(count).build();
  }

  public Trainers withLocalSteps(int steps) {
    check(steps >= 1, "localSteps", steps, "must be at least 1");
    return toBuilder().localSteps(steps).build();
  }

  public Trainers withOuterLearningRate(double rate) {
    check(rate > 0 && rate <= 1, "outerLearningRate", rate, "must be above 0 and at most 1");
    return toBuilder().outerLearningRate(rate).build();
  }

  public Trainers withOuterMomentum(double momentum) {
    check(
        momentum >= 0 && momentum < 1, "outerMomentum", momentum, "must be at least 0 and below 1");
    return toBuilder().outerMomentum(momentum).build();
  }

  boolean areMany() {
    return count() > 1;
  }

  /** Returns the training of one trainer: its share of the steps. */
  DenoiserTraining share(DenoiserTraining training) {
    return training.withTrainingSteps((training.trainingSteps() + count() - 1) / count());
  }

  /** Returns the number of rounds. */
  int rounds(DenoiserTraining training) {
    return (share(training).trainingSteps() + localSteps() - 1) / localSteps();
  }

  /** Returns the number of steps that each trainer has taken when a round ends. */
  int stepsAfter(int round, DenoiserTraining training) {
    return (int) Math.min((long) round * localSteps(), share(training).trainingSteps());
  }

  /** Checks that the pipeline does not become too large. */
  void checkRounds(DenoiserTraining training) {
    check(
        !areMany() || rounds(training) <= MAX_ROUNDS,
        "localSteps",
        localSteps(),
        "must be at least %s, which makes %s rounds",
        (share(training).trainingSteps() + MAX_ROUNDS - 1) / MAX_ROUNDS,
        MAX_ROUNDS);
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder count(int count);

    abstract Builder localSteps(int steps);

    abstract Builder outerLearningRate(double rate);

    abstract Builder outerMomentum(double momentum);

    abstract Trainers build();
  }
}
