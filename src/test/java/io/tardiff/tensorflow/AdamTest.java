package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

final class AdamTest {
  private static final double RATE = 0.05;

  /** Minimises {@code sum((a - target)^2) + sum(a) * b^2} over three values a and a scalar b. */
  private static final class Problem implements AutoCloseable {
    final Ops tf;
    final Parameters<TFloat32> weights;
    final Placeholder<TFloat32> target;
    final Adam<TFloat32> adam;
    final GraphSession session;

    Problem() {
      this(0);
    }

    Problem(double weightDecay) {
      Graph graph = new Graph();
      tf = Ops.create(graph);
      weights = new Parameters<>(tf, TFloat32.class);
      target = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(3)));
      Operand<TFloat32> matrix = weights.get("a", Initialiser.constant(1), 1, 3);
      Operand<TFloat32> a = tf.reshape(matrix, tf.constant(new int[] {3}));
      Operand<TFloat32> b = weights.get("b", Initialiser.constant(0.5f));
      Operand<TFloat32> loss =
          tf.math.add(
              tf.sum(tf.math.squaredDifference(a, target), tf.constant(0)),
              tf.math.mul(tf.sum(a, tf.constant(0)), tf.math.square(b)));
      GradientTape<TFloat32> tape = new GradientTape<>(tf, TFloat32.class);
      adam =
          new Adam<>(
              tf, TFloat32.class, weights, tape.gradient(loss, weights.values()), weightDecay);
      session = new GraphSession(graph);
      weights.initialise(session, 1);
      adam.slots().initialise(session, 1);
    }

    void step(int t) {
      adam.apply(session.step().feed(target, targets(t)), t, RATE).run();
    }

    float[] values() {
      Weights saved = weights.save(session);
      float[] a = saved.get("a").values();
      return new float[] {a[0], a[1], a[2], saved.get("b").values()[0]};
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static float[] targets(int t) {
    return new float[] {t % 3, -0.5f * t, 0.2f};
  }

  /**
   * Algorithm 2 of Loshchilov and Hutter in float64, value by value, which without decay is
   * algorithm 1 of Kingma and Ba. The scalar b does not decay.
   */
  private static double[] expected(int steps, double weightDecay) {
    double[] w = {1, 1, 1, 0.5};
    double[] m = new double[4];
    double[] v = new double[4];
    for (int t = 1; t <= steps; t++) {
      float[] target = targets(t);
      double b = w[3];
      double[] g = new double[4];
      for (int i = 0; i < 3; i++) {
        g[i] = 2 * (w[i] - target[i]) + b * b;
      }
      g[3] = 2 * b * (w[0] + w[1] + w[2]);
      for (int i = 0; i < 4; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        double mHat = m[i] / (1 - Math.pow(0.9, t));
        double vHat = v[i] / (1 - Math.pow(0.999, t));
        double decay = i < 3 ? weightDecay : 0;
        w[i] -= RATE * (mHat / (Math.sqrt(vHat) + 1e-8) + decay * w[i]);
      }
    }
    return w;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5})
  void followsTheAlgorithmFromTheFirstStep(double weightDecay) {
    try (Problem problem = new Problem(weightDecay)) {
      for (int t = 1; t <= 10; t++) {
        problem.step(t);
        double[] expected = expected(t, weightDecay);
        float[] values = problem.values();
        for (int i = 0; i < 4; i++) {
          assertThat("step " + t + ", value " + i, (double) values[i], closeTo(expected[i], 2e-5));
        }
      }
    }
  }

  @Test
  void resumesFromItsSlots() {
    float[] uninterrupted;
    Weights weights;
    Weights slots;
    try (Problem problem = new Problem()) {
      for (int t = 1; t <= 4; t++) {
        problem.step(t);
      }
      weights = problem.weights.save(problem.session);
      slots = problem.adam.slots().save(problem.session);
      for (int t = 5; t <= 8; t++) {
        problem.step(t);
      }
      uninterrupted = problem.values();
    }
    try (Problem problem = new Problem()) {
      problem.weights.load(problem.session, weights);
      problem.adam.slots().load(problem.session, slots);
      for (int t = 5; t <= 8; t++) {
        problem.step(t);
      }
      assertArrayEquals(uninterrupted, problem.values());
    }
  }

  @Test
  void stepsCountFromOne() {
    try (Problem problem = new Problem()) {
      Exception e = assertThrows(IllegalArgumentException.class, () -> problem.step(0));
      assertThat(e.getMessage(), containsString("t must be at least 1, was 0"));
    }
  }

  @Test
  void needsOneGradientPerWeight() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters<TFloat32> weights = new Parameters<>(tf, TFloat32.class);
      weights.get("a", Initialiser.zeros(), 2);
      Exception e =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Adam<>(tf, TFloat32.class, weights, List.of()));
      assertThat(e.getMessage(), containsString("one gradient per weight (1), were 0"));
    }
  }
}
