package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.ChannelScale;
import io.tardiff.cohort.Filling;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.ReverseProcess;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.influence.CandidateChoice;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.GuidanceRule;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.tensorflow.Devices;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.DenoiserLayout;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * Draws samples from a model: runs the reverse process, guided by the influence on the target
 * classifier or towards the moments of real windows if requested. Each {@link GuidedStep} is one
 * run of the graph. Thread-safe.
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

  private static final Logger LOG = LoggerFactory.getLogger(GuidedSampler.class);

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
  private final @Nullable Placeholder<TFloat32> coefficients;
  private final GuidedStep step;

  GuidedSampler(TarDiffModel model, GenerationConfig config) {
    config.checkLabelGuidance(model);
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
    List<Integer> points = config.matchesMoments() ? Moments.points(model) : List.of();
    List<Parameters<TFloat32>> classifiers = new ArrayList<>();
    points.forEach(point -> classifiers.add(new Parameters<>(tf, TFloat32.class)));
    GuidedStep.Tilt tilt = null;
    coefficients =
        points.isEmpty()
            ? null
            : tf.placeholder(
                TFloat32.class,
                Placeholder.shape(Shape.of(model.spec().classes(), Moments.features(model))));
    if (coefficients != null) {
      tilt = new GuidedStep.Tilt(classifiers, coefficients);
    }
    step =
        new GuidedStep(
            tf,
            model,
            new GuidedStep.Networks(denoiser, phi, direction),
            new ReverseStep.Inputs(
                x,
                z,
                label,
                config.labelGuidance(),
                noiseStep,
                ReverseStep.Coefficients.of(tf, scalars, deviation)),
            weight,
            tilt);

    session = new GraphSession(graph);
    try {
      denoiser.load(session, model.denoiserWeights());
      int epoch = config.guidanceEpoch(model);
      phi.load(session, model.classifierWeights(epoch));
      direction.load(session, model.guidanceDirection(epoch));
      for (int i = 0; i < points.size(); i++) {
        classifiers.get(i).load(session, model.classifierWeights(points.get(i)));
      }
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Leases the sampler of this JVM for a model and configuration. */
  static SharedInstances.Lease<GuidedSampler> lease(TarDiffModel model, GenerationConfig config) {
    return SharedInstances.acquire(
        key(model, config),
        () -> {
          LOG.info("TensorFlow uses {}", Devices.describe());
          return new GuidedSampler(model, config);
        });
  }

  static String key(TarDiffModel model, GenerationConfig config) {
    return String.join(
        "|",
        GuidedSampler.class.getName(),
        model.directory(),
        model.id(),
        config.samplerHash(),
        String.valueOf(config.seed()),
        String.valueOf(config.matchesMoments()));
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

  /**
   * How samples are steered.
   *
   * @param tilt coefficients of rules that match moments, {@code [classes, features]}; else empty
   */
  record Steer(Guidance.Rule rule, double scale, float[] tilt) {
    static Steer by(Guidance guidance, float[] tilt) {
      return new Steer(guidance.rule(), guidance.scale(), tilt);
    }

    /** No guidance, or guidance by influence. */
    static Steer by(Guidance guidance) {
      return by(guidance, new float[0]);
    }

    /** Returns the logarithm of the weight of a window by its features, up to a constant. */
    private double ofFeatures(int label, double[] features) {
      double sum = 0;
      for (int k = 0; k < features.length; k++) {
        sum += tilt[label * features.length + k] * features[k];
      }
      return sum;
    }
  }

  /** Draws {@code count} samples of a label, with ids from {@code firstId}. */
  List<Drawn> draw(Steer steer, int drawnLabel, long firstId, int count) {
    checkArgument(count >= 1, "count must be at least 1, was %s", count);
    int[] labels = new int[count];
    Arrays.fill(labels, drawnLabel);
    return draw(steer, labels, LongStream.range(firstId, firstId + count).toArray());
  }

  /**
   * Draws samples of any ids and labels.
   *
   * @param drawnLabels label of each sample
   * @param drawnIds id of each sample
   */
  List<Drawn> draw(Steer steer, int[] drawnLabels, long[] drawnIds) {
    int count = drawnIds.length;
    int[] labels = padded(drawnLabels);
    Sampled sampled = sample(steer, labels, drawnIds);
    Finished finished = sampled.finished();
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
              drawnIds[i],
              Arrays.copyOfRange(finished.values(), i * size, (i + 1) * size),
              Arrays.copyOfRange(finished.mask(), i * size, (i + 1) * size),
              Arrays.copyOfRange(finished.statics(), i * statics, (i + 1) * statics),
              sampled.before()[i],
              after[i]));
    }
    return drawn;
  }

  /**
   * Draws samples and returns the features whose moments are matched, {@code [count][features]}.
   */
  double[][] drawFeatures(Steer steer, int drawnLabel, long firstId, int count) {
    int[] labels = new int[count];
    Arrays.fill(labels, drawnLabel);
    long[] ids = LongStream.range(firstId, firstId + count).toArray();
    return features(sample(steer, padded(labels), ids).finished().state(), count);
  }

  /**
   * Returns the features of real windows as the denoiser sees them, {@code [count][features]}.
   *
   * @param encoded at most a sampling batch of windows
   */
  double[][] features(float[] encoded, int count) {
    float[] rowsOf =
        session
            .step()
            .feed(step.clean(), Arrays.copyOf(encoded, rows * stride))
            .fetch(step.features())
            .run()[0];
    double[][] features = new double[count][rowsOf.length / rows];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < features[i].length; k++) {
        features[i][k] = rowsOf[i * features[i].length + k];
      }
    }
    return features;
  }

  /** Pads labels, so that every run of the graph has the same size. */
  private int[] padded(int[] labels) {
    checkArgument(
        labels.length >= 1 && labels.length <= config.samplingBatch(),
        "count must be from 1 to %s, was %s",
        config.samplingBatch(),
        labels.length);
    int[] all = Arrays.copyOf(labels, rows);
    Arrays.fill(all, labels.length, rows, labels[labels.length - 1]);
    return all;
  }

  private record Sampled(Finished finished, float[] before) {
    /** Replaces a window by that of another run. */
    void copy(Sampled other, int window) {
      finished.copy(other.finished, window, before.length);
      before[window] = other.before[window];
    }
  }

  private Sampled sample(Steer steer, int[] labels, long[] drawnIds) {
    if (steer.rule() != Guidance.Rule.CANDIDATES) {
      return run(steer, labels, drawnIds, 0);
    }
    return steer.scale() == 0
        ? run(Steer.by(Guidance.none()), labels, drawnIds, 0)
        : choose(steer, labels, drawnIds);
  }

  /** Draws candidates of each sample without guidance, and keeps one of them. */
  private Sampled choose(Steer steer, int[] labels, long[] drawnIds) {
    double[] best = new double[drawnIds.length];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    Sampled kept = null;
    for (int candidate = 0; candidate < config.candidates(); candidate++) {
      Sampled next = run(Steer.by(Guidance.none()), labels, drawnIds, candidate);
      kept = kept == null ? next : kept;
      double[][] features = features(next.finished().state(), drawnIds.length);
      for (int i = 0; i < drawnIds.length; i++) {
        double score =
            CandidateChoice.score(
                steer.scale() * steer.ofFeatures(labels[i], features[i]),
                config.seed(),
                drawnIds[i],
                candidate);
        // Never if it is not finite.
        if (score > best[i]) {
          best[i] = score;
          kept.copy(next, i);
        }
      }
    }
    return kept;
  }

  /**
   * @param candidate number of the candidate of each sample, from 0
   */
  private Sampled run(Steer steer, int[] labels, long[] drawnIds, int candidate) {
    int count = drawnIds.length;
    // Pad with further ids, so that every run of the graph has the same size.
    long[] ids = Arrays.copyOf(drawnIds, rows);
    for (int i = count; i < rows; i++) {
      ids[i] = ids[i - 1] + 1;
    }
    float[] initial = noise(ids, 0, candidate);
    double[] state = new double[initial.length];
    for (int i = 0; i < state.length; i++) {
      state[i] = initial[i];
    }
    float[] before = null;
    GuidanceRule rule = steer.rule().onGraph();
    int number = 0;
    for (ReverseProcess.Step next : process.steps()) {
      number++;
      double alphaBar = next.signal() * next.signal();
      // A step that a rule leaves alone, whatever the scale, costs no gradient.
      boolean isGuided = steer.rule() != Guidance.Rule.NONE && rule.weight(1, alphaBar) != 0;
      int[] noiseSteps = new int[rows];
      Arrays.fill(noiseSteps, next.noiseStep());
      GraphSession.Step run =
          session
              .step()
              .feed(x, state)
              .feed(z, noise(ids, number, candidate))
              .feed(label, labels)
              .feed(noiseStep, noiseSteps)
              .feed(scalars, ReverseStep.Coefficients.scalars(next))
              .feed(deviation, next.deviation());
      if (isGuided) {
        run.feed(weight, rule.weight(steer.scale(), alphaBar));
        if (steer.rule() == Guidance.Rule.MOMENT) {
          run.feed(coefficients, steer.tilt());
        }
      }
      run.fetch(step.next(isGuided ? steer.rule() : Guidance.Rule.NONE));
      // Steps by influence compute it anyway, and fewer sets of fetches mean fewer graphs.
      boolean fetchesInfluences = before == null || (isGuided && steer.rule().followsInfluence());
      double[][] out =
          fetchesInfluences ? run.fetch(step.influences()).runDoubles() : run.runDoubles();
      state = out[0];
      if (before == null) {
        before = toFloats(out[1]);
      }
    }
    return new Sampled(finish(toFloats(state)), before);
  }

  /**
   * Samples as they are delivered.
   *
   * @param values clinical units, on the scale of each channel, with gaps filled
   * @param state the same in the units and channels of the denoiser
   */
  private record Finished(float[] values, boolean[] mask, float[] statics, float[] state) {
    /** Replaces a window by that of another run. */
    private void copy(Finished other, int window, int rows) {
      copy(other.values, values, values.length / rows, window);
      copy(other.mask, mask, mask.length / rows, window);
      copy(other.statics, statics, statics.length / rows, window);
      copy(other.state, state, state.length / rows, window);
    }

    private static void copy(Object from, Object to, int size, int window) {
      System.arraycopy(from, window * size, to, window * size, size);
    }
  }

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

  /**
   * Returns the noise of step {@code number} (0: initial), which depends only on seed, id and
   * candidate. The first candidate is the sample of other rules.
   */
  private float[] noise(long[] ids, int number, int candidate) {
    float[] values = new float[rows * stride];
    String purpose = candidate == 0 ? "sampling noise" : "sampling noise " + candidate;
    for (int i = 0; i < rows; i++) {
      Seeds.fillGaussian(values, i * stride, stride, config.seed(), purpose, ids[i], number);
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
