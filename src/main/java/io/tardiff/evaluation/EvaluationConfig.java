package io.tardiff.evaluation;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.tardiff.settings.Settings;
import io.tardiff.training.WorkerResources;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.beam.sdk.annotations.Internal;

/**
 * What to measure: which protocols, downstream models, seeds and amounts of synthetic windows.
 *
 * <pre>{@code
 * EvaluationConfig config =
 *     EvaluationConfig.defaults()
 *         .withModels(List.of("gru"))
 *         .withSeeds(List.of(1L, 2L, 3L, 4L, 5L));
 * }</pre>
 *
 * <p>Cost: each fit of a downstream model takes one element. With S sets, M models, R seeds and A
 * alphas there are {@code M R (1 + S + A * U)} fits, where U is the number of sets that TSRTR runs
 * on ({@link #tsrtrSets()}).
 */
@AutoValue
public abstract class EvaluationConfig implements Serializable {

  /** Which synthetic sets are added to the real windows. */
  public enum TsrtrSets {
    /** The unguided sets, and the guided set that is best on the tuning split. */
    UNGUIDED_AND_BEST,
    /** Every set. */
    ALL
  }

  public abstract ImmutableSet<Protocol> protocols();

  /** Names of downstream models; the first is the one guidance is chosen with. */
  public abstract ImmutableList<String> models();

  public abstract ImmutableList<Long> seeds();

  /** Synthetic windows added in TSRTR, as multiples of the number of real train windows. */
  public abstract ImmutableList<Double> alphas();

  public abstract TsrtrSets tsrtrSets();

  /** What the workers that fit downstream models must have; it changes nothing that is measured. */
  public abstract WorkerResources resources();

  /**
   * All three protocols, {@code gru} and {@code cnn}, three seeds, alpha 0.2, 0.6 and 1, TSRTR on
   * the unguided and the best guided set.
   */
  public static EvaluationConfig defaults() {
    return new AutoValue_EvaluationConfig.Builder()
        .setProtocols(ImmutableSet.copyOf(Protocol.values()))
        .setModels(ImmutableList.of("gru", "cnn"))
        .setSeeds(ImmutableList.of(1L, 2L, 3L))
        .setAlphas(ImmutableList.of(0.2, 0.6, 1.0))
        .setTsrtrSets(TsrtrSets.UNGUIDED_AND_BEST)
        .setResources(WorkerResources.any())
        .build();
  }

  /** Protocols to run; TSTR must be among them, for guidance is chosen by it. */
  public final EvaluationConfig withProtocols(Iterable<Protocol> protocols) {
    ImmutableSet<Protocol> set = ImmutableSet.copyOf(protocols);
    check(
        set.contains(Protocol.TSTR),
        "protocols",
        set,
        "must include TSTR, by which guidance is chosen");
    return toBuilder().setProtocols(set).build();
  }

  /** Downstream models, at least one. */
  public final EvaluationConfig withModels(List<String> models) {
    checkDistinct("evaluationModels", models);
    return toBuilder().setModels(ImmutableList.copyOf(models)).build();
  }

  /**
   * Seeds of the downstream models. With fewer than two there is no standard deviation, and the
   * unguided set is always chosen, for a gain cannot be told from noise.
   */
  public final EvaluationConfig withSeeds(List<Long> seeds) {
    checkDistinct("evaluationSeeds", seeds);
    return toBuilder().setSeeds(ImmutableList.copyOf(seeds)).build();
  }

  /** The seeds from 1 to {@code count}. */
  public final EvaluationConfig withSeeds(int count) {
    check(count >= 1, "evaluationSeeds", count, "must be at least 1");
    return withSeeds(LongStream.rangeClosed(1, count).boxed().toList());
  }

  /** Multiples for TSRTR, each greater than 0. */
  public final EvaluationConfig withAlphas(List<Double> alphas) {
    checkDistinct("alphas", alphas);
    for (double alpha : alphas) {
      check(alpha > 0 && Double.isFinite(alpha), "alphas", alphas, "must be greater than 0");
    }
    return toBuilder().setAlphas(ImmutableList.copyOf(alphas)).build();
  }

  public final EvaluationConfig withTsrtrSets(TsrtrSets sets) {
    return toBuilder().setTsrtrSets(sets).build();
  }

  public final EvaluationConfig withResources(WorkerResources resources) {
    return toBuilder().setResources(resources).build();
  }

  /** How many fits that is for so many sets, if they hold an unguided one and guided ones. */
  final long fits(int sets) {
    long perSet = (long) models().size() * seeds().size();
    int augmented = tsrtrSets() == TsrtrSets.ALL ? sets : Math.min(sets, 2);
    return perSet
        * ((protocols().contains(Protocol.TRTR) ? 1 : 0)
            + sets
            + (protocols().contains(Protocol.TSRTR) ? alphas().size() * augmented : 0));
  }

  private static void checkDistinct(String name, List<?> values) {
    check(!values.isEmpty(), name, values, "must hold at least one value");
    check(new HashSet<>(values).size() == values.size(), name, values, "must be distinct");
  }

  /** What options say of it. */
  @Internal
  public static Settings<EvaluationConfig> settings() {
    return Settings.of(defaults())
        .integer(
            "evaluationSeeds", config -> config.seeds().size(), (c, count) -> c.withSeeds(count))
        .words("evaluationModels", EvaluationConfig::models, EvaluationConfig::withModels)
        .numbers("alphas", EvaluationConfig::alphas, EvaluationConfig::withAlphas)
        .part(
            WorkerResources.settings(),
            EvaluationConfig::resources,
            EvaluationConfig::withResources);
  }

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setProtocols(ImmutableSet<Protocol> protocols);

    abstract Builder setModels(ImmutableList<String> models);

    abstract Builder setSeeds(ImmutableList<Long> seeds);

    abstract Builder setAlphas(ImmutableList<Double> alphas);

    abstract Builder setTsrtrSets(TsrtrSets sets);

    abstract Builder setResources(WorkerResources resources);

    abstract EvaluationConfig build();
  }
}
