package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.ChannelScale;
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
import java.util.stream.LongStream;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * Draws samples from a model: runs the reverse process, guided by the influence on the target
 * classifier if requested. Each {@link GuidedStep} is one run of the graph. Thread-safe.
 */
final class GuidedSampler implements AutoCloseable {
  /**
   * The number of rows of a run is a multiple of this. Matrix kernels round rows outside of whole
   * blocks differently, and a sample must not depend on its position in a run.
   */
  private static final int BLOCK = 16;

  /** A finished sample in clinical units, with its influence before and after. */
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

  /** Returns the reverse process of a configuration. */
  static ReverseProcess process(TarDiffModel model, GenerationConfig config) {
    NoiseSchedule schedule = model.denoiser().noiseSchedule();
    double[][] noiseError =
        config.varianceCorrection()
            ? model.noiseError()
            : new double[schedule.steps()][model.spec().channels().size()];
    return ReverseProcess.of(schedule, config.samplingSteps(), config.eta(), noiseError);
  }

  /** Draws {@code count} samples of a label, with ids from {@code firstId}. */
  List<Drawn> draw(Guidance guidance, int drawnLabel, long firstId, int count) {
    return draw(guidance.rule(), guidance.scale(), drawnLabel, firstId, count);
  }

  List<Drawn> draw(Guidance.Rule rule, double scale, int drawnLabel, long firstId, int count) {
    checkArgument(count >= 1, "count must be at least 1, was %s", count);
    int[] labels = new int[count];
    Arrays.fill(labels, drawnLabel);
    return draw(rule, scale, labels, LongStream.range(firstId, firstId + count).toArray());
  }

  /**
   * Draws samples of any ids and labels.
   *
   * @param drawnLabels label of each sample
   * @param drawnIds id of each sample
   */
  List<Drawn> draw(Guidance.Rule rule, double scale, int[] drawnLabels, long[] drawnIds) {
    int count = drawnIds.length;
    boolean isGuided = rule != Guidance.Rule.NONE;
    checkArgument(
        count >= 1 && count <= config.samplingBatch(),
        "count must be from 1 to %s, was %s",
        config.samplingBatch(),
        count);
    // Pad with further ids, so that every run of the graph has the same size.
    int[] labels = Arrays.copyOf(drawnLabels, rows);
    long[] ids = Arrays.copyOf(drawnIds, rows);
    for (int i = count; i < rows; i++) {
      labels[i] = labels[count - 1];
      ids[i] = ids[i - 1] + 1;
    }
    float[] initial = noise(ids, 0);
    double[] state = new double[initial.length];
    for (int i = 0; i < state.length; i++) {
      state[i] = initial[i];
    }
    float[] before = null;
    int number = 0;
    for (ReverseProcess.Step next : process.steps()) {
      number++;
      int[] noiseSteps = new int[rows];
      Arrays.fill(noiseSteps, next.noiseStep());
      GraphSession.Step run =
          session
              .step()
              .feed(x, state)
              .feed(z, noise(ids, number))
              .feed(label, labels)
              .feed(noiseStep, noiseSteps)
              .feed(scalars, ReverseStep.Coefficients.scalars(next))
              .feed(deviation, next.deviation());
      if (isGuided) {
        run.feed(weight, scale);
      }
      run.fetch(step.next(rule));
      // Guided steps compute the influences anyway, and fewer sets of fetches mean fewer graphs.
      boolean fetchesInfluences = before == null || isGuided;
      double[][] out =
          fetchesInfluences ? run.fetch(step.influences()).runDoubles() : run.runDoubles();
      state = out[0];
      if (before == null) {
        before = toFloats(out[1]);
      }
    }
    float[] values = toFloats(state);
    float[] clinical = roundToScales(values);
    float[] after =
        session
            .step()
            .feed(step.clean(), values)
            .feed(label, labels)
            .fetch(step.influences())
            .run()[0];
    List<Drawn> drawn = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] window = Arrays.copyOfRange(clinical, i * stride, (i + 1) * stride);
      drawn.add(new Drawn(ids[i], window, before[i], after[i]));
    }
    return drawn;
  }

  /**
   * Returns windows in clinical units, rounded to the scale of each channel, and rounds {@code
   * values}, in network units, too: the influence is that of the sample as it is delivered.
   */
  private float[] roundToScales(float[] values) {
    float[] clinical = values.clone();
    model.normaliser().denormalise(clinical);
    List<ChannelScale> scales = model.scales();
    ChannelScale.round(scales, clinical);
    float[] rounded = clinical.clone();
    model.normaliser().normalise(rounded);
    for (int i = 0; i < values.length; i++) {
      if (scales.get(i % scales.size()).resolution() > 0) {
        values[i] = rounded[i];
      }
    }
    return clinical;
  }

  /** Returns the noise of step {@code number} (0: initial), which depends only on seed and id. */
  private float[] noise(long[] ids, int number) {
    float[] values = new float[rows * stride];
    for (int i = 0; i < rows; i++) {
      Seeds.fillGaussian(
          values, i * stride, stride, config.seed(), "sampling noise", ids[i], number);
    }
    return values;
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Override
  public void close() {
    session.close();
  }
}
