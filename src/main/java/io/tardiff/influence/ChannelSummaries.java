package io.tardiff.influence;

import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Plain summaries of each channel of windows, as clinical scores and simple models read them: mean,
 * standard deviation, slope, first and last value, and smooth maximum and minimum ({@code
 * log(mean(exp(b x))) / b}).
 *
 * <p>All are smooth, and row i depends only on row i of the windows. They have no weights.
 */
final class ChannelSummaries<T extends TFloating> {
  /** Summaries of a channel. */
  static final int COUNT = 7;

  /** Sharpness b of the smooth extremes, in network units: between mean and extreme. */
  private static final double SHARPNESS = 4;

  private final Ops tf;
  private final Layers<T> layers;

  /** The windows, for the next read. */
  private Operand<T> unread;

  ChannelSummaries(Ops tf, Class<T> type) {
    this.tf = tf;
    layers = new Layers<>(tf, type, new Parameters<>(tf, type), Layers.Order.FIRST);
  }

  /**
   * Adds the summaries of windows to the graph, each {@code [batch, channels]}.
   *
   * @param x {@code [batch, steps, channels]}, in network units
   */
  List<Operand<T>> of(Operand<T> x) {
    unread = x;
    int steps = Math.toIntExact(x.shape().get(1));
    Operand<TInt32> time = tf.constant(1);
    Operand<T> mean = tf.math.mean(read(), time);
    Operand<T> deviation = tf.math.sub(read(), tf.expandDims(mean, time));
    Operand<T> variance = tf.math.mean(tf.math.square(deviation), time);
    List<Operand<T>> ramp = new ArrayList<>();
    double middle = (steps - 1) / 2.0;
    double spread = Math.max(1, Math.sqrt((steps * (double) steps - 1) / 12));
    for (int t = 0; t < steps; t++) {
      ramp.add(layers.constant((t - middle) / spread));
    }
    Operand<T> slope =
        tf.math.mean(
            tf.math.mul(
                deviation, tf.reshape(tf.stack(ramp), tf.constant(new int[] {1, steps, 1}))),
            time);
    return List.of(
        mean,
        // The root has no derivative at 0.
        tf.math.sqrt(tf.math.add(variance, layers.constant(1e-4))),
        slope,
        at(0),
        at(steps - 1),
        smoothMaximum(read()),
        tf.math.neg(smoothMaximum(tf.math.neg(read()))));
  }

  /**
   * Returns the windows. Each read passes them on through an op of its own, so that no tensor has a
   * gradient of more than two terms: TensorFlow adds more in an order that differs from graph to
   * graph, and with it the last bits.
   */
  private Operand<T> read() {
    Operand<T> x = unread;
    unread = tf.identity(x);
    return x;
  }

  private Operand<T> at(int step) {
    return tf.gather(read(), tf.constant(step), tf.constant(1));
  }

  private Operand<T> smoothMaximum(Operand<T> x) {
    Operand<TInt32> time = tf.constant(1);
    Operand<T> largest = tf.stopGradient(tf.max(x, time));
    Operand<T> sharpness = layers.constant(SHARPNESS);
    Operand<T> exponents = tf.math.mul(sharpness, tf.math.sub(x, tf.expandDims(largest, time)));
    return tf.math.add(
        largest, tf.math.div(tf.math.log(tf.math.mean(tf.math.exp(exponents), time)), sharpness));
  }
}
