package io.tardiff.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * An exponential moving average of the weights that {@link Adam} updates: after every update,
 * {@code a = d a + (1 - d) w}.
 *
 * <p>The decay {@code d} of update {@code t} is at most {@code (1 + t) / (10 + t)}, so that the
 * average soon forgets the initial weights.
 *
 * <pre>{@code
 * MovingAverage<TFloat32> moving = new MovingAverage<>(tf, TFloat32.class, average, adam);
 * moving.apply(adam.apply(session.step(), t, learningRate), t, 0.99).run();
 * }</pre>
 */
public final class MovingAverage<T extends TFloating> {
  private final Placeholder<TFloat32> share;
  private final Op update;

  /**
   * Adds an update of {@code average}, whose weights are those that {@code adam} updates, in the
   * same order.
   */
  public MovingAverage(Ops tf, Class<T> type, Parameters<T> average, Adam<T> adam) {
    share = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Operand<T> castShare = tf.dtypes.cast(share, type);
    List<Op> moves = new ArrayList<>();
    for (int i = 0; i < adam.updated().size(); i++) {
      moves.add(average.moveTowards(i, adam.updated().get(i), castShare));
    }
    update = tf.withControlDependencies(moves).noOp();
  }

  /** Adds the update that follows update number {@code t} (from 1) of the weights to a step. */
  public GraphSession.Step apply(GraphSession.Step step, long t, double decay) {
    return step.feed(share, (float) (1 - decayAt(t, decay))).target(update);
  }

  static double decayAt(long t, double decay) {
    return Math.min(decay, (1.0 + t) / (10.0 + t));
  }
}
