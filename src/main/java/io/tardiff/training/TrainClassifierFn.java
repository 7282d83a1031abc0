package io.tardiff.training;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Manifest;
import io.tardiff.influence.ClassifierInputs;
import io.tardiff.influence.GuidanceDirection;
import io.tardiff.progress.Progress;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.tensorflow.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Trains the target classifier on a cohort, and computes the guidance direction G over the tuning
 * split for every epoch. Writes the weights, the directions and {@code classifier.json} to the
 * model directory and outputs the cohort.
 *
 * <p>Safe to run again: a finished part of the same run is kept as it is unless a file of it is
 * damaged; an unfinished one starts from the beginning, because it takes only minutes, and writes
 * the same files.
 */
final class TrainClassifierFn extends DoFn<Cohort, Cohort> {
  static final String PART = "classifier.json";

  private final TrainingConfig config;
  private final String directory;
  private final Counter epochs = Metrics.counter("tardiff.training", "classifierEpochs");

  TrainClassifierFn(TrainingConfig config, String directory) {
    this.config = config;
    this.directory = directory;
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
    LabelledWindows train = CohortWindows.load(cohort, Split.TRAIN);
    LabelledWindows tuning = CohortWindows.load(cohort, Split.TUNING);
    List<FittedClassifier.Epoch> history = new ArrayList<>();
    List<Weights> weights = new ArrayList<>();
    int best;
    try (Progress progress =
            Progress.start(
                "Training the target classifier", config.classifier().epochs(), "epochs");
        FittedClassifier classifier =
            ClassifierTrainer.fit(
                config.classifier(),
                train,
                tuning,
                Seeds.derive(config.seed(), "target classifier"),
                (epoch, current) -> {
                  history.add(epoch);
                  weights.add(current);
                  epochs.inc();
                  progress.note(
                      "tuning loss %.4f, AUROC %.3f, AUPRC %.3f",
                      epoch.tuningLoss(), epoch.tuningAuroc(), epoch.tuningAuprc());
                  progress.advance(1);
                })) {
      best = classifier.best().number();
      progress.finish();
    }
    List<TarDiffModel.ClassifierEpoch> rows = new ArrayList<>();
    List<Manifest.Entry> files = new ArrayList<>();
    ClassifierInputs inputs = config.classifier().network().inputs();
    float[] read = inputs.of(tuning.steps(), tuning.channels(), tuning.values(), tuning.mask());
    try (Progress progress =
            Progress.start("Computing the guidance direction", history.size(), "epochs");
        GuidanceDirection.Estimator estimator =
            new GuidanceDirection.Estimator(
                config.classifier().network(),
                config.classifier().batchSize(),
                tuning.classes(),
                tuning.steps(),
                inputs.channels(tuning.channels()))) {
      for (int i = 0; i < history.size(); i++) {
        GuidanceDirection guidance =
            estimator.of(
                weights.get(i),
                read,
                tuning.labels(),
                config.guidanceOver(),
                Seeds.derive(config.seed(), "guidance signal"));
        FittedClassifier.Epoch epoch = history.get(i);
        files.add(write(TarDiffModel.classifierFile(epoch.number()), weights.get(i)));
        Manifest.Entry direction =
            write(TarDiffModel.guidanceFile(epoch.number()), guidance.direction());
        files.add(direction);
        rows.add(
            new TarDiffModel.ClassifierEpoch(
                epoch.number(),
                epoch.trainLoss(),
                epoch.tuningLoss(),
                epoch.tuningAuroc(),
                epoch.tuningAuprc(),
                guidance.norm(),
                guidance.signal(),
                TarDiffModel.guidanceHash(direction.sha256())));
        progress.advance(1);
      }
    }
    ModelParts.finish(
        directory,
        PART,
        new ModelFile.ClassifierPart(
            runId,
            ClassifierTraining.settings().toJson(config.classifier()),
            best,
            history.stream().mapToDouble(FittedClassifier.Epoch::seconds).sum(),
            rows),
        files,
        cohort);
  }

  private Manifest.Entry write(String file, Weights weights) throws IOException {
    return Manifest.Entry.write(AtomicFile.resolve(directory, file), weights::write);
  }
}
