package io.tardiff.diffusion;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.tardiff.tensorflow.Differences;
import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Weights;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** A small denoiser on an odd number of steps, in float64, with every weight random. */
final class DenoiserTest {
  private static final int STEPS = 5;
  private static final int CHANNELS = 3;
  private static final NoiseSchedule SCHEDULE = NoiseSchedule.of(NoiseSchedule.Kind.LINEAR, 20);

  private final double[] at = Differences.gaussian(2 * STEPS * CHANNELS, 1);
  private Placeholder<TFloat64> x;
  private Placeholder<TInt32> t;
  private Placeholder<TInt32> label;
  private Parameters<TFloat64> parameters;
  private Operand<TFloat64> noise;
  private Operand<TFloat64> scalar;
  private Operand<TFloat64> byX;
  private List<Operand<TFloat64>> byWeight;
  private GraphSession session;
  private Weights weights;

  private void build(Prediction prediction) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(2, STEPS, CHANNELS)));
    t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    label = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    parameters = new Parameters<>(tf, TFloat64.class);
    DenoiserConfig config =
        DenoiserConfig.of(8, List.of(1, 2), 1, 2, List.of(1)).withPrediction(prediction);
    noise = new Denoiser<>(tf, TFloat64.class, parameters, config, 2, SCHEDULE).noise(x, t, label);
    GradientTape<TFloat64> tape = new GradientTape<>(tf, TFloat64.class);
    scalar =
        tape.dot(
            List.of(tf.reshape(noise, tf.constant(new int[] {-1}))),
            List.of(tf.constant(Differences.gaussian(at.length, 2))));
    byX = tape.gradient(scalar, x);
    byWeight = tape.gradient(scalar, parameters.values());
    session = new GraphSession(graph);
    // Weights initialised to zero would hide the layers before them.
    weights = Differences.randomWeights(parameters, 0.3, 3);
    parameters.load(session, weights);
  }

  @AfterEach
  void close() {
    session.close();
  }

  private GraphSession.Step step(double[] windows) {
    return session.step().feed(x, windows).feed(t, 3, 17).feed(label, 0, 1);
  }

  private double scalarAt(double[] windows) {
    return step(windows).fetch(scalar).runDoubles()[0][0];
  }

  /** Two separate passes, combined by hand. */
  @ParameterizedTest
  @EnumSource
  void labelGuidanceCombinesLabelAndNullClass(Prediction prediction) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(2, STEPS, CHANNELS)));
    t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    label = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    parameters = new Parameters<>(tf, TFloat64.class);
    DenoiserConfig config =
        DenoiserConfig.of(8, List.of(1, 2), 1, 2, List.of(1)).withPrediction(prediction);
    Denoiser<TFloat64> denoiser =
        new Denoiser<>(tf, TFloat64.class, parameters, config, 3, SCHEDULE);
    noise = denoiser.noise(x, t, label);
    Operand<TFloat64> guided = denoiser.noise(x, t, label, 2.5);
    session = new GraphSession(graph);
    weights = Differences.randomWeights(parameters, 0.3, 3);
    parameters.load(session, weights);

    double[] ofLabel = step(at).fetch(noise).runDoubles()[0];
    double[] ofNull =
        session.step().feed(x, at).feed(t, 3, 17).feed(label, 2, 2).fetch(noise).runDoubles()[0];
    double[] actual = step(at).fetch(guided).runDoubles()[0];
    double apart = 0;
    for (int i = 0; i < at.length; i++) {
      double expected = ofNull[i] + 2.5 * (ofLabel[i] - ofNull[i]);
      assertThat(actual[i], closeTo(expected, 1e-9));
      apart += Math.abs(ofLabel[i] - ofNull[i]);
    }
    assertThat(apart, greaterThan(1e-3));
  }

  @ParameterizedTest
  @EnumSource
  void gradientInTheWindowMatchesFiniteDifferences(Prediction prediction) {
    build(prediction);
    double[] gradient = step(at).fetch(byX).runDoubles()[0];
    for (int i = 0; i < at.length; i++) {
      int index = i;
      double expected =
          Differences.derivative(
              h -> {
                double[] moved = at.clone();
                moved[index] += h;
                return scalarAt(moved);
              });
      assertThat("x " + i, gradient[i], closeTo(expected, 1e-5 * Math.max(1, Math.abs(expected))));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientInEveryWeightMatchesFiniteDifferences(Prediction prediction) {
    build(prediction);
    double[][] gradients = step(at).fetch(byWeight).runDoubles();
    int w = 0;
    for (Weights.Weight weight : weights.all()) {
      double[] gradient = gradients[w++];
      for (int i = 0; i < gradient.length; i += Math.max(1, gradient.length / 3)) {
        int index = i;
        double expected =
            Differences.derivative(
                h -> {
                  parameters.load(session, Differences.nudged(weights, weight.name(), index, h));
                  return scalarAt(at);
                });
        assertThat(
            weight.name() + " " + i,
            gradient[i],
            closeTo(expected, 1e-5 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  @Test
  void velocityIsScaledByTheRemainingSignal() {
    build(Prediction.NOISE);
    double[] output = step(at).fetch(noise).runDoubles()[0];
    session.close();
    build(Prediction.VELOCITY); // with the same weights
    double[] predicted = step(at).fetch(noise).runDoubles()[0];
    for (int i = 0; i < predicted.length; i++) {
      double signal = SCHEDULE.alphaBar(i < STEPS * CHANNELS ? 3 : 17);
      double expected = Math.sqrt(1 - signal) * at[i] + Math.sqrt(signal) * output[i];
      assertThat(predicted[i], closeTo(expected, 1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreIndependent(Prediction prediction) {
    build(prediction);
    double[] other = at.clone();
    for (int i = 0; i < STEPS * CHANNELS; i++) {
      other[i] += 1;
    }
    double[] before = step(at).fetch(noise).runDoubles()[0];
    double[] after = step(other).fetch(noise).runDoubles()[0];
    int half = STEPS * CHANNELS;
    assertArrayEquals(
        Arrays.copyOfRange(before, half, 2 * half), Arrays.copyOfRange(after, half, 2 * half));
  }
}
