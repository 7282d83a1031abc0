package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.tensorflow.Differences;
import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Layers.Order;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

final class InfluenceTest {
  private static final int BATCH = 3;
  private static final int STEPS = 5;
  private static final int CHANNELS = 3;
  private static final int STRIDE = STEPS * CHANNELS;
  private static final double[] ONE_HOT = {1, 0, 0, 1, 0, 1};

  private static ClassifierConfig small(String kind) {
    return ClassifierConfig.forName(kind).withHidden(8).withLayers(2);
  }

  /** Influence on a graph in float64, and the losses it is a derivative of. */
  private static final class Scene implements AutoCloseable {
    final Parameters<TFloat64> phi;
    final Parameters<TFloat64> direction;
    final Placeholder<TFloat64> x;
    final Placeholder<TFloat64> oneHot;
    final Operand<TFloat64> losses;
    final Operand<TFloat64> inReverse;
    final Influence<TFloat64> influence;
    final GraphSession session;
    final Weights weights;
    final Weights along;
    final double[] at = Differences.gaussian(BATCH * STRIDE, 1);

    Scene(String kind) {
      Graph graph = new Graph();
      Ops tf = Ops.create(graph);
      phi = new Parameters<>(tf, TFloat64.class);
      direction = new Parameters<>(tf, TFloat64.class);
      x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(BATCH, STEPS, CHANNELS)));
      oneHot = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(BATCH, 2)));
      TargetClassifier<TFloat64> classifier =
          new TargetClassifier<>(tf, TFloat64.class, phi, small(kind), 2, Order.FIRST);
      losses = classifier.losses(classifier.logits(x), oneHot);
      influence = new Influence<>(tf, TFloat64.class, classifier, phi, direction, x, oneHot);
      // For comparison: two reverse-mode gradients, through ops that support it.
      TargetClassifier<TFloat64> twice =
          new TargetClassifier<>(tf, TFloat64.class, phi, small(kind), 2, Order.SECOND);
      GradientTape<TFloat64> tape = new GradientTape<>(tf, TFloat64.class);
      Operand<TFloat64> total = tf.sum(twice.losses(twice.logits(x), oneHot), tf.constant(0));
      inReverse =
          tape.gradient(tape.dot(tape.gradient(total, phi.values()), direction.values()), x);
      session = new GraphSession(graph);
      weights = Differences.randomWeights(phi, 0.5, 2);
      along = Differences.randomWeights(phi, 0.25, 3);
      phi.load(session, weights);
      direction.load(session, along);
    }

    double[] fetch(Operand<TFloat64> operand) {
      return fetch(operand, at);
    }

    double[] fetch(Operand<TFloat64> operand, double[] windows) {
      return session.step().feed(x, windows).feed(oneHot, ONE_HOT).fetch(operand).runDoubles()[0];
    }

    @Override
    public void close() {
      session.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void valuesAreTheSlopeOfEachLossAlongTheDirection(String kind) {
    try (Scene scene = new Scene(kind)) {
      double[] values = scene.fetch(scene.influence.values());
      for (int row = 0; row < BATCH; row++) {
        int i = row;
        // Steps of 1/512 along a direction leave the 1/4096 grid of the weights, so float32
        // rounding limits the accuracy.
        double expected =
            Differences.derivative(
                h -> {
                  scene.phi.load(scene.session, Differences.moved(scene.weights, scene.along, h));
                  return scene.fetch(scene.losses)[i];
                });
        assertThat(values[row], closeTo(expected, 1e-4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void gradientIsTheSlopeOfTheValues(String kind) {
    try (Scene scene = new Scene(kind)) {
      double[] gradient = scene.fetch(scene.influence.gradient());
      for (int i = 0; i < gradient.length; i++) {
        int index = i;
        double expected =
            Differences.derivative(
                h -> {
                  double[] moved = scene.at.clone();
                  moved[index] += h;
                  return Arrays.stream(scene.fetch(scene.influence.values(), moved)).sum();
                });
        assertThat(gradient[i], closeTo(expected, 1e-7));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void gradientMatchesTwoReversePasses(String kind) {
    try (Scene scene = new Scene(kind)) {
      assertArrayEquals(
          scene.fetch(scene.inReverse), scene.fetch(scene.influence.gradient()), 1e-12);
    }
  }

  /** In float32, as in production, and in whole blocks of the matrix kernels. */
  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void rowsGetTheSameBitsAtAnyPositionOfTheBatch(String kind) {
    int batch = 48;
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Parameters<TFloat32> phi = new Parameters<>(tf, TFloat32.class);
    Parameters<TFloat32> direction = new Parameters<>(tf, TFloat32.class);
    Placeholder<TFloat32> x =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, STEPS, CHANNELS)));
    Placeholder<TFloat32> oneHot =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, 2)));
    TargetClassifier<TFloat32> classifier =
        new TargetClassifier<>(tf, TFloat32.class, phi, small(kind), 2, Order.FIRST);
    Influence<TFloat32> influence =
        new Influence<>(tf, TFloat32.class, classifier, phi, direction, x, oneHot);
    try (GraphSession session = new GraphSession(graph)) {
      phi.initialise(session, 1);
      direction.load(session, phi.initial(2));
      float[] windows = new float[batch * STRIDE];
      Seeds.fillGaussian(windows, 0, windows.length, 1, "rows");
      float[] hot = new float[batch * 2];
      for (int i = 0; i < batch; i++) {
        hot[2 * i + i % 2] = 1;
      }
      float[][] first = rows(session, x, oneHot, influence, windows, hot);
      // The same rows at other positions.
      float[] turned = new float[windows.length];
      float[] turnedHot = new float[hot.length];
      for (int i = 0; i < batch; i++) {
        int to = (i + 10) % batch;
        System.arraycopy(windows, i * STRIDE, turned, to * STRIDE, STRIDE);
        System.arraycopy(hot, 2 * i, turnedHot, 2 * to, 2);
      }
      float[][] second = rows(session, x, oneHot, influence, turned, turnedHot);
      for (int i = 0; i < batch; i++) {
        int to = (i + 10) % batch;
        assertEquals(first[0][i], second[0][to]);
        assertArrayEquals(
            Arrays.copyOfRange(first[1], i * STRIDE, (i + 1) * STRIDE),
            Arrays.copyOfRange(second[1], to * STRIDE, (to + 1) * STRIDE));
      }
    }
  }

  private static float[][] rows(
      GraphSession session,
      Placeholder<TFloat32> x,
      Placeholder<TFloat32> oneHot,
      Influence<TFloat32> influence,
      float[] windows,
      float[] hot) {
    return session
        .step()
        .feed(x, windows)
        .feed(oneHot, hot)
        .fetch(influence.values())
        .fetch(influence.gradient())
        .run();
  }

  @Test
  void shapesAreChecked() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters<TFloat32> phi = new Parameters<>(tf, TFloat32.class);
      TargetClassifier<TFloat32> classifier =
          new TargetClassifier<>(tf, TFloat32.class, phi, small("gru"), 2, Order.FIRST);
      Placeholder<TFloat32> flat =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(BATCH, STRIDE)));
      Exception e =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  new Influence<>(
                      tf,
                      TFloat32.class,
                      classifier,
                      phi,
                      new Parameters<>(tf, TFloat32.class),
                      flat,
                      flat));
      assertThat(e.getMessage(), containsString("x must be [batch, steps, channels]"));
    }
  }
}
