package io.tardiff.diffusion;

import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * One step of a {@link ReverseProcess} on a graph:
 *
 * <pre>
 *   eps = denoiser(x, t, y)                            float32
 *   x0  = clamp((x - noise eps) / signal)              float64
 *   x'  = fromClean x0 + fromNoisy x + deviation z
 * </pre>
 *
 * <pre>{@code
 * ReverseStep step = ReverseStep.of(tf, denoiser, low, high, inputs);
 * Operand<TFloat64> unguided = step.next();
 * Operand<TFloat64> guided = step.next(tf, steering);
 * }</pre>
 *
 * @param coefficients the coefficients of the step
 * @param clean x0, the predicted clean windows, {@code [batch, steps, channels]}
 * @param next x', the less noisy windows, of the same shape
 */
@Internal
public record ReverseStep(
    Coefficients coefficients, Operand<TFloat64> clean, Operand<TFloat64> next) {

  /**
   * The coefficients of a {@link ReverseProcess.Step} on a graph; all but the last are scalars.
   *
   * @param signal sqrt(a_t)
   * @param noise sqrt(1 - a_t)
   * @param fromClean factor of the predicted clean windows
   * @param fromNoisy factor of the current noisy windows
   * @param posteriorVariance variance of an ancestral step
   * @param deviation standard deviation of the fresh noise, {@code [channels]}
   */
  public record Coefficients(
      Operand<TFloat64> signal,
      Operand<TFloat64> noise,
      Operand<TFloat64> fromClean,
      Operand<TFloat64> fromNoisy,
      Operand<TFloat64> posteriorVariance,
      Operand<TFloat64> deviation) {

    /** The number of scalar coefficients. */
    public static final int SCALARS = 5;

    /**
     * Returns coefficients fed to the graph.
     *
     * @param scalars {@link #scalars(ReverseProcess.Step)} of the step, {@code [SCALARS]}
     * @param deviation standard deviation of the fresh noise, {@code [channels]}
     */
    public static Coefficients of(Ops tf, Operand<TFloat64> scalars, Operand<TFloat64> deviation) {
      List<Output<TFloat64>> parts = tf.unstack(scalars, (long) SCALARS).output();
      return new Coefficients(
          parts.get(0), parts.get(1), parts.get(2), parts.get(3), parts.get(4), deviation);
    }

    /** Returns the scalars of a step, in the order of {@link #of}. */
    public static double[] scalars(ReverseProcess.Step step) {
      return new double[] {
        step.signal(), step.noise(), step.fromClean(), step.fromNoisy(), step.posteriorVariance()
      };
    }
  }

  /**
   * The inputs of a step.
   *
   * @param x noisy windows in network units, {@code [batch, steps, channels]}
   * @param z fresh noise of the same shape
   * @param label classes, {@code [batch]}
   * @param labelGuidance weight of the label in {@link Denoiser#noise(Operand, Operand, Operand,
   *     double)}; 1 without classifier-free guidance
   * @param noiseStep noise steps t, {@code [batch]}
   * @param coefficients the coefficients of the step
   */
  public record Inputs(
      Operand<TFloat64> x,
      Operand<TFloat32> z,
      Operand<TInt32> label,
      double labelGuidance,
      Operand<TInt32> noiseStep,
      Coefficients coefficients) {}

  /**
   * Adds a step to a graph.
   *
   * @param low lower bound of the clean windows, {@code [channels]}
   * @param high upper bound of the clean windows, {@code [channels]}
   */
  public static ReverseStep of(
      Ops tf, Denoiser<TFloat32> denoiser, float[] low, float[] high, Inputs in) {
    Coefficients c = in.coefficients();
    Operand<TFloat64> eps =
        tf.dtypes.cast(
            denoiser.noise(
                tf.dtypes.cast(in.x(), TFloat32.class),
                in.noiseStep(),
                in.label(),
                in.labelGuidance()),
            TFloat64.class);
    Operand<TFloat64> predicted =
        tf.math.div(tf.math.sub(in.x(), tf.math.mul(c.noise(), eps)), c.signal());
    Operand<TFloat64> clean =
        tf.math.maximum(
            tf.constant(toDoubles(low)), tf.math.minimum(tf.constant(toDoubles(high)), predicted));
    Operand<TFloat64> next =
        tf.math.add(
            tf.math.add(tf.math.mul(c.fromClean(), clean), tf.math.mul(c.fromNoisy(), in.x())),
            tf.math.mul(c.deviation(), tf.dtypes.cast(in.z(), TFloat64.class)));
    return new ReverseStep(c, clean, next);
  }

  /** Returns the less noisy windows, moved by {@code steering}. */
  public Operand<TFloat64> next(Ops tf, Steering steering) {
    return steering.steer(tf, clean, next, coefficients);
  }

  private static double[] toDoubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
