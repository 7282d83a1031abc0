package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Ints;
import io.tardiff.influence.Guidance;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.WorkerResources;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What to draw and how.
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
  /** {@link #guidanceAt()}: the epoch whose weights the target classifier kept. */
  public static final int BEST = 0;

  public abstract List<Guidance> guidances();

  public abstract LabelMix labels();

  /** Reverse steps per sample. */
  public abstract int steps();

  /** 0 is deterministic given the first noise (DDIM), 1 is ancestral (DDPM). */
  public abstract double eta();

  /** Whether steps give back the variance that the mean prediction loses. */
  public abstract boolean varianceCorrection();

  /** Windows per call of the network; part of what decides the last bits of a sample. */
  public abstract int batch();

  /** Epoch of the target classifier whose G guides, from 1; {@link #BEST} for the kept one. */
  public abstract int guidanceAt();

  public abstract long seed();

  /** Files per set. */
  public abstract int numShards();

  /** What the workers that sample must have; it changes nothing that is computed. */
  public abstract WorkerResources resources();

  /** As many samples as train holds, unguided, 20 steps. */
  public static GenerationConfig defaults() {
    return new AutoValue_GenerationConfig.Builder()
        .guidances(List.of(Guidance.none()))
        .labels(LabelMix.asTrain())
        .steps(20)
        .eta(0.7)
        .varianceCorrection(true)
        .batch(256)
        .guidanceAt(BEST)
        .seed(0)
        .numShards(4)
        .resources(WorkerResources.any())
        .build();
  }

  abstract Builder toBuilder();

  /** One set is drawn for each; they must differ. */
  public GenerationConfig withGuidances(List<Guidance> guidances) {
    checkArgument(
        !guidances.isEmpty() && guidances.stream().distinct().count() == guidances.size(),
        "guidances must be at least one and all different, were %s",
        guidances.stream().map(Guidance::name).toList());
    return toBuilder().guidances(List.copyOf(guidances)).build();
  }

  public GenerationConfig withLabels(LabelMix labels) {
    return toBuilder().labels(labels).build();
  }

  public GenerationConfig withSteps(int steps) {
    checkArgument(steps >= 1, "sampling steps must be at least 1, was %s", steps);
    return toBuilder().steps(steps).build();
  }

  public GenerationConfig withEta(double eta) {
    checkArgument(eta >= 0 && eta <= 1, "eta must be from 0 to 1, was %s", eta);
    return toBuilder().eta(eta).build();
  }

  public GenerationConfig withVarianceCorrection(boolean varianceCorrection) {
    return toBuilder().varianceCorrection(varianceCorrection).build();
  }

  public GenerationConfig withBatch(int batch) {
    checkArgument(batch >= 1, "sampling batch must be at least 1, was %s", batch);
    return toBuilder().batch(batch).build();
  }

  public GenerationConfig withGuidanceAt(int epoch) {
    checkArgument(epoch >= BEST, "guidance epoch must be at least 1 (or best), was %s", epoch);
    return toBuilder().guidanceAt(epoch).build();
  }

  /** {@link #withGuidanceAt(int)} as it is written: {@code best}, or the number of an epoch. */
  public GenerationConfig withGuidanceAt(String epoch) {
    if (epoch.equals("best")) {
      return withGuidanceAt(BEST);
    }
    Integer number = Ints.tryParse(epoch);
    checkArgument(
        number != null && number >= 1,
        "guidance epoch must be best or an epoch, from 1, was %s",
        epoch);
    return withGuidanceAt(number);
  }

  public GenerationConfig withSeed(long seed) {
    return toBuilder().seed(seed).build();
  }

  public GenerationConfig withNumShards(int numShards) {
    checkArgument(numShards >= 1, "shards must be at least 1, was %s", numShards);
    return toBuilder().numShards(numShards).build();
  }

  public GenerationConfig withResources(WorkerResources resources) {
    return toBuilder().resources(resources).build();
  }

  /** The epoch of a model's target classifier that guides. */
  int guidanceEpoch(TarDiffModel model) {
    return guidanceAt() == BEST ? model.bestEpoch() : guidanceAt();
  }

  /** Hash of what decides a sample beside model, guidance, seed and id. */
  String samplerHash() {
    String text =
        "steps="
            + steps()
            + ",eta="
            + eta()
            + ",varianceCorrection="
            + varianceCorrection()
            + ",batch="
            + batch()
            + ",guidanceAt="
            + guidanceAt();
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString().substring(0, 16);
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder guidances(List<Guidance> guidances);

    abstract Builder labels(LabelMix labels);

    abstract Builder steps(int steps);

    abstract Builder eta(double eta);

    abstract Builder varianceCorrection(boolean varianceCorrection);

    abstract Builder batch(int batch);

    abstract Builder guidanceAt(int epoch);

    abstract Builder seed(long seed);

    abstract Builder numShards(int numShards);

    abstract Builder resources(WorkerResources resources);

    abstract GenerationConfig build();
  }
}
