package io.tardiff.influence;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;

/** {@link ClassifierInputs} on a graph, in a class of its own, which launchers do not load. */
@Internal
public final class ClassifierInputOps {
  private ClassifierInputOps() {}

  /**
   * Returns what a network reads, {@code [batch, steps, inputs.channels(channels)]}. Times have no
   * gradient.
   *
   * @param values network units, {@code [batch, steps, channels]}
   * @param bits of the same shape; above 0 where a value was observed
   */
  public static Operand<TFloat32> of(
      Ops tf, ClassifierInputs inputs, Operand<TFloat32> values, Operand<TFloat32> bits) {
    return switch (inputs) {
      case VALUES -> values;
      case VALUES_MASK -> tf.concat(List.of(values, bits), tf.constant(2));
      case VALUES_MASK_TIME ->
          tf.concat(List.of(values, bits, timeSinceLast(tf, bits)), tf.constant(2));
    };
  }

  private static Operand<TFloat32> timeSinceLast(Ops tf, Operand<TFloat32> bits) {
    long steps = bits.shape().get(1);
    // Comparing ends the gradient.
    Operand<TFloat32> gaps =
        tf.dtypes.cast(tf.math.lessEqual(bits, tf.constant(0f)), TFloat32.class);
    List<Operand<TFloat32>> gapAt =
        new ArrayList<>(tf.unstack(gaps, steps, Unstack.axis(1L)).output());
    List<Operand<TFloat32>> times = new ArrayList<>();
    times.add(tf.zerosLike(gapAt.get(0)));
    Operand<TFloat32> one = tf.constant(1f / steps);
    for (int step = 1; step < steps; step++) {
      times.add(tf.math.add(tf.math.mul(times.get(step - 1), gapAt.get(step - 1)), one));
    }
    return tf.stack(times, Stack.axis(1L));
  }
}
