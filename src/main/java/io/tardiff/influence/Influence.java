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
 * How much a training step on a candidate window would lower the loss of the target classifier on
 * the guidance set, and how to change the window so that it lowers it more.
 *
 * <p>A step of gradient descent on a window (x, y) moves the weights by {@code -lr grad_phi
 * loss(f_phi(x), y)}, so it changes the guidance loss by {@code -lr J} to the first order, with
 *
 * <pre>{@code J(x, y) = <grad_phi loss(f_phi(x), y), G>,   G = grad_phi of the guidance loss}</pre>
 *
 * <p>(TarDiff, arXiv 2504.17613, with the identity for the Hessian). J is the slope of the loss
 * along G, {@code d/de loss(f_{phi + e G}(x), y)} at e = 0, and is computed as that, for every row
 * at once; its gradient with respect to x is one more, ordinary, gradient.
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
 * <p>Row i of both depends on row i of x and oneHot alone, to the last bit, for a fixed batch size.
 */
@Internal
public final class Influence<T extends TFloating> {
  private final Operand<T> values;
  private final Operand<T> gradient;

  /**
   * Writes the influence of {@code x} onto the graph.
   *
   * @param phi the weights of {@code classifier}
   * @param direction receives one weight for each in {@code phi}, of the same name and shape: G
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

  /** J of each row, {@code [batch]}. */
  public Operand<T> values() {
    return values;
  }

  /** The gradient of each row's J with respect to the row, {@code [batch, steps, channels]}. */
  public Operand<T> gradient() {
    return gradient;
  }
}
