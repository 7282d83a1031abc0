package io.tardiff.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpecs;
import io.tardiff.files.AtomicFile;
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

    ObjectNode json = ModelJson.MAPPER.createObjectNode();
    json.put("format", TarDiffModel.FORMAT).put("run_id", "benchmark");
    List<WindowSpec.Channel> names = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      names.add(WindowSpec.Channel.of("C" + c, "1"));
    }
    json.set(
        "spec",
        WindowSpecs.toJson(WindowSpec.of(steps, Duration.ofHours(1), names, List.of(), CLASSES)));
    ObjectNode normaliser = json.putObject("normaliser").put("method", "z_score");
    for (String field : List.of("shift", "scale", "min", "max")) {
      double value =
          field.equals("shift") ? 0 : field.equals("min") ? -4 : field.equals("max") ? 4 : 1;
      for (int c = 0; c < channels; c++) {
        normaliser.withArray("/" + field).add(value);
      }
    }
    json.putArray("train_labels").add(32).add(32);
    double[][] noiseError = new double[training.noiseSteps()][channels];
    Arrays.stream(noiseError).forEach(row -> Arrays.fill(row, 0.5));
    ObjectNode denoiser = json.putObject("denoiser");
    denoiser.set("configuration", ModelJson.of(training));
    denoiser.set("noise_error", ModelJson.of(noiseError));
    ObjectNode part = json.putObject("classifier").put("best_epoch", 1);
    part.set("configuration", ModelJson.of(config));
    part.putArray("epochs").addObject().put("guidance_hash", "benchmark");
    ModelParts.write(directory, TarDiffModel.FILE, json);
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
