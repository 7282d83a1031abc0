package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkArgument;

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
 * The Adam optimiser (Kingma and Ba, 2015) with exact bias correction from the first step.
 *
 * <p>{@code m = b1 m + (1 - b1) g}, {@code v = b2 v + (1 - b2) g^2}, {@code w -= lr sqrt(1 - b2^t)
 * / (1 - b1^t) m / (sqrt(v) + eps)}. The caller keeps the step count, so that a run resumed from a
 * checkpoint continues as if it had not been interrupted; save {@link #slots()} with the weights.
 *
 * <p>With weight decay it is AdamW (Loshchilov and Hutter, 2019): each step also subtracts {@code
 * lr decay w}, which does not go through the moments. Only weights of two or more dimensions decay:
 * biases and gains do not overfit.
 *
 * <pre>{@code
 * Adam<TFloat32> adam = new Adam<>(tf, TFloat32.class, parameters, tape.gradient(loss, parameters.values()));
 * adam.apply(session.step().feed(x, batch).fetch(loss), t, learningRate).run();   // t from 1
 * }</pre>
 */
public final class Adam<T extends TFloating> {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final Parameters<T> slots;
  private final Placeholder<TFloat32> learningRate;
  private final Placeholder<TFloat32> beta1Power;
  private final Placeholder<TFloat32> beta2Power;
  private final Op update;
  private final List<Operand<T>> updated = new ArrayList<>();

  /** Adds an update of {@code parameters} by {@code gradients}, which are in the same order. */
  public Adam(
      Ops tf, Class<T> type, Parameters<T> parameters, List<? extends Operand<T>> gradients) {
    this(tf, type, parameters, gradients, 0);
  }

  /** Like the other constructor, with weight decay. */
  public Adam(
      Ops tf,
      Class<T> type,
      Parameters<T> parameters,
      List<? extends Operand<T>> gradients,
      double weightDecay) {
    List<Parameters.Parameter<T>> all = parameters.all();
    checkArgument(
        all.size() == gradients.size(),
        "there must be one gradient per weight (%s), were %s",
        all.size(),
        gradients.size());
    this.slots = new Parameters<>(tf, type);
    this.learningRate = scalar(tf);
    this.beta1Power = scalar(tf);
    this.beta2Power = scalar(tf);
    // No weight may change before every gradient has been computed.
    Ops after = tf.withControlDependencies(new ArrayList<>(gradients));
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Parameters.Parameter<T> p = all.get(i);
      long[] shape = p.shape().asArray();
      slots.get(p.name() + "/m", Initialiser.zeros(), shape);
      slots.get(p.name() + "/v", Initialiser.zeros(), shape);
      Parameters.Parameter<T> m = slots.all().get(2 * i);
      Parameters.Parameter<T> v = slots.all().get(2 * i + 1);
      Ops ready = after;
      if (weightDecay > 0 && p.shape().numDimensions() >= 2) {
        Operand<T> share =
            tf.dtypes.cast(tf.math.mul(learningRate, tf.constant((float) weightDecay)), type);
        Op decayed =
            after.assignSub(p.variable(), tf.math.mul(after.identity(p.variable()), share));
        ready = tf.withControlDependencies(List.of(decayed));
      }
      Operand<T> applied =
          ready.train.applyAdam(
              p.variable(),
              m.variable(),
              v.variable(),
              tf.dtypes.cast(beta1Power, type),
              tf.dtypes.cast(beta2Power, type),
              tf.dtypes.cast(learningRate, type),
              tf.dtypes.cast(tf.constant(BETA1), type),
              tf.dtypes.cast(tf.constant(BETA2), type),
              tf.dtypes.cast(tf.constant(EPSILON), type),
              gradients.get(i));
      updates.add(applied);
      updated.add(applied);
    }
    this.update = tf.withControlDependencies(updates).noOp();
  }

  private static Placeholder<TFloat32> scalar(Ops tf) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
  }

  /** Returns the moments m and v, initially zero; they belong in a checkpoint. */
  public Parameters<T> slots() {
    return slots;
  }

  /**
   * Returns the updated weights, in order, for ops that must follow the update, such as an average.
   */
  public List<Operand<T>> updated() {
    return updated;
  }

  /** Adds update number {@code t} (from 1) to {@code step}. */
  public GraphSession.Step apply(GraphSession.Step step, long t, double rate) {
    checkArgument(t >= 1, "t must be at least 1, was %s", t);
    return step.feed(learningRate, (float) rate)
        .feed(beta1Power, (float) Math.pow(BETA1, t))
        .feed(beta2Power, (float) Math.pow(BETA2, t))
        .target(update);
  }
}
