package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.Layers;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The features whose means moment guidance matches: what a target classifier sees in a window at
 * several points of its training, and plain summaries of each channel, which other models read.
 *
 * <p>For each classifier: the input of its head and the difference of the logit of each other class
 * to that of class 0. For each channel, {@link ChannelSummaries}.
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
  public static final int SUMMARIES = ChannelSummaries.COUNT;

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
        new ChannelSummaries<>(tf, type)
            .of(
                tf.slice(
                    x,
                    tf.constant(new int[] {0, 0, 0}),
                    tf.constant(new int[] {-1, -1, channels}))));
    values = tf.concat(parts, tf.constant(1));
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
