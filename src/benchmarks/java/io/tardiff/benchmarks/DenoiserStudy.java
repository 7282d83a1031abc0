package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Splitter;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.tardiff.cohort.Cohort;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.options.Configurations;
import io.tardiff.options.DenoiserOptions;
import io.tardiff.settings.Problems;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Compares settings of the training of the denoiser, among them the number of trainers, by the loss
 * on tuning. Prints JSON.
 *
 * <pre>
 * mvn -q test-compile exec:exec@benchmark -Dbenchmark=DenoiserStudy \
 *     -Dbenchmark.args="cohort=out/cohort options=--denoiser=tiny settings=default+--trainers=2"
 * </pre>
 *
 * <p>Arguments, each {@code name=value}:
 *
 * <ul>
 *   <li>{@code cohort}: directory of the cohort.
 *   <li>{@code options}: options of the denoiser that all settings share, separated by commas.
 *   <li>{@code settings}: what to compare, separated by +. A setting is a list of options of the
 *       denoiser, separated by commas, or {@code default}.
 *   <li>{@code seeds}: number of seeds of each setting. Default: 3.
 * </ul>
 *
 * <p>Each setting trains with every seed. The results are the loss of the averaged weights on
 * tuning at the end, its mean and standard deviation over seeds, and the time that training took;
 * of several trainers, which run one after the other here, it is the mean.
 */
public final class DenoiserStudy {
  private static final List<String> NAMES = List.of("cohort", "options", "settings", "seeds");
  private static final String DEFAULT = "default";

  private DenoiserStudy() {}

  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = Benchmarks.options(NAMES, arguments);
    checkArgument(options.containsKey("cohort"), "argument cohort is missing");
    Cohort cohort = Cohort.open(options.get("cohort"));
    int seeds = Integer.parseInt(options.getOrDefault("seeds", "3"));
    Map<String, TrainingConfig> settings = new LinkedHashMap<>();
    for (String setting : Splitter.on('+').split(options.getOrDefault("settings", DEFAULT))) {
      settings.put(
          setting,
          training(options.getOrDefault("options", ""), setting.equals(DEFAULT) ? "" : setting));
    }

    ObjectNode json = Benchmarks.report();
    for (Map.Entry<String, TrainingConfig> setting : settings.entrySet()) {
      double[] losses = new double[seeds];
      double[] seconds = new double[seeds];
      for (int seed = 1; seed <= seeds; seed++) {
        Path directory = Files.createTempDirectory("denoiser-study");
        try {
          TarDiffModel model =
              train(cohort, setting.getValue().withSeed(seed), directory.toString());
          List<TarDiffModel.DenoiserLoss> history = model.denoiserHistory();
          losses[seed - 1] = history.get(history.size() - 1).tuningLoss();
          seconds[seed - 1] = model.timings().orElseThrow().denoiserSeconds();
        } finally {
          MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        }
      }
      ObjectNode row = json.putObject(setting.getKey());
      row.put("tuning_loss", StatUtils.mean(losses));
      row.put("tuning_loss_sd", Math.sqrt(StatUtils.variance(losses)));
      row.put("seconds", StatUtils.percentile(seconds, 50));
      System.err.printf("%s: %s%n", setting.getKey(), row);
    }
    Benchmarks.finish(json);
  }

  private static TrainingConfig training(String shared, String setting) {
    String[] given =
        Splitter.on(',')
            .omitEmptyStrings()
            .splitToStream(shared + "," + setting)
            .toArray(String[]::new);
    Problems problems = Problems.ofOptions();
    TrainingConfig training =
        Configurations.training(
            PipelineOptionsFactory.fromArgs(given).as(DenoiserOptions.class), problems);
    checkArgument(problems.list().isEmpty(), "%s: %s", setting, problems.list());
    // The target classifier does not matter here.
    return training.withClassifier(
        ClassifierTraining.of(ClassifierConfig.forName("cnn").withHidden(8).withLayers(1))
            .withEpochs(1));
  }

  private static TarDiffModel train(Cohort cohort, TrainingConfig config, String directory) {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setTargetParallelism(1);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Cohort", Create.of(cohort))
        .apply("Train", TrainModels.to(directory).withConfig(config));
    pipeline.run().waitUntilFinish();
    return TarDiffModel.open(directory);
  }
}
