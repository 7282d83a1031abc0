package io.tardiff.training;

import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** {@link DenoiserLayout} on a graph, in a class of its own, which launchers do not load. */
@Internal
public final class DenoiserLayoutOps {
  private DenoiserLayoutOps() {}

  /**
   * Makes the last channels of each window constant: as they are at its first step.
   *
   * @param x windows, {@code [batch, steps, width]}
   */
  public static <T extends TNumber> Operand<T> holdConstant(
      Ops tf, DenoiserLayout layout, Operand<T> x) {
    if (layout.constant() == 0) {
      return x;
    }
    Operand<T> changing = channels(tf, x, 0, layout.dynamic());
    Operand<T> fixed = channels(tf, x, layout.dynamic(), layout.constant());
    Operand<T> first =
        tf.slice(fixed, tf.constant(new int[] {0, 0, 0}), tf.constant(new int[] {-1, 1, -1}));
    return tf.concat(List.of(changing, tf.broadcastTo(first, tf.shape(fixed))), tf.constant(2));
  }

  /** Returns some of the channels of windows, {@code [batch, steps, count]}. */
  public static <T extends TNumber> Operand<T> channels(
      Ops tf, Operand<T> x, int first, int count) {
    return tf.slice(
        x, tf.constant(new int[] {0, 0, first}), tf.constant(new int[] {-1, -1, count}));
  }
}
