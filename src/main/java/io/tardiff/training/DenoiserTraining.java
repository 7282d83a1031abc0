package io.tardiff.training;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import io.tardiff.cohort.Cohort;
import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a denoiser is trained: its network, the noise schedule, the loss and the optimiser.
 *
 * <pre>{@code
 * DenoiserTraining training =
 *     DenoiserTraining.defaults()
 *         .withNetwork(DenoiserConfig.preset("paper"))
 *         .withTrainingSteps(20_000);
 * }</pre>
 *
 * <p>The optimiser is Adam. The learning rate rises linearly over the first 200 steps and falls to
 * a tenth along a cosine. The trained model is an exponential moving average of the weights.
 */
@AutoValue
public abstract class DenoiserTraining implements Serializable {
  /** The default of {@link #labelDropout} for cohorts that have windows without a label. */
  private static final double WITH_UNLABELLED = 0.1;

  /** The loss of the predicted noise. */
  public enum Loss implements Labelled {
    /** Mean absolute error, minimised by the median. */
    L1,
    /** Mean squared error, minimised by the mean, which the reverse process assumes. */
    L2;

    public static Loss of(String label) {
      return Labelled.of(Loss.class, "loss", label);
    }
  }

  /** What a denoiser makes of values that were not observed. */
  public enum Missingness implements Labelled {
    /**
     * Observation masks are made together with the values, which are learned where they were
     * observed; the gaps of samples are filled like those of the cohort. The same as {@link
     * #FILLED} if the train split has no gaps.
     */
    MASKS,
    /** Windows whose gaps are filled. All values of a sample count as observed. */
    FILLED;

    public static Missingness of(String label) {
      return Labelled.of(Missingness.class, "missingness", label);
    }
  }

  public abstract DenoiserConfig network();

  public abstract Missingness missingness();

  /** Whether static covariates are made together with the values. */
  public abstract boolean generateStatics();

  public abstract NoiseSchedule.Kind schedule();

  public abstract int noiseSteps();

  public abstract int trainingSteps();

  /** Windows per training step. */
  public abstract int batchSize();

  public abstract double learningRate();

  public abstract double emaDecay();

  /**
   * Share of the labels that training replaces by the null class, so that the denoiser also learns
   * windows of any label. Null for the default: {@value #WITH_UNLABELLED} if the cohort has windows
   * without a label, which always have the null class, else 0.
   */
  public abstract @Nullable Double labelDropout();

  public abstract Loss loss();

  /** Defaults: the small network, 4,000 steps of 128 windows. */
  public static DenoiserTraining defaults() {
    return new AutoValue_DenoiserTraining.Builder()
        .network(DenoiserConfig.preset("small"))
        .missingness(Missingness.FILLED)
        .generateStatics(false)
        .schedule(NoiseSchedule.Kind.LINEAR)
        .noiseSteps(200)
        .trainingSteps(4000)
        .batchSize(128)
        .learningRate(5e-4)
        .emaDecay(0.999)
        .loss(Loss.L2)
        .build();
  }

  /** The settings of this configuration; files hold the size of the network as numbers. */
  @Internal
  public static Settings<DenoiserTraining> settings() {
    return Settings.of(defaults())
        .part(DenoiserConfig.settings(), DenoiserTraining::network, DenoiserTraining::withNetwork)
        .choice(
            "missingness",
            Missingness.class,
            DenoiserTraining::missingness,
            DenoiserTraining::withMissingness)
        .absentMeans("filled")
        .flag(
            "generateStatics",
            DenoiserTraining::generateStatics,
            DenoiserTraining::withGenerateStatics)
        .absentMeans(false)
        .choice(
            "noiseSchedule",
            NoiseSchedule.Kind.class,
            DenoiserTraining::schedule,
            DenoiserTraining::withSchedule)
        .integer("noiseSteps", DenoiserTraining::noiseSteps, DenoiserTraining::withNoiseSteps)
        .integer(
            "trainingSteps", DenoiserTraining::trainingSteps, DenoiserTraining::withTrainingSteps)
        .key("steps")
        .integer("batchSize", DenoiserTraining::batchSize, DenoiserTraining::withBatchSize)
        .key("batch")
        .decimal("learningRate", DenoiserTraining::learningRate, DenoiserTraining::withLearningRate)
        .decimal("emaDecay", DenoiserTraining::emaDecay, DenoiserTraining::withEmaDecay)
        .key("average_decay")
        .choice("loss", Loss.class, DenoiserTraining::loss, DenoiserTraining::withLoss)
        .decimal("labelDropout", DenoiserTraining::labelDropout, DenoiserTraining::withLabelDropout)
        .optional();
  }

  abstract Builder toBuilder();

  public DenoiserTraining withNetwork(DenoiserConfig network) {
    return toBuilder().network(network).build();
  }

  public DenoiserTraining withMissingness(Missingness missingness) {
    return toBuilder().missingness(missingness).build();
  }

  /**
   * Sets whether static covariates are made together with the values, so that they agree. A cohort
   * without static covariates gives samples without them either way; a covariate that no train
   * window knows is unknown in all samples.
   */
  public DenoiserTraining withGenerateStatics(boolean generate) {
    return toBuilder().generateStatics(generate).build();
  }

  public DenoiserTraining withSchedule(NoiseSchedule.Kind schedule) {
    return toBuilder().schedule(schedule).build();
  }

  public DenoiserTraining withNoiseSteps(int steps) {
    check(steps >= 2 && steps <= 10_000, "noiseSteps", steps, "must be from 2 to 10000");
    return toBuilder().noiseSteps(steps).build();
  }

  public DenoiserTraining withTrainingSteps(int steps) {
    check(steps >= 1, "trainingSteps", steps, "must be at least 1");
    return toBuilder().trainingSteps(steps).build();
  }

  public DenoiserTraining withBatchSize(int windows) {
    check(windows >= 1, "batchSize", windows, "must be at least 1");
    return toBuilder().batchSize(windows).build();
  }

  public DenoiserTraining withLearningRate(double rate) {
    check(rate > 0 && rate < 1, "learningRate", rate, "must be above 0 and below 1");
    return toBuilder().learningRate(rate).build();
  }

  public DenoiserTraining withEmaDecay(double decay) {
    check(decay >= 0 && decay < 1, "emaDecay", decay, "must be at least 0 and below 1");
    return toBuilder().emaDecay(decay).build();
  }

  public DenoiserTraining withLoss(Loss loss) {
    return toBuilder().loss(loss).build();
  }

  /** Sets the share of the labels that training replaces by the null class. */
  public DenoiserTraining withLabelDropout(double share) {
    check(share >= 0 && share < 1, "labelDropout", share, "must be at least 0 and below 1");
    return toBuilder().labelDropout(share).build();
  }

  /** Returns this training of a cohort, with the label dropout that it gets by default. */
  DenoiserTraining of(Cohort cohort) {
    return labelDropout() == null && cohort.unlabelled() > 0
        ? withLabelDropout(WITH_UNLABELLED)
        : this;
  }

  /** Whether the denoiser has a null class. */
  boolean hasNullClass(long unlabelled) {
    return unlabelled > 0 || (labelDropout() != null && labelDropout() > 0);
  }

  /** Returns the noise schedule. */
  public NoiseSchedule noiseSchedule() {
    return NoiseSchedule.of(schedule(), noiseSteps());
  }

  /** Returns the learning rate of step {@code t} (from 1). */
  double learningRateAt(long t) {
    double warmUp = Math.min(1, t / 200.0);
    double cosine = 0.55 + 0.45 * Math.cos(Math.PI * (t - 1) / trainingSteps());
    return learningRate() * warmUp * cosine;
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder network(DenoiserConfig network);

    abstract Builder missingness(Missingness missingness);

    abstract Builder generateStatics(boolean generate);

    abstract Builder schedule(NoiseSchedule.Kind schedule);

    abstract Builder noiseSteps(int steps);

    abstract Builder trainingSteps(int steps);

    abstract Builder batchSize(int windows);

    abstract Builder learningRate(double rate);

    abstract Builder emaDecay(double decay);

    abstract Builder loss(Loss loss);

    abstract Builder labelDropout(@Nullable Double share);

    abstract DenoiserTraining build();
  }
}
