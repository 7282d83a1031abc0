package io.tardiff.influence;

import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * Moves the windows of a reverse step along a gradient: the implementation of a {@link
 * Guidance.Rule}. Row i of the result depends only on row i of the arguments.
 */
@Internal
public interface GuidanceRule {

  /**
   * What a rule knows of a reverse step; all are scalars.
   *
   * @param variance variance of an ancestral step
   * @param fromClean factor by which the clean windows enter the less noisy ones
   * @param weight {@link GuidanceRule#weight} of the step
   */
  record Step(Operand<TFloat64> variance, Operand<TFloat64> fromClean, Operand<TFloat64> weight) {}

  /**
   * Adds the move to a graph.
   *
   * @param next the less noisy windows without guidance, {@code [batch, steps, channels]}
   * @param gradient the gradient at the predicted clean windows, of the same shape
   * @return the less noisy windows to continue with; with a weight of 0, {@code next}, bit for bit
   */
  Operand<TFloat64> move(Ops tf, Operand<TFloat64> next, Operand<TFloat64> gradient, Step step);

  /**
   * Returns the weight of a step, 0 if the rule leaves it alone.
   *
   * @param scale the scale w of the guidance
   * @param alphaBar share of signal in the noisy windows of the step, 0 to 1
   */
  default double weight(double scale, double alphaBar) {
    return scale;
  }
}
