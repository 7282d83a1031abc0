package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.ReverseProcess;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.influence.Guidance;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
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
 * <p>One {@link GuidedStep} is one run of one TensorFlow graph.
 *
 * <p>May be used by several threads at once.
 */
final class GuidedSampler implements AutoCloseable {
  /**
   * Runs have a multiple of this many rows: matrix kernels round the rest of a block otherwise, and
   * a sample must not depend on its place in a run.
   */
  private static final int BLOCK = 16;

  /** A finished sample in clinical units, and its influence at both ends. */
  record Drawn(long id, float[] values, float influenceBefore, float influenceAfter) {}

  private final TarDiffModel model;
  private final GenerationConfig config;
  private final ReverseProcess process;
  private final int rows;
  private final int stride;

  private final GraphSession session;
  private final Placeholder<TFloat64> x;
  private final Placeholder<TFloat32> z;
  private final Placeholder<TInt32> label;
  private final Placeholder<TInt32> noiseStep;
  private final Placeholder<TFloat64> scalars;
  private final Placeholder<TFloat64> deviation;
  private final Placeholder<TFloat64> weight;
  private final GuidedStep step;

  GuidedSampler(TarDiffModel model, GenerationConfig config) {
    this.model = model;
    this.config = config;
    this.process = process(model, config);
    this.rows = (config.samplingBatch() + BLOCK - 1) / BLOCK * BLOCK;
    this.stride = model.spec().size();
    int steps = model.spec().steps();
    int channels = model.spec().channels().size();

    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Shape windows = Shape.of(rows, steps, channels);
    x = tf.placeholder(TFloat64.class, Placeholder.shape(windows));
    z = tf.placeholder(TFloat32.class, Placeholder.shape(windows));
    label = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(rows)));
    noiseStep = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(rows)));
    scalars =
        tf.placeholder(
            TFloat64.class, Placeholder.shape(Shape.of(ReverseStep.Coefficients.SCALARS)));
    deviation = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(channels)));
    weight = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
    Parameters<TFloat32> denoiser = new Parameters<>(tf, TFloat32.class);
    Parameters<TFloat32> phi = new Parameters<>(tf, TFloat32.class);
    Parameters<TFloat32> direction = new Parameters<>(tf, TFloat32.class);
    step =
        new GuidedStep(
            tf,
            model,
            new GuidedStep.Networks(denoiser, phi, direction),
            new ReverseStep.Inputs(
                x, z, label, noiseStep, ReverseStep.Coefficients.of(tf, scalars, deviation)),
            weight);

    session = new GraphSession(graph);
    try {
      denoiser.load(session, model.denoiserWeights());
      int epoch = config.guidanceEpoch(model);
      phi.load(session, model.classifierWeights(epoch));
      direction.load(session, model.guidanceDirection(epoch));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** The steps that a configuration asks for. */
  static ReverseProcess process(TarDiffModel model, GenerationConfig config) {
    NoiseSchedule schedule = model.denoiser().noiseSchedule();
    double[][] noiseError =
        config.varianceCorrection()
            ? model.noiseError()
            : new double[schedule.steps()][model.spec().channels().size()];
    return ReverseProcess.of(schedule, config.samplingSteps(), config.eta(), noiseError);
  }

  /** Draws {@code count} samples of a label, ids from {@code firstId} on. */
  List<Drawn> draw(Guidance guidance, int drawnLabel, long firstId, int count) {
    return draw(guidance.rule(), guidance.scale(), drawnLabel, firstId, count);
  }

  List<Drawn> draw(Guidance.Rule rule, double scale, int drawnLabel, long firstId, int count) {
    boolean isGuided = rule != Guidance.Rule.NONE;
    checkArgument(
        count >= 1 && count <= config.samplingBatch(),
        "count must be from 1 to %s, was %s",
        config.samplingBatch(),
        count);
    // Filled up with further ids, so that every run of the graph has the same size.
    int[] labels = new int[rows];
    Arrays.fill(labels, drawnLabel);
    float[] fresh = noise(firstId, 0);
    double[] state = new double[fresh.length];
    for (int i = 0; i < state.length; i++) {
      state[i] = fresh[i];
    }
    float[] before = null;
    int number = 0;
    for (ReverseProcess.Step next : process.steps()) {
      number++;
      int[] at = new int[rows];
      Arrays.fill(at, next.noiseStep());
      GraphSession.Step run =
          session
              .step()
              .feed(x, state)
              .feed(z, noise(firstId, number))
              .feed(label, labels)
              .feed(noiseStep, at)
              .feed(scalars, ReverseStep.Coefficients.scalars(next))
              .feed(deviation, next.deviation());
      if (isGuided) {
        run.feed(weight, scale);
      }
      run.fetch(step.next(rule));
      // A guided step computes the influences anyway; each choice of fetches is a graph to prepare.
      boolean influenced = before == null || isGuided;
      double[][] out = influenced ? run.fetch(step.influences()).runDoubles() : run.runDoubles();
      state = out[0];
      if (before == null) {
        before = narrow(out[1]);
      }
    }
    float[] values = narrow(state);
    float[] after =
        session
            .step()
            .feed(step.clean(), values)
            .feed(label, labels)
            .fetch(step.influences())
            .run()[0];
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
    float[] values = new float[rows * stride];
    for (int i = 0; i < rows; i++) {
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

  @Override
  public void close() {
    session.close();
  }
}
