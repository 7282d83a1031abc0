package io.tardiff.evaluation;

import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpec.Channel;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.files.Manifest;
import io.tardiff.influence.Guidance;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** A cohort and synthetic sets on disk, and a downstream model that needs no network. */
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

  private static final WindowSpec SPEC =
      WindowSpec.of(
          12,
          java.time.Duration.ofHours(1),
          Stream.of("HR", "SBP", "DBP", "MAP")
              .map(name -> Channel.of(name, name.equals("HR") ? "bpm" : "mmHg"))
              .toList(),
          List.of(),
          2);

  private Fixtures() {}

  /**
   * A cohort of four channels, 12 hours and 240 stays; patients who die (a quarter) have a higher
   * heart rate.
   */
  static Cohort cohort(Path directory) {
    return cohort(directory, 5, 240, List.of("HR", "SBP", "DBP", "MAP"));
  }

  /**
   * As above, of patients that depend on the seed, whose ids do not.
   *
   * @param stays number of stays; the heart rate of those from the 240th on is never measured
   */
  static Cohort cohort(Path directory, long seed, int stays, List<String> channels) {
    List<EhrEvent> events = new ArrayList<>();
    Random random = new Random(seed);
    for (int stay = 0; stay < stays; stay++) {
      int dies = stay % 4 == 0 ? 1 : 0;
      events.add(event(stay, EhrEvent.ADMISSION, Duration.ZERO).build());
      events.add(
          event(stay, EhrEvent.HOSPITAL_DEATH, Duration.standardDays(30))
              .setNumericValue((double) dies)
              .build());
      double heartRate = 80 + 15 * dies + 8 * random.nextGaussian();
      double pressure = 120 + 10 * random.nextGaussian();
      for (int hour = 0; hour < 12; hour++) {
        Duration time = Duration.standardHours(hour);
        double change = 3 * random.nextGaussian();
        if (stay < 240) {
          events.add(event(stay, "HR", time).setNumericValue(heartRate + change).build());
        }
        events.add(event(stay, "SysABP", time).setNumericValue(pressure + change).build());
        events.add(event(stay, "DiasABP", time).setNumericValue(pressure - 50 + change).build());
        events.add(event(stay, "MAP", time).setNumericValue(pressure - 30 + change).build());
      }
    }
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply("Events", Create.of(events))
        .apply(
            "Build",
            BuildCohort.to(directory.toString())
                .withConfig(
                    CohortConfig.defaults()
                        .withWindowSteps(12)
                        .withChannels(channels)
                        .withStatics(List.of())
                        .withNumShards(2)));
    pipeline.run().waitUntilFinish();
    return Cohort.open(directory.toString());
  }

  private static EhrEvent.Builder event(int stay, String code, Duration time) {
    return EhrEvent.builder()
        .setSubjectId("p" + stay)
        .setStayId("s" + stay)
        .setCode(code)
        .setTime(Instant.EPOCH.plus(time));
  }

  /**
   * Returns the train windows as synthetic ones, with noise of {@code noise} clinical units on
   * every value.
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

  /** Returns the windows with every label flipped, which makes a harmful set. */
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
        file.setMeta("io.tardiff.count", windows.size());
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
      SyntheticSet set = set(directory, rule, scale, windows.size());
      // As of an earlier version: without a manifest.
      set.finish(List.of(), List.of(), Map.of());
      Files.delete(directory.resolve(Manifest.FILE));
      return set;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns an unselected set without writing files. */
  static SyntheticSet set(Path directory, String rule, double scale, long samples) {
    return SyntheticSet.of(
        directory.toString(),
        Guidance.of(Guidance.Rule.of(rule), scale),
        SelectionMethod.NONE,
        samples,
        samples,
        SPEC);
  }

  /**
   * Scores windows by their projection on the difference of the class means; the seed perturbs the
   * direction slightly, like another initialisation.
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

  /**
   * A model that {@link #mislabelled} windows help when they are added to real ones, and harm when
   * they are alone. It tells them by the share of class 1, which is a quarter in real windows, half
   * in both together and three quarters in mislabelled ones; what it predicts is the less noisy the
   * more they help.
   */
  static final class Opposites implements DownstreamTrainer {
    private final ClassMeans means = new ClassMeans();

    @Override
    public List<String> models() {
      return List.of("opposites", "others");
    }

    @Override
    public FittedModel fit(String model, LabelledWindows train, LabelledWindows tuning, long seed) {
      double share = (double) train.counts()[1] / train.size();
      double noise = share > 0.6 ? 100 : share > 0.35 ? 0 : 3;
      FittedModel fitted = means.fit("means", tuning, tuning, seed);
      return new FittedModel() {
        @Override
        public double[][] probabilities(LabelledWindows windows) {
          Random random = new Random(1);
          return Arrays.stream(fitted.probabilities(windows))
              .map(p -> p[1] + noise * random.nextGaussian())
              .map(score -> new double[] {1 - score, score})
              .toArray(double[][]::new);
        }

        @Override
        public void close() {}
      };
    }
  }
}
