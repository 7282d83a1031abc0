package io.tardiff.influence;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** {@code x_s + w var g / rms(g)}, with the root mean square taken per window. */
final class MeanShift implements GuidanceRule {
  /** Least mean square, so that a zero gradient is not divided by zero. */
  private static final double LEAST = 1e-40;

  @Override
  public Operand<TFloat64> move(
      Ops tf, Operand<TFloat64> next, Operand<TFloat64> gradient, Step step) {
    Operand<TFloat64> meanSquare =
        tf.math.mean(tf.math.square(gradient), tf.constant(new int[] {1, 2}));
    Operand<TFloat64> rms =
        tf.reshape(
            tf.math.sqrt(tf.math.maximum(meanSquare, tf.constant(LEAST))),
            tf.constant(new int[] {-1, 1, 1}));
    return tf.math.add(
        next, tf.math.mul(tf.math.mul(step.weight(), step.variance()), tf.math.div(gradient, rms)));
  }
}
