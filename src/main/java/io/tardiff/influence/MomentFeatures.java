package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The features whose means moment guidance matches: what a target classifier sees in a window at
 * several points of its training, and plain summaries of each channel, which other models read.
 *
 * <p>For each classifier: the input of its head and the difference of the logit of each other class
 * to that of class 0. For each channel: mean, standard deviation, slope, first and last value, and
 * smooth minimum and maximum ({@code log(mean(exp(b x))) / b}).
 *
 * <pre>{@code
 * MomentFeatures<TFloat32> features =
 *     new MomentFeatures<>(tf, TFloat32.class, classifiers, x, channels);
 * features.values();                     // [batch, features]
 * features.gradient(coefficients, oneHot);   // d<a_y, features>/dx, [batch, steps, inputs]
 * }</pre>
 *
 * <p>All are smooth, and row i depends only on row i of x.
 */
@Internal
public final class MomentFeatures<T extends TFloating> {
  /** Summaries of a channel. */
  public static final int SUMMARIES = 7;

  /** Sharpness b of the smooth extremes, in network units: between mean and extreme. */
  private static final double SHARPNESS = 4;

  private final Ops tf;
  private final Class<T> type;
  private final Operand<T> x;

  /** The features in groups, each of which reads x at most twice: see {@link #gradient}. */
  private final List<Operand<T>> parts = new ArrayList<>();

  private final Operand<T> values;

  /**
   * Adds the features to a graph.
   *
   * @param classifiers the target classifier at the points of its training
   * @param x what the classifiers read, {@code [batch, steps, inputs]}, in network units
   * @param channels number of channels with values, which are the first of x
   */
  public MomentFeatures(
      Ops tf, Class<T> type, List<TargetClassifier<T>> classifiers, Operand<T> x, int channels) {
    checkArgument(!classifiers.isEmpty(), "classifiers must be at least one");
    this.tf = tf;
    this.type = type;
    this.x = x;
    for (TargetClassifier<T> classifier : classifiers) {
      Operand<T> features = classifier.features(x);
      Operand<T> logits = classifier.head(features);
      Operand<T> differences =
          tf.math.sub(
              tf.slice(logits, tf.constant(new int[] {0, 1}), tf.constant(new int[] {-1, -1})),
              tf.slice(logits, tf.constant(new int[] {0, 0}), tf.constant(new int[] {-1, 1})));
      parts.add(tf.concat(List.of(features, differences), tf.constant(1)));
    }
    parts.addAll(
        summaries(
            new Layers<>(tf, type, new Parameters<>(tf, type), Layers.Order.FIRST),
            tf.slice(
                x, tf.constant(new int[] {0, 0, 0}), tf.constant(new int[] {-1, -1, channels}))));
    values = tf.concat(parts, tf.constant(1));
  }

  private List<Operand<T>> summaries(Layers<T> layers, Operand<T> x) {
    int steps = Math.toIntExact(x.shape().get(1));
    Operand<TInt32> time = tf.constant(1);
    Operand<T> mean = tf.math.mean(x, time);
    Operand<T> deviation = tf.math.sub(x, tf.expandDims(mean, time));
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
        at(x, 0),
        at(x, steps - 1),
        smoothMaximum(layers, x),
        tf.math.neg(smoothMaximum(layers, tf.math.neg(x))));
  }

  private Operand<T> at(Operand<T> x, int step) {
    return tf.gather(x, tf.constant(step), tf.constant(1));
  }

  private Operand<T> smoothMaximum(Layers<T> layers, Operand<T> x) {
    Operand<TInt32> time = tf.constant(1);
    Operand<T> largest = tf.stopGradient(tf.max(x, time));
    Operand<T> sharpness = layers.constant(SHARPNESS);
    Operand<T> exponents = tf.math.mul(sharpness, tf.math.sub(x, tf.expandDims(largest, time)));
    return tf.math.add(
        largest, tf.math.div(tf.math.log(tf.math.mean(tf.math.exp(exponents), time)), sharpness));
  }

  /** Returns the features, {@code [batch, features]}. */
  public Operand<T> values() {
    return values;
  }

  /**
   * Returns the gradient in x of the inner product of each row's features with the coefficients of
   * its class, of the shape of x.
   *
   * <p>The gradients of the parts are added in their order. In one gradient, TensorFlow would add
   * the terms of x in an order that differs from graph to graph, and with it the last bits.
   *
   * @param coefficients {@code [classes, features]}
   * @param oneHot classes of the rows, {@code [batch, classes]}
   */
  public Operand<T> gradient(Operand<T> coefficients, Operand<T> oneHot) {
    GradientTape<T> tape = new GradientTape<>(tf, type);
    Operand<T> ofRows = tf.linalg.matMul(oneHot, coefficients);
    Operand<T> gradient = null;
    int first = 0;
    for (Operand<T> part : parts) {
      int width = Math.toIntExact(Layers.last(part));
      Operand<T> weights =
          tf.slice(ofRows, tf.constant(new int[] {0, first}), tf.constant(new int[] {-1, width}));
      Operand<T> score = tf.sum(tf.math.mul(part, weights), tf.constant(new int[] {0, 1}));
      Operand<T> ofPart = tape.gradient(score, x);
      gradient = gradient == null ? ofPart : tf.math.add(gradient, ofPart);
      first += width;
    }
    return gradient;
  }
}
