package io.tardiff.generation;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import io.tardiff.files.CloseableIterator;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.MomentBasis;
import io.tardiff.influence.MomentFit;
import io.tardiff.influence.MomentSums;
import io.tardiff.progress.SharedProgress;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.CohortWindows;
import io.tardiff.training.OrderedSumFn;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.VectorCoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.Counter;
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
 * Fits a rule that matches moments ({@link MomentFit}) through the sampler, with one transform per
 * round: draw a pilot, sum its features, move lambda. Rounds after the last do nothing.
 *
 * <p>Pilots have negative ids, which no sample has. All sums are taken in a fixed order, so the
 * result does not depend on the runner or its workers.
 */
final class FitMoments extends PTransform<PCollection<TarDiffModel>, PCollection<Moments>> {
  /** Components of the target classifier's features. */
  private static final int COMPONENTS = 24;

  private final String cohort;
  private final GenerationConfig config;
  private final Guidance.Rule rule;

  FitMoments(String cohort, GenerationConfig config, Guidance.Rule rule) {
    this.cohort = cohort;
    this.config = config;
    this.rule = rule;
  }

  @Override
  public PCollection<Moments> expand(PCollection<TarDiffModel> model) {
    KvCoder<String, double[]> vectors = KvCoder.of(StringUtf8Coder.of(), new VectorCoder());
    PCollectionView<double[]> real =
        model
            .apply("Real files", ParDo.of(new RealFilesFn(cohort)))
            .apply("Spread real files", Reshuffle.viaRandomKey())
            .apply("Features of real", config.resources().parDo(new RealFn(cohort, config)))
            .setCoder(vectors)
            .apply("Moments of real", Combine.globally(new OrderedSumFn()).asSingletonView());
    PCollectionView<MomentBasis> basis =
        model
            .apply("Basis", ParDo.of(new BasisFn(real)).withSideInputs(real))
            .setCoder(new RecordCoder<>(MomentBasis.class))
            .apply("As basis", View.asSingleton());
    PCollection<MomentFit> fit =
        model
            .apply("Start", ParDo.of(new StartFn(config, real, basis)).withSideInputs(real, basis))
            .setCoder(new RecordCoder<>(MomentFit.class));
    for (int round = 0; round <= config.momentRounds(); round++) {
      fit = round(model, fit, basis, vectors, round);
    }
    PCollectionView<MomentFit> last = fit.apply("As last", View.asSingleton());
    return model
        .apply("Finish", ParDo.of(new FinishFn(config, basis, last)).withSideInputs(basis, last))
        .setCoder(new RecordCoder<>(Moments.class));
  }

  private PCollection<MomentFit> round(
      PCollection<TarDiffModel> model,
      PCollection<MomentFit> fit,
      PCollectionView<MomentBasis> basis,
      KvCoder<String, double[]> vectors,
      int round) {
    PCollectionView<MomentFit> current = fit.apply("As round " + round, View.asSingleton());
    PCollectionView<double[]> pilot =
        model
            .apply(
                "Plan round " + round,
                ParDo.of(new PlanFn(config, round, current)).withSideInputs(current))
            .apply("Spread round " + round, Reshuffle.viaRandomKey())
            .apply(
                "Pilot of round " + round,
                config
                    .resources()
                    .parDo(
                        new PilotFn(config, rule, round, current, basis), List.of(current, basis)))
            .setCoder(vectors)
            .apply(
                "Moments of round " + round,
                Combine.globally(new OrderedSumFn()).asSingletonView());
    return fit.apply(
            "End round " + round,
            ParDo.of(new EndFn(round, pilot, basis)).withSideInputs(pilot, basis))
        .setCoder(new RecordCoder<>(MomentFit.class));
  }

  /** Empty sums of real windows: train, then tuning, one after the other in a vector. */
  private static MomentSums realSums(TarDiffModel model) {
    return MomentSums.pooled(model.spec().classes(), Moments.features(model));
  }

  private static MomentSums realSums(TarDiffModel model, double[] both, Split split) {
    int half = both.length / 2;
    return realSums(model)
        .of(
            split == Split.TRAIN
                ? Arrays.copyOfRange(both, 0, half)
                : Arrays.copyOfRange(both, half, both.length));
  }

  private static final class RealFilesFn extends DoFn<TarDiffModel, KV<String, String>> {
    private final String directory;

    RealFilesFn(String directory) {
      this.directory = directory;
    }

    @ProcessElement
    public void process(@Element TarDiffModel model, OutputReceiver<KV<String, String>> output) {
      Cohort cohort = Cohort.open(directory);
      model.checkTrainedOn(cohort);
      for (Split split : List.of(Split.TRAIN, Split.TUNING)) {
        for (String file : cohort.shards(split)) {
          output.output(KV.of(model.directory(), file));
        }
      }
    }
  }

  /** Draws pilots and computes features with the sampler that the workers of a JVM share. */
  private abstract static class SamplerFn<I> extends DoFn<KV<String, I>, KV<String, double[]>> {
    final GenerationConfig config;
    transient SharedInstances.@Nullable Lease<GuidedSampler> lease;
    transient TarDiffModel model;

    SamplerFn(GenerationConfig config) {
      this.config = config;
    }

    @Setup
    public void setUp() {
      TensorFlowLibrary.check();
    }

    GuidedSampler sampler(String directory) {
      if (lease == null || !directory.equals(model.directory())) {
        release();
        model = TarDiffModel.open(directory);
        lease = GuidedSampler.lease(model, config);
      }
      return lease.get();
    }

    @Teardown
    public void release() {
      if (lease != null) {
        lease.close();
        lease = null;
      }
    }
  }

  /** Sums the features of a file of real windows. */
  private static final class RealFn extends SamplerFn<String> {
    private final String directory;

    RealFn(String directory, GenerationConfig config) {
      super(config);
      this.directory = directory;
    }

    @ProcessElement
    public void process(
        @Element KV<String, String> element, OutputReceiver<KV<String, double[]>> output) {
      GuidedSampler sampler = sampler(element.getKey());
      Cohort cohort = Cohort.open(directory);
      String file = element.getValue();
      MomentSums sums = realSums(model);
      List<EhrWindow> batch = new ArrayList<>();
      try (CloseableIterator<EhrWindow> windows = cohort.read(file)) {
        while (windows.hasNext()) {
          batch.add(windows.next());
          if (batch.size() == config.samplingBatch() || !windows.hasNext()) {
            float[] encoded = CohortWindows.encoded(cohort, model.layout(), batch);
            double[][] rows = sampler.features(encoded, batch.size());
            for (int i = 0; i < rows.length; i++) {
              sums.add(batch.get(i).label(), rows[i]);
            }
            batch.clear();
          }
        }
      }
      double[] vector = sums.toVector();
      double[] both = new double[2 * vector.length];
      boolean isTrain = cohort.shards(Split.TRAIN).contains(file);
      System.arraycopy(vector, 0, both, isTrain ? 0 : vector.length, vector.length);
      output.output(KV.of(file, both));
    }
  }

  private static final class BasisFn extends DoFn<TarDiffModel, MomentBasis> {
    private final PCollectionView<double[]> real;

    BasisFn(PCollectionView<double[]> real) {
      this.real = real;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<MomentBasis> output) {
      TarDiffModel model = context.element();
      output.output(
          MomentBasis.of(
              realSums(model, context.sideInput(real), Split.TRAIN),
              Moments.summaries(model),
              COMPONENTS));
    }
  }

  private static final class StartFn extends DoFn<TarDiffModel, MomentFit> {
    private final GenerationConfig config;
    private final PCollectionView<double[]> real;
    private final PCollectionView<MomentBasis> basis;

    StartFn(
        GenerationConfig config,
        PCollectionView<double[]> real,
        PCollectionView<MomentBasis> basis) {
      this.config = config;
      this.real = real;
      this.basis = basis;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<MomentFit> output) {
      MomentSums train = realSums(context.element(), context.sideInput(real), Split.TRAIN);
      MomentSums tuning = realSums(context.element(), context.sideInput(real), Split.TUNING);
      int classes = train.classes();
      double[][] target = new double[classes][];
      double[][] check = new double[classes][];
      long[] counts = new long[classes];
      for (int label = 0; label < classes; label++) {
        target[label] = context.sideInput(basis).components(train.mean(label));
        check[label] = context.sideInput(basis).components(tuning.mean(label));
        counts[label] = train.count(label);
      }
      output.output(MomentFit.start(target, check, counts, config.momentRounds()));
    }
  }

  private static final class PlanFn extends DoFn<TarDiffModel, KV<String, SampleBatch>> {
    private final GenerationConfig config;
    private final int round;
    private final PCollectionView<MomentFit> fit;

    PlanFn(GenerationConfig config, int round, PCollectionView<MomentFit> fit) {
      this.config = config;
      this.round = round;
      this.fit = fit;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<KV<String, SampleBatch>> output) {
      if (context.sideInput(fit).isDone()) {
        return;
      }
      TarDiffModel model = context.element();
      long[] counts = new long[model.spec().classes()];
      Arrays.fill(counts, config.momentPilot());
      long drawn = (long) counts.length * config.momentPilot();
      for (SampleBatch batch : SampleBatch.plan(Guidance.none(), counts, config.samplingBatch())) {
        output.output(
            KV.of(model.directory(), batch.withFirstId(batch.getFirstId() - (round + 1) * drawn)));
      }
    }
  }

  /** Sums the components of a batch of a pilot. */
  private static final class PilotFn extends SamplerFn<SampleBatch> {
    private final Guidance.Rule rule;
    private final int round;
    private final PCollectionView<MomentFit> fit;
    private final PCollectionView<MomentBasis> basis;
    private final Counter samples = Metrics.counter("tardiff.generation", "pilotSamples");
    private final Counter notFinite = Metrics.counter("tardiff.generation", "samplesNotFinite");
    private transient @Nullable SharedProgress progress;

    PilotFn(
        GenerationConfig config,
        Guidance.Rule rule,
        int round,
        PCollectionView<MomentFit> fit,
        PCollectionView<MomentBasis> basis) {
      super(config);
      this.rule = rule;
      this.round = round;
      this.fit = fit;
      this.basis = basis;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<KV<String, double[]>> output) {
      GuidedSampler sampler = sampler(context.element().getKey());
      SampleBatch batch = context.element().getValue();
      MomentFit current = context.sideInput(fit);
      MomentBasis components = context.sideInput(basis);
      float[] tilt = Moments.tilt(coefficients(components, current.lambda()));
      GuidedSampler.Steer steer =
          GuidedSampler.Steer.by(round == 0 ? Guidance.none() : Guidance.of(rule, 1), tilt);
      MomentSums sums = pilotSums(model.spec().classes(), components);
      for (double[] row :
          sampler.drawFeatures(steer, batch.getLabel(), batch.getFirstId(), batch.getCount())) {
        double[] phi = components.components(row);
        if (Arrays.stream(phi).allMatch(Double::isFinite)) {
          sums.add(batch.getLabel(), phi);
        } else {
          notFinite.inc();
        }
      }
      output.output(KV.of(String.format("%020d", -batch.getFirstId()), sums.toVector()));
      samples.inc(batch.getCount());
      progress().advance(batch.getCount());
    }

    private SharedProgress progress() {
      if (progress == null) {
        progress =
            SharedProgress.start(
                model.directory() + rule,
                String.format(
                    "Matching moments, round %d of at most %d", round, config.momentRounds()),
                (long) model.spec().classes() * config.momentPilot(),
                "samples");
      }
      return progress;
    }

    @Teardown
    @Override
    public void release() {
      super.release();
      if (progress != null) {
        progress.close();
        progress = null;
      }
    }
  }

  private static MomentSums pilotSums(int classes, MomentBasis basis) {
    return MomentSums.byClass(classes, basis.size());
  }

  /**
   * Returns what weights the features as lambda does the components, {@code [classes][features]}.
   */
  private static double[][] coefficients(MomentBasis basis, double[][] lambda) {
    return Arrays.stream(lambda).map(basis::coefficients).toArray(double[][]::new);
  }

  private static final class EndFn extends DoFn<MomentFit, MomentFit> {
    private static final Logger LOG = LoggerFactory.getLogger(FitMoments.class);

    private final int round;
    private final PCollectionView<double[]> pilot;
    private final PCollectionView<MomentBasis> basis;

    EndFn(int round, PCollectionView<double[]> pilot, PCollectionView<MomentBasis> basis) {
      this.round = round;
      this.pilot = pilot;
      this.basis = basis;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<MomentFit> output) {
      MomentFit fit = context.element();
      if (!fit.isDone()) {
        MomentSums sums =
            pilotSums(fit.counts().length, context.sideInput(basis)).of(context.sideInput(pilot));
        fit = fit.next(sums);
        MomentFit.Round last = fit.history().get(fit.history().size() - 1);
        LOG.info(
            "Round {} of moment guidance: by class, {} from train and {} from tuning",
            round,
            rounded(last.toTrain()),
            rounded(last.toTuning()));
      }
      output.output(fit);
    }

    private static List<String> rounded(double[] values) {
      return Arrays.stream(values)
          .mapToObj(value -> String.format(Locale.ROOT, "%.3f", value))
          .toList();
    }
  }

  private static final class FinishFn extends DoFn<TarDiffModel, Moments> {
    private final GenerationConfig config;
    private final PCollectionView<MomentBasis> basis;
    private final PCollectionView<MomentFit> fit;

    FinishFn(
        GenerationConfig config,
        PCollectionView<MomentBasis> basis,
        PCollectionView<MomentFit> fit) {
      this.config = config;
      this.basis = basis;
      this.fit = fit;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<Moments> output) {
      MomentFit last = context.sideInput(fit);
      MomentBasis components = context.sideInput(basis);
      output.output(
          new Moments(
              context.element().id(),
              config.samplerHash(),
              Moments.points(context.element()),
              components.size(),
              config.momentPilot(),
              last.bestRound(),
              last.history(),
              coefficients(components, last.best())));
    }
  }
}
