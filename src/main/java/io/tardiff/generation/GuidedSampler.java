package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.diffusion.Denoiser;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.ReverseProcess;
import io.tardiff.influence.Influence;
import io.tardiff.influence.TargetClassifier;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * Draws samples from a model: the reverse process, with the influence of the target classifier in
 * every step where guidance is asked for.
 *
 * <p>One reverse step is one run of one TensorFlow graph:
 *
 * <pre>
 *   eps = denoiser(x, t, y)                            float32
 *   x0  = clamp((x - noise eps) / signal)              float64, to the range of train
 *   x'  = fromClean x0 + fromNoisy x + deviation z
 *   g   = d/dx0 sum_i J(x0_i, y_i)                     float32, where guided
 *   mean shift:     x' + w var g / rms(g)
 *   interpolation:  (1 - w) x' + w g
 * </pre>
 *
 * <p>May be used by several threads at once.
 */
final class GuidedSampler implements AutoCloseable {

  /** A finished sample in clinical units, and its influence at both ends. */
  record Drawn(long id, float[] values, float influenceBefore, float influenceAfter) {}

  private final TarDiffModel model;
  private final GenerationConfig config;
  private final ReverseProcess process;
  private final int batch;
  private final int stride;

  private final GraphSession session;
  private final Placeholder<TFloat64> x;
  private final Placeholder<TFloat32> z;
  private final Placeholder<TInt32> label;
  private final Placeholder<TInt32> noiseStep;
  private final Placeholder<TFloat64> coefficients;
  private final Placeholder<TFloat64> deviation;
  private final Placeholder<TFloat64> weight;
  private final Operand<TFloat32> clean;
  private final Operand<TFloat64> unguided;
  private final Operand<TFloat64> shifted;
  private final Operand<TFloat64> interpolated;
  private final Operand<TFloat32> influences;

  GuidedSampler(TarDiffModel model, GenerationConfig config) {
    this.model = model;
    this.config = config;
    NoiseSchedule schedule =
        NoiseSchedule.of(model.denoiser().schedule(), model.denoiser().noiseSteps());
    int channels = model.spec().channels().size();
    double[][] noiseError =
        config.varianceCorrection() ? model.noiseError() : new double[schedule.steps()][channels];
    this.process = ReverseProcess.of(schedule, config.steps(), config.eta(), noiseError);
    this.batch = config.batch();
    this.stride = model.spec().size();
    int steps = model.spec().steps();

    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Shape windows = Shape.of(batch, steps, channels);
    x = tf.placeholder(TFloat64.class, Placeholder.shape(windows));
    z = tf.placeholder(TFloat32.class, Placeholder.shape(windows));
    label = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(batch)));
    noiseStep = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(batch)));
    coefficients = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(5)));
    deviation = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(channels)));
    weight = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
    List<Operand<TFloat64>> c = new ArrayList<>(tf.unstack(coefficients, 5L).output());
    Operand<TFloat64> signal = c.get(0);
    Operand<TFloat64> noise = c.get(1);
    Operand<TFloat64> fromClean = c.get(2);
    Operand<TFloat64> fromNoisy = c.get(3);
    Operand<TFloat64> variance = c.get(4);

    Parameters<TFloat32> denoiserWeights = new Parameters<>(tf, TFloat32.class);
    Denoiser<TFloat32> denoiser =
        new Denoiser<>(
            tf,
            TFloat32.class,
            denoiserWeights,
            model.denoiser().network(),
            model.spec().classes(),
            schedule.steps());
    Operand<TFloat64> eps =
        tf.dtypes.cast(
            denoiser.noise(tf.dtypes.cast(x, TFloat32.class), noiseStep, label), TFloat64.class);
    Operand<TFloat64> predicted = tf.math.div(tf.math.sub(x, tf.math.mul(noise, eps)), signal);
    Operand<TFloat64> x0 =
        tf.math.maximum(
            tf.constant(wide(model.normaliser().low())),
            tf.math.minimum(tf.constant(wide(model.normaliser().high())), predicted));
    unguided =
        tf.math.add(
            tf.math.add(tf.math.mul(fromClean, x0), tf.math.mul(fromNoisy, x)),
            tf.math.mul(deviation, tf.dtypes.cast(z, TFloat64.class)));

    // The influence is taken at the predicted clean window as it stands: not through the denoiser.
    clean = tf.stopGradient(tf.dtypes.cast(x0, TFloat32.class));
    Operand<TFloat32> oneHot =
        tf.oneHot(label, tf.constant(model.spec().classes()), tf.constant(1f), tf.constant(0f));
    Parameters<TFloat32> phi = new Parameters<>(tf, TFloat32.class);
    Parameters<TFloat32> direction = new Parameters<>(tf, TFloat32.class);
    TargetClassifier<TFloat32> classifier =
        new TargetClassifier<>(
            tf,
            TFloat32.class,
            phi,
            model.classifier(),
            model.spec().classes(),
            Layers.Order.FIRST);
    Influence<TFloat32> influence =
        new Influence<>(tf, TFloat32.class, classifier, phi, direction, clean, oneHot);
    influences = influence.values();
    Operand<TFloat64> g = tf.dtypes.cast(influence.gradient(), TFloat64.class);
    Operand<TFloat64> meanSquare = tf.math.mean(tf.math.square(g), tf.constant(new int[] {1, 2}));
    Operand<TFloat64> rms =
        tf.reshape(
            tf.math.sqrt(tf.math.maximum(meanSquare, tf.constant(1e-40))),
            tf.constant(new int[] {batch, 1, 1}));
    shifted =
        tf.math.add(unguided, tf.math.mul(tf.math.mul(weight, variance), tf.math.div(g, rms)));
    interpolated =
        tf.math.add(
            tf.math.mul(tf.math.sub(tf.constant(1.0), weight), unguided), tf.math.mul(weight, g));

    session = new GraphSession(graph);
    try {
      denoiserWeights.load(session, model.denoiserWeights());
      int epoch = guidanceEpoch(model, config);
      phi.load(session, model.classifierWeights(epoch));
      direction.load(session, model.guidanceDirection(epoch));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** The epoch of the target classifier that guides. */
  static int guidanceEpoch(TarDiffModel model, GenerationConfig config) {
    return config.guidanceAt() == GenerationConfig.BEST ? model.bestEpoch() : config.guidanceAt();
  }

  /** Draws {@code count} samples of a label, ids from {@code firstId} on. */
  List<Drawn> draw(Guidance guidance, int drawnLabel, long firstId, int count) {
    checkArgument(count >= 1 && count <= batch, "count must be from 1 to %s, was %s", batch, count);
    // Filled up with further ids, so that every run of the graph has the same size.
    int[] labels = new int[batch];
    Arrays.fill(labels, drawnLabel);
    float[] fresh = noise(firstId, 0);
    double[] state = new double[fresh.length];
    for (int i = 0; i < state.length; i++) {
      state[i] = fresh[i];
    }
    float[] before = null;
    int number = 0;
    for (ReverseProcess.Step step : process.steps()) {
      number++;
      int[] at = new int[batch];
      Arrays.fill(at, step.noiseStep());
      GraphSession.Step run =
          session
              .step()
              .feed(x, state)
              .feed(z, noise(firstId, number))
              .feed(label, labels)
              .feed(noiseStep, at)
              .feed(
                  coefficients,
                  step.signal(),
                  step.noise(),
                  step.fromClean(),
                  step.fromNoisy(),
                  step.posteriorVariance())
              .feed(deviation, step.deviation());
      switch (guidance.rule()) {
        case NONE -> run.fetch(unguided);
        case MEAN_SHIFT -> run.feed(weight, guidance.scale()).fetch(shifted);
        case INTERPOLATION -> run.feed(weight, guidance.scale()).fetch(interpolated);
      }
      // A guided step computes the influences anyway; each choice of fetches is a graph to prepare.
      boolean influenced = before == null || guidance.isGuided();
      double[][] out = influenced ? run.fetch(influences).runDoubles() : run.runDoubles();
      state = out[0];
      if (before == null) {
        before = narrow(out[1]);
      }
    }
    float[] values = narrow(state);
    float[] after =
        session.step().feed(clean, values).feed(label, labels).fetch(influences).run()[0];
    List<Drawn> drawn = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] window = Arrays.copyOfRange(values, i * stride, (i + 1) * stride);
      model.normaliser().denormalise(window);
      drawn.add(new Drawn(firstId + i, window, before[i], after[i]));
    }
    return drawn;
  }

  /** Noise of step {@code number} (0 is the start) for every row: a function of seed and id. */
  private float[] noise(long firstId, int number) {
    float[] values = new float[batch * stride];
    for (int i = 0; i < batch; i++) {
      Seeds.fillGaussian(
          values, i * stride, stride, config.seed(), "sampling noise", firstId + i, number);
    }
    return values;
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  @Override
  public void close() {
    session.close();
  }
}
