package io.tardiff.diffusion;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;

import io.tardiff.diffusion.NoiseSchedule.Kind;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Parameters;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** The last layer of the network is zero, and a velocity of zero is a noise of sqrt(1 - a) x. */
class ReverseStepTest {
  private static final NoiseSchedule SCHEDULE = NoiseSchedule.of(Kind.LINEAR, 50);
  private static final int STEPS = 4;
  private static final int CHANNELS = 2;
  private static final float[] LOW = {-0.4f, -5};
  private static final float[] HIGH = {0.4f, 5};
  private static final double[] X = {-3, -2, -1, -0.5, 0.5, 1, 2, 3};
  private static final float[] Z = {1, -1, 2, -2, 0.5f, -0.5f, 0, 3};

  private static final ReverseProcess.Step STEP =
      ReverseProcess.of(SCHEDULE, 10, 0.7, errors(0.25)).steps().get(4);

  private static double[][] errors(double value) {
    double[][] errors = new double[SCHEDULE.steps()][CHANNELS];
    for (double[] row : errors) {
      Arrays.fill(row, value);
    }
    return errors;
  }

  private static double clean(int i) {
    double predicted = (X[i] - STEP.noise() * STEP.noise() * X[i]) / STEP.signal();
    return Math.max(LOW[i % CHANNELS], Math.min(HIGH[i % CHANNELS], predicted));
  }

  private static double next(int i) {
    return STEP.fromClean() * clean(i)
        + STEP.fromNoisy() * X[i]
        + STEP.deviation()[i % CHANNELS] * Z[i];
  }

  @Test
  void computesTheLessNoisyWindows() {
    double[] next = run((tf, clean, unsteered, c) -> unsteered);

    boolean clamped = false;
    for (int i = 0; i < X.length; i++) {
      assertThat(next[i], is(closeTo(next(i), 1e-6)));
      clamped |= clean(i) == LOW[i % CHANNELS] || clean(i) == HIGH[i % CHANNELS];
    }
    assertThat(clamped, is(true));
  }

  @Test
  void steeringReceivesThePredictedWindowsAndEveryCoefficient() {
    double[] clean = run((tf, predicted, unsteered, c) -> predicted);
    double[] moved =
        run(
            (tf, predicted, unsteered, c) ->
                tf.math.add(unsteered, tf.math.mul(c.fromClean(), predicted)));
    for (int i = 0; i < X.length; i++) {
      assertThat(clean[i], is(closeTo(clean(i), 1e-6)));
      assertThat(moved[i], is(closeTo(next(i) + STEP.fromClean() * clean(i), 1e-6)));
    }

    assertThat(coefficient((tf, p, n, c) -> tf.math.mul(c.signal(), ones(tf))), is(STEP.signal()));
    assertThat(coefficient((tf, p, n, c) -> tf.math.mul(c.noise(), ones(tf))), is(STEP.noise()));
    assertThat(
        coefficient((tf, p, n, c) -> tf.math.mul(c.fromNoisy(), ones(tf))), is(STEP.fromNoisy()));
    assertThat(
        coefficient((tf, p, n, c) -> tf.math.mul(c.posteriorVariance(), ones(tf))),
        is(STEP.posteriorVariance()));
    assertThat(
        coefficient((tf, p, n, c) -> tf.math.mul(c.deviation(), ones(tf))),
        is(STEP.deviation()[0]));
  }

  private static Operand<TFloat64> ones(Ops tf) {
    return tf.fill(tf.constant(new int[] {1, STEPS, CHANNELS}), tf.constant(1.0));
  }

  private static double coefficient(Steering steering) {
    return run(steering)[0];
  }

  private static double[] run(Steering steering) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Shape windows = Shape.of(1, STEPS, CHANNELS);
    Placeholder<TFloat64> x = tf.placeholder(TFloat64.class, Placeholder.shape(windows));
    Placeholder<TFloat32> z = tf.placeholder(TFloat32.class, Placeholder.shape(windows));
    Placeholder<TInt32> label = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
    Placeholder<TInt32> noiseStep = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
    Placeholder<TFloat64> scalars =
        tf.placeholder(
            TFloat64.class, Placeholder.shape(Shape.of(ReverseStep.Coefficients.SCALARS)));
    Placeholder<TFloat64> deviation =
        tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(CHANNELS)));
    Parameters<TFloat32> weights = new Parameters<>(tf, TFloat32.class);
    Denoiser<TFloat32> denoiser =
        new Denoiser<>(
            tf,
            TFloat32.class,
            weights,
            DenoiserConfig.of(8, List.of(1), 1, 2, List.of()).withPrediction(Prediction.VELOCITY),
            2,
            SCHEDULE);
    ReverseStep step =
        ReverseStep.of(
            tf,
            denoiser,
            LOW,
            HIGH,
            new ReverseStep.Inputs(
                x, z, label, 1, noiseStep, ReverseStep.Coefficients.of(tf, scalars, deviation)));
    try (GraphSession session = new GraphSession(graph)) {
      weights.initialise(session, 1);
      return session
          .step()
          .feed(x, X)
          .feed(z, Z)
          .feed(label, 1)
          .feed(noiseStep, STEP.noiseStep())
          .feed(scalars, ReverseStep.Coefficients.scalars(STEP))
          .feed(deviation, STEP.deviation())
          .fetch(step.next(tf, steering))
          .runDoubles()[0];
    }
  }
}
