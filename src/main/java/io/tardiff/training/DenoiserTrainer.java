package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.StaticCovariate;
import io.tardiff.progress.Progress;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The training loop of the denoiser on the train split of a cohort, and on its windows without a
 * label, independent of pipelines.
 *
 * <p>The result is a pure function of the cohort, the configuration and the seed, even if the loop
 * is interrupted and resumed from a {@link Checkpoint}.
 */
final class DenoiserTrainer {
  /** Number of measurements of the tuning loss in a run. */
  private static final int MEASUREMENTS = 20;

  /**
   * Passes over the tuning split, or the noise steps if there are more, to measure the noise error.
   */
  private static final int REPEATS = 8;

  /**
   * The state of a run after {@code step} steps, which took {@code seconds}.
   *
   * @param common what all trainers had in common at the start of the last round; null if there is
   *     one trainer
   */
  record Checkpoint(
      long step,
      double seconds,
      DenoiserGraph.DenoiserState state,
      List<TarDiffModel.DenoiserLoss> history,
      @Nullable Common common) {}

  /** The common weights of several trainers and their velocity; see {@link OuterWeights}. */
  record Common(Weights values, Weights velocity) {
    /** Returns the values and the velocity of a weight. */
    OuterWeights get(String name) {
      return new OuterWeights(values.get(name).values(), velocity.get(name).values());
    }
  }

  /**
   * One of several trainers.
   *
   * @param index from 0
   * @param round from 1
   */
  record Turn(int index, int round, Trainers trainers) {
    /** Returns this trainer's files of a split. */
    List<String> files(List<String> shards) {
      return IntStream.range(0, shards.size())
          .filter(i -> i % trainers.count() == index)
          .mapToObj(shards::get)
          .toList();
    }
  }

  /**
   * The result of training.
   *
   * @param weights the averaged weights
   * @param noiseError mean squared error of the predicted noise on the tuning split, {@code [noise
   *     steps][channels]}
   * @param seconds total time, including earlier runs
   * @param size number of weights
   */
  record Trained(
      Weights weights,
      double[][] noiseError,
      List<TarDiffModel.DenoiserLoss> history,
      double seconds,
      long size) {}

  /** Called after every step. */
  @FunctionalInterface
  interface StepListener {
    /**
     * Returns whether to continue.
     *
     * @param checkpoint supplies a checkpoint of this step; reading the weights takes time
     */
    boolean onStep(long step, float loss, Supplier<Checkpoint> checkpoint);
  }

  private DenoiserTrainer() {}

  /** Trains to the end; returns empty if {@code listener} stops it earlier. */
  static Optional<Trained> train(
      Cohort cohort,
      DenoiserTraining training,
      long seed,
      @Nullable Checkpoint from,
      StepListener listener) {
    DenoiserLayout layout = layout(cohort, training);
    WindowBatch tuning = CohortWindows.encoded(cohort, layout, Split.TUNING);
    checkArgument(tuning.size() > 0, "the tuning split of %s is empty", cohort.directory());
    long begin = System.nanoTime();
    long done = from == null ? 0 : from.step();
    double before = from == null ? 0 : from.seconds();
    List<TarDiffModel.DenoiserLoss> history =
        new ArrayList<>(from == null ? List.of() : from.history());
    try (DenoiserGraph graph =
            new DenoiserGraph(
                training, layout, DenoiserLabels.of(cohort, training), training.trainingSteps());
        ShuffledWindows windows =
            new ShuffledWindows(
                cohort,
                cohort.denoiserShards(),
                layout,
                Seeds.derive(seed, "denoiser windows"),
                training.batchSize(),
                done);
        Progress progress =
            Progress.start("Training the denoiser", training.trainingSteps(), "steps")) {
      if (from == null) {
        graph.initialise(Seeds.derive(seed, "denoiser weights"));
      } else {
        graph.restore(from.state());
      }
      progress.skip(done);
      int every = Math.max(1, training.trainingSteps() / MEASUREMENTS);
      double sum = 0;
      int summed = 0;
      for (long step = done + 1; step <= training.trainingSteps(); step++) {
        float loss = step(graph, windows, training, step, seed);
        sum += loss;
        summed++;
        if (step % every == 0 || step == training.trainingSteps()) {
          double tuningLoss = tuningLoss(graph, training, tuning);
          history.add(
              new TarDiffModel.DenoiserLoss(step, (float) (sum / summed), (float) tuningLoss));
          progress.note("loss %.4f, tuning %.4f", sum / summed, tuningLoss);
          sum = 0;
          summed = 0;
        }
        progress.advance(1);
        long current = step;
        boolean proceed =
            listener.onStep(
                current,
                loss,
                () ->
                    new Checkpoint(
                        current,
                        before + secondsSince(begin),
                        graph.state(),
                        List.copyOf(history),
                        null));
        if (!proceed && step < training.trainingSteps()) {
          progress.note("continues in the next round");
          return Optional.empty();
        }
      }
      double[][] noiseError = noiseError(graph, training, tuning);
      return Optional.of(
          new Trained(
              graph.average(), noiseError, history, before + secondsSince(begin), graph.size()));
    }
  }

  /**
   * Trains one of several trainers for one round.
   *
   * @param from its state at the end of the last round; null in the first round
   * @param common the common weights to start from, by name; empty in the first round
   * @param stepDone called after every step
   */
  static Checkpoint trainRound(
      Cohort cohort,
      DenoiserTraining all,
      long seed,
      Turn turn,
      @Nullable Checkpoint from,
      Map<String, OuterWeights> common,
      ObjLongConsumer<Float> stepDone) {
    Trainers trainers = turn.trainers();
    DenoiserTraining training = trainers.share(all);
    DenoiserLayout layout = layout(cohort, training);
    WindowBatch tuning = CohortWindows.encoded(cohort, layout, Split.TUNING);
    long own = Seeds.derive(seed, "trainer", turn.index());
    long begin = System.nanoTime();
    int done = trainers.stepsAfter(turn.round() - 1, all);
    int end = trainers.stepsAfter(turn.round(), all);
    String title =
        String.format(
            "Training the denoiser, trainer %d of %d, round %d of %d",
            turn.index() + 1, trainers.count(), turn.round(), trainers.rounds(all));
    try (DenoiserGraph graph =
            new DenoiserGraph(training, layout, DenoiserLabels.of(cohort, training), end - done);
        ShuffledWindows windows =
            new ShuffledWindows(
                cohort,
                turn.files(cohort.denoiserShards()),
                layout,
                Seeds.derive(own, "denoiser windows"),
                training.batchSize(),
                done);
        Progress progress = Progress.start(title, end - done, "steps")) {
      if (from == null) {
        graph.initialise(Seeds.derive(seed, "denoiser weights"));
      } else {
        graph.restore(from.state());
        graph.start(common);
      }
      Common start = graph.common(common);
      double sum = 0;
      for (long step = done + 1; step <= end; step++) {
        float loss = step(graph, windows, training, step, own);
        sum += loss;
        progress.advance(1);
        stepDone.accept(loss, step);
      }
      double tuningLoss = tuningLoss(graph, training, tuning);
      progress.note("loss %.4f, tuning %.4f", sum / (end - done), tuningLoss);
      List<TarDiffModel.DenoiserLoss> history =
          new ArrayList<>(from == null ? List.of() : from.history());
      history.add(
          new TarDiffModel.DenoiserLoss(
              Math.min((long) end * trainers.count(), all.trainingSteps()),
              (float) (sum / (end - done)),
              (float) tuningLoss));
      return new Checkpoint(
          end,
          (from == null ? 0 : from.seconds()) + secondsSince(begin),
          graph.state(),
          List.copyOf(history),
          start);
    }
  }

  /**
   * Returns the model of several trainers.
   *
   * @param average their averaged weights, by name
   * @param history losses, of which the last is measured again
   */
  static Trained joined(
      Cohort cohort,
      DenoiserTraining training,
      Map<String, float[]> average,
      List<TarDiffModel.DenoiserLoss> history,
      double seconds) {
    DenoiserLayout layout = layout(cohort, training);
    WindowBatch tuning = CohortWindows.encoded(cohort, layout, Split.TUNING);
    long begin = System.nanoTime();
    try (DenoiserGraph graph =
        new DenoiserGraph(training, layout, DenoiserLabels.of(cohort, training), 0)) {
      graph.loadAverage(average);
      TarDiffModel.DenoiserLoss last = history.get(history.size() - 1);
      List<TarDiffModel.DenoiserLoss> measured = new ArrayList<>(history);
      measured.set(
          history.size() - 1,
          new TarDiffModel.DenoiserLoss(
              last.step(), last.trainLoss(), (float) tuningLoss(graph, training, tuning)));
      double[][] noiseError = noiseError(graph, training, tuning);
      return new Trained(
          graph.average(), noiseError, measured, seconds + secondsSince(begin), graph.size());
    }
  }

  private static float step(
      DenoiserGraph graph,
      ShuffledWindows windows,
      DenoiserTraining training,
      long step,
      long seed) {
    float loss = graph.train(windows.next(training.batchSize()), step, seed);
    if (!Float.isFinite(loss)) {
      throw new IllegalStateException(
          String.format(
              "the loss of the denoiser is not finite at step %d: use a learning rate below %s",
              step, training.learningRate()));
    }
    return loss;
  }

  /** Whether the denoiser makes masks: if it should, and the cohort has gaps to learn them from. */
  static boolean isMasked(Cohort cohort, DenoiserTraining training) {
    return training.missingness() == DenoiserTraining.Missingness.MASKS
        && !cohort.isFullyObserved();
  }

  /** Returns what the static covariates of samples are; null if samples have none. */
  static @Nullable List<StaticCovariate> statics(Cohort cohort, DenoiserTraining training) {
    return training.generateStatics() && !cohort.spec().statics().isEmpty()
        ? cohort.staticCovariates().orElseThrow()
        : null;
  }

  private static DenoiserLayout layout(Cohort cohort, DenoiserTraining training) {
    List<StaticCovariate> statics = statics(cohort, training);
    return new DenoiserLayout(
        cohort.spec(), isMasked(cohort, training), statics == null ? List.of() : statics);
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /**
   * Returns the loss of the averaged weights on up to eight batches of tuning, with fixed noise.
   */
  private static double tuningLoss(
      DenoiserGraph graph, DenoiserTraining training, WindowBatch tuning) {
    int batches = Math.min(8, (tuning.size() + training.batchSize() - 1) / training.batchSize());
    double sum = 0;
    for (int b = 0; b < batches; b++) {
      sum += graph.measure(batch(tuning, b, training), noiseSteps(b, training), b);
    }
    return sum / batches;
  }

  /**
   * Returns the squared error per noise step and channel, smoothed over neighbouring noise steps.
   */
  private static double[][] noiseError(
      DenoiserGraph graph, DenoiserTraining training, WindowBatch tuning) {
    int width = graph.width();
    double[][] sum = new double[training.noiseSteps()][width];
    double[][] counts = new double[training.noiseSteps()][width];
    int batches =
        REPEATS
            * Math.max(
                (tuning.size() + training.batchSize() - 1) / training.batchSize(),
                (training.noiseSteps() + training.batchSize() - 1) / training.batchSize());
    try (Progress progress = Progress.start("Measuring the denoiser", batches, "batches")) {
      for (int b = 0; b < batches; b++) {
        int[] t = noiseSteps(b, training);
        DenoiserGraph.SquaredErrors errors =
            graph.squaredErrors(batch(tuning, b, training), t, Seeds.derive(b, "noise error"));
        for (int i = 0; i < t.length; i++) {
          for (int c = 0; c < width; c++) {
            sum[t[i]][c] += errors.sum()[i * width + c];
            counts[t[i]][c] += errors.share()[i * width + c];
          }
        }
        progress.advance(1);
      }
    }
    return smoothed(sum, counts);
  }

  /**
   * Averages over neighbouring noise steps, reaching far enough to include some measurements. A
   * channel without any, because tuning has no observation of it, has an error of 0.
   */
  static double[][] smoothed(double[][] sum, double[][] counts) {
    int steps = sum.length;
    int channels = sum[0].length;
    int half = Math.max(1, steps / 50);
    double[][] mean = new double[steps][channels];
    for (int t = 0; t < steps; t++) {
      for (int c = 0; c < channels; c++) {
        double n = 0;
        for (int reach = half; n == 0 && reach < 2 * steps; reach *= 2) {
          for (int s = Math.max(0, t - reach); s <= Math.min(steps - 1, t + reach); s++) {
            n += counts[s][c];
            mean[t][c] += sum[s][c];
          }
        }
        mean[t][c] = n == 0 ? 0 : mean[t][c] / n;
      }
    }
    return mean;
  }

  /** Returns batch number {@code b} of the tuning split, wrapping around. */
  private static WindowBatch batch(WindowBatch tuning, int b, DenoiserTraining training) {
    int[] indices = new int[training.batchSize()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (int) (((long) b * indices.length + i) % tuning.size());
    }
    return tuning.select(indices);
  }

  /** Returns noise steps that cover the schedule evenly and differ between batches. */
  private static int[] noiseSteps(int b, DenoiserTraining training) {
    int[] t = new int[training.batchSize()];
    for (int i = 0; i < t.length; i++) {
      double at = (i + Seeds.stream(b, "noise steps", i).nextDouble()) / t.length;
      t[i] = (int) (at * training.noiseSteps());
    }
    // The noise step of a window must not depend on its position.
    Seeds.shuffle(t, b);
    return t;
  }
}
