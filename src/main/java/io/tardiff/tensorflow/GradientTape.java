package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.family.TFloating;

/**
 * Reverse-mode derivatives of a graph.
 *
 * <p>In graph mode the graph is the tape: every op added through {@link Ops} is recorded, and a
 * gradient consists of ops too, so it can be differentiated again. This computes TarDiff's
 * influence gradient by nesting ({@link ForwardAccumulator} computes the inner half at less cost):
 *
 * <pre>{@code
 * GradientTape<TFloat32> tape = new GradientTape<>(tf, TFloat32.class);
 * List<Operand<TFloat32>> perWeight = tape.gradient(loss, weights);   // d loss / d phi
 * Operand<TFloat32> influence = tape.dot(perWeight, direction);       // J = <d loss / d phi, G>
 * Operand<TFloat32> steer = tape.gradient(influence, x);              // d J / d x
 * }</pre>
 *
 * <p>Every op on the path must have a gradient in TensorFlow's C++ library; {@link Layers.Order}
 * says which layers have correct second derivatives. A source that the target does not depend on is
 * an error here, not a null that fails later.
 */
public final class GradientTape<T extends TFloating> {
  private final Ops tf;
  private final Class<T> type;

  public GradientTape(Ops tf, Class<T> type) {
    this.tf = tf;
    this.type = type;
  }

  /** Returns d target / d source for a scalar target, of the shape of the source. */
  public Operand<T> gradient(Operand<T> target, Operand<T> source) {
    return gradient(target, List.of(source)).get(0);
  }

  /**
   * Returns d target / d source for each source and a scalar target, of the shapes of the sources.
   */
  public List<Operand<T>> gradient(Operand<T> target, List<? extends Operand<T>> sources) {
    checkArgument(
        target.shape().numDimensions() == 0,
        "target must be a scalar, was of shape %s",
        target.shape());
    // Pass the seed, because the op that TensorFlow would add has no second derivative.
    Operand<T> seed = tf.dtypes.cast(tf.constant(1f), type);
    Gradients gradients;
    try {
      gradients = tf.gradients(target, sources, Gradients.dx(List.of(seed)));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "target has no gradient with respect to every source: " + e.getMessage(), e);
    }
    List<Operand<T>> result = new ArrayList<>(sources.size());
    for (int i = 0; i < sources.size(); i++) {
      Operand<T> gradient = gradients.dy(i);
      if (((GraphOperation) gradient.op()).getUnsafeNativeHandle() == null
          || ((GraphOperation) gradient.op()).getUnsafeNativeHandle().isNull()) {
        throw new IllegalArgumentException(
            "target does not depend on source "
                + i
                + " ("
                + sources.get(i).op().name()
                + ") through ops that have a gradient");
      }
      result.add(gradient);
    }
    return result;
  }

  /** Returns the inner product of two lists of tensors, pair by pair: a scalar. */
  public Operand<T> dot(List<? extends Operand<T>> left, List<? extends Operand<T>> right) {
    checkArgument(
        left.size() == right.size() && !left.isEmpty(),
        "left and right must pair up, were %s and %s tensors",
        left.size(),
        right.size());
    List<Operand<T>> products = new ArrayList<>(left.size());
    for (int i = 0; i < left.size(); i++) {
      Operand<T> product = tf.math.mul(left.get(i), right.get(i));
      int rank = product.shape().numDimensions();
      products.add(rank == 0 ? product : tf.sum(product, axes(rank)));
    }
    return products.size() == 1 ? products.get(0) : tf.math.addN(products);
  }

  private Operand<org.tensorflow.types.TInt32> axes(int rank) {
    int[] axes = new int[rank];
    for (int i = 0; i < rank; i++) {
      axes[i] = i;
    }
    return tf.constant(axes);
  }
}
