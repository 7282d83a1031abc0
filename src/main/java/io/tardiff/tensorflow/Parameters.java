package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
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
      Variable<T> variable,
      Operand<T> value,
      Placeholder<TFloat32> incoming,
      Operand<T> assign) {}

  private final Ops tf;
  private final Class<T> type;
  private final Map<String, Parameter<T>> byName = new LinkedHashMap<>();

  public Parameters(Ops tf, Class<T> type) {
    this.tf = tf;
    this.type = type;
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
    GraphSession.Step step = session.step();
    for (Parameter<T> p : byName.values()) {
      Weights.Weight weight = weights.get(p.name());
      checkArgument(
          Arrays.equals(weight.shape(), p.shape().asArray()),
          "weight %s must be of shape %s, was %s",
          p.name(),
          p.shape(),
          Arrays.toString(weight.shape()));
      step.feed(p.incoming(), weight.values()).target(p.assign());
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
