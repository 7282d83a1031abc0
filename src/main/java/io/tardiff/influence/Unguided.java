package io.tardiff.influence;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** {@code x_s}, unchanged. */
final class Unguided implements GuidanceRule {
  @Override
  public Operand<TFloat64> move(
      Ops tf, Operand<TFloat64> next, Operand<TFloat64> gradient, Step step) {
    return next;
  }
}
