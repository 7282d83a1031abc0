package io.tardiff.selection;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Manifest;
import io.tardiff.files.Shard;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.generation.Moments;
import io.tardiff.influence.FourierFeatures;
import io.tardiff.influence.Herding;
import io.tardiff.progress.DisplayItems;
import io.tardiff.progress.SharedProgress;
import io.tardiff.synthetic.GeneratedSample;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.synthetic.WriteSyntheticSets;
import io.tardiff.training.CohortWindows;
import io.tardiff.training.OrderedSumFn;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.VectorCoder;
import io.tardiff.training.WorkerResources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Keys;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Selects from each pool of synthetic windows the part that best matches the real windows in the
 * features of the target classifier.
 *
 * <pre>{@code
 * PCollection<SyntheticSet> pools =
 *     model.apply(
 *         "Pool",
 *         GenerateSyntheticEhr.to(poolDirectory)
 *             .withConfig(config.withLabels(LabelMix.asTrain().times(3))));
 * PCollection<SyntheticSet> sets =
 *     pools.apply(
 *         "Select",
 *         SelectForTarget.of(modelDirectory, cohortDirectory)
 *             .to(directory)
 *             .withLabels(LabelMix.asTrain())
 *             .withSelection(Selection.herding()));
 * }</pre>
 *
 * <p>The features of a window come from the target classifier at several points of its training.
 * They are standardised with the real windows and embedded as random Fourier features. For each
 * class, the target is the mean embedding of the real train (and tuning) windows, and kernel
 * herding ({@link Herding}) selects samples of the pool whose mean embedding is close to it.
 * Herding is sequential, so a large pool is split into parts that are herded in parallel towards
 * the same target; {@link Selection#withHerdShards} sets their number.
 *
 * <p>Input: pools that {@link GenerateSyntheticEhr} drew from the model. Output: for each pool, a
 * set {@code <directory>/<guidance>-herding} and, unless {@link #withoutBaseline}, an unselected
 * baseline {@code <directory>/<guidance>} of the same size. The ledger of a herded set has a record
 * for every sample of the pool, with its rank and whether it was kept; its {@code set.json} has the
 * distance of its mean embedding from the target.
 *
 * <p>Soft labels of a pool stay with its samples; the sets have the same description of them.
 *
 * <p>The records depend only on the pools, the model, the cohort and the selection, not on the
 * runner or its workers. A worker holds the candidates of one part in memory (at most about {@value
 * Selection#SHARD_CANDIDATES} by default, each with its window and its Fourier features).
 *
 * <p>The pipeline fails if the model was trained on another cohort, a class has no real window, a
 * pool holds too few samples of a class (in total, or far enough from train), or the features do
 * not vary.
 */
@AutoValue
public abstract class SelectForTarget
    extends PTransform<PCollection<SyntheticSet>, PCollection<SyntheticSet>> {
  private static final long serialVersionUID = 1L;

  abstract String model();

  abstract String cohort();

  abstract String directory();

  abstract Selection selection();

  abstract LabelMix labels();

  abstract boolean withBaseline();

  abstract int numShards();

  abstract WorkerResources resources();

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setModel(String directory);

    abstract Builder setCohort(String directory);

    abstract Builder setDirectory(String directory);

    abstract Builder setSelection(Selection selection);

    abstract Builder setLabels(LabelMix labels);

    abstract Builder setWithBaseline(boolean withBaseline);

    abstract Builder setNumShards(int numShards);

    abstract Builder setResources(WorkerResources resources);

    abstract SelectForTarget build();
  }

  /** Selects with the target classifier of a model, towards the windows of the model's cohort. */
  public static SelectForTarget of(String modelDirectory, String cohortDirectory) {
    return new AutoValue_SelectForTarget.Builder()
        .setModel(modelDirectory)
        .setCohort(cohortDirectory)
        .setDirectory("")
        .setSelection(Selection.herding())
        .setLabels(LabelMix.asTrain())
        .setWithBaseline(true)
        .setNumShards(GenerationConfig.defaults().numShards())
        .setResources(WorkerResources.any())
        .build();
  }

  /** Sets the output directory; required. */
  public SelectForTarget to(String directory) {
    return toBuilder().setDirectory(directory).build();
  }

  public SelectForTarget withSelection(Selection selection) {
    return toBuilder().setSelection(selection).build();
  }

  /** Sets the number of samples of each class to keep. Default: the label counts of train. */
  public SelectForTarget withLabels(LabelMix labels) {
    return toBuilder().setLabels(labels).build();
  }

  /** Omits the unselected baseline. */
  public SelectForTarget withoutBaseline() {
    return toBuilder().setWithBaseline(false).build();
  }

  /** Sets the number of files per set. */
  public SelectForTarget withNumShards(int numShards) {
    checkArgument(numShards >= 1, "shards must be at least 1, was %s", numShards);
    return toBuilder().setNumShards(numShards).build();
  }

  /** Sets the resources of the workers that compute features; they do not affect the records. */
  public SelectForTarget withResources(WorkerResources resources) {
    return toBuilder().setResources(resources).build();
  }

  @Override
  public PCollection<SyntheticSet> expand(PCollection<SyntheticSet> pools) {
    checkArgument(
        !directory().isEmpty(), "to(directory) must be called to set the output directory");
    PCollection<String> once =
        pools
            .apply("Cohort", MapElements.into(TypeDescriptors.strings()).via(set -> cohort()))
            .apply("Once", Distinct.create());
    PCollection<RealFeatures> real =
        once.apply("Real files", ParDo.of(new RealFilesFn(model(), selection())))
            .apply("Spread real files", Reshuffle.viaRandomKey())
            .apply(
                "Features of real",
                resources().parDo(new EmbedRealFn(model(), cohort(), selection())))
            .setCoder(new RealFeatures.Coder());
    KvCoder<String, double[]> vectors = KvCoder.of(StringUtf8Coder.of(), new VectorCoder());
    PCollectionView<double[]> moments =
        real.apply("Moments of a part", ParDo.of(new MomentsFn()))
            .setCoder(vectors)
            .apply("Moments", Combine.globally(new OrderedSumFn()).asSingletonView());
    PCollectionView<double[]> targets =
        real.apply(
                "Target of a part",
                ParDo.of(new TargetFn(model(), selection(), moments)).withSideInputs(moments))
            .setCoder(vectors)
            .apply("Target", Combine.globally(new OrderedSumFn()).asSingletonView());
    PCollectionView<Double> yardstick =
        once.apply("Measure distances", ParDo.of(new YardstickFn(selection())))
            .apply("Yardstick", View.<Double>asSingleton().withDefaultValue(0.0));

    PCollection<Candidate> candidates =
        pools
            .apply("Files of pools", ParDo.of(new PoolFilesFn(model())))
            .apply("Spread files of pools", Reshuffle.viaRandomKey())
            .apply("Features of pools", resources().parDo(new EmbedPoolFn(model(), selection())))
            .setCoder(new Candidate.Coder());
    PCollectionView<Map<String, Long>> poolSizes =
        candidates
            .apply("Pool and class", ParDo.of(new PoolKeyFn()))
            .apply("Size of pools", Count.perElement())
            .apply("Sizes of pools", View.asMap());
    PCollection<KV<String, Candidate>> parts =
        candidates
            .apply(
                "By part", ParDo.of(new PartFn(selection(), poolSizes)).withSideInputs(poolSizes))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), new Candidate.Coder()));
    PCollectionView<Map<String, Long>> partSizes =
        parts
            .apply("Parts", Keys.create())
            .apply("Size of parts", Count.perElement())
            .apply("Sizes of parts", View.asMap());
    HerdFn.Views views = new HerdFn.Views(poolSizes, partSizes, moments, targets, yardstick);
    PCollectionTuple herded =
        parts
            .apply("Gather parts", GroupByKey.create())
            .apply(
                "Herd",
                ParDo.of(
                        new HerdFn(model(), cohort(), selection(), labels(), withBaseline(), views))
                    .withSideInputs(poolSizes, partSizes, moments, targets, yardstick)
                    .withOutputTags(HerdFn.SAMPLES, TupleTagList.of(HerdFn.SUMS)));
    PCollectionView<Iterable<HerdSum>> sums =
        herded.get(HerdFn.SUMS).setCoder(new HerdSum.Coder()).apply("Sums", View.asIterable());
    PCollectionView<Iterable<SyntheticSet>> poolView = pools.apply("Pools", View.asIterable());
    return herded
        .get(HerdFn.SAMPLES)
        .setCoder(new GeneratedSample.Coder())
        .apply("Write", WriteSyntheticSets.to(directory(), numShards()))
        .apply(
            "Finish sets",
            ParDo.of(new FinishFn(this, poolView, poolSizes, targets, sums))
                .withSideInputs(poolView, poolSizes, targets, sums));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    DisplayItems.of(this, builder);
  }

  /** Outputs the files of the real windows that define the target. */
  private static final class RealFilesFn extends DoFn<String, String> {
    private final String model;
    private final Selection selection;

    RealFilesFn(String model, Selection selection) {
      this.model = model;
      this.selection = selection;
    }

    @ProcessElement
    public void process(@Element String directory, OutputReceiver<String> output) {
      Cohort cohort = Cohort.open(directory);
      TarDiffModel.open(model).checkTrainedOn(cohort);
      if (selection.method() == SelectionMethod.NONE) {
        return;
      }
      cohort.shards(Split.TRAIN).forEach(output::output);
      if (selection.withTuning()) {
        cohort.shards(Split.TUNING).forEach(output::output);
      }
    }
  }

  private static final class MomentsFn extends DoFn<RealFeatures, KV<String, double[]>> {
    @ProcessElement
    public void process(@Element RealFeatures part, OutputReceiver<KV<String, double[]>> output) {
      output.output(KV.of(part.name(), part.moments()));
    }
  }

  private static final class TargetFn extends DoFn<RealFeatures, KV<String, double[]>> {
    private final String model;
    private final Selection selection;
    private final PCollectionView<double[]> moments;

    TargetFn(String model, Selection selection, PCollectionView<double[]> moments) {
      this.model = model;
      this.selection = selection;
      this.moments = moments;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<KV<String, double[]>> output) {
      RealFeatures part = context.element();
      FourierFeatures embedding = RealFeatures.embedding(context.sideInput(moments), selection);
      int classes = TarDiffModel.open(model).spec().classes();
      output.output(KV.of(part.name(), part.embedded(embedding, classes)));
    }
  }

  /** The median distance of a tuning window to its nearest train window. */
  private static final class YardstickFn extends DoFn<String, Double> {
    /** Maximum number of tuning windows. */
    private static final int LIMIT = 2_000;

    private final Selection selection;

    YardstickFn(Selection selection) {
      this.selection = selection;
    }

    @ProcessElement
    public void process(@Element String directory, OutputReceiver<Double> output) {
      if (selection.minimumDistance() > 0) {
        Cohort cohort = Cohort.open(directory);
        List<float[]> windows =
            cohort.readAll(Split.TUNING).stream()
                .limit(LIMIT)
                .map(window -> CohortWindows.normalised(cohort, window))
                .toList();
        double[] distances = NearestTrain.distances(cohort, windows);
        Arrays.sort(distances);
        output.output(distances[distances.length / 2]);
      }
    }
  }

  /** Outputs the name of a pool's set with each of its files. */
  private static final class PoolFilesFn extends DoFn<SyntheticSet, KV<String, String>> {
    private final String model;

    PoolFilesFn(String model) {
      this.model = model;
    }

    @ProcessElement
    public void process(@Element SyntheticSet pool, OutputReceiver<KV<String, String>> output) {
      SyntheticWindows.checkHasLedger(pool);
      TarDiffModel opened = TarDiffModel.open(model);
      checkArgument(
          pool.spec().equals(opened.spec()),
          "the pool %s must have the steps, channels and classes of the model %s",
          pool.directory(),
          model);
      ArtefactDirectory files = pool.files();
      files.checkMadeFrom(opened.files());
      SyntheticWindows.checkedFiles(pool, files)
          .forEach(file -> output.output(KV.of(pool.directory(), file)));
    }
  }

  private static final class PoolKeyFn extends DoFn<Candidate, String> {
    @ProcessElement
    public void process(@Element Candidate candidate, OutputReceiver<String> output) {
      GeneratedSample sample = candidate.sample();
      output.output(PoolPart.poolKey(sample.set(), sample.window().label()));
    }
  }

  private static final class PartFn extends DoFn<Candidate, KV<String, Candidate>> {
    private final Selection selection;
    private final PCollectionView<Map<String, Long>> poolSizes;
    private transient @Nullable SharedProgress progress;

    PartFn(Selection selection, PCollectionView<Map<String, Long>> poolSizes) {
      this.selection = selection;
      this.poolSizes = poolSizes;
    }

    @Setup
    public void setUp() {
      progress = SharedProgress.start(PartFn.class.getName(), "Dividing the pool", 0, "samples");
    }

    @Teardown
    public void tearDown() {
      if (progress != null) {
        progress.close();
        progress = null;
      }
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<KV<String, Candidate>> output) {
      progress.advance(1);
      GeneratedSample sample = context.element().sample();
      int label = sample.window().label();
      long pool = context.sideInput(poolSizes).get(PoolPart.poolKey(sample.set(), label));
      int shard = (int) (sample.window().sampleId() % selection.shardsOf(pool));
      output.output(KV.of(PoolPart.of(sample.set(), label, shard).key(), context.element()));
    }
  }

  /** Checks the number of samples of each set, and marks the sets as complete. */
  private static final class FinishFn extends DoFn<KV<String, Iterable<Shard>>, SyntheticSet> {
    /** Difference between the shares of a class in a pool and in a set that is a rounding. */
    private static final double SHARES = 0.01;

    private final SelectForTarget spec;
    private final PCollectionView<Iterable<SyntheticSet>> pools;
    private final PCollectionView<Map<String, Long>> poolSizes;
    private final PCollectionView<double[]> targets;
    private final PCollectionView<Iterable<HerdSum>> sums;

    FinishFn(
        SelectForTarget spec,
        PCollectionView<Iterable<SyntheticSet>> pools,
        PCollectionView<Map<String, Long>> poolSizes,
        PCollectionView<double[]> targets,
        PCollectionView<Iterable<HerdSum>> sums) {
      this.spec = spec;
      this.pools = pools;
      this.poolSizes = poolSizes;
      this.targets = targets;
      this.sums = sums;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<SyntheticSet> output)
        throws IOException {
      TarDiffModel model = TarDiffModel.open(spec.model());
      long expected = Arrays.stream(spec.labels().resolve(model.trainLabels())).sum();
      List<SyntheticSet> all = new ArrayList<>();
      context.sideInput(pools).forEach(all::add);
      all.sort(Comparator.comparing(SyntheticSet::name));
      for (SyntheticSet pool : all) {
        boolean herds = spec.selection().method() == SelectionMethod.HERDING;
        if (spec.withBaseline() || !herds) {
          finish(context, model, pool, SelectionMethod.NONE, expected, expected, output);
        }
        if (herds) {
          long drawn = 0;
          for (int label = 0; label < model.spec().classes(); label++) {
            drawn +=
                context.sideInput(poolSizes).getOrDefault(PoolPart.poolKey(pool.name(), label), 0L);
          }
          finish(context, model, pool, SelectionMethod.HERDING, expected, drawn, output);
        }
      }
    }

    private void finish(
        ProcessContext context,
        TarDiffModel model,
        SyntheticSet pool,
        SelectionMethod method,
        long expected,
        long drawn,
        OutputReceiver<SyntheticSet> output)
        throws IOException {
      SyntheticSet set =
          SyntheticSet.of(
                  AtomicFile.resolve(spec.directory(), method.nameOf(pool.name())),
                  pool.guidance(),
                  method,
                  expected,
                  drawn,
                  model.spec())
              .withMasks(pool.isMasked())
              .withStatics(pool.hasStatics())
              .withSoftLabels(pool.softLabels())
              .withSampler(pool.sampler());
      String samples =
          AtomicFile.resolve(spec.directory(), set.name() + "/" + SyntheticWindows.SAMPLES + "-");
      List<Shard> shards = new ArrayList<>();
      long written = 0;
      for (Shard file : context.element().getValue()) {
        written += file.getPath().startsWith(samples) ? file.getCount() : 0;
        String inSet = set.name() + "/" + file.entry().file();
        if (file.getPath().equals(AtomicFile.resolve(spec.directory(), inSet))) {
          shards.add(file);
        }
      }
      if (written != expected) {
        throw new IllegalStateException(
            String.format("set %s holds %d of %d samples", set.name(), written, expected));
      }
      List<Manifest.Source> madeFrom = new ArrayList<>(pool.files().lineage());
      madeFrom.addAll(model.files().lineage());
      List<Manifest.Entry> entries = new ArrayList<>();
      shards.forEach(shard -> entries.add(shard.entry()));
      if (pool.guidance().rule().matchesMoments()) {
        // With it, samples of the set can be drawn again.
        entries.add(
            Manifest.Entry.writeText(
                AtomicFile.resolve(set.directory(), Moments.FILE),
                pool.files().text(Moments.FILE)));
      }
      if (pool.softLabels() != null) {
        checkShares(pool, model);
        for (String file : pool.softLabels().files()) {
          byte[] weights = pool.files().bytes(file);
          entries.add(
              Manifest.Entry.write(
                  AtomicFile.resolve(set.directory(), file), out -> out.write(weights)));
        }
      }
      set.finish(entries, madeFrom, errors(context, set));
      output.output(set);
    }

    /** Soft labels are for the shares of the classes in the pool, up to the rounding of counts. */
    private void checkShares(SyntheticSet pool, TarDiffModel model) {
      long[] train = model.trainLabels();
      long[] kept = spec.labels().resolve(train);
      double size = Arrays.stream(kept).sum();
      double trainSize = Arrays.stream(train).sum();
      for (int label = 0; label < kept.length; label++) {
        double expected =
            pool.softLabels().shareRatios().get(label) * (train[label] / trainSize) * size;
        if (Math.abs(kept[label] - expected) > 1 + SHARES * size) {
          throw new IllegalStateException(
              String.format(
                  "the soft labels of the pool %s are for %.0f of %.0f samples in class %d, but %d"
                      + " are to be selected: draw the pool with the same labels",
                  pool.directory(), expected, size, label, kept[label]));
        }
      }
    }

    /**
     * Returns, for each class, the distance of the mean embedding from its target, relative to the
     * length of the target.
     */
    private Map<String, Double> errors(ProcessContext context, SyntheticSet set) {
      List<HerdSum> ofSet = new ArrayList<>();
      context
          .sideInput(sums)
          .forEach(
              sum -> {
                if (sum.set().equals(set.name())) {
                  ofSet.add(sum);
                }
              });
      ofSet.sort(Comparator.comparingInt(HerdSum::label).thenComparingInt(HerdSum::shard));
      Map<String, Double> errors = new LinkedHashMap<>();
      double[] target = context.sideInput(targets);
      int count = spec.selection().fourierFeatures();
      for (int at = 0; at < ofSet.size(); ) {
        int label = ofSet.get(at).label();
        double[] total = new double[count];
        long size = 0;
        for (; at < ofSet.size() && ofSet.get(at).label() == label; at++) {
          size += ofSet.get(at).count();
          for (int k = 0; k < Math.min(count, ofSet.get(at).sum().length); k++) {
            total[k] += ofSet.get(at).sum()[k];
          }
        }
        errors.put(
            String.valueOf(label),
            Herding.error(total, size, RealFeatures.target(target, label, count)));
      }
      return errors;
    }
  }
}
