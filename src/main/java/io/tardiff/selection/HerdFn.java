package io.tardiff.selection;

import io.tardiff.cohort.Cohort;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.FourierFeatures;
import io.tardiff.influence.Herding;
import io.tardiff.progress.Progress;
import io.tardiff.progress.SharedProgress;
import io.tardiff.synthetic.GeneratedSample;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.training.TarDiffModel;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Selects samples from a part of a pool. */
final class HerdFn extends DoFn<KV<String, Iterable<Candidate>>, GeneratedSample> {
  static final TupleTag<GeneratedSample> SAMPLES = new TupleTag<>("samples") {};
  static final TupleTag<HerdSum> SUMS = new TupleTag<>("sums") {};

  /** Side inputs: sizes, moments and targets over all pools and the whole cohort. */
  record Views(
      PCollectionView<Map<String, Long>> poolSizes,
      PCollectionView<Map<String, Long>> partSizes,
      PCollectionView<double[]> moments,
      PCollectionView<double[]> targets,
      PCollectionView<Double> yardstick)
      implements Serializable {}

  private final String model;
  private final String cohort;
  private final Selection selection;
  private final LabelMix labels;
  private final boolean withBaseline;
  private final Views views;
  private final Counter kept = Metrics.counter("tardiff.selection", "kept");
  private final Counter tooClose = Metrics.counter("tardiff.selection", "tooCloseToTrain");
  private final Distribution milliseconds =
      Metrics.distribution("tardiff.selection", "millisecondsPerPart");

  private transient @Nullable TarDiffModel opened;
  private transient @Nullable FourierFeatures embedding;
  private transient double @Nullable [] embeddedBy;
  private transient @Nullable SharedProgress progress;

  HerdFn(
      String model,
      String cohort,
      Selection selection,
      LabelMix labels,
      boolean withBaseline,
      Views views) {
    this.model = model;
    this.cohort = cohort;
    this.selection = selection;
    this.labels = labels;
    this.withBaseline = withBaseline;
    this.views = views;
  }

  @Setup
  public void setUp() {
    progress = SharedProgress.start(model, "Selecting", 0, "samples");
  }

  @Teardown
  public void tearDown() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }

  @ProcessElement
  public void process(ProcessContext context, MultiOutputReceiver outputs) {
    PoolPart part = PoolPart.parse(context.element().getKey());
    String name =
        String.format("part %d of class %d in %s", part.shard(), part.label(), part.set());
    try (Progress.Working herding = progress.working(name)) {
      herd(context, outputs);
    }
  }

  private void herd(ProcessContext context, MultiOutputReceiver outputs) {
    long begin = System.nanoTime();
    if (opened == null) {
      opened = TarDiffModel.open(model);
    }
    PoolPart part = PoolPart.parse(context.element().getKey());
    List<Candidate> candidates = new ArrayList<>();
    context.element().getValue().forEach(candidates::add);
    // Sort by id, because herding breaks ties by order.
    candidates.sort(Comparator.comparingLong(c -> c.sample().window().sampleId()));
    long pool =
        context.sideInput(views.poolSizes()).get(PoolPart.poolKey(part.set(), part.label()));
    int quota =
        Math.toIntExact(
            part.quota(
                context.sideInput(views.partSizes()),
                selection.shardsOf(pool),
                labels.resolve(opened.trainLabels())[part.label()]));
    if (selection.method() == SelectionMethod.NONE) {
      keepFirst(part, candidates, quota, null, outputs);
      return;
    }
    FourierFeatures map = embedding(context.sideInput(views.moments()));
    float[][] embedded = new float[candidates.size()][];
    for (int i = 0; i < embedded.length; i++) {
      embedded[i] = map.of(candidates.get(i).features());
    }
    if (withBaseline) {
      keepFirst(part, candidates, quota, embedded, outputs);
    }
    double[] target =
        RealFeatures.target(context.sideInput(views.targets()), part.label(), map.count());
    int[] eligible =
        selection.minimumDistance() > 0
            ? farEnough(candidates, context.sideInput(views.yardstick()))
            : all(candidates.size());
    if (eligible.length < quota) {
      throw new IllegalArgumentException(
          String.format(
              "at least %d samples of class %d in pool %s must be at least minimumDistance away"
                  + " from every train window, %d of %d were: draw a larger pool (poolFactor) or"
                  + " lower minimumDistance",
              quota, part.label(), part.set(), eligible.length, candidates.size()));
    }
    float[][] eligibleEmbedded = new float[eligible.length][];
    for (int i = 0; i < eligibleEmbedded.length; i++) {
      eligibleEmbedded[i] = embedded[eligible[i]];
    }
    int[] order = Herding.select(eligibleEmbedded, target, quota).order();
    Integer[] ranks = new Integer[candidates.size()];
    for (int rank = 0; rank < order.length; rank++) {
      ranks[eligible[order[rank]]] = rank;
    }
    String set = selection.method().nameOf(part.set());
    double[] sum = new double[map.count()];
    for (int i = 0; i < ranks.length; i++) {
      output(set, candidates.get(i).sample(), ranks[i], ranks[i] != null, outputs);
      if (ranks[i] != null) {
        add(sum, embedded[i]);
      }
    }
    outputs.get(SUMS).output(new HerdSum(set, part.label(), part.shard(), quota, sum));
    kept.inc(quota);
    progress.advance(quota);
    milliseconds.update((System.nanoTime() - begin) / 1_000_000);
  }

  /** Keeps the first samples: the unselected baseline. */
  private static void keepFirst(
      PoolPart part,
      List<Candidate> candidates,
      int quota,
      float @Nullable [][] embedded,
      MultiOutputReceiver outputs) {
    for (int i = 0; i < quota; i++) {
      output(part.set(), candidates.get(i).sample(), null, true, outputs);
    }
    if (embedded != null) {
      double[] sum = new double[embedded.length == 0 ? 0 : embedded[0].length];
      for (int i = 0; i < quota; i++) {
        add(sum, embedded[i]);
      }
      outputs.get(SUMS).output(new HerdSum(part.set(), part.label(), part.shard(), quota, sum));
    }
  }

  private static void output(
      String set,
      GeneratedSample sample,
      @Nullable Integer rank,
      boolean isKept,
      MultiOutputReceiver outputs) {
    outputs
        .get(SAMPLES)
        .output(new GeneratedSample(set, sample.window(), sample.ledger().selected(rank, isKept)));
  }

  private static void add(double[] sum, float[] row) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] += row[k];
    }
  }

  private FourierFeatures embedding(double[] moments) {
    if (embedding == null || !Arrays.equals(moments, embeddedBy)) {
      embedding = RealFeatures.embedding(moments, selection);
      embeddedBy = moments;
    }
    return embedding;
  }

  private int[] farEnough(List<Candidate> candidates, double yardstick) {
    List<float[]> windows = new ArrayList<>();
    for (Candidate candidate : candidates) {
      float[] values = candidate.sample().window().values().clone();
      opened.normaliser().normalise(values);
      windows.add(values);
    }
    double[] distances = NearestTrain.distances(Cohort.open(cohort), windows);
    double least = selection.minimumDistance() * yardstick;
    int[] eligible =
        IntStream.range(0, distances.length).filter(i -> distances[i] >= least).toArray();
    tooClose.inc(distances.length - eligible.length);
    return eligible;
  }

  private static int[] all(int size) {
    return IntStream.range(0, size).toArray();
  }
}
