package io.tardiff.evaluation;

import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.generation.SyntheticSet;
import io.tardiff.generation.SyntheticWindow;
import io.tardiff.training.LabelledWindows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.Pipeline;

/** A simulated cohort and synthetic sets on disk, and a downstream model that needs no network. */
final class Fixtures {
  private static final Schema SAMPLE =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "SyntheticWindow", "fields": [
                {"name": "sample_id", "type": "long"},
                {"name": "label", "type": "int"},
                {"name": "values", "type": {"type": "array", "items": "float"}}]}
              """);

  private Fixtures() {}

  /** The cohort of 300 simulated stays of 12 hours. */
  static Cohort cohort(Path directory) {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply("Simulate", SimulatedIcu.of(300).withSeed(5))
        .apply(
            "Build",
            BuildCohort.to(directory.toString())
                .withConfig(CohortConfig.builder().setSteps(12).setNumShards(2).build()));
    pipeline.run().waitUntilFinish();
    return Cohort.open(directory.toString());
  }

  /**
   * The train windows with noise of {@code noise} clinical units on every value, as though they had
   * been generated.
   */
  static List<SyntheticWindow> likeTrain(Cohort cohort, double noise) {
    Random random = new Random(1);
    List<SyntheticWindow> windows = new ArrayList<>();
    for (EhrWindow window : cohort.readAll(Split.TRAIN)) {
      float[] values = window.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (noise * random.nextGaussian());
      }
      windows.add(new SyntheticWindow(windows.size(), window.label(), values));
    }
    return windows;
  }

  /** The same with every label wrong: what it teaches is worth less than nothing. */
  static List<SyntheticWindow> mislabelled(List<SyntheticWindow> windows) {
    return windows.stream()
        .map(w -> new SyntheticWindow(w.sampleId(), 1 - w.label(), w.values()))
        .toList();
  }

  static SyntheticSet write(
      Path directory, String rule, double scale, List<SyntheticWindow> windows) {
    try {
      Files.createDirectories(directory);
      try (DataFileWriter<GenericRecord> file =
          new DataFileWriter<>(new GenericDatumWriter<>(SAMPLE))) {
        file.create(SAMPLE, directory.resolve("samples-00000-of-00001.avro").toFile());
        for (SyntheticWindow window : windows) {
          GenericRecord record = new GenericData.Record(SAMPLE);
          record.put("sample_id", window.sampleId());
          record.put("label", window.label());
          List<Float> values = new ArrayList<>();
          for (float value : window.values()) {
            values.add(value);
          }
          record.put("values", values);
          file.append(record);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SyntheticSet.of(rule, scale, directory.toString());
  }

  /**
   * Scores a window by its projection on the difference of the class means; the seed jitters the
   * direction a little, as another initialisation would.
   */
  static final class ClassMeans implements DownstreamTrainer {
    @Override
    public List<String> models() {
      return List.of("means", "jittered_means");
    }

    @Override
    public FittedModel fit(String model, LabelledWindows train, LabelledWindows tuning, long seed) {
      int[] counts = train.counts();
      double[] direction = new double[train.stride()];
      for (int w = 0; w < train.size(); w++) {
        int label = train.labels()[w];
        for (int j = 0; j < direction.length; j++) {
          double value = train.values()[w * direction.length + j];
          direction[j] += (label == 1 ? value : -value) / counts[label];
        }
      }
      Random random = new Random(seed);
      double jitter = model.equals("means") ? 0.005 : 0.05;
      for (int j = 0; j < direction.length; j++) {
        direction[j] += jitter * random.nextGaussian();
      }
      return new FittedModel() {
        @Override
        public double[][] probabilities(LabelledWindows windows) {
          return IntStream.range(0, windows.size())
              .mapToObj(
                  w -> {
                    double score = 0;
                    for (int j = 0; j < direction.length; j++) {
                      score += direction[j] * windows.values()[w * direction.length + j];
                    }
                    double positive = 1 / (1 + Math.exp(-score));
                    return new double[] {1 - positive, positive};
                  })
              .toArray(double[][]::new);
        }

        @Override
        public void close() {}
      };
    }
  }
}
