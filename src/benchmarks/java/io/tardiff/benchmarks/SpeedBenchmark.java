package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.cohort.BuildSeriesCohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.Split;
import io.tardiff.ehr.signals.LabelledSeries;
import io.tardiff.generation.SamplingBenchmark;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.DenoiserTraining;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingBenchmark;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Measures training of the small denoiser and sampling, and prints as JSON for each shape (steps x
 * channels): training steps per second at batch 128, unguided and guided samples per second at
 * batch 256 and 20 steps, and the peak memory of the process.
 *
 * <pre>
 * mvn -q test-compile exec:exec@benchmark -Dbenchmark=SpeedBenchmark \
 *     -Dbenchmark.args="24x7 48x9 256x16"
 * </pre>
 *
 * <p>Figures are medians over repeats; minimum and maximum show how quiet the machine was. Peak
 * memory never falls within a process, so run a single shape to measure its own.
 */
public final class SpeedBenchmark {
  private static final int TRAINING_REPEATS = 20;
  private static final int SAMPLING_REPEATS = 3;
  private static final int TRAINING_BATCH = 128;
  private static final int SAMPLING_BATCH = 256;
  private static final int RECORDINGS_PER_SPLIT = 32;
  private static final int CLASSES = 2;

  private SpeedBenchmark() {}

  public static void main(String[] shapes) throws IOException {
    ObjectNode json = Benchmarks.report();
    json.put("training_batch", TRAINING_BATCH);
    json.put("sampling_batch", SAMPLING_BATCH);
    List<String> selected =
        shapes.length == 0 ? List.of("24x7", "48x9", "256x16") : List.of(shapes);
    for (String shape : selected) {
      checkArgument(
          shape.matches("[1-9][0-9]*x[1-9][0-9]*"),
          "shapes must be steps x channels such as 48x9, was %s",
          shape);
      int steps = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
      int channels = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
      ObjectNode row = json.withObject("/shapes").putObject(shape);
      rates(
          row,
          "training_steps_per_second",
          1,
          TrainingBenchmark.secondsPerStep(steps, channels, TRAINING_REPEATS));
      double[][] sampling =
          SamplingBenchmark.secondsPerBatch(model(steps, channels), SAMPLING_REPEATS);
      rates(row, "unguided_samples_per_second", SAMPLING_BATCH, sampling[0]);
      rates(row, "guided_samples_per_second", SAMPLING_BATCH, sampling[1]);
      row.put("peak_memory_mib", Benchmarks.peakMemoryMib());
    }
    Benchmarks.finish(json);
  }

  /** Trains a model on noise for one step; it is as fast as a well-trained one. */
  private static String model(int steps, int channels) throws IOException {
    Path directory = Files.createTempDirectory("tardiff-benchmark");
    List<String> names = IntStream.range(0, channels).mapToObj(c -> "C" + c).toList();
    CohortConfig cohort = BuildSeriesCohort.config(names, steps, Duration.ofHours(1), CLASSES);
    Pipeline pipeline = Benchmarks.pipeline(new String[0], 0);
    pipeline
        .apply("Recordings", Create.of(noise(names, steps)))
        .apply("Build cohort", BuildSeriesCohort.to(directory.resolve("cohort").toString(), cohort))
        .apply(
            "Train",
            TrainModels.to(directory.resolve("model").toString())
                .withConfig(
                    TrainingConfig.defaults()
                        .withDenoiser(
                            DenoiserTraining.defaults()
                                .withTrainingSteps(1)
                                .withBatchSize(RECORDINGS_PER_SPLIT))
                        .withClassifier(
                            ClassifierTraining.of(ClassifierConfig.forName("gru")).withEpochs(1))));
    pipeline.run().waitUntilFinish();
    return directory.resolve("model").toString();
  }

  private static List<LabelledSeries> noise(List<String> channels, int steps) {
    List<LabelledSeries> recordings = new ArrayList<>();
    for (Split split : Split.values()) {
      for (int i = 0; i < RECORDINGS_PER_SPLIT; i++) {
        String id = split.label() + "-" + i;
        float[] values = new float[steps * channels.size()];
        Seeds.fillGaussian(values, 0, values.length, 0, id);
        recordings.add(new LabelledSeries(id, id, i % CLASSES, split.label(), channels, values));
      }
    }
    return recordings;
  }

  private static void rates(ObjectNode row, String name, int items, double[] seconds) {
    row.putObject(name)
        .put("median", items / StatUtils.percentile(seconds, 50))
        .put("min", items / StatUtils.max(seconds))
        .put("max", items / StatUtils.min(seconds));
  }
}
