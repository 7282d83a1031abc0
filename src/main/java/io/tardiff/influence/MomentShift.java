package io.tardiff.influence;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/**
 * {@code x0 + w (1 - alphaBar) g}: moves the predicted clean window. Steps with much noise are left
 * alone, because there the prediction is a mean of many windows, and so are the last ones, in which
 * the denoiser makes a window of the moved one.
 */
final class MomentShift implements GuidanceRule {
  private static final double LEAST_SIGNAL = 0.09;
  private static final double MOST_SIGNAL = 0.76;

  @Override
  public Operand<TFloat64> move(
      Ops tf, Operand<TFloat64> next, Operand<TFloat64> gradient, Step step) {
    return tf.math.add(next, tf.math.mul(tf.math.mul(step.fromClean(), step.weight()), gradient));
  }

  @Override
  public double weight(double scale, double alphaBar) {
    return alphaBar >= LEAST_SIGNAL && alphaBar <= MOST_SIGNAL ? scale * (1 - alphaBar) : 0;
  }
}
