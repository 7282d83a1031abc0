package io.tardiff.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;

/**
 * Derivatives by central differences in float64, to check gradients against.
 *
 * <p>Weights are loaded as float32, so they are rounded to a grid on which the steps here are
 * exact.
 */
public final class Differences {
  private static final double STEP = 1.0 / 512;

  private Differences() {}

  /** Returns f'(0) with an error of order STEP^4. */
  public static double derivative(DoubleUnaryOperator f) {
    return (8 * (f.applyAsDouble(STEP) - f.applyAsDouble(-STEP))
            - (f.applyAsDouble(2 * STEP) - f.applyAsDouble(-2 * STEP)))
        / (12 * STEP);
  }

  /** Returns normal weights of standard deviation {@code scale}, rounded to the grid. */
  public static Weights randomWeights(Parameters<?> parameters, double scale, long seed) {
    List<Weights.Weight> random = new ArrayList<>();
    for (Parameters.Parameter<?> p : parameters.all()) {
      float[] values = new float[Math.toIntExact(p.shape().size())];
      Seeds.fillGaussian(values, 0, values.length, seed, p.name());
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.round(values[i] * scale * 4096) / 4096f;
      }
      random.add(new Weights.Weight(p.name(), p.shape().asArray(), values));
    }
    return Weights.of(random);
  }

  /** Returns {@code weights + amount * direction}. */
  public static Weights moved(Weights weights, Weights direction, double amount) {
    List<Weights.Weight> moved = new ArrayList<>();
    for (Weights.Weight weight : weights.all()) {
      float[] values = weight.values().clone();
      float[] along = direction.get(weight.name()).values();
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (amount * along[i]);
      }
      moved.add(new Weights.Weight(weight.name(), weight.shape(), values));
    }
    return Weights.of(moved);
  }

  /** Returns {@code weights} with {@code amount} added to one value. */
  public static Weights nudged(Weights weights, String name, int index, double amount) {
    List<Weights.Weight> nudged = new ArrayList<>();
    for (Weights.Weight weight : weights.all()) {
      float[] values = weight.values().clone();
      if (weight.name().equals(name)) {
        values[index] += (float) amount;
      }
      nudged.add(new Weights.Weight(weight.name(), weight.shape(), values));
    }
    return Weights.of(nudged);
  }

  /** Returns a scalar of the graph with {@code amount} added to one value of {@code x}. */
  public static double nudged(
      GraphSession session,
      Operand<TFloat64> scalar,
      Placeholder<TFloat64> x,
      double[] at,
      int index,
      double amount) {
    double[] moved = at.clone();
    moved[index] += amount;
    return session.step().feed(x, moved).fetch(scalar).runDoubles()[0][0];
  }

  /** Returns standard normal numbers. */
  public static double[] gaussian(int length, long seed) {
    float[] values = new float[length];
    Seeds.fillGaussian(values, 0, length, seed, "test");
    double[] doubles = new double[length];
    for (int i = 0; i < length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
