package io.tardiff.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Normalisers;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Json;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.GuidanceDirection;
import io.tardiff.influence.GuidanceOver;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Speed of a training step of the denoiser, and a model of random weights to time sampling with.
 */
public final class TrainingBenchmark {
  private static final int CLASSES = 2;

  private TrainingBenchmark() {}

  /** Seconds of each of {@code repeats} training steps of the small denoiser at batch 128. */
  public static double[] secondsPerStep(int steps, int channels, int repeats) {
    DenoiserTraining training = DenoiserTraining.defaults();
    LabelledWindows windows = noise(training.batch(), steps, channels);
    WindowBatch batch = new WindowBatch(windows.values(), windows.labels());
    double[] seconds = new double[repeats];
    try (DenoiserGraph graph = new DenoiserGraph(training, steps, channels, CLASSES)) {
      graph.initialise(0);
      int warmUp = 5;
      for (int step = 1; step <= warmUp + repeats; step++) {
        long begin = System.nanoTime();
        graph.train(batch, step, 0);
        if (step > warmUp) {
          seconds[step - warmUp - 1] = (System.nanoTime() - begin) / 1e9;
        }
      }
    }
    return seconds;
  }

  /** Writes a model with random weights: as fast, and as useless, as a trained one is. */
  public static void writeModel(String directory, int steps, int channels) throws IOException {
    DenoiserTraining training = DenoiserTraining.defaults();
    ClassifierConfig config = ClassifierConfig.forName("gru").withEpochs(1);
    LabelledWindows windows = noise(64, steps, channels);
    Weights classifier;
    try (FittedClassifier fitted = ClassifierTrainer.fit(config, windows, windows, 0)) {
      classifier = fitted.weights();
    }
    GuidanceDirection guidance =
        GuidanceDirection.of(
            config,
            CLASSES,
            classifier,
            steps,
            channels,
            windows.values(),
            windows.labels(),
            GuidanceOver.ALL,
            0);
    write(directory, TarDiffModel.classifierFile(1), classifier);
    write(directory, TarDiffModel.guidanceFile(1), guidance.direction());
    try (DenoiserGraph graph = new DenoiserGraph(training, steps, channels, CLASSES)) {
      graph.initialise(0);
      write(directory, "denoiser.avro", graph.average());
    }

    List<WindowSpec.Channel> names = new ArrayList<>();
    ObjectNode normaliser = Json.MAPPER.createObjectNode().put("method", "z_score");
    for (int c = 0; c < channels; c++) {
      names.add(WindowSpec.Channel.of("C" + c, "1"));
      normaliser.withArray("/shift").add(0);
      normaliser.withArray("/scale").add(1);
      normaliser.withArray("/min").add(-4);
      normaliser.withArray("/max").add(4);
    }
    double[][] noiseError = new double[training.noiseSteps()][channels];
    Arrays.stream(noiseError).forEach(row -> Arrays.fill(row, 0.5));
    String id = "benchmark";
    ModelParts.write(
        directory,
        TarDiffModel.FILE,
        new ModelFile(
            TarDiffModel.FORMAT,
            id,
            0,
            id,
            WindowSpec.of(steps, Duration.ofHours(1), names, List.of(), CLASSES),
            Normalisers.fromJson(normaliser),
            new long[] {32, 32},
            new ModelFile.DenoiserPart(id, ModelJson.of(training), 0, 0, List.of(), noiseError),
            new ModelFile.ClassifierPart(
                id,
                ModelJson.of(config),
                1,
                List.of(
                    new TarDiffModel.ClassifierEpoch(
                        1, 0, 0, 0, 0, 0, guidance.norm(), guidance.signal(), id)))));
  }

  private static void write(String directory, String file, Weights weights) throws IOException {
    AtomicFile.write(AtomicFile.resolve(directory, file), weights::write);
  }

  private static LabelledWindows noise(int size, int steps, int channels) {
    float[] values = new float[size * steps * channels];
    Seeds.fillGaussian(values, 0, values.length, 0, "benchmark");
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = i % CLASSES;
    }
    return new LabelledWindows(steps, channels, CLASSES, values, labels);
  }
}
