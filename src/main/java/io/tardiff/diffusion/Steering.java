package io.tardiff.diffusion;

import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * Moves the windows of a {@link ReverseStep}: the hook for guidance in the reverse process.
 *
 * <pre>{@code
 * Steering towardsZero =
 *     (tf, clean, next, c) -> tf.math.sub(next, tf.math.mul(c.posteriorVariance(), clean));
 * }</pre>
 *
 * <p>To move the predicted clean windows by d, return {@code next + fromClean d}.
 */
@Internal
@FunctionalInterface
public interface Steering {

  /**
   * Adds the move to a graph.
   *
   * @param clean the predicted clean windows, {@code [batch, steps, channels]}
   * @param next the less noisy windows without steering, of the same shape
   * @param coefficients the coefficients of the step
   * @return the less noisy windows to continue with
   */
  Operand<TFloat64> steer(
      Ops tf,
      Operand<TFloat64> clean,
      Operand<TFloat64> next,
      ReverseStep.Coefficients coefficients);
}
