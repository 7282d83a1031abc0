package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.tensorflow.ForwardAccumulator;
import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.Parameters;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The influence J of a candidate window: how much a training step on it would lower the loss of the
 * target classifier on the guidance set. Its gradient says how to change the window to lower that
 * loss further.
 *
 * <p>A step of gradient descent on a window (x, y) moves the weights by {@code -lr grad_phi
 * loss(f_phi(x), y)}, so to first order it changes the guidance loss by {@code -lr J}, with
 *
 * <pre>{@code J(x, y) = <grad_phi loss(f_phi(x), y), G>,   G = grad_phi of the guidance loss}</pre>
 *
 * <p>(TarDiff, arXiv 2504.17613, with the identity for the Hessian). J is computed as the slope of
 * the loss along G, {@code d/de loss(f_{phi + e G}(x), y)} at e = 0, for all rows at once; dJ/dx is
 * then an ordinary reverse-mode gradient of it.
 *
 * <pre>{@code
 * Parameters<TFloat32> phi = new Parameters<>(tf, TFloat32.class);
 * Parameters<TFloat32> direction = new Parameters<>(tf, TFloat32.class);
 * TargetClassifier<TFloat32> classifier =
 *     new TargetClassifier<>(tf, TFloat32.class, phi, config, classes, Layers.Order.FIRST);
 * Influence<TFloat32> influence =
 *     new Influence<>(tf, TFloat32.class, classifier, phi, direction, x, oneHot);
 * influence.values();      // J, [batch]
 * influence.gradient();    // dJ/dx, [batch, steps, channels]
 * phi.load(session, weights);
 * direction.load(session, guidance.direction());
 * }</pre>
 *
 * <p>For a fixed batch size, row i of both depends only on row i of x and oneHot, to the last bit.
 */
@Internal
public final class Influence<T extends TFloating> {
  private final Operand<T> values;
  private final Operand<T> gradient;

  /**
   * Adds the influence of {@code x} to the graph.
   *
   * @param phi the weights of {@code classifier}
   * @param direction G; gets a weight of the same name and shape for each weight in {@code phi}
   * @param x windows, {@code [batch, steps, channels]}, in network units
   * @param oneHot their classes, {@code [batch, classes]}
   */
  public Influence(
      Ops tf,
      Class<T> type,
      TargetClassifier<T> classifier,
      Parameters<T> phi,
      Parameters<T> direction,
      Operand<T> x,
      Operand<T> oneHot) {
    checkArgument(
        x.shape().numDimensions() == 3 && oneHot.shape().numDimensions() == 2,
        "x must be [batch, steps, channels] and oneHot [batch, classes], were %s and %s",
        x.shape(),
        oneHot.shape());
    Operand<T> losses = classifier.losses(classifier.logits(x), oneHot);
    direction.mirror(phi);
    values =
        new ForwardAccumulator<>(tf, type).derivative(losses, phi.values(), direction.values());
    gradient = new GradientTape<>(tf, type).gradient(tf.sum(values, tf.constant(0)), x);
  }

  /** Returns J of each row, {@code [batch]}. */
  public Operand<T> values() {
    return values;
  }

  /** Returns the gradient of each row's J in that row, {@code [batch, steps, channels]}. */
  public Operand<T> gradient() {
    return gradient;
  }
}
