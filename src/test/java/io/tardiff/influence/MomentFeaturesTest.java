package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.tensorflow.Differences;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Layers.Order;
import io.tardiff.tensorflow.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;

final class MomentFeaturesTest {
  private static final int BATCH = 3;
  private static final int STEPS = 5;

  /** What the classifiers read: two channels and, for one that reads masks, two bits. */
  private static final int CHANNELS = 2;

  private static final int INPUTS = 4;
  private static final int CLASSES = 3;
  private static final double[] ONE_HOT = {1, 0, 0, 0, 1, 0, 0, 0, 1};

  /** Features in float64 of a target classifier at two points of its training. */
  private static final class Scene implements AutoCloseable {
    final Placeholder<TFloat64> x;
    final Placeholder<TFloat64> coefficients;
    final MomentFeatures<TFloat64> features;
    final List<Operand<TFloat64>> hidden = new ArrayList<>();
    final List<Operand<TFloat64>> logits = new ArrayList<>();
    final Operand<TFloat64> gradient;
    final GraphSession session;
    final double[] at = Differences.gaussian(BATCH * STEPS * INPUTS, 1);
    final double[] along;

    Scene(String kind) {
      ClassifierConfig config = ClassifierConfig.forName(kind).withHidden(8).withLayers(1);
      Graph graph = new Graph();
      Ops tf = Ops.create(graph);
      x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(BATCH, STEPS, INPUTS)));
      List<Parameters<TFloat64>> points = new ArrayList<>();
      List<TargetClassifier<TFloat64>> classifiers = new ArrayList<>();
      for (int point = 0; point < 2; point++) {
        points.add(new Parameters<>(tf, TFloat64.class));
        classifiers.add(
            new TargetClassifier<>(
                tf, TFloat64.class, points.get(point), config, CLASSES, Order.FIRST));
        hidden.add(classifiers.get(point).features(x));
        logits.add(classifiers.get(point).head(hidden.get(point)));
      }
      features = new MomentFeatures<>(tf, TFloat64.class, classifiers, x, CHANNELS);
      int width = 2 * (config.features() + CLASSES - 1) + MomentFeatures.SUMMARIES * CHANNELS;
      coefficients = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(CLASSES, width)));
      gradient =
          features.gradient(
              coefficients,
              tf.reshape(tf.constant(ONE_HOT), tf.constant(new int[] {BATCH, CLASSES})));
      along = Differences.gaussian(CLASSES * width, 2);
      session = new GraphSession(graph);
      for (int point = 0; point < 2; point++) {
        points.get(point).load(session, Differences.randomWeights(points.get(point), 0.5, point));
      }
    }

    double[] fetch(Operand<TFloat64> operand, double[] windows) {
      return session
          .step()
          .feed(x, windows)
          .feed(coefficients, along)
          .fetch(operand)
          .runDoubles()[0];
    }

    /** The sum over rows of the inner product of their features with those of their class. */
    double tilt(double[] windows) {
      double[] all = fetch(features.values(), windows);
      double sum = 0;
      for (int i = 0; i < all.length; i++) {
        // Row i is of class i.
        sum += all[i] * along[i];
      }
      return sum;
    }

    @Override
    public void close() {
      session.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void holdWhatTheClassifiersSeeAndSummaries(String kind) {
    try (Scene scene = new Scene(kind)) {
      double[] all = scene.fetch(scene.features.values(), scene.at);
      int width = all.length / BATCH;
      for (int row = 0; row < BATCH; row++) {
        int at = row * width;
        for (int point = 0; point < 2; point++) {
          double[] hidden = scene.fetch(scene.hidden.get(point), scene.at);
          double[] logits = scene.fetch(scene.logits.get(point), scene.at);
          int size = hidden.length / BATCH;
          for (int k = 0; k < size; k++) {
            assertThat(all[at++], closeTo(hidden[row * size + k], 1e-12));
          }
          for (int c = 1; c < CLASSES; c++) {
            assertThat(
                all[at++], closeTo(logits[row * CLASSES + c] - logits[row * CLASSES], 1e-12));
          }
        }
        for (double[] summary : summaries(scene.at, row)) {
          for (double expected : summary) {
            assertThat(all[at++], closeTo(expected, 1e-12));
          }
        }
        assertThat(at, is((row + 1) * width));
      }
    }
  }

  /** The summaries by their definitions, {@code [SUMMARIES][channels]}. */
  private static double[][] summaries(double[] windows, int row) {
    double[][] summaries = new double[MomentFeatures.SUMMARIES][CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      double[] v = new double[STEPS];
      for (int t = 0; t < STEPS; t++) {
        v[t] = windows[(row * STEPS + t) * INPUTS + c];
      }
      double mean = Arrays.stream(v).average().orElseThrow();
      double variance = Arrays.stream(v).map(u -> (u - mean) * (u - mean)).average().orElseThrow();
      double slope = 0;
      for (int t = 0; t < STEPS; t++) {
        // The steps 0 to 4 have mean 2 and standard deviation sqrt(2).
        slope += (v[t] - mean) * (t - 2) / Math.sqrt(2) / STEPS;
      }
      summaries[0][c] = mean;
      summaries[1][c] = Math.sqrt(variance + 1e-4);
      summaries[2][c] = slope;
      summaries[3][c] = v[0];
      summaries[4][c] = v[STEPS - 1];
      summaries[5][c] =
          Math.log(Arrays.stream(v).map(u -> Math.exp(4 * u)).average().orElseThrow()) / 4;
      summaries[6][c] =
          -Math.log(Arrays.stream(v).map(u -> Math.exp(-4 * u)).average().orElseThrow()) / 4;
    }
    return summaries;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void gradientIsTheSlopeOfTheTilt(String kind) {
    try (Scene scene = new Scene(kind)) {
      double[] gradient = scene.fetch(scene.gradient, scene.at);
      for (int i = 0; i < gradient.length; i++) {
        int index = i;
        double expected =
            Differences.derivative(
                h -> {
                  double[] moved = scene.at.clone();
                  moved[index] += h;
                  return scene.tilt(moved);
                });
        assertThat(gradient[i], closeTo(expected, 1e-6));
      }
    }
  }

  @Test
  void needsAClassifier() {
    Ops tf = Ops.create(new Graph());
    Placeholder<TFloat64> x =
        tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(1, STEPS, CHANNELS)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MomentFeatures<>(tf, TFloat64.class, List.of(), x, CHANNELS));
  }
}
