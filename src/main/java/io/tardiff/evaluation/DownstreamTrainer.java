package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import java.io.Serializable;
import java.util.List;

/**
 * Fits the downstream models that measure the utility of synthetic windows.
 *
 * <p>The default is {@link EvaluateSyntheticEhr#classifiers()}. Supply your own to evaluate with
 * the model you intend to use:
 *
 * <pre>{@code
 * EvaluationConfig config = EvaluationConfig.defaults().withModels(List.of("forest"));
 * sets.apply(
 *     "Evaluate",
 *     EvaluateSyntheticEhr.against(cohortDirectory)
 *         .withTrainer(trainer) // its models() include "forest"
 *         .withConfig(config));
 * }</pre>
 *
 * <p>A trainer is serialised with the pipeline. {@link #fit} runs on workers and must be
 * thread-safe.
 */
public interface DownstreamTrainer extends Serializable {

  /** Returns the names of the models that {@link #fit} supports. */
  List<String> models();

  /**
   * Returns whether a model reads which values were observed ({@link LabelledWindows#mask}), so
   * that sets without masks cannot be compared with it. Default: false.
   *
   * @param model one of {@link #models()}
   */
  default boolean readsMasks(String model) {
    return false;
  }

  /**
   * Fits a model; the same arguments must give the same model.
   *
   * @param model one of {@link #models()}
   * @param train windows to fit to: real, synthetic or both, in network units; {@link
   *     LabelledWindows#targets} are their soft labels, if the set has them, or their labels
   * @param tuning real windows for early stopping and model selection
   * @param seed seed of all random numbers
   */
  FittedModel fit(String model, LabelledWindows train, LabelledWindows tuning, long seed);

  /**
   * Fits a model with the same effort whatever the size of {@code train}. TSRTR fits to more
   * windows than TRTR; a model that looks at tuning once per pass would then also train for longer.
   * Default: {@link #fit(String, LabelledWindows, LabelledWindows, long)}, for models whose fit
   * does not depend on it.
   *
   * @param epoch number of windows after which to look at tuning: those of the real train split
   */
  default FittedModel fit(
      String model, LabelledWindows train, LabelledWindows tuning, int epoch, long seed) {
    return fit(model, train, tuning, seed);
  }

  /**
   * Releases resources shared between fits; a later {@link #fit} may acquire them again. Default:
   * no-op.
   */
  default void close() {}

  /** A fitted model, which is closed after scoring. */
  interface FittedModel extends AutoCloseable {

    /** Returns class probabilities, {@code [size, classes]}. */
    double[][] probabilities(LabelledWindows windows);

    @Override
    void close();
  }
}
