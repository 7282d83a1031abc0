package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.tensorflow.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainersTest {
  /** 60 steps: 30 for each trainer, in rounds of 12, 12 and 6. */
  private static final Trainers TWO = Trainers.of(2).withLocalSteps(12);

  private static final TrainingConfig TRAINING = TinyRun.TRAINING.withTrainers(TWO);

  @TempDir static Path shared;
  @TempDir Path directory;

  private static String cohort;
  private static String model;
  private static List<List<DenoiserTrainer.Checkpoint>> rounds;

  @BeforeAll
  static void train() {
    cohort = TinyRun.cohort(shared.resolve("cohort"));
    model = TinyRun.model(cohort, TRAINING, shared.resolve("model"));
    rounds = withoutPipeline();
  }

  /** All trainers one after the other, in a loop; {@code [rounds][trainers]}. */
  private static List<List<DenoiserTrainer.Checkpoint>> withoutPipeline() {
    List<List<DenoiserTrainer.Checkpoint>> all = new ArrayList<>();
    Map<String, OuterWeights> common = Map.of();
    for (int round = 1; round <= 3; round++) {
      List<DenoiserTrainer.Checkpoint> ends = new ArrayList<>();
      for (int index = 0; index < 2; index++) {
        ends.add(
            DenoiserTrainer.trainRound(
                Cohort.open(cohort),
                TRAINING.denoiser(),
                TRAINING.seed(),
                new DenoiserTrainer.Turn(index, round, TWO),
                round == 1 ? null : all.get(round - 2).get(index),
                common,
                (loss, step) -> {}));
      }
      common = outerStep(ends);
      all.add(ends);
    }
    return all;
  }

  /** Nesterov's step, written out. */
  private static Map<String, OuterWeights> outerStep(List<DenoiserTrainer.Checkpoint> ends) {
    Map<String, OuterWeights> next = new HashMap<>();
    for (Weights.Weight first : ends.get(0).state().weights().all()) {
      float[] second = ends.get(1).state().weights().get(first.name()).values();
      OuterWeights start = ends.get(0).common().get(first.name());
      float[] values = new float[second.length];
      float[] velocity = new float[second.length];
      for (int i = 0; i < values.length; i++) {
        double d = start.values()[i] - ((double) first.values()[i] + second[i]) / 2;
        double v = TWO.outerMomentum() * start.velocity()[i] + d;
        velocity[i] = (float) v;
        values[i] =
            (float) (start.values()[i] - TWO.outerLearningRate() * (d + TWO.outerMomentum() * v));
      }
      next.put(first.name(), new OuterWeights(values, velocity));
    }
    return next;
  }

  private static PipelineResult run(Path output) {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply("Cohort", Create.of(Cohort.open(cohort)))
        .apply("Train", TrainModels.to(output.toString()).withConfig(TRAINING));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return result;
  }

  private static long steps(PipelineResult result) {
    long steps = 0;
    for (var counter :
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(MetricNameFilter.named("tardiff.training", "denoiserSteps"))
                    .build())
            .getCounters()) {
      steps += counter.getAttempted();
    }
    return steps;
  }

  private void assertSameModel() throws IOException {
    for (String file : List.of("denoiser.avro", "model.json", "manifest.json")) {
      assertThat(file, Files.mismatch(Path.of(model, file), directory.resolve(file)), is(-1L));
    }
  }

  @Test
  void denoiserIsTheMeanOfTheTrainersAverages() {
    Weights weights = TarDiffModel.open(model).denoiserWeights();
    for (Weights.Weight weight : weights.all()) {
      float[] mean = new float[weight.values().length];
      for (int i = 0; i < mean.length; i++) {
        double sum = 0;
        for (DenoiserTrainer.Checkpoint end : rounds.get(2)) {
          sum += end.state().average().get(weight.name()).values()[i];
        }
        mean[i] = (float) (sum / 2);
      }
      assertThat(weight.name(), weight.values(), is(mean));
    }
  }

  @Test
  void trainersStartARoundFromTheSameWeightsAndEndWithTheirOwn() {
    for (List<DenoiserTrainer.Checkpoint> ends : rounds) {
      Weights.Weight start = ends.get(0).common().values().all().iterator().next();
      assertThat(ends.get(1).common().values().get(start.name()).values(), is(start.values()));
      assertThat(
          ends.get(1).state().weights().get(start.name()).values(),
          is(not(ends.get(0).state().weights().get(start.name()).values())));
    }
  }

  @Test
  void trainersShareTheFiles() {
    List<String> files = Cohort.open(cohort).shards(Split.TRAIN);
    List<String> dealt = new ArrayList<>();
    for (int index = 0; index < 2; index++) {
      List<String> own = new DenoiserTrainer.Turn(index, 1, TWO).files(files);
      assertThat(own, hasSize(1));
      dealt.addAll(own);
    }
    assertThat(dealt, is(files));
  }

  @Test
  void historyHasEachRoundAndItsLossFalls() {
    List<TarDiffModel.DenoiserLoss> history = TarDiffModel.open(model).denoiserHistory();
    assertThat(
        history.stream().map(TarDiffModel.DenoiserLoss::step).toList(), is(List.of(24L, 48L, 60L)));
    assertThat(history.get(2).tuningLoss(), lessThan(history.get(0).tuningLoss()));
  }

  @Test
  void checkpointsAreDeletedAtTheEnd() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(model))) {
      assertThat(files.filter(f -> f.toString().contains("checkpoint")).toList(), is(empty()));
    }
  }

  @Test
  void finishedModelIsKept() {
    assertThat(steps(run(Path.of(model))), is(0L));
  }

  /** The second trainer was lost in the last round; the first had ended it. */
  @Test
  void lostTrainerCostsItsRound() throws IOException {
    String runId = TRAINING.runId(Cohort.open(cohort).hash());
    for (int round = 1; round <= 3; round++) {
      for (int index = 0; index < (round < 3 ? 2 : 1); index++) {
        Checkpoints.ofTrainer(directory.toString(), runId, index)
            .write(rounds.get(round - 1).get(index));
      }
    }

    assertThat(steps(run(directory)), is(6L));
    assertSameModel();
  }

  @Test
  void newRunTrainsAllRounds() throws IOException {
    assertThat(steps(run(directory)), is(60L));
    assertSameModel();
  }

  @Test
  void trainersWithoutACommonRoundAreAnError() throws IOException {
    String runId = TRAINING.runId(Cohort.open(cohort).hash());
    for (int round = 1; round <= 3; round++) {
      Checkpoints.ofTrainer(directory.toString(), runId, 0).write(rounds.get(round - 1).get(0));
    }

    Exception thrown = assertThrows(Exception.class, () -> run(directory));
    assertThat(
        thrown.getMessage(),
        containsString("the checkpoints of trainer 2 in " + directory + " do not reach round 2"));
    assertThat(thrown.getMessage(), containsString("remove the directory and train again"));
  }

  @Test
  void moreTrainersThanFilesAreAnError() {
    Cohort opened = Cohort.open(cohort);
    Exception thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> TrainModels.check(opened, TRAINING.withTrainers(Trainers.of(3))));
    assertThat(
        thrown.getMessage(), containsString("trainers must be at most 2, the number of files"));
    assertThat(thrown.getMessage(), containsString("was 3"));
  }

  @Test
  void roundsOfTimeAreForOneTrainer() {
    Exception thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> TrainModels.to("model").withConfig(TRAINING.withTrainingRounds(2)));
    assertThat(
        thrown.getMessage(),
        is(
            "trainingRounds must be 1 with several trainers, whose rounds are localSteps long,"
                + " was 2"));
  }

  @Test
  void roundsAreLimited() {
    TrainingConfig many =
        TRAINING
            .withDenoiser(TRAINING.denoiser().withTrainingSteps(8_000))
            .withTrainers(Trainers.of(2).withLocalSteps(3));
    Exception thrown =
        assertThrows(
            IllegalArgumentException.class, () -> TrainModels.to("model").withConfig(many));
    assertThat(
        thrown.getMessage(), is("localSteps must be at least 4, which makes 1000 rounds, was 3"));
  }

  @Test
  void oneTrainerHasTheRunIdOfEarlierVersions() {
    String hash = "0".repeat(64);
    assertThat(
        TinyRun.TRAINING.withTrainers(Trainers.one()).runId(hash),
        is(TinyRun.TRAINING.runId(hash)));
    assertThat(
        Trainers.settings().toJson(Trainers.one()).properties().stream().toList(), is(empty()));
    assertThat(
        List.of(
            TRAINING.runId(hash),
            TRAINING.withTrainers(TWO.withLocalSteps(13)).runId(hash),
            TRAINING.withTrainers(TWO.withOuterMomentum(0)).runId(hash)),
        everyItem(is(not(TinyRun.TRAINING.runId(hash)))));
  }

  @Test
  void stepsAreSharedAndRounded() {
    DenoiserTraining training = DenoiserTraining.defaults().withTrainingSteps(101);
    Trainers four = Trainers.of(4).withLocalSteps(10);
    assertThat(four.share(training).trainingSteps(), is(26));
    assertThat(four.rounds(training), is(3));
    assertThat(four.stepsAfter(2, training), is(20));
    assertThat(four.stepsAfter(3, training), is(26));
  }
}
