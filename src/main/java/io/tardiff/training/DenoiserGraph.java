package io.tardiff.training;

import io.tardiff.diffusion.Denoiser;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.tensorflow.Adam;
import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.MovingAverage;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The graph for training a denoiser: noise, prediction, loss, Adam and the moving average of the
 * weights in one step.
 *
 * <p>Stateless ops draw noise steps and noise from the seed of the step, so a step is a pure
 * function of the weights, the batch, the seed and the step number. The shape {@code [batch, steps,
 * channels]} is fixed.
 *
 * <p>The loss is the mean over all channels of the {@link DenoiserLayout}, without the values of
 * gaps and of unknown static covariates. A channel that is constant over time has constant noise.
 */
final class DenoiserGraph implements AutoCloseable {
  /** Number of training steps above which rewriting the graph pays off. */
  private static final int LONG_TRAINING = 1_000;

  private final DenoiserTraining training;
  private final DenoiserLayout layout;
  private final DenoiserLabels knownLabels;
  private final GraphSession session;
  private final Parameters<TFloat32> weights;
  private final Parameters<TFloat32> average;
  private final Adam<TFloat32> adam;
  private final MovingAverage<TFloat32> movingAverage;
  private final Placeholder<TFloat32> x;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TInt32> seed;
  private final Placeholder<TInt32> noiseStep;
  private final Operand<TFloat32> loss;
  private final Operand<TFloat32> averageLoss;
  private final Operand<TFloat32> squaredError;
  private final @Nullable Operand<TFloat32> measured;

  /**
   * @param trainingSteps number of training steps that this graph will run
   */
  DenoiserGraph(
      DenoiserTraining training,
      DenoiserLayout layout,
      DenoiserLabels knownLabels,
      int trainingSteps) {
    this.training = training;
    this.layout = layout;
    this.knownLabels = knownLabels;
    int classes = knownLabels.count();
    int steps = layout.steps();
    int width = layout.width();
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    int batch = training.batchSize();
    x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, steps, width)));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(batch)));
    seed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    // Measurements feed the noise steps; training draws them.
    noiseStep = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(batch)));
    Operand<TInt32> drawnStep =
        tf.random.statelessRandomUniformInt(
            tf.constant(new int[] {batch}),
            tf.math.add(seed, tf.constant(new int[] {0x5eed, 1})),
            tf.constant(0),
            tf.constant(training.noiseSteps()));
    Operand<TFloat32> noise =
        DenoiserLayoutOps.holdConstant(
            tf,
            layout,
            tf.random.statelessRandomNormal(tf.constant(new int[] {batch, steps, width}), seed));

    Operand<TFloat32> share = counted(tf, x, layout.countedBy());
    weights = new Parameters<>(tf, TFloat32.class);
    Operand<TFloat32> error = error(tf, weights, drawnStep, noise, classes);
    loss = meanLoss(tf, error, share);
    GradientTape<TFloat32> tape = new GradientTape<>(tf, TFloat32.class);
    adam = new Adam<>(tf, TFloat32.class, weights, tape.gradient(loss, weights.values()));

    average = new Parameters<>(tf, TFloat32.class);
    Operand<TFloat32> averageError = error(tf, average, noiseStep, noise, classes);
    averageLoss = meanLoss(tf, averageError, share);
    Operand<TFloat32> squares = tf.math.square(averageError);
    squaredError =
        tf.math.mean(share == null ? squares : tf.math.mul(squares, share), tf.constant(1));
    measured = share == null ? null : tf.math.mean(share, tf.constant(1));
    movingAverage = new MovingAverage<>(tf, TFloat32.class, average, adam);
    session =
        trainingSteps > LONG_TRAINING ? GraphSession.rewritten(graph) : new GraphSession(graph);
  }

  /** Returns predicted minus true noise, {@code [batch, steps, channels]}. */
  private Operand<TFloat32> error(
      Ops tf,
      Parameters<TFloat32> parameters,
      Operand<TInt32> t,
      Operand<TFloat32> noise,
      int classes) {
    NoiseSchedule schedule = training.noiseSchedule();
    Denoiser<TFloat32> denoiser =
        new Denoiser<>(
            tf,
            TFloat32.class,
            parameters,
            training.network(),
            classes,
            schedule,
            layout.constant());
    float[] signal = new float[schedule.steps()];
    float[] noisy = new float[schedule.steps()];
    for (int i = 0; i < signal.length; i++) {
      signal[i] = (float) Math.sqrt(schedule.alphaBar(i));
      noisy[i] = (float) Math.sqrt(1 - schedule.alphaBar(i));
    }
    Operand<TFloat32> xt =
        tf.math.add(
            tf.math.mul(x, perWindow(tf, signal, t)), tf.math.mul(noise, perWindow(tf, noisy, t)));
    return tf.math.sub(denoiser.noise(xt, t, labels), noise);
  }

  private static Operand<TFloat32> perWindow(Ops tf, float[] table, Operand<TInt32> t) {
    return tf.reshape(
        tf.gather(tf.constant(table), t, tf.constant(0)), tf.constant(new int[] {-1, 1, 1}));
  }

  /**
   * Returns 0 where a value does not count, otherwise 1, {@code [batch, steps, width]}; null if all
   * count.
   *
   * @param by {@link DenoiserLayout#countedBy}
   */
  private static @Nullable Operand<TFloat32> counted(Ops tf, Operand<TFloat32> x, int[] by) {
    if (Arrays.stream(by).allMatch(bit -> bit < 0)) {
      return null;
    }
    float[] always = new float[by.length];
    int[] bits = new int[by.length];
    for (int c = 0; c < by.length; c++) {
      always[c] = by[c] < 0 ? 1 : 0;
      bits[c] = Math.max(0, by[c]);
    }
    Operand<TFloat32> isSet =
        tf.dtypes.cast(
            tf.math.greater(tf.gather(x, tf.constant(bits), tf.constant(2)), tf.constant(0f)),
            TFloat32.class);
    return tf.math.maximum(isSet, tf.constant(always));
  }

  /**
   * @param counted which errors count, or null for all
   */
  private Operand<TFloat32> meanLoss(
      Ops tf, Operand<TFloat32> error, @Nullable Operand<TFloat32> counted) {
    Operand<TFloat32> each =
        training.loss() == DenoiserTraining.Loss.L1 ? tf.math.abs(error) : tf.math.square(error);
    Operand<TInt32> all = tf.constant(new int[] {0, 1, 2});
    return counted == null
        ? tf.math.mean(each, all)
        : tf.math.div(tf.sum(tf.math.mul(each, counted), all), tf.sum(counted, all));
  }

  /** Draws the initial weights from a seed; the average starts as a copy. */
  void initialise(long initialSeed) {
    Weights initial = weights.initial(initialSeed);
    weights.load(session, initial);
    average.load(session, initial);
    adam.slots().initialise(session, initialSeed);
  }

  /** Runs training step {@code t} (from 1) and returns the loss before the update. */
  float train(WindowBatch batch, long t, long runSeed) {
    GraphSession.Step step = adam.apply(session.step(), t, training.learningRateAt(t));
    return movingAverage
        .apply(step, t, training.emaDecay())
        .feed(x, batch.values())
        .feed(labels, knownLabels.drawn(batch.labels(), t, runSeed))
        .feed(seed, Seeds.pair(Seeds.derive(runSeed, "denoiser step", t)))
        .fetch(loss)
        .run()[0][0];
  }

  /**
   * Returns the loss of the averaged weights at the given noise steps, with noise from {@code
   * noiseSeed}.
   */
  float measure(WindowBatch batch, int[] noiseSteps, long noiseSeed) {
    return measurement(batch, noiseSteps, noiseSeed).fetch(averageLoss).run()[0][0];
  }

  /**
   * The squared errors of a batch.
   *
   * @param sum squared error of each window and channel, divided by the number of steps, {@code
   *     [batch, channels]}
   * @param share share of the steps that it is a sum of, of the same shape
   */
  record SquaredErrors(float[] sum, float[] share) {}

  /** Returns the squared errors of the averaged weights at the given noise steps. */
  SquaredErrors squaredErrors(WindowBatch batch, int[] noiseSteps, long noiseSeed) {
    GraphSession.Step run = measurement(batch, noiseSteps, noiseSeed).fetch(squaredError);
    if (measured != null) {
      float[][] out = run.fetch(measured).run();
      return new SquaredErrors(out[0], out[1]);
    }
    float[] sum = run.run()[0];
    float[] share = new float[sum.length];
    Arrays.fill(share, 1);
    return new SquaredErrors(sum, share);
  }

  private GraphSession.Step measurement(WindowBatch batch, int[] noiseSteps, long noiseSeed) {
    return session
        .step()
        .feed(x, batch.values())
        .feed(labels, batch.labels())
        .feed(noiseStep, noiseSteps)
        .feed(seed, Seeds.pair(noiseSeed));
  }

  /** Returns the averaged weights, which sampling uses. */
  Weights average() {
    return average.save(session);
  }

  /** Returns the state that the next step depends on. */
  DenoiserState state() {
    return new DenoiserState(
        weights.save(session), average.save(session), adam.slots().save(session));
  }

  void restore(DenoiserState state) {
    weights.load(session, state.weights());
    average.load(session, state.average());
    adam.slots().load(session, state.slots());
  }

  /** Sets the weights to those that several trainers have in common, by name. */
  void start(Map<String, OuterWeights> common) {
    weights.load(session, named(name -> common.get(name).values()));
  }

  /** Returns the current weights as common ones, with their velocity: 0 unless given by name. */
  DenoiserTrainer.Common common(Map<String, OuterWeights> given) {
    Weights values = weights.save(session);
    Weights velocity =
        named(
            name ->
                given.containsKey(name)
                    ? given.get(name).velocity()
                    : new float[values.get(name).values().length]);
    return new DenoiserTrainer.Common(values, velocity);
  }

  /** Sets the averaged weights by name. */
  void loadAverage(Map<String, float[]> values) {
    average.load(session, named(values::get));
  }

  private Weights named(Function<String, float[]> values) {
    return Weights.of(
        weights.initial(0).all().stream()
            .map(w -> new Weights.Weight(w.name(), w.shape(), values.apply(w.name())))
            .toList());
  }

  /** Returns the number of channels. */
  int width() {
    return layout.width();
  }

  long size() {
    return weights.size();
  }

  @Override
  public void close() {
    session.close();
  }

  /** Weights, their average and Adam's moments. */
  record DenoiserState(Weights weights, Weights average, Weights slots) {}
}
