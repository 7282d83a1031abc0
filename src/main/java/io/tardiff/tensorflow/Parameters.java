package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The weights of a network on a graph, in order of creation.
 *
 * <p>{@link #get} creates a weight on first use and returns the same weight afterwards, so a
 * network that is applied twice shares its weights. {@link #initialise} sets initial values from a
 * seed and the name of each weight, {@link #load} sets saved values, and {@link #save} reads the
 * current ones.
 */
public final class Parameters<T extends TFloating> {

  /** A weight: the variable, and its value for use by ops. */
  record Parameter<T extends TFloating>(
      String name,
      Shape shape,
      Initialiser initialiser,
      @Nullable Variable<T> variable,
      Operand<T> value,
      @Nullable Placeholder<TFloat32> incoming,
      @Nullable Operand<T> assign) {}

  private final Ops tf;
  private final Class<T> type;
  private final @Nullable Weights fixed;
  private final Map<String, Parameter<T>> byName = new LinkedHashMap<>();

  public Parameters(Ops tf, Class<T> type) {
    this(tf, type, null);
  }

  private Parameters(Ops tf, Class<T> type, @Nullable Weights fixed) {
    this.tf = tf;
    this.type = type;
    this.fixed = fixed;
  }

  /** Returns weights that are constants of the graph, for graphs that are exported. */
  public static <T extends TFloating> Parameters<T> fixed(Ops tf, Class<T> type, Weights weights) {
    return new Parameters<>(tf, type, weights);
  }

  /** Returns the weight with the given name, creating it on first use. */
  public Operand<T> get(String name, Initialiser initialiser, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    Parameter<T> known = byName.computeIfAbsent(name, n -> create(n, initialiser, shape));
    checkArgument(
        known.shape().equals(shape),
        "weight %s is of shape %s, not %s",
        name,
        known.shape(),
        shape);
    return known.value();
  }

  /**
   * Creates a weight of the same name and shape, initially zero, for each one of {@code others}.
   */
  public void mirror(Parameters<T> others) {
    others.byName.values().forEach(p -> get(p.name(), Initialiser.zeros(), p.shape().asArray()));
  }

  private Parameter<T> create(String name, Initialiser initialiser, Shape shape) {
    if (fixed != null) {
      Operand<TFloat32> values =
          tf.constant(shape, DataBuffers.of(fixed.get(name, shape.asArray()).values()));
      return new Parameter<>(
          name, shape, initialiser, null, tf.dtypes.cast(values, type), null, null);
    }
    Variable<T> variable = tf.variable(shape, type);
    Placeholder<TFloat32> incoming = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Operand<T> assign = tf.assign(variable, tf.dtypes.cast(incoming, type));
    // Ops read through an identity, because some crash the process on the variable itself.
    return new Parameter<>(
        name, shape, initialiser, variable, tf.identity(variable), incoming, assign);
  }

  /** Returns the values, in order, for example to differentiate with respect to them. */
  public List<Operand<T>> values() {
    List<Operand<T>> values = new ArrayList<>();
    byName.values().forEach(p -> values.add(p.value()));
    return values;
  }

  /**
   * Returns an op that moves weight number {@code index} by {@code share} of its distance to {@code
   * target}: a moving average.
   */
  public Op moveTowards(int index, Operand<T> target, Operand<T> share) {
    checkState(fixed == null, "weights are constants of the graph");
    Variable<T> variable = all().get(index).variable();
    return tf.assignSub(variable, tf.math.mul(tf.math.sub(tf.identity(variable), target), share));
  }

  List<Parameter<T>> all() {
    return List.copyOf(byName.values());
  }

  /** Returns the total number of values. */
  public long size() {
    return byName.values().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /** Returns initial values, a pure function of the seed and each weight's name. */
  public Weights initial(long seed) {
    List<Weights.Weight> weights = new ArrayList<>();
    for (Parameter<T> p : byName.values()) {
      float[] values =
          p.initialiser()
              .values(
                  Math.toIntExact(p.shape().size()), Seeds.stream(seed, "initialise " + p.name()));
      weights.add(new Weights.Weight(p.name(), p.shape().asArray(), values));
    }
    return Weights.of(weights);
  }

  /** Sets the weights to {@link #initial}. */
  public void initialise(GraphSession session, long seed) {
    load(session, initial(seed));
  }

  /**
   * Sets every weight.
   *
   * @throws IllegalArgumentException if a weight is missing or has another shape
   */
  public void load(GraphSession session, Weights weights) {
    checkState(fixed == null, "weights are constants of the graph");
    GraphSession.Step step = session.step();
    for (Parameter<T> p : byName.values()) {
      step.feed(p.incoming(), weights.get(p.name(), p.shape().asArray()).values())
          .target(p.assign());
    }
    step.run();
  }

  /** Returns the current values. */
  public Weights save(GraphSession session) {
    float[][] values = session.step().fetch(values()).run();
    List<Weights.Weight> weights = new ArrayList<>();
    int i = 0;
    for (Parameter<T> p : byName.values()) {
      weights.add(new Weights.Weight(p.name(), p.shape().asArray(), values[i++]));
    }
    return Weights.of(weights);
  }
}
