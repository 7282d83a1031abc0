package io.tardiff.cohort;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.UnknownStays;
import io.tardiff.ehr.signals.LabelledSeries;
import io.tardiff.ehr.table.Lookalikes;
import io.tardiff.progress.SharedProgress;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Windows extracted from events or recordings, with counts and fill values.
 *
 * @param windows windows with gaps filled
 * @param counts by the names of {@link CohortCounts} and the keys of {@link ValueFate}
 * @param fills one value per channel, for gaps before the first observation
 */
record Extraction(
    PCollection<EhrWindow> windows,
    PCollectionView<Map<String, Long>> counts,
    PCollectionView<List<Double>> fills) {

  /** Number of buckets of subjects per shard of the output. */
  private static final int BUCKETS = 8;

  /** Windows with their stratum: the highest class of the subject's labelled windows. */
  private static final TupleTag<KV<Integer, EhrWindow>> WINDOWS = new TupleTag<>() {};

  /** Windows with their final split. */
  private static final TupleTag<EhrWindow> SPLIT = new TupleTag<>() {};

  private static final TupleTag<KV<String, Long>> COUNTS = new TupleTag<>() {};

  private static final TupleTag<KV<Integer, EhrEvent>> KEYED = new TupleTag<>() {};

  private static final KvCoder<String, Long> COUNT =
      KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());

  /**
   * @param read the outputs of the reader of the events, or null if they are not available
   */
  static Extraction of(
      PCollection<EhrEvent> events, CohortConfig config, @Nullable PCollectionTuple read) {
    SubjectFn subjectFn = new SubjectFn(config);
    PCollectionTuple keyed =
        events.apply(
            "Key by bucket",
            ParDo.of(new KeyFn(subjectFn, config.numShards() * BUCKETS))
                .withOutputTags(KEYED, TupleTagList.of(COUNTS)));
    PCollectionTuple cut =
        keyed
            .get(KEYED)
            .setCoder(KvCoder.of(VarIntCoder.of(), events.getCoder()))
            .apply("Gather subjects", Combine.perKey(new BucketFn(subjectFn)))
            .apply(
                "Cut windows",
                ParDo.of(new CutFn(config)).withOutputTags(WINDOWS, TupleTagList.of(COUNTS)));
    PCollectionList<KV<String, Long>> counts =
        PCollectionList.of(keyed.get(COUNTS).setCoder(COUNT)).and(cut.get(COUNTS).setCoder(COUNT));
    return finish(cut, withRead(counts, read, subjectFn), config);
  }

  /** With what the reader counted. */
  private static PCollection<KV<String, Long>> withRead(
      PCollectionList<KV<String, Long>> counts,
      @Nullable PCollectionTuple read,
      SubjectFn subjectFn) {
    PCollectionList<KV<String, Long>> all = counts;
    if (read != null && read.has(EhrTags.deadLetters())) {
      all =
          all.and(
              read.get(EhrTags.deadLetters())
                  .apply("Dead letters", ParDo.of(new LettersFn()))
                  .setCoder(COUNT));
    }
    if (read != null && read.has(EhrTags.counts())) {
      all =
          all.and(
              read.get(EhrTags.counts())
                  .apply("Read counts", ParDo.of(new ReadFn(subjectFn)))
                  .setCoder(COUNT));
    }
    return all.apply("All counts", Flatten.pCollections());
  }

  /**
   * @param read what the reader of the recordings counted, null where that is not known
   */
  static Extraction ofSeries(
      PCollection<LabelledSeries> series, CohortConfig config, @Nullable PCollectionTuple read) {
    PCollectionTuple cut =
        series.apply(
            "To windows",
            ParDo.of(new SeriesFn(config)).withOutputTags(WINDOWS, TupleTagList.of(COUNTS)));
    return finish(
        cut,
        withRead(PCollectionList.of(cut.get(COUNTS).setCoder(COUNT)), read, new SubjectFn(config)),
        config);
  }

  private static Extraction finish(
      PCollectionTuple cut, PCollection<KV<String, Long>> counted, CohortConfig config) {
    PCollection<KV<Integer, EhrWindow>> strata =
        cut.get(WINDOWS).setCoder(KvCoder.of(VarIntCoder.of(), EhrWindowCoder.of()));
    PCollection<EhrWindow> unfilled =
        config.stratified()
            ? strata.apply("Stratify", new Stratify(config))
            : strata.apply("Windows", Values.create());
    PCollection<KV<String, Long>> allCounts = counted;
    if (!config.usesAllLabels()) {
      PCollectionTuple used =
          unfilled.apply(
              "Labels of train",
              ParDo.of(new TrainLabelsFn(config)).withOutputTags(SPLIT, TupleTagList.of(COUNTS)));
      unfilled = used.get(SPLIT).setCoder(EhrWindowCoder.of());
      allCounts =
          PCollectionList.of(allCounts)
              .and(used.get(COUNTS).setCoder(COUNT))
              .apply("With set aside", Flatten.pCollections());
    }
    if (config.unlabelled() == Unlabelled.TRAIN) {
      PCollectionTuple kept =
          unfilled.apply(
              "Unlabelled of train",
              ParDo.of(new UnlabelledFn()).withOutputTags(SPLIT, TupleTagList.of(COUNTS)));
      unfilled = kept.get(SPLIT).setCoder(EhrWindowCoder.of());
      allCounts =
          PCollectionList.of(allCounts)
              .and(kept.get(COUNTS).setCoder(COUNT))
              .apply("With unlabelled", Flatten.pCollections());
    }
    PCollectionView<List<Double>> fills =
        unfilled
            .apply(
                "Train only",
                Filter.by(window -> window.split() == Split.TRAIN && window.isLabelled()))
            .apply("Fill values", Combine.globally(new FillValuesFn(config)).asSingletonView());
    PCollectionView<Map<String, Long>> counts =
        allCounts.apply("Add up counts", Sum.longsPerKey()).apply("Counts", View.asMap());
    PCollection<EhrWindow> filled =
        unfilled
            .apply(
                "Fill gaps",
                ParDo.of(new FillFn(config, fills, counts)).withSideInputs(fills, counts))
            .setCoder(EhrWindowCoder.of());
    return new Extraction(filled, counts, fills);
  }

  /** Counts of a bundle, output when it finishes. A bundle that is retried is thus counted once. */
  private static final class Tally implements Serializable {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Map<String, Long> counts;
    private transient @Nullable BoundedWindow window;

    void start() {
      counts = new HashMap<>();
      window = null;
    }

    Map<String, Long> counts(BoundedWindow window) {
      this.window = window;
      return counts;
    }

    void finish(DoFn<?, ?>.FinishBundleContext context) {
      BoundedWindow last = window;
      if (last != null) {
        counts.forEach(
            (what, count) -> context.output(COUNTS, KV.of(what, count), last.maxTimestamp(), last));
      }
    }
  }

  private static final class LettersFn extends DoFn<DeadLetter, KV<String, Long>> {
    @ProcessElement
    public void process(@Element DeadLetter letter, OutputReceiver<KV<String, Long>> out) {
      out.output(KV.of(CohortCounts.read(letter.getSource(), CohortCounts.DEAD_LETTERS), 1L));
      out.output(
          KV.of(
              CohortCounts.read(letter.getSource(), CohortCounts.DEAD_LETTER + letter.getReason()),
              1L));
    }
  }

  private static final class ReadFn extends DoFn<ReadCount, KV<String, Long>> {
    private final SubjectFn subjectFn;

    ReadFn(SubjectFn subjectFn) {
      this.subjectFn = subjectFn;
    }

    @ProcessElement
    public void process(@Element ReadCount count, OutputReceiver<KV<String, Long>> out) {
      out.output(KV.of(CohortCounts.read(count.getSource(), count.getWhat()), count.getCount()));
      Map<String, Long> ofChannels = new HashMap<>();
      subjectFn.countLookalike(Lookalikes.wanted(count.getWhat()), count.getCount(), ofChannels);
      subjectFn.countUnknownStay(UnknownStays.code(count.getWhat()), count.getCount(), ofChannels);
      ofChannels.forEach((what, number) -> out.output(KV.of(what, number)));
    }
  }

  /** Shows how many elements it has processed. */
  private abstract static class ShownFn<I, O> extends DoFn<I, O> {
    private final String phase;
    private final String unit;
    private transient @Nullable SharedProgress progress;

    ShownFn(String phase, String unit) {
      this.phase = phase;
      this.unit = unit;
    }

    void advance(long count) {
      if (progress == null) {
        progress = SharedProgress.start("cohort", phase, 0, unit);
      }
      progress.advance(count);
    }

    @Teardown
    public void release() {
      if (progress != null) {
        progress.close();
        progress = null;
      }
    }
  }

  private static final class KeyFn extends ShownFn<EhrEvent, KV<Integer, EhrEvent>> {
    private final Counter used = Metrics.counter("tardiff.cohort", "eventsUsed");
    private final Counter ignored = Metrics.counter("tardiff.cohort", "eventsIgnored");
    private final Tally tally = new Tally();
    private final SubjectFn subjectFn;
    private final int buckets;

    KeyFn(SubjectFn subjectFn, int buckets) {
      super("Reading events", "events");
      this.subjectFn = subjectFn;
      this.buckets = buckets;
    }

    @StartBundle
    public void startBundle() {
      tally.start();
    }

    @ProcessElement
    public void process(
        @Element EhrEvent event,
        BoundedWindow window,
        OutputReceiver<KV<Integer, EhrEvent>> output) {
      advance(1);
      subjectFn.count(event, tally.counts(window));
      if (subjectFn.wants(event)) {
        used.inc();
        int hash = Hashing.murmur3_32_fixed().hashString(event.getSubjectId(), UTF_8).asInt();
        output.output(KV.of(Math.floorMod(hash, buckets), event));
      } else {
        ignored.inc();
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      tally.finish(context);
    }
  }

  private static final class CutFn
      extends ShownFn<KV<Integer, Map<String, SubjectRecord>>, KV<Integer, EhrWindow>> {
    private final Windowing windowing;

    CutFn(CohortConfig config) {
      super("Cutting windows", "patients");
      this.windowing = new Windowing(config);
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Map<String, SubjectRecord>> bucket, MultiOutputReceiver outputs) {
      Map<String, Long> counts = new HashMap<>();
      bucket
          .getValue()
          .forEach(
              (subjectId, subject) -> {
                advance(1);
                List<EhrWindow> windows = new ArrayList<>();
                windowing.cut(subjectId, subject, counts, windows::add);
                int stratum =
                    subject.split != null
                        ? Stratify.KEPT
                        : windows.stream()
                            .filter(EhrWindow::isLabelled)
                            .mapToInt(EhrWindow::label)
                            .max()
                            .orElse(Stratify.KEPT);
                windows.forEach(window -> outputs.get(WINDOWS).output(KV.of(stratum, window)));
              });
      counts.forEach((what, count) -> outputs.get(COUNTS).output(KV.of(what, count)));
    }
  }

  /** Sets labels of train aside, as far as the configuration does not use them. */
  private static final class TrainLabelsFn extends DoFn<EhrWindow, EhrWindow> {
    private final CohortConfig config;

    TrainLabelsFn(CohortConfig config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element EhrWindow window, MultiOutputReceiver outputs) {
      if (!window.isLabelled()
          || window.split() != Split.TRAIN
          || config.usesLabel(window.subjectId(), window.label())) {
        outputs.get(SPLIT).output(window);
        return;
      }
      String rule = CohortCounts.SET_ASIDE;
      outputs.get(COUNTS).output(KV.of(rule, 1L));
      outputs.get(COUNTS).output(KV.of(CohortCounts.ofLabel(rule, window.label()), 1L));
      if (config.unlabelled() == Unlabelled.TRAIN) {
        outputs
            .get(SPLIT)
            .output(
                new EhrWindow(
                    window.windowId(),
                    window.subjectId(),
                    EhrWindow.UNLABELLED,
                    window.split(),
                    window.values(),
                    window.mask(),
                    window.statics()));
      }
    }
  }

  /** Drops unlabelled windows of subjects outside of train, which must not train anything. */
  private static final class UnlabelledFn extends DoFn<EhrWindow, EhrWindow> {
    @ProcessElement
    public void process(@Element EhrWindow window, MultiOutputReceiver outputs) {
      if (window.isLabelled() || window.split() == Split.TRAIN) {
        outputs.get(SPLIT).output(window);
      } else {
        outputs.get(COUNTS).output(KV.of(CohortCounts.unlabelledOf(window.split()), 1L));
      }
    }
  }

  /** Makes a window of the first steps of each recording. */
  private static final class SeriesFn extends ShownFn<LabelledSeries, KV<Integer, EhrWindow>> {
    private final CohortConfig config;

    SeriesFn(CohortConfig config) {
      super("Reading recordings", "recordings");
      this.config = config;
    }

    @ProcessElement
    public void process(@Element LabelledSeries series, MultiOutputReceiver outputs) {
      advance(1);
      outputs.get(COUNTS).output(KV.of(CohortCounts.STAYS, 1L));
      outputs.get(COUNTS).output(KV.of(CohortCounts.WINDOWS, 1L));
      String dropped = null;
      if (!series.channels().equals(config.channels())) {
        dropped = CohortCounts.OTHER_CHANNELS;
      } else if (series.steps() < config.windowSteps()) {
        dropped = CohortCounts.SHORT_SERIES;
      } else if (series.label() >= config.task().classes()) {
        dropped = CohortCounts.BAD_OUTCOME;
      }
      if (dropped != null) {
        outputs.get(COUNTS).output(KV.of(dropped, 1L));
        return;
      }
      float[] values = Arrays.copyOf(series.values(), config.spec().size());
      boolean[] mask = new boolean[values.length];
      for (int i = 0; i < values.length; i++) {
        mask[i] = !Float.isNaN(values[i]);
      }
      EhrWindow window =
          new EhrWindow(
              series.seriesId(),
              series.subjectId(),
              series.label(),
              series.split() == null ? config.split(series.subjectId()) : Split.of(series.split()),
              values,
              mask,
              new float[0]);
      // All recordings of a subject are assumed to have one class.
      int stratum = series.split() == null ? series.label() : Stratify.KEPT;
      outputs.get(WINDOWS).output(KV.of(stratum, window));
    }
  }

  private static final class FillFn extends ShownFn<EhrWindow, EhrWindow> {
    private final List<String> channels;
    private final Imputation imputation;
    private final PCollectionView<List<Double>> fills;
    private final PCollectionView<Map<String, Long>> counts;

    FillFn(
        CohortConfig config,
        PCollectionView<List<Double>> fills,
        PCollectionView<Map<String, Long>> counts) {
      super("Filling gaps", "windows");
      this.channels = config.channels();
      this.imputation = config.imputation();
      this.fills = fills;
      this.counts = counts;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      advance(1);
      EhrWindow window = context.element();
      List<Double> fill = context.sideInput(fills);
      int missing = fill.indexOf(Double.NaN);
      if (missing >= 0) {
        throw new IllegalStateException(neverObserved(fill, context.sideInput(counts)));
      }
      float[] standard = new float[fill.size()];
      for (int c = 0; c < standard.length; c++) {
        standard[c] = fill.get(c).floatValue();
      }
      float[] values = window.values().clone();
      imputation.fill(values, standard);
      context.output(
          new EhrWindow(
              window.windowId(),
              window.subjectId(),
              window.label(),
              window.split(),
              values,
              window.mask(),
              window.statics()));
    }

    private String neverObserved(List<Double> fill, Map<String, Long> all) {
      if (fill.stream().allMatch(value -> Double.isNaN(value))
          && channels.stream().allMatch(c -> ValueFate.of(c, all).isEmpty())) {
        return "the train split holds no stay: use more stays or a larger trainShare";
      }
      String channel = channels.get(fill.indexOf(Double.NaN));
      Map<ValueFate, Long> ofChannel = ValueFate.of(channel, all);
      long read = ofChannel.getOrDefault(ValueFate.READ, 0L);
      String why = ValueFate.describe(ofChannel, /* withNeutral= */ true);
      return "channel "
          + channel
          + " is never observed in the train split: "
          + (read == 0 && why.isEmpty()
              ? "the source has no value with one of its codes"
              : String.format(Locale.ROOT, "of %,d values read, ", read)
                  + (why.isEmpty() ? "none is in train" : why))
          + "; fix that, or remove it from the channels";
    }
  }
}
