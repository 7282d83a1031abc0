package io.tardiff.influence;

import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * Moves the windows of a reverse step by the influence gradient: the implementation of a {@link
 * Guidance.Rule}. Row i of the result depends only on row i of the arguments.
 */
@Internal
@FunctionalInterface
public interface GuidanceRule {

  /**
   * Adds the move to a graph.
   *
   * @param next the less noisy windows without guidance, {@code [batch, steps, channels]}
   * @param gradient g = dJ/dx0 at the predicted clean windows, of the same shape
   * @param variance variance of an ancestral step, a scalar
   * @param weight the scale w, a scalar; 0 gives {@code next}, bit for bit
   */
  Operand<TFloat64> move(
      Ops tf,
      Operand<TFloat64> next,
      Operand<TFloat64> gradient,
      Operand<TFloat64> variance,
      Operand<TFloat64> weight);
}
