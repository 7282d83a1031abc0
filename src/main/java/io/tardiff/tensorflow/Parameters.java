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
 * The weights of a network on a graph, in the order they were first asked for.
 *
 * <p>Asking twice for a name gives the same weight, so a network applied twice shares them. Values
 * come from outside: {@link #initialise} draws the first ones from a seed and the name of each
 * weight, {@link #load} sets saved ones, {@link #save} reads the present ones.
 */
public final class Parameters<T extends TFloating> {

  /** One weight: the variable, and the read of it that ops may use. */
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

  /** Weights that are constants of the graph: for one that is written to a file as it is. */
  public static <T extends TFloating> Parameters<T> fixed(Ops tf, Class<T> type, Weights weights) {
    return new Parameters<>(tf, type, weights);
  }

  /** The weight of that name, made on first use. */
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

  /** Makes a weight, zero at first, of the name and shape of each one of {@code others}. */
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
    // Ops read through an identity: some crash the process on a variable itself.
    return new Parameter<>(
        name, shape, initialiser, variable, tf.identity(variable), incoming, assign);
  }

  /** The readable values, in order: what gradients are taken with respect to. */
  public List<Operand<T>> values() {
    List<Operand<T>> values = new ArrayList<>();
    byName.values().forEach(p -> values.add(p.value()));
    return values;
  }

  /**
   * An op that moves weight number {@code index} by {@code share} of its distance to {@code
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

  /** How many numbers there are. */
  public long size() {
    return byName.values().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /** First values: a pure function of the seed and of each weight's name. */
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

  /** Sets the first values of {@link #initial}. */
  public void initialise(GraphSession session, long seed) {
    load(session, initial(seed));
  }

  /** Sets every weight; one that is missing or of another shape is an error that names it. */
  public void load(GraphSession session, Weights weights) {
    checkState(fixed == null, "weights are constants of the graph");
    GraphSession.Step step = session.step();
    for (Parameter<T> p : byName.values()) {
      step.feed(p.incoming(), weights.get(p.name(), p.shape().asArray()).values())
          .target(p.assign());
    }
    step.run();
  }

  /** The present values. */
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
