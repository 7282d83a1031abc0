package io.tardiff.influence;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** {@code (1 - w) x_s + w g}. */
final class Interpolation implements GuidanceRule {
  @Override
  public Operand<TFloat64> move(
      Ops tf, Operand<TFloat64> next, Operand<TFloat64> gradient, Step step) {
    return tf.math.add(
        tf.math.mul(tf.math.sub(tf.constant(1.0), step.weight()), next),
        tf.math.mul(step.weight(), gradient));
  }
}
