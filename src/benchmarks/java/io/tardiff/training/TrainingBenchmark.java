package io.tardiff.training;

import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpec.Channel;
import io.tardiff.tensorflow.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Measures training steps of the denoiser. */
public final class TrainingBenchmark {
  private static final int CLASSES = 2;
  private static final int WARM_UP = 5;

  private TrainingBenchmark() {}

  /** Returns the seconds of {@code repeats} training steps of the small denoiser at batch 128. */
  public static double[] secondsPerStep(int steps, int channels, int repeats) {
    DenoiserTraining training = DenoiserTraining.defaults();
    WindowBatch batch = noise(training.batchSize(), steps, channels);
    double[] seconds = new double[repeats];
    try (DenoiserGraph graph =
        new DenoiserGraph(
            training,
            layout(steps, channels),
            new DenoiserLabels(CLASSES, false, 0),
            training.trainingSteps())) {
      graph.initialise(0);
      for (int step = 1; step <= WARM_UP + repeats; step++) {
        long begin = System.nanoTime();
        graph.train(batch, step, 0);
        if (step > WARM_UP) {
          seconds[step - WARM_UP - 1] = (System.nanoTime() - begin) / 1e9;
        }
      }
    }
    return seconds;
  }

  private static DenoiserLayout layout(int steps, int channels) {
    return new DenoiserLayout(
        WindowSpec.of(
            steps,
            Duration.ofHours(1),
            IntStream.range(0, channels).mapToObj(c -> Channel.of("channel " + c, "")).toList(),
            List.of(),
            CLASSES),
        /* isMasked= */ false,
        List.of());
  }

  private static WindowBatch noise(int size, int steps, int channels) {
    float[] values = new float[size * steps * channels];
    Seeds.fillGaussian(values, 0, values.length, 0, "benchmark");
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = i % CLASSES;
    }
    return new WindowBatch(values, labels);
  }
}
