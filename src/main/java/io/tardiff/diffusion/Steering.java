package io.tardiff.diffusion;

import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * Moves the windows of a {@link ReverseStep}: where a guidance, or anything else that has a wish,
 * takes part in the reverse process.
 *
 * <pre>{@code
 * Steering towardsZero =
 *     (tf, clean, next, c) -> tf.math.sub(next, tf.math.mul(c.posteriorVariance(), clean));
 * }</pre>
 *
 * <p>A wish about the clean windows, to move them by d, is {@code next + fromClean d}.
 */
@Internal
@FunctionalInterface
public interface Steering {

  /**
   * Adds the move to a graph.
   *
   * @param clean the clean windows that are predicted, {@code [batch, steps, channels]}
   * @param next the less noisy windows as they are without steering, of the same shape
   * @return the less noisy windows to go on with
   */
  Operand<TFloat64> steer(
      Ops tf,
      Operand<TFloat64> clean,
      Operand<TFloat64> next,
      ReverseStep.Coefficients coefficients);
}
