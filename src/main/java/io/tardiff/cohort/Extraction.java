package io.tardiff.cohort;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.signals.LabelledSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Events or recordings to filled windows, with the counts and fill values that arise on the way.
 *
 * @param windows filled windows
 * @param counts one figure per name of {@link CohortCounts}
 * @param fills what each channel's gaps without a past are filled with
 */
record Extraction(
    PCollection<EhrWindow> windows,
    PCollection<KV<String, Long>> counts,
    PCollectionView<List<Double>> fills) {

  /** Buckets of subjects per shard of the output. */
  private static final int BUCKETS = 8;

  /** Windows with their stratum: the highest class of the subject's windows. */
  private static final TupleTag<KV<Integer, EhrWindow>> WINDOWS = new TupleTag<>() {};

  private static final TupleTag<KV<String, Long>> COUNTS = new TupleTag<>() {};

  static Extraction of(PCollection<EhrEvent> events, CohortConfig config) {
    SubjectFn subjectFn = new SubjectFn(config);
    return finish(
        events
            .apply("Key by bucket", ParDo.of(new KeyFn(subjectFn, config.numShards() * BUCKETS)))
            .setCoder(KvCoder.of(VarIntCoder.of(), events.getCoder()))
            .apply("Gather subjects", Combine.perKey(new BucketFn(subjectFn)))
            .apply(
                "Cut windows",
                ParDo.of(new CutFn(config)).withOutputTags(WINDOWS, TupleTagList.of(COUNTS))),
        config);
  }

  static Extraction ofSeries(PCollection<LabelledSeries> series, CohortConfig config) {
    return finish(
        series.apply(
            "To windows",
            ParDo.of(new SeriesFn(config)).withOutputTags(WINDOWS, TupleTagList.of(COUNTS))),
        config);
  }

  private static Extraction finish(PCollectionTuple cut, CohortConfig config) {
    PCollection<KV<Integer, EhrWindow>> strata =
        cut.get(WINDOWS).setCoder(KvCoder.of(VarIntCoder.of(), EhrWindowCoder.of()));
    PCollection<EhrWindow> unfilled =
        config.stratified()
            ? strata.apply("Stratify", new Stratify(config))
            : strata.apply("Windows", Values.create());
    PCollectionView<List<Double>> fills =
        unfilled
            .apply("Train only", Filter.by(window -> window.split() == Split.TRAIN))
            .apply("Fill values", Combine.globally(new FillValuesFn(config)).asSingletonView());
    PCollection<EhrWindow> filled =
        unfilled
            .apply("Fill gaps", ParDo.of(new FillFn(config, fills)).withSideInputs(fills))
            .setCoder(EhrWindowCoder.of());
    PCollection<KV<String, Long>> counts =
        cut.get(COUNTS)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
            .apply("Add up counts", Sum.longsPerKey());
    return new Extraction(filled, counts, fills);
  }

  private static final class KeyFn extends DoFn<EhrEvent, KV<Integer, EhrEvent>> {
    private final Counter used = Metrics.counter("tardiff.cohort", "eventsUsed");
    private final Counter ignored = Metrics.counter("tardiff.cohort", "eventsIgnored");
    private final SubjectFn subjectFn;
    private final int buckets;

    KeyFn(SubjectFn subjectFn, int buckets) {
      this.subjectFn = subjectFn;
      this.buckets = buckets;
    }

    @ProcessElement
    public void process(@Element EhrEvent event, OutputReceiver<KV<Integer, EhrEvent>> output) {
      if (subjectFn.wants(event)) {
        used.inc();
        int hash = Hashing.murmur3_32_fixed().hashString(event.getSubjectId(), UTF_8).asInt();
        output.output(KV.of(Math.floorMod(hash, buckets), event));
      } else {
        ignored.inc();
      }
    }
  }

  private static final class CutFn
      extends DoFn<KV<Integer, Map<String, SubjectRecord>>, KV<Integer, EhrWindow>> {
    private final Windowing windowing;

    CutFn(CohortConfig config) {
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
                List<EhrWindow> windows = new ArrayList<>();
                windowing.cut(subjectId, subject, counts, windows::add);
                int stratum =
                    subject.split != null
                        ? Stratify.PUBLISHED
                        : windows.stream().mapToInt(EhrWindow::label).max().orElse(0);
                windows.forEach(window -> outputs.get(WINDOWS).output(KV.of(stratum, window)));
              });
      counts.forEach((what, count) -> outputs.get(COUNTS).output(KV.of(what, count)));
    }
  }

  /** A window of the first steps of each recording. */
  private static final class SeriesFn extends DoFn<LabelledSeries, KV<Integer, EhrWindow>> {
    private final CohortConfig config;

    SeriesFn(CohortConfig config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element LabelledSeries series, MultiOutputReceiver outputs) {
      outputs.get(COUNTS).output(KV.of(CohortCounts.STAYS, 1L));
      outputs.get(COUNTS).output(KV.of(CohortCounts.WINDOWS, 1L));
      String dropped = null;
      if (!series.channels().equals(config.channels())) {
        dropped = CohortCounts.OTHER_CHANNELS;
      } else if (series.steps() < config.steps()) {
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
      // A recording's class is its person's.
      int stratum = series.split() == null ? series.label() : Stratify.PUBLISHED;
      outputs.get(WINDOWS).output(KV.of(stratum, window));
    }
  }

  private static final class FillFn extends DoFn<EhrWindow, EhrWindow> {
    private final List<String> channels;
    private final Imputation imputation;
    private final PCollectionView<List<Double>> fills;

    FillFn(CohortConfig config, PCollectionView<List<Double>> fills) {
      this.channels = config.channels();
      this.imputation = config.imputation();
      this.fills = fills;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      EhrWindow window = context.element();
      List<Double> fill = context.sideInput(fills);
      check(fill);
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

    private void check(List<Double> fill) {
      int missing = fill.indexOf(Double.NaN);
      if (missing >= 0) {
        throw new IllegalStateException(
            fill.stream().allMatch(value -> Double.isNaN(value))
                ? "the train split holds no stay: more stays are needed, or a larger trainShare"
                : "channel "
                    + channels.get(missing)
                    + " is never observed in the train split: leave it out of the channels");
      }
    }
  }
}
