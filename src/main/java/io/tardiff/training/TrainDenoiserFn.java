package io.tardiff.training;

import io.tardiff.cohort.Cohort;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Manifest;
import io.tardiff.tensorflow.Devices;
import io.tardiff.tensorflow.TensorFlowLibrary;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one round of denoiser training on a cohort and outputs the cohort for the next round. The
 * round that completes the training writes {@code denoiser.avro} and {@code denoiser.json} to the
 * model directory.
 *
 * <p>Safe to run again: a finished part of the same run is kept as it is unless a file of it is
 * damaged; an unfinished one resumes from its last checkpoint and ends with the same weights. A
 * round that has used up its time writes a checkpoint and leaves the rest to the next one.
 */
final class TrainDenoiserFn extends DoFn<Cohort, Cohort> {
  static final String PART = "denoiser.json";

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
    if (!ModelParts.isDone(directory, PART, runId, cohort)) {
      train(cohort, runId);
    }
    out.output(cohort);
  }

  private void train(Cohort cohort, String runId) throws IOException {
    Checkpoints checkpoints = new Checkpoints(directory, runId);
    DenoiserTrainer.Checkpoint from = checkpoints.latest();
    if (from != null) {
      LOG.info("Resuming denoiser training after step {}", from.step());
      resumed.update(from.step());
    }
    LOG.info("TensorFlow uses {}", Devices.describe());
    Optional<DenoiserTrainer.Trained> trained =
        DenoiserTrainer.train(
            cohort, config.denoiser(), config.seed(), from, new RoundTimer(checkpoints));
    if (trained.isPresent()) {
      finish(trained.get(), config, directory, cohort);
      checkpoints.delete();
    }
  }

  /** Updates metrics, writes checkpoints and stops the round when its time is over. */
  private final class RoundTimer implements DenoiserTrainer.StepListener {
    private final Checkpoints checkpoints;
    private final long begin = System.nanoTime();
    private long lastStep = begin;
    private long lastCheckpoint = begin;
    private boolean isOver;

    RoundTimer(Checkpoints checkpoints) {
      this.checkpoints = checkpoints;
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
        checkpoints.write(checkpoint.get());
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

  /** Writes the part. */
  static void finish(
      DenoiserTrainer.Trained trained, TrainingConfig config, String directory, Cohort cohort)
      throws IOException {
    Manifest.Entry weights =
        Manifest.Entry.write(
            AtomicFile.resolve(directory, TarDiffModel.DENOISER), trained.weights()::write);
    ModelParts.finish(
        directory,
        PART,
        new ModelFile.DenoiserPart(
            config.runId(cohort.hash()),
            DenoiserTraining.settings().toJson(config.denoiser().of(cohort)),
            trained.size(),
            trained.seconds(),
            trained.history(),
            trained.noiseError()),
        List.of(weights),
        cohort);
  }
}
