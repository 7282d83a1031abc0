package io.tardiff.training;

import static com.google.common.base.Preconditions.checkState;

import io.tardiff.cohort.Cohort;
import io.tardiff.tensorflow.Devices;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.tensorflow.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the denoiser with several {@link Trainers}, one round after the other; outputs the cohort
 * when it is trained.
 *
 * <p>A round is a few transforms: each trainer takes its steps and outputs its weights, one element
 * per tensor; they are summed per tensor; the sums move the common weights ({@link OuterWeights});
 * and these are a side input of the next round.
 *
 * <p>Each trainer leaves a checkpoint after a round, with its own state and the common weights that
 * it started from. A lost worker therefore costs what its trainers did in the round. A run that is
 * started again executes all rounds again, but without training: a trainer outputs what its
 * checkpoint of the round says, or nothing if that has been deleted because a later round was
 * complete, and sums without all trainers are ignored. As no trainer is ever more than a round
 * ahead of another and the latest two checkpoints are kept, there is one round that all have.
 */
final class TrainTogether extends PTransform<PCollection<Cohort>, PCollection<Cohort>> {
  /** Key of a trainer that has nothing to say, so that no side input is without elements. */
  private static final String NOTHING = "";

  private static final String AVERAGE = "average:";
  private static final String HISTORY = "history";
  private static final String SECONDS = "seconds";

  /** Numbers of a point of the history: step and both losses. */
  private static final int POINT = 3;

  private final TrainingConfig config;
  private final String directory;

  TrainTogether(TrainingConfig config, String directory) {
    this.config = config;
    this.directory = directory;
  }

  @Override
  public PCollection<Cohort> expand(PCollection<Cohort> cohort) {
    PCollection<KV<Integer, Cohort>> trainers =
        cohort.apply("Trainers", ParDo.of(new TrainersFn(config.trainers())));
    int rounds = config.trainers().rounds(config.denoiser());
    PCollectionView<Map<String, OuterWeights>> common = null;
    for (int round = 1; round < rounds; round++) {
      common =
          sums(trainers, round, common)
              .apply("Outer step " + round, ParDo.of(new OuterStepFn(config.trainers())))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), new OuterWeights.Coder()))
              .apply("Weights after round " + round, View.asMap());
    }
    PCollectionView<Map<String, double[]>> last =
        sums(trainers, rounds, common).apply("Last sums", View.asMap());
    return cohort.apply(
        "Join trainers",
        config.resources().parDo(new JoinFn(config, directory, last), List.of(last)));
  }

  /** Trains one round and sums what the trainers output, by key. */
  private PCollection<KV<String, double[]>> sums(
      PCollection<KV<Integer, Cohort>> trainers,
      int round,
      @Nullable PCollectionView<Map<String, OuterWeights>> common) {
    KvCoder<String, double[]> vectors = KvCoder.of(StringUtf8Coder.of(), new VectorCoder());
    return trainers
        .apply("To workers of round " + round, Reshuffle.viaRandomKey())
        .apply(
            "Round " + round,
            config
                .resources()
                .parDo(
                    new RoundFn(config, directory, round, common),
                    common == null ? List.of() : List.of(common)))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), vectors))
        .apply("Sum round " + round, Combine.perKey(new OrderedSumFn()))
        .setCoder(vectors);
  }

  private static final class TrainersFn extends DoFn<Cohort, KV<Integer, Cohort>> {
    private final Trainers trainers;

    TrainersFn(Trainers trainers) {
      this.trainers = trainers;
    }

    @ProcessElement
    public void process(@Element Cohort cohort, OutputReceiver<KV<Integer, Cohort>> out) {
      for (int index = 0; index < trainers.count(); index++) {
        out.output(KV.of(index, cohort));
      }
    }
  }

  /** Trains a trainer for a round, unless its checkpoint of the round exists. */
  private static final class RoundFn
      extends DoFn<KV<Integer, Cohort>, KV<String, KV<String, double[]>>> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainTogether.class);

    private final TrainingConfig config;
    private final String directory;
    private final int round;
    private final @Nullable PCollectionView<Map<String, OuterWeights>> common;
    private final Counter steps = Metrics.counter("tardiff.training", "denoiserSteps");
    private final Distribution losses =
        Metrics.distribution("tardiff.training", "denoiserLossMillionths");

    RoundFn(
        TrainingConfig config,
        String directory,
        int round,
        @Nullable PCollectionView<Map<String, OuterWeights>> common) {
      this.config = config;
      this.directory = directory;
      this.round = round;
      this.common = common;
    }

    @Setup
    public void setUp() {
      TensorFlowLibrary.check();
    }

    @ProcessElement
    public void process(
        ProcessContext context, OutputReceiver<KV<String, KV<String, double[]>>> output)
        throws IOException {
      int index = context.element().getKey();
      Cohort cohort = context.element().getValue();
      String runId = config.runId(cohort.hash());
      KV<String, KV<String, double[]>> nothing = KV.of(NOTHING, KV.of(name(index), new double[1]));
      if (ModelParts.isDone(directory, TrainDenoiserFn.PART, runId, cohort)) {
        output.output(nothing);
        return;
      }
      Trainers trainers = config.trainers();
      int end = trainers.stepsAfter(round, config.denoiser());
      Checkpoints checkpoints = Checkpoints.ofTrainer(directory, runId, index);
      DenoiserTrainer.Checkpoint checkpoint = checkpoints.latest(end);
      if (checkpoint == null || checkpoint.step() < end) {
        if (checkpoints.latestStep() > end) {
          output.output(nothing);
          return;
        }
        checkpoint =
            train(
                cohort,
                new DenoiserTrainer.Turn(index, round, trainers),
                checkpoint,
                common == null ? Map.of() : complete(context.sideInput(common)));
        checkpoints.write(checkpoint);
      }
      output(index, checkpoint, round == trainers.rounds(config.denoiser()), output);
    }

    /** Returns the weights, or nothing if they are not of all trainers. */
    private static Map<String, OuterWeights> complete(Map<String, OuterWeights> all) {
      return all.values().stream().anyMatch(weights -> weights.values().length == 0)
          ? Map.of()
          : new HashMap<>(all);
    }

    /** Returns a name in the order of the trainers, in which they are summed. */
    private static String name(int index) {
      return String.format(Locale.ROOT, "%04d", index);
    }

    private DenoiserTrainer.Checkpoint train(
        Cohort cohort,
        DenoiserTrainer.Turn turn,
        DenoiserTrainer.@Nullable Checkpoint from,
        Map<String, OuterWeights> start) {
      int begin = turn.trainers().stepsAfter(round - 1, config.denoiser());
      checkState(
          (from == null ? 0 : from.step()) == begin && start.isEmpty() == (round == 1),
          "the checkpoints of trainer %s in %s do not reach round %s: remove the directory and train"
              + " again",
          turn.index() + 1,
          directory,
          round);
      LOG.info("TensorFlow uses {}", Devices.describe());
      return DenoiserTrainer.trainRound(
          cohort,
          config.denoiser(),
          config.seed(),
          turn,
          from,
          start,
          (loss, step) -> {
            steps.inc();
            losses.update(Math.round(loss * 1e6));
          });
    }

    private static void output(
        int index,
        DenoiserTrainer.Checkpoint checkpoint,
        boolean isLast,
        OutputReceiver<KV<String, KV<String, double[]>>> output) {
      String trainer = name(index);
      if (!isLast) {
        for (Weights.Weight weight : checkpoint.state().weights().all()) {
          float[] part = OuterWeights.part(weight.values(), checkpoint.common().get(weight.name()));
          output.output(KV.of(weight.name(), KV.of(trainer, Means.part(part))));
        }
        return;
      }
      for (Weights.Weight weight : checkpoint.state().average().all()) {
        output.output(KV.of(AVERAGE + weight.name(), KV.of(trainer, Means.part(weight.values()))));
      }
      output.output(KV.of(HISTORY, KV.of(trainer, Means.part(points(checkpoint.history())))));
      output.output(
          KV.of(SECONDS, KV.of(trainer, Means.part(new float[] {(float) checkpoint.seconds()}))));
    }

    private static float[] points(List<TarDiffModel.DenoiserLoss> history) {
      float[] points = new float[POINT * history.size()];
      for (int i = 0; i < history.size(); i++) {
        points[POINT * i] = history.get(i).step();
        points[POINT * i + 1] = history.get(i).trainLoss();
        points[POINT * i + 2] = history.get(i).tuningLoss();
      }
      return points;
    }
  }

  /** Moves a tensor of the common weights if the sum has all trainers; otherwise it is empty. */
  private static final class OuterStepFn
      extends DoFn<KV<String, double[]>, KV<String, OuterWeights>> {
    private final Trainers trainers;

    OuterStepFn(Trainers trainers) {
      this.trainers = trainers;
    }

    @ProcessElement
    public void process(
        @Element KV<String, double[]> sum, OutputReceiver<KV<String, OuterWeights>> output) {
      boolean isComplete = Means.count(sum.getValue()) == trainers.count();
      output.output(
          KV.of(
              sum.getKey(),
              isComplete
                  ? OuterWeights.next(
                      Means.mean(sum.getValue()),
                      trainers.outerLearningRate(),
                      trainers.outerMomentum())
                  : OuterWeights.start(new float[0])));
    }
  }

  /** Writes the denoiser: the mean of the trainers' averaged weights. */
  private static final class JoinFn extends DoFn<Cohort, Cohort> {
    private final TrainingConfig config;
    private final String directory;
    private final PCollectionView<Map<String, double[]>> sums;

    JoinFn(TrainingConfig config, String directory, PCollectionView<Map<String, double[]>> sums) {
      this.config = config;
      this.directory = directory;
      this.sums = sums;
    }

    @Setup
    public void setUp() {
      TensorFlowLibrary.check();
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<Cohort> out) throws IOException {
      Cohort cohort = context.element();
      String runId = config.runId(cohort.hash());
      if (!ModelParts.isDone(directory, TrainDenoiserFn.PART, runId, cohort)) {
        join(cohort, context.sideInput(sums));
        for (int index = 0; index < config.trainers().count(); index++) {
          Checkpoints.ofTrainer(directory, runId, index).delete();
        }
      }
      out.output(cohort);
    }

    private void join(Cohort cohort, Map<String, double[]> all) throws IOException {
      Map<String, float[]> average = new HashMap<>();
      for (Map.Entry<String, double[]> sum : all.entrySet()) {
        if (sum.getKey().equals(NOTHING)) {
          continue;
        }
        checkState(
            Means.count(sum.getValue()) == config.trainers().count(),
            "%s of %s trainers have checkpoints of the last round in %s: remove the directory and"
                + " train again",
            Means.count(sum.getValue()),
            config.trainers().count(),
            directory);
        if (sum.getKey().startsWith(AVERAGE)) {
          average.put(
              sum.getKey().substring(AVERAGE.length()), Means.floats(Means.mean(sum.getValue())));
        }
      }
      checkState(!average.isEmpty(), "no trainer has a checkpoint in %s: train again", directory);
      double[] points = Means.mean(all.get(HISTORY));
      List<TarDiffModel.DenoiserLoss> history = new ArrayList<>();
      for (int i = 0; i < points.length; i += POINT) {
        history.add(
            new TarDiffModel.DenoiserLoss(
                Math.round(points[i]), (float) points[i + 1], (float) points[i + 2]));
      }
      TrainDenoiserFn.finish(
          DenoiserTrainer.joined(
              cohort, config.denoiser(), average, history, Means.mean(all.get(SECONDS))[0]),
          config,
          directory,
          cohort);
    }
  }
}
