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
 * @param set null for TRTR
 * @param alpha null unless TSRTR
 */
@DefaultCoder(SerializableCoder.class)
record UtilityTask(
    Protocol protocol, @Nullable SyntheticSet set, @Nullable Double alpha, String model, long seed)
    implements Serializable {

  /** Orders sets without guidance or selection first. */
  static final Comparator<SyntheticSet> SET_ORDER =
      Comparator.comparing(SyntheticSet::isTargeted)
          .thenComparing(set -> set.guidance().rule().label())
          .thenComparing(set -> set.guidance().scale())
          .thenComparing(set -> set.selection().label())
          .thenComparing(SyntheticSet::origin, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(SyntheticSet::directory);

  /** Returns all fits on real windows; none if the configuration excludes TRTR. */
  static List<UtilityTask> trtr(EvaluationConfig config) {
    return config.protocols().contains(Protocol.TRTR)
        ? fits(config, Protocol.TRTR, null, null, config.models())
        : List.of();
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
    if (set != null) {
      name.append(" of ").append(set.title());
    }
    if (alpha != null) {
      name.append(", alpha ").append(alpha);
    }
    return name.append(": ").append(model).append(", seed ").append(seed).toString();
  }
}
