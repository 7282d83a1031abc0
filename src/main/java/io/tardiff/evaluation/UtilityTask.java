package io.tardiff.evaluation;

import io.tardiff.evaluation.EvaluationConfig.TsrtrSets;
import io.tardiff.influence.Purpose;
import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A fit of a downstream model: the unit of work that is spread over workers.
 *
 * @param set null unless TSTR or TSRTR
 * @param baseline null unless BASELINE
 * @param alpha null unless TSRTR
 */
@DefaultCoder(SerializableCoder.class)
record UtilityTask(
    Protocol protocol,
    @Nullable Baseline baseline,
    @Nullable SyntheticSet set,
    @Nullable Double alpha,
    String model,
    long seed)
    implements Serializable {

  UtilityTask(
      Protocol protocol,
      @Nullable SyntheticSet set,
      @Nullable Double alpha,
      String model,
      long seed) {
    this(protocol, null, set, alpha, model, seed);
  }

  /** Orders sets without guidance or selection first. */
  static final Comparator<SyntheticSet> SET_ORDER =
      Comparator.comparing(SyntheticSet::isTargeted)
          .thenComparing(set -> set.guidance().rule().label())
          .thenComparing(set -> set.guidance().scale())
          .thenComparing(set -> set.selection().label())
          .thenComparing(SyntheticSet::origin, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(SyntheticSet::directory);

  /** Returns all fits on real windows alone, as far as the configuration includes them. */
  static List<UtilityTask> real(EvaluationConfig config) {
    List<UtilityTask> tasks = new ArrayList<>();
    if (config.protocols().contains(Protocol.TRTR)) {
      tasks.addAll(fits(config, Protocol.TRTR, null, null, config.models()));
    }
    for (Baseline baseline : config.baselines()) {
      for (UtilityTask fit : fits(config, Protocol.BASELINE, null, null, config.models())) {
        tasks.add(new UtilityTask(fit.protocol(), baseline, null, null, fit.model(), fit.seed()));
      }
    }
    return tasks;
  }

  /** Returns all fits on {@code set}; none if the configuration excludes TSTR. */
  static List<UtilityTask> tstr(EvaluationConfig config, SyntheticSet set) {
    return config.protocols().contains(Protocol.TSTR)
        ? fits(config, Protocol.TSTR, set, null, config.models())
        : List.of();
  }

  /**
   * Returns the fits on real windows and part of {@code set} that decide the choice: those of the
   * first model if sets augment real windows, otherwise none.
   */
  static List<UtilityTask> tsrtrForChoice(EvaluationConfig config, SyntheticSet set) {
    return config.purpose() == Purpose.AUGMENT
        ? augmented(config, set, config.models().subList(0, 1))
        : List.of();
  }

  /**
   * Returns the other fits on real windows and part of {@code set}; none unless the configuration
   * and choice include it.
   */
  static List<UtilityTask> tsrtr(EvaluationConfig config, SyntheticSet set, GuidanceChoice choice) {
    boolean included =
        config.protocols().contains(Protocol.TSRTR)
            && (config.tsrtrSets() == TsrtrSets.ALL
                || !set.isTargeted()
                || set.equals(choice.getBestGuided()));
    int done = config.purpose() == Purpose.AUGMENT ? 1 : 0;
    return included
        ? augmented(config, set, config.models().subList(done, config.models().size()))
        : List.of();
  }

  private static List<UtilityTask> augmented(
      EvaluationConfig config, SyntheticSet set, List<String> models) {
    List<UtilityTask> tasks = new ArrayList<>();
    config
        .alphas()
        .forEach(alpha -> tasks.addAll(fits(config, Protocol.TSRTR, set, alpha, models)));
    return tasks;
  }

  private static List<UtilityTask> fits(
      EvaluationConfig config,
      Protocol protocol,
      @Nullable SyntheticSet set,
      @Nullable Double alpha,
      List<String> models) {
    List<UtilityTask> tasks = new ArrayList<>();
    for (String model : models) {
      for (long seed : config.seeds()) {
        tasks.add(new UtilityTask(protocol, set, alpha, model, seed));
      }
    }
    return tasks;
  }

  /** Whether the choice of a set looks at this fit. */
  boolean decides(EvaluationConfig config) {
    return model.equals(config.models().get(0))
        && Protocol.deciding(config.purpose()).contains(protocol);
  }

  /** Returns a name for logs, such as {@code TSRTR of mean_shift 0.03, alpha 0.4: gru, seed 1}. */
  String name() {
    StringBuilder name = new StringBuilder(protocol.name());
    if (baseline != null) {
      name.append(' ').append(baseline.label());
    }
    if (set != null) {
      name.append(" of ").append(set.title());
    }
    if (alpha != null) {
      name.append(", alpha ").append(alpha);
    }
    return name.append(": ").append(model).append(", seed ").append(seed).toString();
  }
}
