package io.tardiff.evaluation;

import static io.tardiff.settings.InvalidSettingException.check;
import static java.util.stream.Collectors.joining;

import com.google.auto.value.AutoValue;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.tardiff.influence.Purpose;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.Settings;
import io.tardiff.training.WorkerResources;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.beam.sdk.annotations.Internal;

/**
 * What to measure: the purpose of the sets, protocols, downstream models, seeds and amounts of
 * synthetic windows, and the classifiers that try to tell synthetic from real windows.
 *
 * <pre>{@code
 * EvaluationConfig config =
 *     EvaluationConfig.defaults()
 *         .withModels(List.of("gru"))
 *         .withSeeds(List.of(1L, 2L, 3L, 4L, 5L));
 * }</pre>
 *
 * <p>With S sets, M models, R seeds and A alphas, an evaluation fits {@code M R (1 + S + A U)}
 * downstream models, where U is the number of sets that TSRTR uses ({@link #tsrtrSets()}). For
 * {@link Purpose#AUGMENT}, TSRTR chooses the set and thus uses all sets with the first model:
 * {@code R A (S - U)} more fits.
 */
@AutoValue
public abstract class EvaluationConfig implements Serializable {

  private static final String NO_BASELINES = "none";

  /** Which synthetic sets are added to the real windows. */
  public enum TsrtrSets {
    /** The sets without guidance or selection, and the best other set on the tuning split. */
    UNGUIDED_AND_BEST,
    /** Every set. */
    ALL
  }

  /** The classifiers that try to tell synthetic from real windows. */
  public enum Discriminators implements Labelled {
    /** A decision forest and the GRU. */
    ALL("forest", "gru"),
    /** A decision forest: seconds per set. */
    FOREST("forest"),
    /** The GRU: as long as up to six fits of a downstream model per set. */
    GRU("gru"),
    /** None: there is no discriminative score. */
    NONE;

    private final ImmutableList<String> models;

    Discriminators(String... models) {
      this.models = ImmutableList.copyOf(models);
    }

    ImmutableList<String> models() {
      return models;
    }

    /** Whether one of them is a network. */
    boolean haveNetwork() {
      return models.contains("gru");
    }
  }

  /** What the sets are for, which decides by which protocol one is chosen. */
  public abstract Purpose purpose();

  public abstract ImmutableSet<Protocol> protocols();

  /** Names of the downstream models; the first one is used to choose a set. */
  public abstract ImmutableList<String> models();

  public abstract ImmutableList<Long> seeds();

  /**
   * Numbers of synthetic windows added in TSRTR, as multiples of the number of real train windows.
   */
  public abstract ImmutableList<Double> alphas();

  public abstract TsrtrSets tsrtrSets();

  /** What else to do with the real windows, for comparison. */
  public abstract ImmutableSet<Baseline> baselines();

  /** The classifiers of the {@linkplain Discriminative discriminative score}. */
  public abstract Discriminators discriminators();

  /** Resources of the workers that fit downstream models; they do not affect results. */
  public abstract WorkerResources resources();

  /**
   * Defaults: {@link Purpose#REPLACE}, all three protocols, {@code gru} and {@code cnn}, three
   * seeds, alphas 0.2, 0.6 and 1, {@link TsrtrSets#UNGUIDED_AND_BEST}, {@link
   * Discriminators#FOREST}.
   */
  public static EvaluationConfig defaults() {
    return new AutoValue_EvaluationConfig.Builder()
        .setPurpose(Purpose.REPLACE)
        .setProtocols(ImmutableSet.copyOf(Protocol.values()))
        .setModels(ImmutableList.of("gru", "cnn"))
        .setSeeds(ImmutableList.of(1L, 2L, 3L))
        .setAlphas(ImmutableList.of(0.2, 0.6, 1.0))
        .setTsrtrSets(TsrtrSets.UNGUIDED_AND_BEST)
        .setBaselines(ImmutableSet.of())
        .setDiscriminators(Discriminators.FOREST)
        .setResources(WorkerResources.any())
        .build();
  }

  /**
   * Sets what the sets are for. A set is chosen by TSTR if they replace real windows, and by TSRTR
   * against TRTR if they augment them.
   */
  public final EvaluationConfig withPurpose(Purpose purpose) {
    return toBuilder().setPurpose(purpose).build();
  }

  /**
   * Sets the protocols, which must include those that choose a set for the purpose: TSTR to replace
   * real windows, TRTR and TSRTR to augment them.
   */
  public final EvaluationConfig withProtocols(Iterable<Protocol> protocols) {
    return toBuilder().setProtocols(ImmutableSet.copyOf(protocols)).build();
  }

  /**
   * Checks settings that depend on each other.
   *
   * @throws IllegalArgumentException if a protocol that the choice needs is missing
   */
  final EvaluationConfig checked() {
    ImmutableSet<Protocol> deciding = Protocol.deciding(purpose());
    check(
        protocols().containsAll(deciding),
        "protocols",
        protocols(),
        "must include %s, which %s the choice for the purpose %s",
        deciding.stream().map(Protocol::name).collect(joining(" and ")),
        deciding.size() == 1 ? "decides" : "decide",
        purpose().label());
    return this;
  }

  /** Sets the downstream models, at least one. */
  public final EvaluationConfig withModels(List<String> models) {
    checkDistinct("evaluationModels", models);
    return toBuilder().setModels(ImmutableList.copyOf(models)).build();
  }

  /**
   * Sets the seeds of the downstream models. With a single seed there is no standard deviation, so
   * a gain cannot be distinguished from noise and the baseline is always chosen.
   */
  public final EvaluationConfig withSeeds(List<Long> seeds) {
    checkDistinct("evaluationSeeds", seeds);
    return toBuilder().setSeeds(ImmutableList.copyOf(seeds)).build();
  }

  /** Sets the seeds to 1 to {@code count}. */
  public final EvaluationConfig withSeeds(int count) {
    check(count >= 1, "evaluationSeeds", count, "must be at least 1");
    return withSeeds(LongStream.rangeClosed(1, count).boxed().toList());
  }

  /** Sets the multiples for TSRTR, each greater than 0. */
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

  /** Sets the baselines, each of which is fitted with every model and seed. */
  public final EvaluationConfig withBaselines(List<Baseline> baselines) {
    check(
        new HashSet<>(baselines).size() == baselines.size(),
        "baselines",
        baselines.stream().map(Baseline::label).toList(),
        "must be distinct");
    return toBuilder().setBaselines(ImmutableSet.copyOf(baselines)).build();
  }

  private List<String> baselineWords() {
    return baselines().isEmpty()
        ? List.of(NO_BASELINES)
        : baselines().stream().map(Baseline::label).toList();
  }

  /** Like {@link #withBaselines}, by their labels; {@code none} for none of them. */
  @Internal
  public final EvaluationConfig withBaselineWords(List<String> words) {
    return withBaselines(
        words.equals(List.of(NO_BASELINES))
            ? List.of()
            : words.stream().map(Baseline::of).toList());
  }

  public final EvaluationConfig withDiscriminators(Discriminators discriminators) {
    return toBuilder().setDiscriminators(discriminators).build();
  }

  public final EvaluationConfig withResources(WorkerResources resources) {
    return toBuilder().setResources(resources).build();
  }

  /** Returns the number of fits on real windows alone. */
  final long realFits() {
    int perModel = (protocols().contains(Protocol.TRTR) ? 1 : 0) + baselines().size();
    return (long) seeds().size() * models().size() * perModel;
  }

  /** Returns the number of fits of TSTR for {@code sets} sets. */
  final long tstrFits(int sets) {
    return protocols().contains(Protocol.TSTR) ? (long) seeds().size() * models().size() * sets : 0;
  }

  /** Returns the number of fits of TSRTR that decide the choice of one of {@code sets} sets. */
  final long choiceFits(int sets) {
    return purpose() == Purpose.AUGMENT ? (long) seeds().size() * alphas().size() * sets : 0;
  }

  /**
   * Returns the number of the other fits of TSRTR, assuming that one of {@code sets} sets is the
   * baseline.
   */
  final long tsrtrFits(int sets) {
    if (!protocols().contains(Protocol.TSRTR)) {
      return 0;
    }
    int used = tsrtrSets() == TsrtrSets.ALL ? sets : Math.min(sets, 2);
    int others = models().size() - (purpose() == Purpose.AUGMENT ? 1 : 0);
    return (long) seeds().size() * alphas().size() * others * used;
  }

  private static void checkDistinct(String name, List<?> values) {
    check(!values.isEmpty(), name, values, "must hold at least one value");
    check(new HashSet<>(values).size() == values.size(), name, values, "must be distinct");
  }

  /** The settings of this configuration. */
  @Internal
  public static Settings<EvaluationConfig> settings() {
    return Settings.of(defaults())
        .choice("purpose", Purpose.class, EvaluationConfig::purpose, EvaluationConfig::withPurpose)
        .integer(
            "evaluationSeeds", config -> config.seeds().size(), (c, count) -> c.withSeeds(count))
        .words("evaluationModels", EvaluationConfig::models, EvaluationConfig::withModels)
        .numbers("alphas", EvaluationConfig::alphas, EvaluationConfig::withAlphas)
        .words("baselines", EvaluationConfig::baselineWords, EvaluationConfig::withBaselineWords)
        .choice(
            "discriminators",
            Discriminators.class,
            EvaluationConfig::discriminators,
            EvaluationConfig::withDiscriminators)
        .part(
            WorkerResources.settings(),
            EvaluationConfig::resources,
            EvaluationConfig::withResources)
        .checkedBy(EvaluationConfig::checked);
  }

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setPurpose(Purpose purpose);

    abstract Builder setProtocols(ImmutableSet<Protocol> protocols);

    abstract Builder setModels(ImmutableList<String> models);

    abstract Builder setSeeds(ImmutableList<Long> seeds);

    abstract Builder setAlphas(ImmutableList<Double> alphas);

    abstract Builder setTsrtrSets(TsrtrSets sets);

    abstract Builder setBaselines(ImmutableSet<Baseline> baselines);

    abstract Builder setDiscriminators(Discriminators discriminators);

    abstract Builder setResources(WorkerResources resources);

    abstract EvaluationConfig build();
  }
}
