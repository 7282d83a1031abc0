package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.settings.Labelled;
import java.io.Serializable;

/**
 * How a denoiser is trained: its size, the noise it learns to remove, and the optimiser.
 *
 * <pre>{@code
 * DenoiserTraining training =
 *     DenoiserTraining.defaults().withNetwork(DenoiserConfig.preset("paper")).withSteps(20_000);
 * }</pre>
 *
 * <p>Adam; the learning rate rises linearly over the first 200 steps and falls to a tenth along a
 * cosine; an exponential moving average of the weights is what is kept.
 */
@AutoValue
public abstract class DenoiserTraining implements Serializable {

  /** What the predicted noise is compared by. */
  public enum Loss implements Labelled {
    /** Mean absolute error: its best prediction is a median. */
    L1,
    /** Mean squared error: its best prediction is a mean, as the reverse process assumes. */
    L2;

    public static Loss of(String label) {
      return Labelled.of(Loss.class, "loss", label);
    }
  }

  public abstract DenoiserConfig network();

  public abstract NoiseSchedule.Kind schedule();

  public abstract int noiseSteps();

  public abstract int steps();

  public abstract int batch();

  public abstract double learningRate();

  public abstract double emaDecay();

  public abstract Loss loss();

  /** The small network, 4,000 steps of 128 windows. */
  public static DenoiserTraining defaults() {
    return new AutoValue_DenoiserTraining.Builder()
        .network(DenoiserConfig.preset("small"))
        .schedule(NoiseSchedule.Kind.LINEAR)
        .noiseSteps(200)
        .steps(4000)
        .batch(128)
        .learningRate(5e-4)
        .emaDecay(0.999)
        .loss(Loss.L2)
        .build();
  }

  abstract Builder toBuilder();

  public DenoiserTraining withNetwork(DenoiserConfig network) {
    return toBuilder().network(network).build();
  }

  public DenoiserTraining withSchedule(NoiseSchedule.Kind schedule) {
    return toBuilder().schedule(schedule).build();
  }

  public DenoiserTraining withNoiseSteps(int noiseSteps) {
    checkArgument(
        noiseSteps >= 2 && noiseSteps <= 10_000,
        "noise steps must be from 2 to 10000, was %s",
        noiseSteps);
    return toBuilder().noiseSteps(noiseSteps).build();
  }

  public DenoiserTraining withSteps(int steps) {
    checkArgument(steps >= 1, "training steps must be at least 1, was %s", steps);
    return toBuilder().steps(steps).build();
  }

  public DenoiserTraining withBatch(int batch) {
    checkArgument(batch >= 1, "batch size must be at least 1, was %s", batch);
    return toBuilder().batch(batch).build();
  }

  public DenoiserTraining withLearningRate(double learningRate) {
    checkArgument(
        learningRate > 0 && learningRate < 1,
        "learning rate must be above 0 and below 1, was %s",
        learningRate);
    return toBuilder().learningRate(learningRate).build();
  }

  public DenoiserTraining withEmaDecay(double emaDecay) {
    checkArgument(
        emaDecay >= 0 && emaDecay < 1,
        "EMA decay must be at least 0 and below 1, was %s",
        emaDecay);
    return toBuilder().emaDecay(emaDecay).build();
  }

  public DenoiserTraining withLoss(Loss loss) {
    return toBuilder().loss(loss).build();
  }

  /** The schedule of that kind with that many noise steps. */
  public NoiseSchedule noiseSchedule() {
    return NoiseSchedule.of(schedule(), noiseSteps());
  }

  /** Learning rate of step {@code t} (from 1). */
  double learningRateAt(long t) {
    double warmUp = Math.min(1, t / 200.0);
    double cosine = 0.55 + 0.45 * Math.cos(Math.PI * (t - 1) / steps());
    return learningRate() * warmUp * cosine;
  }

  /** Decay of the average at step {@code t} (from 1): smaller at first, to forget the start. */
  double emaDecayAt(long t) {
    return Math.min(emaDecay(), (1.0 + t) / (10.0 + t));
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder network(DenoiserConfig network);

    abstract Builder schedule(NoiseSchedule.Kind schedule);

    abstract Builder noiseSteps(int noiseSteps);

    abstract Builder steps(int steps);

    abstract Builder batch(int batch);

    abstract Builder learningRate(double learningRate);

    abstract Builder emaDecay(double emaDecay);

    abstract Builder loss(Loss loss);

    abstract DenoiserTraining build();
  }
}
