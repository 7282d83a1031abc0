package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import java.io.Serializable;
import java.util.List;

/**
 * Fits the models by which synthetic windows are judged.
 *
 * <p>The default is {@link EvaluateSyntheticEhr#classifiers()}; give another to judge the windows
 * by the model you will use them for:
 *
 * <pre>{@code
 * EvaluationConfig config = EvaluationConfig.defaults().withModels(List.of("forest"));
 * sets.apply(
 *     "Evaluate",
 *     EvaluateSyntheticEhr.against(cohortDirectory)
 *         .withTrainer(trainer) // yours: its models() holds "forest"
 *         .withConfig(config));
 * }</pre>
 *
 * <p>A trainer is serialised with the pipeline, and {@link #fit} runs on workers, in several
 * threads at once.
 */
public interface DownstreamTrainer extends Serializable {

  /** Names that {@link #fit} understands. */
  List<String> models();

  /**
   * Fits one model; the same arguments give the same model.
   *
   * @param model one of {@link #models()}
   * @param train windows to learn from: real, synthetic or both, in network units
   * @param tuning real windows to decide by when to stop
   */
  FittedModel fit(String model, LabelledWindows train, LabelledWindows tuning, long seed);

  /** Gives back what fits had in common, when no more will come for now; nothing by default. */
  default void close() {}

  /** A fitted model; closed when it has scored. */
  interface FittedModel extends AutoCloseable {

    /** Probability of each class: {@code [size, classes]}. */
    double[][] probabilities(LabelledWindows windows);

    @Override
    void close();
  }
}
