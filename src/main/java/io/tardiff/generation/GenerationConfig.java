package io.tardiff.generation;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Ints;
import io.tardiff.influence.Guidance;
import io.tardiff.settings.InvalidSettingException;
import io.tardiff.settings.Settings;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.WorkerResources;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The configuration of {@link GenerateSyntheticEhr}: which samples to draw, and the sampler.
 *
 * <pre>{@code
 * GenerationConfig config =
 *     GenerationConfig.defaults()
 *         .withLabels(LabelMix.balanced().withTotal(10_000))
 *         .withGuidances(List.of(Guidance.none(), Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.03)))
 *         .withSeed(7);
 * }</pre>
 */
@AutoValue
public abstract class GenerationConfig implements Serializable {
  /** Value of {@link #guidanceAt()}: the best epoch of the target classifier on tuning. */
  public static final int BEST = 0;

  /** Each round is a few transforms of the pipeline. */
  private static final int MOST_ROUNDS = 50;

  private static final int DEFAULT_CANDIDATES = 4;
  private static final int MOST_CANDIDATES = 64;
  private static final int MOST_LABEL_GUIDANCE = 100;

  /** A worker has the weights of all classifiers of a teacher in memory. */
  private static final int MOST_FITS = 100;

  public abstract List<Guidance> guidances();

  public abstract LabelMix labels();

  /** Reverse steps per sample. */
  public abstract int samplingSteps();

  /** From 0, deterministic given the initial noise (DDIM), to 1, ancestral (DDPM). */
  public abstract double eta();

  /** Whether steps restore the variance lost by predicting a mean. */
  public abstract boolean varianceCorrection();

  /** Windows per run of the networks; affects the last bits of a sample. */
  public abstract int samplingBatch();

  /** Epoch of the target classifier, from 1, whose G is used for guidance, or {@link #BEST}. */
  public abstract int guidanceAt();

  /** Maximum number of rounds in which a rule that matches moments is fitted. */
  public abstract int momentRounds();

  /** Samples of each class that a round of that fit draws. */
  public abstract int momentPilot();

  /** Unguided samples among which {@link Guidance.Rule#CANDIDATES} chooses each sample. */
  public abstract int candidates();

  /**
   * Weight W of the label in classifier-free guidance: the noise of a step is {@code eps_null + W
   * (eps_label - eps_null)}. 1 uses the label alone; above 1 samples are more typical of their
   * label and vary less. Needs a model with a null class.
   */
  public abstract double labelGuidance();

  /**
   * Number of classifiers of the teacher that gives samples soft labels; 0 for hard labels only.
   */
  public abstract int softLabels();

  /** Weight of the teacher in soft labels; the rest is that of the hard label. */
  public abstract double softLabelWeight();

  public abstract long seed();

  /** Files per set. */
  public abstract int numShards();

  /** Resources of the workers that sample; they do not affect results. */
  public abstract WorkerResources resources();

  /** Defaults: as many unguided samples as train has windows, in 20 steps. */
  public static GenerationConfig defaults() {
    return new AutoValue_GenerationConfig.Builder()
        .guidances(List.of(Guidance.none()))
        .labels(LabelMix.asTrain())
        .samplingSteps(20)
        .eta(0.7)
        .varianceCorrection(true)
        .samplingBatch(256)
        .guidanceAt(BEST)
        .momentRounds(12)
        .momentPilot(512)
        .candidates(DEFAULT_CANDIDATES)
        .labelGuidance(1)
        .softLabels(0)
        .softLabelWeight(0.5)
        .seed(0)
        .numShards(4)
        .resources(WorkerResources.any())
        .build();
  }

  /**
   * The settings of this configuration. Those in files are hashed: with the model, guidance, seed
   * and id in a ledger record, they determine the sample.
   */
  @Internal
  public static Settings<GenerationConfig> settings() {
    return Settings.of(defaults())
        .integer(
            "samplingSteps", GenerationConfig::samplingSteps, GenerationConfig::withSamplingSteps)
        .key("steps")
        .decimal("eta", GenerationConfig::eta, GenerationConfig::withEta)
        .flag(
            "varianceCorrection",
            GenerationConfig::varianceCorrection,
            GenerationConfig::withVarianceCorrection)
        .key("varianceCorrection")
        .integer(
            "samplingBatch", GenerationConfig::samplingBatch, GenerationConfig::withSamplingBatch)
        .key("batch")
        .integer("guidanceEpoch", GenerationConfig::guidanceAt, GenerationConfig::withGuidanceAt)
        .key("guidanceAt")
        .text(
            "guidanceAt",
            config -> config.guidanceAt() == BEST ? "best" : String.valueOf(config.guidanceAt()),
            GenerationConfig::withGuidanceAt)
        .outsideFiles()
        // With what they lead to, in moments.json, samples are drawn again.
        .integer("momentRounds", GenerationConfig::momentRounds, GenerationConfig::withMomentRounds)
        .outsideFiles()
        .integer("momentPilot", GenerationConfig::momentPilot, GenerationConfig::withMomentPilot)
        .outsideFiles()
        .integer("candidates", GenerationConfig::candidates, GenerationConfig::withCandidates)
        .absentMeans(DEFAULT_CANDIDATES)
        .decimal(
            "labelGuidance", GenerationConfig::labelGuidance, GenerationConfig::withLabelGuidance)
        .absentMeans(1.0)
        // These do not decide a sample; its set describes its soft label.
        .integer("softLabels", GenerationConfig::softLabels, GenerationConfig::withSoftLabels)
        .outsideFiles()
        .decimal(
            "softLabelWeight",
            GenerationConfig::softLabelWeight,
            GenerationConfig::withSoftLabelWeight)
        .outsideFiles()
        .whole("seed", GenerationConfig::seed, GenerationConfig::withSeed)
        .outsideFiles()
        .part(
            WorkerResources.settings(),
            GenerationConfig::resources,
            GenerationConfig::withResources);
  }

  abstract Builder toBuilder();

  /** Sets the guidances, which must be distinct; one set is drawn for each. */
  public GenerationConfig withGuidances(List<Guidance> guidances) {
    check(
        !guidances.isEmpty() && guidances.stream().distinct().count() == guidances.size(),
        "guidances",
        guidances.stream().map(Guidance::name).toList(),
        "must be at least one and all different");
    return toBuilder().guidances(List.copyOf(guidances)).build();
  }

  public GenerationConfig withLabels(LabelMix labels) {
    return toBuilder().labels(labels).build();
  }

  public GenerationConfig withSamplingSteps(int steps) {
    check(steps >= 1, "samplingSteps", steps, "must be at least 1");
    return toBuilder().samplingSteps(steps).build();
  }

  public GenerationConfig withEta(double eta) {
    check(eta >= 0 && eta <= 1, "eta", eta, "must be from 0 to 1");
    return toBuilder().eta(eta).build();
  }

  public GenerationConfig withVarianceCorrection(boolean varianceCorrection) {
    return toBuilder().varianceCorrection(varianceCorrection).build();
  }

  public GenerationConfig withSamplingBatch(int windows) {
    check(windows >= 1, "samplingBatch", windows, "must be at least 1");
    return toBuilder().samplingBatch(windows).build();
  }

  public GenerationConfig withGuidanceAt(int epoch) {
    check(epoch >= BEST, "guidanceAt", epoch, "must be best or an epoch, from 1");
    return toBuilder().guidanceAt(epoch).build();
  }

  /** Like {@link #withGuidanceAt(int)}, from text: {@code best} or the number of an epoch. */
  public GenerationConfig withGuidanceAt(String epoch) {
    if (epoch.equals("best")) {
      return withGuidanceAt(BEST);
    }
    Integer number = Ints.tryParse(epoch);
    check(number != null && number >= 1, "guidanceAt", epoch, "must be best or an epoch, from 1");
    return withGuidanceAt(number);
  }

  public GenerationConfig withMomentRounds(int rounds) {
    check(
        rounds >= 1 && rounds <= MOST_ROUNDS,
        "momentRounds",
        rounds,
        "must be from 1 to %s",
        MOST_ROUNDS);
    return toBuilder().momentRounds(rounds).build();
  }

  public GenerationConfig withMomentPilot(int samples) {
    check(samples >= 16, "momentPilot", samples, "must be at least 16");
    return toBuilder().momentPilot(samples).build();
  }

  public GenerationConfig withCandidates(int count) {
    check(
        count >= 2 && count <= MOST_CANDIDATES,
        "candidates",
        count,
        "must be from 2 to %s",
        MOST_CANDIDATES);
    return toBuilder().candidates(count).build();
  }

  /** Sets the weight of the label. At 0 samples would not depend on their label. */
  public GenerationConfig withLabelGuidance(double weight) {
    check(
        weight > 0 && weight <= MOST_LABEL_GUIDANCE,
        "labelGuidance",
        weight,
        "must be above 0 and at most %s",
        MOST_LABEL_GUIDANCE);
    return toBuilder().labelGuidance(weight).build();
  }

  /**
   * Sets the number of classifiers, fitted to bootstraps of the train subjects, whose mean gives
   * samples soft labels; 0 for hard labels only.
   */
  public GenerationConfig withSoftLabels(int fits) {
    check(fits >= 0 && fits <= MOST_FITS, "softLabels", fits, "must be from 0 to %s", MOST_FITS);
    return toBuilder().softLabels(fits).build();
  }

  public GenerationConfig withSoftLabelWeight(double weight) {
    check(weight >= 0 && weight <= 1, "softLabelWeight", weight, "must be from 0 to 1");
    return toBuilder().softLabelWeight(weight).build();
  }

  public GenerationConfig withSeed(long seed) {
    return toBuilder().seed(seed).build();
  }

  public GenerationConfig withNumShards(int numShards) {
    check(numShards >= 1, "numShards", numShards, "must be at least 1");
    return toBuilder().numShards(numShards).build();
  }

  public GenerationConfig withResources(WorkerResources resources) {
    return toBuilder().resources(resources).build();
  }

  /** Whether a guidance matches moments, to which it must be fitted first. */
  @Internal
  public final boolean matchesMoments() {
    return guidances().stream().anyMatch(guidance -> guidance.rule().matchesMoments());
  }

  /** Returns the rules that must be fitted first. */
  List<Guidance.Rule> fittedRules() {
    return guidances().stream()
        .map(Guidance::rule)
        .filter(Guidance.Rule::matchesMoments)
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * Checks that a model can be sampled with this weight of the label.
   *
   * @throws InvalidSettingException if the weight is not 1 and the model has no null class
   */
  @Internal
  public final void checkLabelGuidance(TarDiffModel model) {
    check(
        labelGuidance() == 1 || model.hasNullClass(),
        "labelGuidance",
        labelGuidance(),
        "must be 1 for model %s, whose denoiser has no null class: train it with a labelDropout"
            + " above 0",
        model.directory());
  }

  /** Whether the windows of the cohort are read, beside the model. */
  @Internal
  public final boolean needsCohort() {
    return matchesMoments() || softLabels() > 0;
  }

  /** Returns the guidance epoch of a model. */
  int guidanceEpoch(TarDiffModel model) {
    return guidanceAt() == BEST ? model.bestEpoch() : guidanceAt();
  }

  /**
   * Returns the hash of the settings that determine a sample, besides model, guidance, seed and id.
   */
  String samplerHash() {
    List<String> decisive = new ArrayList<>();
    settings()
        .toJson(this)
        .fields()
        .forEachRemaining(field -> decisive.add(field.getKey() + "=" + field.getValue().asText()));
    String text = String.join(",", decisive);
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString().substring(0, 16);
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder guidances(List<Guidance> guidances);

    abstract Builder labels(LabelMix labels);

    abstract Builder samplingSteps(int steps);

    abstract Builder eta(double eta);

    abstract Builder varianceCorrection(boolean varianceCorrection);

    abstract Builder samplingBatch(int windows);

    abstract Builder guidanceAt(int epoch);

    abstract Builder momentRounds(int rounds);

    abstract Builder momentPilot(int samples);

    abstract Builder candidates(int count);

    abstract Builder labelGuidance(double weight);

    abstract Builder softLabels(int fits);

    abstract Builder softLabelWeight(double weight);

    abstract Builder seed(long seed);

    abstract Builder numShards(int numShards);

    abstract Builder resources(WorkerResources resources);

    abstract GenerationConfig build();
  }
}
