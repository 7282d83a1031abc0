package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Throwables;
import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.files.Manifest;
import io.tardiff.tensorflow.Weights;
import io.tardiff.tensorflow.Weights.Weight;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.metrics.DistributionResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.schemas.SchemaRegistry;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainModelsTest {
  @TempDir static Path shared;
  private static String cohort;
  private static String model;

  @TempDir Path directory;

  @BeforeAll
  static void train() {
    cohort = TinyRun.cohort(shared.resolve("cohort"));
    model = TinyRun.model(shared.resolve("model"));
  }

  @Test
  void writesACompleteModel() throws IOException {
    TarDiffModel opened = TarDiffModel.open(model);

    assertThat(opened.spec(), is(Cohort.open(cohort).spec()));
    assertThat(opened.trainLabels(), is(Cohort.open(cohort).labelCounts(Split.TRAIN)));
    assertThat(opened.denoiser(), is(TinyRun.TRAINING.denoiser()));
    assertThat(opened.classifierTraining(), is(TinyRun.TRAINING.classifier()));
    assertThat(opened.epochs(), is(3));
    for (int epoch = 1; epoch <= 3; epoch++) {
      double length = 0;
      for (Weights.Weight weight : opened.guidanceDirection(epoch).all()) {
        for (float value : weight.values()) {
          length += (double) value * value;
        }
      }
      assertThat(length, closeTo(1, 1e-4));
      assertThat(
          opened.classifierWeights(epoch).size(), is(opened.guidanceDirection(epoch).size()));
    }
    try (Stream<Path> files = Files.list(Path.of(model))) {
      assertThat(files.filter(f -> f.toString().contains("checkpoint")).toList(), is(empty()));
    }
  }

  @Test
  void denoiserLossFalls() {
    List<TarDiffModel.DenoiserLoss> history = TarDiffModel.open(model).denoiserHistory();

    assertThat(history.get(history.size() - 1).tuningLoss(), lessThan(history.get(0).tuningLoss()));
    for (double[] row : TarDiffModel.open(model).noiseError()) {
      for (double value : row) {
        assertThat(value, greaterThan(0.0));
      }
    }
  }

  @Test
  void coderPreservesTheModel() throws Exception {
    TarDiffModel opened = TarDiffModel.open(model);
    Coder<TarDiffModel> coder = SchemaRegistry.createDefault().getSchemaCoder(TarDiffModel.class);

    TarDiffModel decoded = CoderUtils.clone(coder, opened);
    assertThat(decoded, is(opened));
    assertThat(decoded.trainLabels(), is(opened.trainLabels()));
    assertThat(decoded.denoiserWeights().size(), is(opened.denoiserWeights().size()));
  }

  @Test
  void repeatedRunReusesItsModel() throws IOException {
    long before = Files.getLastModifiedTime(Path.of(model, "denoiser.avro")).toMillis();

    TinyRun.model(cohort, Path.of(model));

    assertThat(Files.getLastModifiedTime(Path.of(model, "denoiser.avro")).toMillis(), is(before));
  }

  @Test
  void sameRunInAnotherDirectoryGivesTheSameWeights() throws IOException {
    String again = TinyRun.model(cohort, directory);

    for (String file : List.of("denoiser.avro", "classifier-003.avro", "guidance-003.avro")) {
      assertThat(file, Files.mismatch(Path.of(model, file), Path.of(again, file)), is(-1L));
    }
  }

  @Test
  void directoryOfAnotherRunIsNotOverwritten() {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(Cohort.open(cohort)))
        .apply(TrainModels.to(model).withConfig(TinyRun.TRAINING.withSeed(99)));

    Exception thrown = assertThrows(Exception.class, () -> pipeline.run().waitUntilFinish());

    assertThat(
        Throwables.getRootCause(thrown).getMessage(),
        containsString("already holds the model of another run"));
  }

  @Test
  void resumedTrainingEndsWithTheSameWeights() throws IOException {
    Cohort opened = Cohort.open(cohort);
    DenoiserTraining training = TinyRun.TRAINING.denoiser().withTrainingSteps(40);
    DenoiserTrainer.Trained whole =
        DenoiserTrainer.train(opened, training, 3, null, (step, loss, checkpoint) -> true)
            .orElseThrow();
    List<DenoiserTrainer.Checkpoint> kept = new ArrayList<>();
    assertThrows(
        StoppedException.class,
        () ->
            DenoiserTrainer.train(
                opened,
                training,
                3,
                null,
                (step, loss, checkpoint) -> {
                  if (step == 23) {
                    kept.add(checkpoint.get());
                  }
                  if (step == 29) {
                    throw new StoppedException();
                  }
                  return true;
                }));

    DenoiserTrainer.Trained resumed =
        DenoiserTrainer.train(opened, training, 3, kept.get(0), (step, loss, checkpoint) -> true)
            .orElseThrow();

    assertThat(bytes(resumed.weights()), is(bytes(whole.weights())));
    assertThat(bytes(whole.weights()), is(not(bytes(kept.get(0).state().average()))));
    assertThat(resumed.seconds(), greaterThan(kept.get(0).seconds()));
    assertThat(kept.get(0).seconds(), greaterThan(0.0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--runner=DirectRunner",
        "--runner=FlinkRunner --flinkMaster=[local] --parallelism=2"
      })
  void anyNumberOfRoundsEndsWithTheSameModel(String runner) throws IOException {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs(runner.split(" ", -1)).create());
    pipeline
        .apply(Create.of(Cohort.open(cohort)))
        .apply(
            "Train",
            TrainModels.to(directory.toString())
                .withConfig(
                    TinyRun.TRAINING.withTrainingRounds(3).withRoundBudget(Duration.ofNanos(1))));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    for (String file : List.of("denoiser.avro", "classifier-003.avro", "guidance-003.avro")) {
      assertThat(file, Files.mismatch(Path.of(model, file), directory.resolve(file)), is(-1L));
    }
    // The first two rounds did one step each, the last one the rest.
    DistributionResult resumed = distribution(result, "denoiserResumedAtStep");
    assertThat(resumed.getCount(), is(2L));
    assertThat(resumed.getMin(), is(1L));
    assertThat(resumed.getMax(), is(2L));
    assertThat(distribution(result, "denoiserLossMillionths").getCount(), is(60L));
    assertThat(distribution(result, "denoiserLossMillionths").getMin(), greaterThan(1000L));
    assertThat(distribution(result, "denoiserMicrosecondsPerStep").getSum(), greaterThan(0L));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(f -> f.toString().contains("checkpoint")).toList(), is(empty()));
    }
  }

  @Test
  void surplusRoundsDoNothing() throws IOException {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(Cohort.open(cohort)))
        .apply(
            TrainModels.to(directory.toString())
                .withConfig(TinyRun.TRAINING.withTrainingRounds(3)));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    assertThat(
        Files.mismatch(Path.of(model, "denoiser.avro"), directory.resolve("denoiser.avro")),
        is(-1L));
    assertThat(distribution(result, "denoiserLossMillionths").getCount(), is(60L));
    assertThat(distributions(result, "denoiserResumedAtStep"), is(empty()));
  }

  @Test
  void everyRoundIsASeparateTransform() {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(Cohort.open(cohort)))
        .apply(
            "Train",
            TrainModels.to(directory.toString())
                .withConfig(TinyRun.TRAINING.withTrainingRounds(3)));
    List<String> names = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            names.add(node.getFullName());
            return CompositeBehavior.ENTER_TRANSFORM;
          }
        });

    for (int round = 1; round <= 3; round++) {
      assertThat(names, hasItem("Train/Train denoiser/Round " + round));
      assertThat(names, hasItem("Train/Train denoiser/To a worker of round " + round));
    }
    assertThat(names, not(hasItem("Train/Train denoiser/Round 4")));
  }

  @Test
  void rejectsInvalidRounds() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> TinyRun.TRAINING.withTrainingRounds(0))
            .getMessage(),
        is("trainingRounds must be from 1 to 1000, was 0"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> TinyRun.TRAINING.withRoundBudget(Duration.ZERO))
            .getMessage(),
        is("roundBudget must be above 0, was PT0S"));
  }

  private static DistributionResult distribution(PipelineResult result, String name) {
    return distributions(result, name).stream()
        .reduce(
            (a, b) ->
                DistributionResult.create(
                    a.getSum() + b.getSum(),
                    a.getCount() + b.getCount(),
                    Math.min(a.getMin(), b.getMin()),
                    Math.max(a.getMax(), b.getMax())))
        .orElseThrow();
  }

  /** One result per step that reports the distribution. */
  private static List<DistributionResult> distributions(PipelineResult result, String name) {
    List<DistributionResult> all = new ArrayList<>();
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.named("tardiff.training", name))
                .build())
        .getDistributions()
        .forEach(metric -> all.add(metric.getAttempted()));
    return all;
  }

  @Test
  void lossThatIsNotFiniteFailsTheRun() {
    Cohort opened = Cohort.open(cohort);
    DenoiserTraining training = TinyRun.TRAINING.denoiser().withTrainingSteps(3);
    List<DenoiserTrainer.Checkpoint> kept = new ArrayList<>();
    DenoiserTrainer.train(
        opened,
        training.withTrainingSteps(1),
        3,
        null,
        (step, loss, checkpoint) -> kept.add(checkpoint.get()));
    DenoiserGraph.DenoiserState state = kept.get(0).state();
    Weights broken =
        Weights.of(
            state.weights().all().stream()
                .map(
                    w -> {
                      float[] values = w.values().clone();
                      values[0] = Float.NaN;
                      return new Weights.Weight(w.name(), w.shape(), values);
                    })
                .toList());

    Exception thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                DenoiserTrainer.train(
                    opened,
                    training,
                    3,
                    new DenoiserTrainer.Checkpoint(
                        1,
                        0,
                        new DenoiserGraph.DenoiserState(broken, state.average(), state.slots()),
                        List.of(),
                        null),
                    (step, loss, checkpoint) -> true));

    assertThat(thrown.getMessage(), containsString("not finite at step 2"));
    assertThat(thrown.getMessage(), containsString("learning rate below"));
  }

  @Test
  void damagedModelNamesTheFile() throws IOException {
    copyModel();
    Files.writeString(directory.resolve("model.json"), "{\"format\": 1");
    assertThat(message(), containsString("model.json is damaged: it is not JSON"));

    copyModel();
    Files.writeString(
        directory.resolve("model.json"),
        Files.readString(directory.resolve("model.json")).replace("\"spec\"", "\"other\""));
    assertThat(
        message(), containsString("model.json is damaged: field spec is missing or invalid"));

    copyModel();
    byte[] whole = Files.readAllBytes(directory.resolve("denoiser.avro"));
    Files.write(directory.resolve("denoiser.avro"), Arrays.copyOf(whole, whole.length / 2));
    TarDiffModel truncated = TarDiffModel.open(directory.toString());
    assertThat(
        assertThrows(Exception.class, truncated::denoiserWeights).getMessage(),
        containsString("denoiser.avro is damaged: not a readable file of weights"));
  }

  /** A float has a significand of 24 bits. */
  @Test
  void checkpointKeepsLargeSteps() throws IOException {
    Weights any = Weights.of(List.of(new Weight("w", new long[] {1}, new float[] {0.5f})));
    DenoiserGraph.DenoiserState state = new DenoiserGraph.DenoiserState(any, any, any);
    for (long step : new long[] {0, 7, (1 << 24) + 1, (1L << 40) + 3}) {
      DenoiserTrainer.Checkpoint checkpoint =
          new DenoiserTrainer.Checkpoint(
              step, 12.5, state, List.of(new TarDiffModel.DenoiserLoss(step, 0.25f, 0.75f)), null);
      Checkpoints checkpoints = new Checkpoints(directory.toString(), "run");
      checkpoints.write(checkpoint);

      DenoiserTrainer.Checkpoint read = checkpoints.latest();
      assertThat(read.step(), is(step));
      assertThat(read.seconds(), is(12.5));
      assertThat(read.history(), is(checkpoint.history()));
      assertThat(read.state().weights().get("w").values(), is(new float[] {0.5f}));
    }
  }

  @Test
  void directoryWithoutAModelIsAnError() {
    assertThat(message(), containsString("is not a model: it holds no model.json"));
  }

  @Test
  void invalidEpochNamesTheValidOnes() {
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> TarDiffModel.open(model).guidanceDirection(4))
            .getMessage(),
        containsString("best or from 1 to 3 (the epochs of the target classifier), was 4"));
  }

  private String message() {
    return assertThrows(Exception.class, () -> TarDiffModel.open(directory.toString()))
        .getMessage();
  }

  /** Without its manifest, which would tell of any change. */
  private void copyModel() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(model))) {
      for (Path file : files.toList()) {
        Files.copy(
            file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.delete(directory.resolve(Manifest.FILE));
  }

  private static byte[] bytes(Weights weights) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    weights.write(out);
    return out.toByteArray();
  }

  private static final class StoppedException extends RuntimeException {}
}
