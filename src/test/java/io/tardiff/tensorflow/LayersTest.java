package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tardiff.tensorflow.Layers.Order;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;

/**
 * Compares the first, second and forward-mode derivatives of every layer with finite differences.
 */
final class LayersTest {

  /** A layer applied to {@code [2, 5, 8]}; sizes are odd where possible. */
  enum Layer {
    SIGMOID {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.sigmoid(x);
      }
    },
    TANH {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.tanh(x);
      }
    },
    SILU {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.silu(x);
      }
    },
    DENSE {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.dense("layer", x, 3);
      }
    },
    CONV_3 {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.conv("layer", x, 3, 3, 1);
      }
    },
    CONV_WIDER_THAN_WINDOW {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.conv("layer", x, 2, 7, 1);
      }
    },
    CONV_EVEN {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.conv("layer", x, 2, 4, 1);
      }
    },
    GROUP_NORM {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.groupNorm("layer", x, 4, null, null);
      }
    },
    GROUP_NORM_FILM {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        List<Operand<TFloat64>> rows = layers.unstack(x, 5, 1);
        return layers.groupNorm("layer", x, 4, rows.get(0), rows.get(1));
      }
    },
    LAYER_NORM {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.layerNorm("layer", x);
      }
    },
    ATTENTION {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.attention("layer", x, 2);
      }
    },
    BI_GRU {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.biGru("layer", x, 3).outputs();
      }
    },
    BI_GRU_LAST {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.biGru("layer", x, 3).last();
      }
    },
    DROPOUT {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return layers.dropout(tf.math.square(x), 0.4, tf.constant(new int[] {1, 2}));
      }
    },
    UPSAMPLE {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return tf.math.square(layers.upsample(x, 10));
      }
    },
    UPSAMPLE_CUT {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        return tf.math.square(layers.upsample(x, 9));
      }
    },
    CROSS_ENTROPY {
      @Override
      Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x) {
        float[][] oneHot = new float[10][8];
        for (int i = 0; i < 10; i++) {
          oneHot[i][i % 8] = 1;
        }
        return layers.crossEntropy(
            layers.reshape(x, 10, 8), tf.dtypes.cast(tf.constant(oneHot), TFloat64.class));
      }
    };

    abstract Operand<TFloat64> on(Ops tf, Layers<TFloat64> layers, Operand<TFloat64> x);
  }

  /**
   * A layer whose input is multiplied by weights and whose output is reduced by a random dot
   * product: a scalar that depends on x and on weights through the layer.
   */
  private static final class Probe implements AutoCloseable {
    final Parameters<TFloat64> weights;
    final Parameters<TFloat64> direction;
    final Placeholder<TFloat64> x;
    final Operand<TFloat64> output;
    final Operand<TFloat64> scalar;
    final GradientTape<TFloat64> tape;
    final List<Operand<TFloat64>> byWeight;
    final Ops tf;
    final GraphSession session;
    final double[] at = Differences.gaussian(80, 3);

    Probe(Layer layer, Order order) {
      Graph graph = new Graph();
      tf = Ops.create(graph);
      weights = new Parameters<>(tf, TFloat64.class);
      direction = new Parameters<>(tf, TFloat64.class);
      x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(2, 5, 8)));
      Operand<TFloat64> weighted =
          tf.math.mul(x, weights.get("probe", Initialiser.gaussian(), 2, 5, 8));
      output = layer.on(tf, new Layers<>(tf, TFloat64.class, weights, order), weighted);
      double[] weighing = Differences.gaussian((int) output.shape().size(), 4);
      tape = new GradientTape<>(tf, TFloat64.class);
      scalar =
          tape.dot(
              List.of(tf.reshape(output, tf.constant(new int[] {-1}))),
              List.of(tf.constant(weighing)));
      byWeight = tape.gradient(scalar, weights.values());
      direction.mirror(weights);
      session = new GraphSession(graph);
    }

    void load() {
      weights.load(session, Differences.randomWeights(weights, 0.5, 5));
      direction.load(session, Differences.randomWeights(direction, 0.5, 6));
    }

    double[][] fetch(List<Operand<TFloat64>> operands) {
      return session.step().feed(x, at).fetch(operands).runDoubles();
    }

    double[] fetch(Operand<TFloat64> operand) {
      return fetch(List.of(operand))[0];
    }

    void assertGradientInX(double[] gradient, Operand<TFloat64> of) {
      for (int i = 0; i < at.length; i += 3) {
        int index = i;
        double expected =
            Differences.derivative(h -> Differences.nudged(session, of, x, at, index, h));
        assertThat(
            "x " + i, gradient[i], closeTo(expected, 1e-6 * Math.max(1, Math.abs(expected))));
      }
    }

    @Override
    public void close() {
      session.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Layer.class)
  void firstDerivativesMatchDifferences(Layer layer) {
    for (Order order : Order.values()) {
      try (Probe probe = new Probe(layer, order)) {
        Operand<TFloat64> byX = probe.tape.gradient(probe.scalar, probe.x);
        probe.load();
        probe.assertGradientInX(probe.fetch(byX), probe.scalar);
        Weights weights = Differences.randomWeights(probe.weights, 0.5, 5);
        double[][] gradients = probe.fetch(probe.byWeight);
        int w = 0;
        for (Weights.Weight weight : weights.all()) {
          double[] gradient = gradients[w++];
          for (int i = 0; i < gradient.length; i += Math.max(1, gradient.length / 5)) {
            int index = i;
            double expected =
                Differences.derivative(
                    h -> {
                      probe.weights.load(
                          probe.session, Differences.nudged(weights, weight.name(), index, h));
                      return probe.fetch(probe.scalar)[0];
                    });
            assertThat(
                order + " " + weight.name() + " " + i,
                gradient[i],
                closeTo(expected, 1e-6 * Math.max(1, Math.abs(expected))));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Layer.class)
  void mixedSecondDerivativesMatchDifferences(Layer layer) {
    try (Probe probe = new Probe(layer, Order.SECOND)) {
      Operand<TFloat64> slope = probe.tape.dot(probe.byWeight, probe.direction.values());
      Operand<TFloat64> mixed = probe.tape.gradient(slope, probe.x);
      probe.load();
      probe.assertGradientInX(probe.fetch(mixed), slope);
    }
  }

  @ParameterizedTest
  @EnumSource(Layer.class)
  void forwardDerivativesMatchReverseOnes(Layer layer) {
    try (Probe probe = new Probe(layer, Order.FIRST)) {
      Operand<TFloat64> reverse = probe.tape.dot(probe.byWeight, probe.direction.values());
      Operand<TFloat64> forward =
          new ForwardAccumulator<>(probe.tf, TFloat64.class)
              .derivative(probe.scalar, probe.weights.values(), probe.direction.values());
      Operand<TFloat64> mixed = probe.tape.gradient(forward, probe.x);
      probe.load();
      double[][] both = probe.fetch(List.of(forward, reverse));
      assertThat(both[0][0], closeTo(both[1][0], 1e-9 * Math.max(1, Math.abs(both[1][0]))));
      // Difference the reverse derivative, so that the two modes check each other.
      probe.assertGradientInX(probe.fetch(mixed), reverse);
    }
  }

  @ParameterizedTest
  @EnumSource(Layer.class)
  void bothOrdersGiveTheSameNumbers(Layer layer) {
    List<double[]> outputs = new ArrayList<>();
    for (Order order : Order.values()) {
      try (Probe probe = new Probe(layer, order)) {
        probe.load();
        outputs.add(probe.fetch(probe.output));
      }
    }
    assertArrayEquals(outputs.get(0), outputs.get(1), 1e-12);
  }

  @Test
  void stridedConvolutionHalvesAndMatchesDifferences() {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Parameters<TFloat64> weights = new Parameters<>(tf, TFloat64.class);
    Placeholder<TFloat64> x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(1, 5, 2)));
    Layers<TFloat64> layers = new Layers<>(tf, TFloat64.class, weights, Order.FIRST);
    Operand<TFloat64> y = layers.conv("conv", x, 2, 3, 2);
    Operand<TFloat64> scalar = tf.sum(tf.math.square(y), tf.constant(new int[] {0, 1, 2}));
    Operand<TFloat64> byX = new GradientTape<>(tf, TFloat64.class).gradient(scalar, x);
    try (GraphSession session = new GraphSession(graph)) {
      weights.load(session, Differences.randomWeights(weights, 1, 1));
      assertArrayEquals(new long[] {1, 3, 2}, y.shape().asArray());
      double[] at = Differences.gaussian(10, 2);
      double[] gradient = session.step().feed(x, at).fetch(byX).runDoubles()[0];
      for (int i = 0; i < at.length; i++) {
        int index = i;
        double expected =
            Differences.derivative(h -> Differences.nudged(session, scalar, x, at, index, h));
        assertThat(gradient[i], closeTo(expected, 1e-7));
      }
    }
  }

  @Test
  void orderSecondRejectsStrides() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Layers<TFloat64> layers =
          new Layers<>(tf, TFloat64.class, new Parameters<>(tf, TFloat64.class), Order.SECOND);
      Placeholder<TFloat64> x =
          tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(1, 5, 2)));
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> layers.conv("conv", x, 2, 3, 2));
      assertThat(e.getMessage(), containsString("stride must be 1"));
    }
  }

  @Test
  void saturatedGatesHaveFiniteSecondDerivatives() {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Layers<TFloat64> layers =
        new Layers<>(tf, TFloat64.class, new Parameters<>(tf, TFloat64.class), Order.SECOND);
    Placeholder<TFloat64> x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(4)));
    GradientTape<TFloat64> tape = new GradientTape<>(tf, TFloat64.class);
    Operand<TFloat64> y = tf.math.add(layers.silu(x), layers.tanh(x));
    Operand<TFloat64> first = tape.gradient(tf.sum(y, tf.constant(0)), x);
    Operand<TFloat64> second = tape.gradient(tf.sum(first, tf.constant(0)), x);
    try (GraphSession session = new GraphSession(graph)) {
      double[][] out =
          session
              .step()
              .feed(x, -1000, -90, 90, 1000)
              .fetch(List.of(y, first, second))
              .runDoubles();
      assertArrayEquals(new double[] {-1, -1, 91, 1001}, out[0], 1e-9);
      assertArrayEquals(new double[] {0, 0, 1, 1}, out[1], 1e-9);
      assertArrayEquals(new double[] {0, 0, 0, 0}, out[2], 1e-9);
    }
  }

  @Test
  void dropoutKeepsTheMeanAndDropsItsShare() {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Layers<TFloat64> layers =
        new Layers<>(tf, TFloat64.class, new Parameters<>(tf, TFloat64.class), Order.FIRST);
    Operand<TFloat64> ones = tf.ones(tf.constant(new int[] {100, 1000}), TFloat64.class);
    Operand<TFloat64> dropped = layers.dropout(ones, 0.3, tf.constant(new int[] {5, 6}));
    try (GraphSession session = new GraphSession(graph)) {
      double[] values = session.step().fetch(dropped).runDoubles()[0];
      int zeros = 0;
      for (double value : values) {
        assertTrue(value == 0 || Math.abs(value - 1 / 0.7) < 1e-9, "kept values are scaled");
        zeros += value == 0 ? 1 : 0;
      }
      assertThat(zeros / 1e5, closeTo(0.3, 0.01));
    }
  }

  @Test
  void weightReusedWithAnotherShapeIsAnError() {
    try (Graph graph = new Graph()) {
      Parameters<TFloat64> weights = new Parameters<>(Ops.create(graph), TFloat64.class);
      weights.get("a", Initialiser.zeros(), 2, 3);
      Exception e =
          assertThrows(
              IllegalArgumentException.class, () -> weights.get("a", Initialiser.zeros(), 3, 2));
      assertThat(e.getMessage(), containsString("weight a is of shape"));
    }
  }
}
