package io.tardiff;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.cohort.Unlabelled;
import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.DenoiserTraining;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;

/**
 * A cohort and a model small enough to build in a test: 12 steps, 3 channels. The first is
 * continuous, the second has a resolution, that of the third is learned.
 */
public final class TinyRun {
  private static final ConceptDictionary STANDARD = ConceptDictionary.standard();

  public static final CohortConfig COHORT =
      CohortConfig.defaults()
          .withWindowSteps(12)
          .withStepMinutes(240)
          .withDictionary(
              STANDARD
                  .with(STANDARD.channel("HR").withResolution(0))
                  .with(STANDARD.channel("SBP").withResolution(2)))
          .withChannels(List.of("HR", "SBP", "RR"))
          .withNumShards(2);

  public static final TrainingConfig TRAINING =
      TrainingConfig.defaults()
          .withDenoiser(
              DenoiserTraining.defaults()
                  .withNetwork(DenoiserConfig.of(8, List.of(1, 2), 1, 2, List.of(1)))
                  .withNoiseSteps(50)
                  .withTrainingSteps(60)
                  .withBatchSize(16))
          .withClassifier(
              ClassifierTraining.of(ClassifierConfig.forName("gru").withHidden(8).withLayers(1))
                  .withEpochs(3));

  public static final GenerationConfig GENERATION =
      GenerationConfig.defaults().withSamplingBatch(16).withSamplingSteps(5);

  private TinyRun() {}

  /** The files of {@link #build}, which takes some seconds. */
  private static final Supplier<Map<String, byte[]>> BUILT = Suppliers.memoize(TinyRun::build);

  private static Map<String, byte[]> build() {
    try {
      Path directory = Files.createTempDirectory("tiny-run");
      try {
        model(buildCohort(directory.resolve("cohort")), directory.resolve("model"));
        return files(directory);
      } finally {
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String copy(String name, Path directory) {
    BUILT
        .get()
        .forEach(
            (file, bytes) -> {
              if (file.startsWith(name + "/")) {
                Path copy = directory.resolve(file.substring(name.length() + 1));
                try {
                  Files.createDirectories(copy.getParent());
                  Files.write(copy, bytes);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    return directory.toString();
  }

  /** Copies a cohort of 240 simulated stays, built once per process, to {@code directory}. */
  public static String cohort(Path directory) {
    return copy("cohort", directory);
  }

  /** Copies the model of {@link #cohort}, trained once per process, to {@code directory}. */
  public static String model(Path directory) {
    return copy("model", directory);
  }

  /** Builds a cohort of 240 simulated stays, 40 % of which have no outcome and no label. */
  public static String unlabelledCohort(Path directory) {
    return buildCohort(
        SimulatedIcu.of(240).withSeed(1).withUnknownOutcomes(0.4),
        COHORT.withUnlabelled(Unlabelled.TRAIN),
        directory);
  }

  private static String buildCohort(Path directory) {
    return buildCohort(SimulatedIcu.of(240).withSeed(1), COHORT, directory);
  }

  private static String buildCohort(SimulatedIcu icu, CohortConfig config, Path directory) {
    Pipeline pipeline = Pipeline.create(options());
    pipeline
        .apply("Simulate", icu)
        .apply("Build cohort", BuildCohort.to(directory.toString()).withConfig(config));
    pipeline.run().waitUntilFinish();
    return directory.toString();
  }

  /** Trains {@link #TRAINING} on a cohort. */
  public static String model(String cohort, Path directory) {
    return model(cohort, TRAINING, directory);
  }

  /** Trains on a cohort. */
  public static String model(String cohort, TrainingConfig training, Path directory) {
    Pipeline pipeline = Pipeline.create(options());
    pipeline
        .apply("Cohort", Create.of(Cohort.open(cohort)))
        .apply("Train", TrainModels.to(directory.toString()).withConfig(training));
    pipeline.run().waitUntilFinish();
    return directory.toString();
  }

  /** Returns the content of every file under a directory, by relative path. */
  public static Map<String, byte[]> files(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        // Ignore checksum files of the local file system, and unfinished files of killed workers.
        String name = path.getFileName().toString();
        if (!name.startsWith(".") && !name.endsWith(".tmp")) {
          files.put(root.relativize(path).toString(), Files.readAllBytes(path));
        }
      }
    }
    return files;
  }

  private static PipelineOptions options() {
    return PipelineOptionsFactory.create();
  }
}
