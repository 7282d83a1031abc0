package io.tardiff.training;

import io.tardiff.cohort.Cohort;
import io.tardiff.files.AtomicFile;
import io.tardiff.tensorflow.Devices;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.tensorflow.Weights;
import io.tardiff.tensorflow.Weights.Weight;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one round of denoiser training on a cohort and outputs the cohort for the next round. The
 * round that completes the training writes {@code denoiser.avro} and {@code denoiser.json} to the
 * model directory.
 *
 * <p>Idempotent: a finished part of the same run is kept; an unfinished one resumes from its last
 * checkpoint and ends with the same weights. A round that exceeds its time budget writes a
 * checkpoint and leaves the rest to the next round.
 */
final class TrainDenoiserFn extends DoFn<Cohort, Cohort> {
  static final String PART = "denoiser.json";

  /** Integers of up to this many bits are exact as floats. */
  private static final int BITS = 24;

  private static final Logger LOG = LoggerFactory.getLogger(TrainDenoiserFn.class);

  private final TrainingConfig config;
  private final String directory;
  private final int round;
  private final Counter steps = Metrics.counter("tardiff.training", "denoiserSteps");
  private final Distribution resumed =
      Metrics.distribution("tardiff.training", "denoiserResumedAtStep");
  private final Gauge step = Metrics.gauge("tardiff.training", "denoiserStep");
  // Beam's distributions hold integers.
  private final Distribution loss =
      Metrics.distribution("tardiff.training", "denoiserLossMillionths");
  private final Distribution micros =
      Metrics.distribution("tardiff.training", "denoiserMicrosecondsPerStep");

  /**
   * @param round number of the round, from 1
   */
  TrainDenoiserFn(TrainingConfig config, String directory, int round) {
    this.config = config;
    this.directory = directory;
    this.round = round;
  }

  @Setup
  public void setUp() {
    TensorFlowLibrary.check();
  }

  @ProcessElement
  public void process(@Element Cohort cohort, OutputReceiver<Cohort> out) throws IOException {
    String runId = config.runId(cohort.hash());
    if (!ModelParts.isDone(directory, PART, runId)) {
      train(cohort, runId);
    }
    out.output(cohort);
  }

  private void train(Cohort cohort, String runId) throws IOException {
    String checkpointPath = AtomicFile.resolve(directory, "denoiser-" + runId + ".checkpoint.avro");
    DenoiserTrainer.Checkpoint from = readCheckpoint(checkpointPath);
    if (from != null) {
      LOG.info("Resuming denoiser training after step {}", from.step());
      resumed.update(from.step());
    }
    LOG.info("TensorFlow uses {}", Devices.describe());
    Optional<DenoiserTrainer.Trained> trained =
        DenoiserTrainer.train(
            cohort, config.denoiser(), config.seed(), from, new RoundTimer(checkpointPath));
    if (trained.isPresent()) {
      finish(trained.get(), runId);
      ModelParts.delete(checkpointPath);
    }
  }

  /** Updates metrics, writes checkpoints and stops the round when its time is over. */
  private final class RoundTimer implements DenoiserTrainer.StepListener {
    private final String checkpointPath;
    private final long begin = System.nanoTime();
    private long lastStep = begin;
    private long lastCheckpoint = begin;
    private boolean isOver;

    RoundTimer(String checkpointPath) {
      this.checkpointPath = checkpointPath;
    }

    @Override
    public boolean onStep(
        long number, float lossOfStep, Supplier<DenoiserTrainer.Checkpoint> checkpoint) {
      long now = System.nanoTime();
      steps.inc();
      step.set(number);
      loss.update(Math.round(lossOfStep * 1e6));
      micros.update((now - lastStep) / 1000);
      boolean stop = false;
      if (!isOver && now - begin >= config.roundBudget().toNanos()) {
        isOver = true;
        stop = round < config.trainingRounds() && number < config.denoiser().trainingSteps();
        if (!stop) {
          warnOverBudget(number);
        }
      }
      if (stop || now - lastCheckpoint >= config.checkpointSeconds() * 1_000_000_000L) {
        writeCheckpoint(checkpointPath, checkpoint.get());
        lastCheckpoint = System.nanoTime();
      }
      lastStep = System.nanoTime();
      return !stop;
    }

    private void warnOverBudget(long number) {
      LOG.warn(
          "Round {} of {} of denoiser training exceeded its {} minutes at step {} of {} and"
              + " continues, because it is the last: use more rounds to limit each one",
          round,
          config.trainingRounds(),
          config.roundBudget().toMinutes(),
          number,
          config.denoiser().trainingSteps());
    }
  }

  private void finish(DenoiserTrainer.Trained trained, String runId) throws IOException {
    AtomicFile.write(AtomicFile.resolve(directory, "denoiser.avro"), trained.weights()::write);
    ModelParts.write(
        directory,
        PART,
        new ModelFile.DenoiserPart(
            runId,
            DenoiserTraining.settings().toJson(config.denoiser()),
            trained.size(),
            trained.seconds(),
            trained.history(),
            trained.noiseError()));
  }

  /** Writes the state, step and history to one file, so that they always match. */
  static void writeCheckpoint(String path, DenoiserTrainer.Checkpoint checkpoint) {
    List<Weight> all = new ArrayList<>();
    all.add(new Weight("step", new long[] {2}, split(checkpoint.step())));
    all.add(new Weight("seconds", new long[] {1}, new float[] {(float) checkpoint.seconds()}));
    int size = checkpoint.history().size();
    float[] history = new float[4 * size];
    for (int i = 0; i < size; i++) {
      TarDiffModel.DenoiserLoss point = checkpoint.history().get(i);
      System.arraycopy(split(point.step()), 0, history, 4 * i, 2);
      history[4 * i + 2] = point.trainLoss();
      history[4 * i + 3] = point.tuningLoss();
    }
    all.add(new Weight("history", new long[] {size, 4}, history));
    addPrefixed(all, "weights:", checkpoint.state().weights());
    addPrefixed(all, "average:", checkpoint.state().average());
    addPrefixed(all, "slots:", checkpoint.state().slots());
    try {
      AtomicFile.write(path, Weights.of(all)::write);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the checkpoint " + path, e);
    }
  }

  /** Splits a number into two floats that hold it exactly: its high bits and its low 24 bits. */
  private static float[] split(long number) {
    return new float[] {number >>> BITS, number & ((1L << BITS) - 1)};
  }

  /** The inverse of {@link #split}; old checkpoints have a single float. */
  private static long join(float[] parts) {
    return parts.length == 1 ? (long) parts[0] : ((long) parts[0] << BITS) + (long) parts[1];
  }

  private static void addPrefixed(List<Weight> all, String prefix, Weights weights) {
    weights.all().forEach(w -> all.add(new Weight(prefix + w.name(), w.shape(), w.values())));
  }

  static DenoiserTrainer.@Nullable Checkpoint readCheckpoint(String path) throws IOException {
    Weights all;
    try (InputStream in = AtomicFile.open(path)) {
      all = Weights.read(in);
    } catch (FileNotFoundException e) {
      return null;
    }
    float[] rows = all.get("history").values();
    // Rows of old checkpoints have three columns, with a single float for the step.
    int width = Math.toIntExact(all.get("history").shape()[1]);
    List<TarDiffModel.DenoiserLoss> history = new ArrayList<>();
    for (int i = 0; i < rows.length; i += width) {
      long step = join(Arrays.copyOfRange(rows, i, i + width - 2));
      history.add(new TarDiffModel.DenoiserLoss(step, rows[i + width - 2], rows[i + width - 1]));
    }
    return new DenoiserTrainer.Checkpoint(
        join(all.get("step").values()),
        all.get("seconds").values()[0],
        new DenoiserGraph.DenoiserState(
            prefixed(all, "weights:"), prefixed(all, "average:"), prefixed(all, "slots:")),
        history);
  }

  private static Weights prefixed(Weights all, String prefix) {
    return Weights.of(
        all.all().stream()
            .filter(w -> w.name().startsWith(prefix))
            .map(w -> new Weight(w.name().substring(prefix.length()), w.shape(), w.values()))
            .toList());
  }
}
