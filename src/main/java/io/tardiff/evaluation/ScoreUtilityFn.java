package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.evaluation.UtilityScore.Ranking;
import io.tardiff.generation.SyntheticSet;
import io.tardiff.training.LabelledWindows;
import io.tardiff.training.RankingMetrics;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fits one downstream model and scores it on real windows. */
final class ScoreUtilityFn extends DoFn<UtilityTask, UtilityScore> {
  private static final Logger LOG = LoggerFactory.getLogger(ScoreUtilityFn.class);

  private final EvaluationConfig config;
  private final EvaluationSource source;
  private final DownstreamTrainer trainer;
  private final Counter fits = Metrics.counter(EvaluateSyntheticEhr.class, "downstream_fits");
  private final Distribution fitMillis =
      Metrics.distribution(EvaluateSyntheticEhr.class, "downstream_fit_millis");

  ScoreUtilityFn(EvaluationConfig config, EvaluationSource source, DownstreamTrainer trainer) {
    this.config = config;
    this.source = source;
    this.trainer = trainer;
  }

  @ProcessElement
  public void process(@Element UtilityTask task, OutputReceiver<UtilityScore> output) {
    RealWindows real = source.real();
    LabelledWindows train = train(task, real);
    long start = System.nanoTime();
    try (FittedModel model = trainer.fit(task.model(), train, real.tuning(), task.seed())) {
      double[][] heldOut = model.probabilities(real.heldOut());
      double[][] tuning = model.probabilities(real.tuning());
      long nanos = System.nanoTime() - start;
      UtilityScore score =
          new UtilityScore(
              task,
              train.size(),
              metrics(heldOut, real.heldOut()),
              metrics(tuning, real.tuning()),
              task.protocol() == Protocol.TSTR
                  ? List.of(new Ranking(heldOut, real.heldOut().labels(), real.heldOutSubjects()))
                  : List.of(),
              nanos / 1e9);
      fits.inc();
      fitMillis.update(nanos / 1_000_000);
      LOG.info(
          "{}: held_out AUROC {}, AUPRC {} in {} s",
          task.name(),
          rounded(score.heldOut().auroc()),
          rounded(score.heldOut().auprc()),
          Math.round(score.seconds()));
      output.output(score);
    }
  }

  private static String rounded(double metric) {
    return String.format(Locale.ROOT, "%.3f", metric);
  }

  private static UtilityScore.Metrics metrics(double[][] probabilities, LabelledWindows windows) {
    return new UtilityScore.Metrics(
        RankingMetrics.auroc(probabilities, windows.labels()),
        RankingMetrics.auprc(probabilities, windows.labels()));
  }

  private LabelledWindows train(UtilityTask task, RealWindows real) {
    if (task.protocol() == Protocol.TRTR) {
      return real.train();
    }
    LabelledWindows synthetic = source.synthetic(task.set());
    checkLargeEnough(task.set(), real.train(), synthetic);
    if (task.protocol() == Protocol.TSTR) {
      return synthetic;
    }
    int count = added(task.alpha(), real.train());
    int[] part =
        StratifiedSubset.indices(synthetic.labels(), synthetic.classes(), count, task.seed());
    return LabelledWindows.concat(List.of(real.train(), synthetic.select(part)));
  }

  /** Already when TSTR meets the set, so that a run does not first fit for an hour. */
  private void checkLargeEnough(SyntheticSet set, LabelledWindows real, LabelledWindows synthetic) {
    if (config.protocols().contains(Protocol.TSRTR)) {
      double alpha = Collections.max(config.alphas());
      checkArgument(
          added(alpha, real) <= synthetic.size(),
          "alphas must be at most %s for synthetic set %s, which holds %s windows to %s real train"
              + " windows, the largest was %s",
          (double) synthetic.size() / real.size(),
          set.getDirectory(),
          synthetic.size(),
          real.size(),
          alpha);
    }
  }

  private static int added(double alpha, LabelledWindows real) {
    return Math.toIntExact(Math.round(alpha * real.size()));
  }
}
