package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.evaluation.PairedBootstrap.Replicates;
import io.tardiff.progress.Progress;
import io.tardiff.progress.SharedProgress;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.RankingMetrics;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Fits one downstream model and scores it on real windows. */
final class ScoreUtilityFn extends DoFn<UtilityTask, UtilityScore> {
  private final EvaluationConfig config;
  private final EvaluationSource source;
  private final DownstreamTrainer trainer;
  private final Counter fits = Metrics.counter("tardiff.evaluation", "fits");
  private final Distribution fitMillis =
      Metrics.distribution("tardiff.evaluation", "millisecondsPerFit");

  private final String phase;
  private final long expectedFits;

  private transient @Nullable SharedProgress progress;

  /**
   * @param phase what the fits are for, such as {@code TSTR}
   * @param expectedFits their number, 0 if unknown
   */
  ScoreUtilityFn(
      EvaluationConfig config,
      EvaluationSource source,
      DownstreamTrainer trainer,
      String phase,
      long expectedFits) {
    this.config = config;
    this.source = source;
    this.trainer = trainer;
    this.phase = phase;
    this.expectedFits = expectedFits;
  }

  /** The fits of a phase on a worker share one progress. */
  private SharedProgress progress() {
    if (progress == null) {
      progress =
          SharedProgress.start(
              source.cohort(), "Fitting downstream models, " + phase, expectedFits, "fits");
    }
    return progress;
  }

  @Teardown
  public void release() {
    trainer.close();
    source.close();
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }

  @ProcessElement
  public void process(@Element UtilityTask task, OutputReceiver<UtilityScore> output) {
    SharedProgress all = progress();
    try (Progress.Working fitting = all.working(task.name())) {
      output.output(score(task));
    }
    all.advance(1);
  }

  private UtilityScore score(UtilityTask task) {
    RealWindows real = source.real();
    Baseline.Windows windows = windows(task, real);
    LabelledWindows train = windows.train();
    long start = System.nanoTime();
    try (FittedModel model =
        trainer.fit(task.model(), train, windows.stopping(), real.train().size(), task.seed())) {
      double[][] heldOut = model.probabilities(real.heldOut());
      // Half of the tuning windows may be among those that it was fitted to.
      double[][] tuning = model.probabilities(windows.stopping());
      long nanos = System.nanoTime() - start;
      UtilityScore score =
          new UtilityScore(
              task,
              train.size(),
              metrics(heldOut, real.heldOut()),
              metrics(tuning, windows.stopping()),
              replicates(heldOut, real.heldOut(), real.heldOutKeys()),
              task.decides(config) ? replicates(tuning, real.tuning(), real.tuningKeys()) : null,
              task.protocol() == Protocol.TSRTR || task.protocol() == Protocol.BASELINE
                  ? List.of()
                  : CurveBands.of(
                      new Ranking(heldOut, real.heldOut().labels(), real.heldOutKeys())),
              source.tests().stream().map(test -> score(model, test)).toList(),
              nanos / 1e9);
      fits.inc();
      fitMillis.update(nanos / 1_000_000);
      progress()
          .note(
              "%s: held_out AUROC %.3f, AUPRC %.3f",
              task.name(), score.heldOut().auroc(), score.heldOut().auprc());
      return score;
    }
  }

  private static UtilityScore.OnTest score(FittedModel model, TestCohort test) {
    double[][] probabilities = model.probabilities(test.windows());
    return new UtilityScore.OnTest(
        test.name(),
        metrics(probabilities, test.windows()),
        replicates(probabilities, test.windows(), test.subjects()));
  }

  private static UtilityScore.Metrics metrics(double[][] probabilities, LabelledWindows windows) {
    return new UtilityScore.Metrics(
        RankingMetrics.auroc(probabilities, windows.labels()),
        RankingMetrics.auprc(probabilities, windows.labels()));
  }

  /**
   * Bootstraps here, so that fits run in parallel and do not carry their predictions downstream.
   */
  private static Replicates replicates(
      double[][] probabilities, LabelledWindows windows, long[] subjects) {
    return PairedBootstrap.replicate(new Ranking(probabilities, windows.labels(), subjects));
  }

  private Baseline.Windows windows(UtilityTask task, RealWindows real) {
    return task.baseline() == null
        ? new Baseline.Windows(train(task, real), real.tuning())
        : task.baseline()
            .of(
                real,
                task.seed(),
                (train, unknown) -> {
                  try (FittedModel model =
                      trainer.fit(
                          task.model(), train, real.tuning(), real.train().size(), task.seed())) {
                    return model.probabilities(unknown);
                  }
                });
  }

  private LabelledWindows train(UtilityTask task, RealWindows real) {
    if (task.protocol() == Protocol.TRTR) {
      return real.train();
    }
    LabelledWindows synthetic = source.synthetic(task.set());
    checkLargeEnough(task.set(), real.train(), synthetic);
    EvaluateSyntheticEhr.checkMasks(config, trainer, task.set(), source.opened());
    if (task.protocol() == Protocol.TSTR) {
      return synthetic;
    }
    int count = added(task.alpha(), real.train());
    int[] part =
        StratifiedSubset.indices(synthetic.labels(), synthetic.classes(), count, task.seed());
    return LabelledWindows.concat(List.of(real.train(), synthetic.select(part)));
  }

  /** Called in TSTR already, so that a run does not fail only after hours of fits. */
  private void checkLargeEnough(SyntheticSet set, LabelledWindows real, LabelledWindows synthetic) {
    if (config.protocols().contains(Protocol.TSRTR)) {
      double alpha = Collections.max(config.alphas());
      checkArgument(
          added(alpha, real) <= synthetic.size(),
          "alphas must be at most %s for synthetic set %s, which holds %s windows to %s real train"
              + " windows, the largest was %s",
          (double) synthetic.size() / real.size(),
          set.directory(),
          synthetic.size(),
          real.size(),
          alpha);
    }
  }

  private static int added(double alpha, LabelledWindows real) {
    return Math.toIntExact(Math.round(alpha * real.size()));
  }
}
