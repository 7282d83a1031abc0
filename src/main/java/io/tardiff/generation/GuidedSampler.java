package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.ChannelScale;
import io.tardiff.cohort.Filling;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.ReverseProcess;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.influence.Guidance;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.DenoiserLayout;
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

  /**
   * A finished sample, with its influence before and after.
   *
   * @param values clinical units, {@code [steps, channels]}
   * @param mask all true if the denoiser makes no masks
   * @param statics clinical units, NaN if unknown; empty if the denoiser makes none
   */
  record Drawn(
      long id,
      float[] values,
      boolean[] mask,
      float[] statics,
      float influenceBefore,
      float influenceAfter) {

    /** Returns the window of the sample. */
    SyntheticWindow window(int label) {
      return new SyntheticWindow(id, label, values, mask, statics);
    }
  }

  private final TarDiffModel model;
  private final GenerationConfig config;
  private final ReverseProcess process;
  private final int rows;
  private final DenoiserLayout layout;
  private final int stride; // numbers per window of the denoiser

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
    int steps = model.spec().steps();
    this.layout = model.layout();
    int channels = layout.width();
    this.stride = steps * channels;

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
            : new double[schedule.steps()][model.layout().width()];
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
    Finished finished = finish(toFloats(state));
    // The influence after is that of the sample as it is delivered.
    float[] after =
        session
            .step()
            .feed(step.clean(), finished.state())
            .feed(label, labels)
            .fetch(step.influences())
            .run()[0];
    List<Drawn> drawn = new ArrayList<>(count);
    int size = model.spec().size();
    int statics = layout.statics().size();
    for (int i = 0; i < count; i++) {
      drawn.add(
          new Drawn(
              ids[i],
              Arrays.copyOfRange(finished.values(), i * size, (i + 1) * size),
              Arrays.copyOfRange(finished.mask(), i * size, (i + 1) * size),
              Arrays.copyOfRange(finished.statics(), i * statics, (i + 1) * statics),
              before[i],
              after[i]));
    }
    return drawn;
  }

  /**
   * Samples as they are delivered.
   *
   * @param values clinical units, on the scale of each channel, with gaps filled
   * @param state the same in the units and channels of the denoiser
   */
  private record Finished(float[] values, boolean[] mask, float[] statics, float[] state) {}

  private Finished finish(float[] state) {
    int channels = model.spec().channels().size();
    float[] network = layout.values(state);
    boolean[] mask = layout.mask(state);
    float[] statics = layout.statics(state);
    float[] values = network.clone();
    model.normaliser().denormalise(values);
    List<ChannelScale> scales = model.scales();
    ChannelScale.round(scales, values);
    if (model.isMasked()) {
      fillGaps(values, mask);
    }
    float[] delivered = values.clone();
    model.normaliser().normalise(delivered);
    for (int i = 0; i < network.length; i++) {
      if (scales.get(i % channels).resolution() > 0 || !mask[i]) {
        network[i] = delivered[i];
      }
    }
    return new Finished(values, mask, statics, layout.encode(network, mask, statics));
  }

  private void fillGaps(float[] values, boolean[] mask) {
    Filling filling = model.filling().orElseThrow();
    int size = model.spec().size();
    for (int at = 0; at < values.length; at += size) {
      float[] window = Arrays.copyOfRange(values, at, at + size);
      filling.fill(window, Arrays.copyOfRange(mask, at, at + size));
      System.arraycopy(window, 0, values, at, size);
    }
  }

  /** Returns the noise of step {@code number} (0: initial), which depends only on seed and id. */
  private float[] noise(long[] ids, int number) {
    float[] values = new float[rows * stride];
    for (int i = 0; i < rows; i++) {
      Seeds.fillGaussian(
          values, i * stride, stride, config.seed(), "sampling noise", ids[i], number);
    }
    layout.holdConstant(values);
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
