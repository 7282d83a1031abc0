package io.tardiff.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.generation.SamplingBenchmark;
import io.tardiff.training.TrainingBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Speed of the small denoiser and of sampling, as JSON: training steps per second at batch 128,
 * unguided and guided samples per second at batch 256 and 20 steps, and the peak memory of the
 * process, for each shape (steps x channels).
 *
 * <pre>
 * mvn -q test-compile exec:java -Dexec.mainClass=io.tardiff.benchmarks.SpeedBenchmark \
 *     -Dexec.classpathScope=test -Dexec.arguments=24x7,48x9,256x16
 * </pre>
 *
 * <p>Medians over repeats; minimum and maximum beside them tell how quiet the machine was. Peak
 * memory only grows within a process: give one shape for its own.
 */
public final class SpeedBenchmark {
  private static final int TRAINING_REPEATS = 20;
  private static final int SAMPLING_REPEATS = 3;
  private static final int TRAINING_BATCH = 128;
  private static final int SAMPLING_BATCH = 256;

  private SpeedBenchmark() {}

  public static void main(String[] shapes) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("cores", Runtime.getRuntime().availableProcessors());
    json.put("training_batch", TRAINING_BATCH);
    json.put("sampling_batch", SAMPLING_BATCH);
    List<String> asked = shapes.length == 0 ? List.of("24x7", "48x9", "256x16") : List.of(shapes);
    for (String shape : asked) {
      String[] sizes = shape.split("x", -1);
      int steps = Integer.parseInt(sizes[0]);
      int channels = Integer.parseInt(sizes[1]);
      ObjectNode row = json.withObject("/shapes").putObject(shape);
      rates(
          row,
          "training_steps_per_second",
          1,
          TrainingBenchmark.secondsPerStep(steps, channels, TRAINING_REPEATS));
      Path model = Files.createTempDirectory("tardiff-benchmark");
      TrainingBenchmark.writeModel(model.toString(), steps, channels);
      double[][] sampling = SamplingBenchmark.secondsPerBatch(model.toString(), SAMPLING_REPEATS);
      rates(row, "unguided_samples_per_second", SAMPLING_BATCH, sampling[0]);
      rates(row, "guided_samples_per_second", SAMPLING_BATCH, sampling[1]);
      row.put("peak_memory_mib", PeakMemory.mib());
    }
    System.out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json));
  }

  private static void rates(ObjectNode row, String name, int items, double[] seconds) {
    row.putObject(name)
        .put("median", items / StatUtils.percentile(seconds, 50))
        .put("min", items / StatUtils.max(seconds))
        .put("max", items / StatUtils.min(seconds));
  }
}
