package io.tardiff.generation;

import io.tardiff.diffusion.Denoiser;
import io.tardiff.diffusion.ReverseProcess;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Influence;
import io.tardiff.influence.TargetClassifier;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * One reverse step on a graph, unguided and by each rule:
 *
 * <pre>
 *   eps = denoiser(x, t, y)                            float32
 *   x0  = clamp((x - noise eps) / signal)              float64, to the range of train
 *   x'  = fromClean x0 + fromNoisy x + deviation z
 *   g   = d/dx0 sum_i J(x0_i, y_i)                     float32, where guided
 *   mean shift:     x' + w var g / rms(g)
 *   interpolation:  (1 - w) x' + w g
 * </pre>
 */
final class ReverseStep {
  /** How many numbers {@link Inputs#coefficients} are. */
  static final int COEFFICIENTS = 5;

  /** The weights of the denoiser, those of the target classifier, and G. */
  record Networks(
      Parameters<TFloat32> denoiser,
      Parameters<TFloat32> classifier,
      Parameters<TFloat32> direction) {}

  /**
   * What a step is fed.
   *
   * @param x noisy windows in network units, {@code [batch, steps, channels]}
   * @param z fresh noise of the same shape
   * @param label classes, {@code [batch]}
   * @param noiseStep t of the denoiser, {@code [batch]}
   * @param coefficients those of {@link #coefficients}
   * @param deviation of the fresh noise, {@code [channels]}
   * @param weight w of the guidance, a scalar
   */
  record Inputs(
      Operand<TFloat64> x,
      Operand<TFloat32> z,
      Operand<TInt32> label,
      Operand<TInt32> noiseStep,
      Operand<TFloat64> coefficients,
      Operand<TFloat64> deviation,
      Operand<TFloat64> weight) {}

  private final Operand<TFloat32> clean;
  private final Operand<TFloat64> unguided;
  private final Operand<TFloat64> shifted;
  private final Operand<TFloat64> interpolated;
  private final Operand<TFloat32> influences;

  ReverseStep(Ops tf, TarDiffModel model, Networks networks, Inputs in) {
    List<Operand<TFloat64>> c =
        new ArrayList<>(tf.unstack(in.coefficients(), (long) COEFFICIENTS).output());
    Operand<TFloat64> signal = c.get(0);
    Operand<TFloat64> noise = c.get(1);
    Operand<TFloat64> fromClean = c.get(2);
    Operand<TFloat64> fromNoisy = c.get(3);
    Operand<TFloat64> variance = c.get(4);

    Denoiser<TFloat32> denoiser =
        new Denoiser<>(
            tf,
            TFloat32.class,
            networks.denoiser(),
            model.denoiser().network(),
            model.spec().classes(),
            model.denoiser().noiseSchedule());
    Operand<TFloat64> eps =
        tf.dtypes.cast(
            denoiser.noise(tf.dtypes.cast(in.x(), TFloat32.class), in.noiseStep(), in.label()),
            TFloat64.class);
    Operand<TFloat64> predicted = tf.math.div(tf.math.sub(in.x(), tf.math.mul(noise, eps)), signal);
    Operand<TFloat64> x0 =
        tf.math.maximum(
            tf.constant(wide(model.normaliser().low())),
            tf.math.minimum(tf.constant(wide(model.normaliser().high())), predicted));
    unguided =
        tf.math.add(
            tf.math.add(tf.math.mul(fromClean, x0), tf.math.mul(fromNoisy, in.x())),
            tf.math.mul(in.deviation(), tf.dtypes.cast(in.z(), TFloat64.class)));

    // The influence is taken at the predicted clean window as it stands: not through the denoiser.
    clean = tf.stopGradient(tf.dtypes.cast(x0, TFloat32.class));
    Operand<TFloat32> oneHot =
        tf.oneHot(
            in.label(), tf.constant(model.spec().classes()), tf.constant(1f), tf.constant(0f));
    TargetClassifier<TFloat32> classifier =
        new TargetClassifier<>(
            tf,
            TFloat32.class,
            networks.classifier(),
            model.classifier(),
            model.spec().classes(),
            Layers.Order.FIRST);
    Influence<TFloat32> influence =
        new Influence<>(
            tf,
            TFloat32.class,
            classifier,
            networks.classifier(),
            networks.direction(),
            clean,
            oneHot);
    influences = influence.values();
    Operand<TFloat64> g = tf.dtypes.cast(influence.gradient(), TFloat64.class);
    Operand<TFloat64> meanSquare = tf.math.mean(tf.math.square(g), tf.constant(new int[] {1, 2}));
    Operand<TFloat64> rms =
        tf.reshape(
            tf.math.sqrt(tf.math.maximum(meanSquare, tf.constant(1e-40))),
            tf.constant(new int[] {-1, 1, 1}));
    shifted =
        tf.math.add(unguided, tf.math.mul(tf.math.mul(in.weight(), variance), tf.math.div(g, rms)));
    interpolated =
        tf.math.add(
            tf.math.mul(tf.math.sub(tf.constant(1.0), in.weight()), unguided),
            tf.math.mul(in.weight(), g));
  }

  /** The numbers of a step but for its deviation, in the order that a graph is fed them. */
  static double[] coefficients(ReverseProcess.Step step) {
    return new double[] {
      step.signal(), step.noise(), step.fromClean(), step.fromNoisy(), step.posteriorVariance()
    };
  }

  /** The less noisy windows, {@code [batch, steps, channels]}. */
  Operand<TFloat64> next(Guidance.Rule rule) {
    return switch (rule) {
      case NONE -> unguided;
      case MEAN_SHIFT -> shifted;
      case INTERPOLATION -> interpolated;
    };
  }

  /** The predicted clean windows; may be fed instead. */
  Operand<TFloat32> clean() {
    return clean;
  }

  /** Influence of the clean windows, {@code [batch]}. */
  Operand<TFloat32> influences() {
    return influences;
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
