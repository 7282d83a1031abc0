package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Splitter;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.DownstreamTrainer;
import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.StudyCohort;
import io.tardiff.evaluation.StudyCohort.Replicates;
import io.tardiff.options.ClassifierOptions;
import io.tardiff.options.Configurations;
import io.tardiff.settings.Problems;
import io.tardiff.training.ClassifierPool;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.FittedClassifier;
import io.tardiff.training.RankingMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Compares settings of the training of the target classifier, on the real windows of a cohort: how
 * well it ranks windows, and how much that depends on the seed. Prints JSON.
 *
 * <pre>
 * mvn -q test-compile exec:exec@benchmark -Dbenchmark=ClassifierStudy \
 *     -Dbenchmark.args="cohort=out/cohort settings=--classifierStopBy=auprc+--classifierStopBy=loss"
 * </pre>
 *
 * <p>Arguments, each {@code name=value}:
 *
 * <ul>
 *   <li>{@code cohort}: directory of the cohort.
 *   <li>{@code settings}: what to compare, separated by +. A setting is a list of options of the
 *       target classifier, separated by commas, {@code default}, or {@code logistic}, the logistic
 *       regression on summaries of each channel. Others are compared with the first one. Default:
 *       {@code default+logistic}.
 *   <li>{@code seeds}: number of seeds of each setting. Default: 6.
 * </ul>
 *
 * <p>Each setting is fitted to train with every seed and scored on held_out. The results are means
 * and standard deviations over seeds; 95 % intervals of the means, and of their paired differences
 * to those of the first setting, by a bootstrap over held-out subjects; and the tuning scores of
 * the epoch that was kept.
 *
 * <p>Choose settings by the tuning scores and the spread over seeds. The scores on held_out are for
 * the report of a choice: choosing by them would make them optimistic, as stopping by AUPRC or loss
 * makes that score optimistic on tuning. Tuning AUROC is what no setting stops by.
 */
public final class ClassifierStudy {
  private static final List<String> NAMES = List.of("cohort", "seeds", "settings");
  private static final String DEFAULT = "default";
  private static final String LOGISTIC = "logistic";

  private final StudyCohort cohort;
  private final int seeds;

  private ClassifierStudy(StudyCohort cohort, int seeds) {
    this.cohort = cohort;
    this.seeds = seeds;
  }

  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = Benchmarks.options(NAMES, arguments);
    checkArgument(options.containsKey("cohort"), "argument cohort is missing");
    Map<String, ClassifierTraining> settings = new LinkedHashMap<>();
    for (String setting :
        Splitter.on('+').split(options.getOrDefault("settings", DEFAULT + "+" + LOGISTIC))) {
      settings.put(setting, setting.equals(LOGISTIC) ? null : training(setting));
    }
    ClassifierStudy study =
        new ClassifierStudy(
            StudyCohort.open(options.get("cohort")),
            Integer.parseInt(options.getOrDefault("seeds", "6")));

    ObjectNode json = Benchmarks.report();
    Replicates first = null;
    for (Map.Entry<String, ClassifierTraining> setting : settings.entrySet()) {
      ObjectNode row = json.putObject(setting.getKey());
      Fits fits =
          setting.getValue() == null ? study.logistic() : study.fit(setting.getValue(), row);
      Replicates score = study.put(row, fits);
      if (first == null) {
        first = score;
      } else {
        Benchmarks.put(row.putObject("difference"), score, first);
      }
      System.err.printf("%s: %s%n", setting.getKey(), row);
    }
    Benchmarks.finish(json);
  }

  /** Returns the training that a list of options describes. */
  private static ClassifierTraining training(String setting) {
    String[] given =
        setting.equals(DEFAULT)
            ? new String[0]
            : Splitter.on(',').splitToStream(setting).toArray(String[]::new);
    Problems problems = Problems.ofOptions();
    ClassifierTraining training =
        Configurations.training(
                PipelineOptionsFactory.fromArgs(given).as(ClassifierOptions.class), problems)
            .classifier();
    checkArgument(problems.list().isEmpty(), "%s: %s", setting, problems.list());
    return training;
  }

  /** Probabilities of the windows of held_out and tuning by each fit. */
  private record Fits(List<double[][]> heldOut, List<double[][]> tuning) {
    Fits() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private Fits logistic() {
    Fits fits = new Fits();
    DownstreamTrainer trainer = EvaluateSyntheticEhr.classifiers();
    for (long seed = 1; seed <= seeds; seed++) {
      try (FittedModel model = trainer.fit(LOGISTIC, cohort.train(), cohort.tuning(), seed)) {
        fits.heldOut().add(model.probabilities(cohort.heldOut()));
        fits.tuning().add(model.probabilities(cohort.tuning()));
      }
    }
    trainer.close();
    return fits;
  }

  private Fits fit(ClassifierTraining training, ObjectNode row) {
    Fits fits = new Fits();
    List<FittedClassifier.Epoch> kept = new ArrayList<>();
    try (ClassifierPool pool = new ClassifierPool()) {
      for (long seed = 1; seed <= seeds; seed++) {
        try (FittedClassifier model = pool.fit(training, cohort.train(), cohort.tuning(), seed)) {
          fits.heldOut().add(model.probabilities(cohort.heldOut()));
          fits.tuning().add(model.probabilities(cohort.tuning()));
          kept.add(model.best());
        }
      }
    }
    row.put("epoch", kept.stream().mapToInt(FittedClassifier.Epoch::number).average().orElse(0));
    put(
        row,
        "tuning_loss",
        kept.stream().mapToDouble(FittedClassifier.Epoch::tuningLoss).toArray());
    return fits;
  }

  private Replicates put(ObjectNode row, Fits fits) {
    LabelledWindows tuning = cohort.tuning();
    put(row, "tuning_auroc", scores(fits.tuning(), tuning, RankingMetrics::auroc));
    put(row, "tuning_auprc", scores(fits.tuning(), tuning, RankingMetrics::auprc));
    LabelledWindows heldOut = cohort.heldOut();
    put(row, "held_out_auroc", scores(fits.heldOut(), heldOut, RankingMetrics::auroc));
    put(row, "held_out_auprc", scores(fits.heldOut(), heldOut, RankingMetrics::auprc));
    Replicates score = cohort.replicate(fits.heldOut());
    Benchmarks.put(row.putObject("held_out"), score, null);
    return score;
  }

  private static double[] scores(
      List<double[][]> fits,
      LabelledWindows windows,
      ToDoubleBiFunction<double[][], int[]> metric) {
    return fits.stream().mapToDouble(fit -> metric.applyAsDouble(fit, windows.labels())).toArray();
  }

  /** Puts mean and standard deviation over seeds. */
  private static void put(ObjectNode row, String name, double[] ofSeeds) {
    row.putObject(name)
        .put("mean", StatUtils.mean(ofSeeds))
        .put("sd", Math.sqrt(StatUtils.variance(ofSeeds)));
  }
}
