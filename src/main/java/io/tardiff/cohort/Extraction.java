package io.tardiff.cohort;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.tardiff.ehr.EhrEvent;
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
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Events to filled windows, with the counts and medians that arise on the way.
 *
 * @param windows filled windows
 * @param counts one figure per name of {@link CohortCounts}
 * @param medians train median of each channel, by which gaps without a past are filled
 */
record Extraction(
    PCollection<EhrWindow> windows,
    PCollection<KV<String, Long>> counts,
    PCollectionView<List<Double>> medians) {

  /** Buckets of stays per shard of the output. */
  private static final int BUCKETS = 8;

  static Extraction of(PCollection<EhrEvent> events, CohortConfig config) {
    StayFn stayFn = new StayFn(config);
    TupleTag<EhrWindow> windowsTag = new TupleTag<>() {};
    TupleTag<KV<String, Long>> countsTag = new TupleTag<>() {};
    PCollectionTuple grids =
        events
            .apply("Key by bucket", ParDo.of(new KeyFn(stayFn, config.numShards() * BUCKETS)))
            .setCoder(KvCoder.of(VarIntCoder.of(), events.getCoder()))
            .apply("Gather stays", Combine.perKey(new BucketFn(stayFn)))
            .apply(
                "Lay on grid",
                ParDo.of(new GridFn(config, windowsTag, countsTag))
                    .withOutputTags(windowsTag, TupleTagList.of(countsTag)));
    PCollection<EhrWindow> unfilled = grids.get(windowsTag).setCoder(EhrWindowCoder.of());
    PCollectionView<List<Double>> medians =
        unfilled
            .apply("Train only", Filter.by(window -> window.split() == Split.TRAIN))
            .apply(
                "Train medians",
                Combine.globally(new MedianFn(config.channels().size())).asSingletonView());
    PCollection<EhrWindow> filled =
        unfilled
            .apply("Fill gaps", ParDo.of(new FillFn(config, medians)).withSideInputs(medians))
            .setCoder(EhrWindowCoder.of());
    PCollection<KV<String, Long>> counts =
        grids
            .get(countsTag)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
            .apply("Add up counts", Sum.longsPerKey());
    return new Extraction(filled, counts, medians);
  }

  /** The id of a window: the stay's, with the subject's before it where that says more. */
  static String windowId(EhrEvent event) {
    String stay = event.getStayId();
    return stay == null || stay.equals(event.getSubjectId())
        ? event.getSubjectId()
        : event.getSubjectId() + "/" + stay;
  }

  private static final class KeyFn extends DoFn<EhrEvent, KV<Integer, EhrEvent>> {
    private final Counter used = Metrics.counter(BuildCohort.class, "eventsUsed");
    private final Counter ignored = Metrics.counter(BuildCohort.class, "eventsIgnored");
    private final StayFn stayFn;
    private final int buckets;

    KeyFn(StayFn stayFn, int buckets) {
      this.stayFn = stayFn;
      this.buckets = buckets;
    }

    @ProcessElement
    public void process(@Element EhrEvent event, OutputReceiver<KV<Integer, EhrEvent>> output) {
      if (stayFn.wants(event)) {
        used.inc();
        int hash = Hashing.murmur3_32_fixed().hashString(windowId(event), UTF_8).asInt();
        output.output(KV.of(Math.floorMod(hash, buckets), event));
      } else {
        ignored.inc();
      }
    }
  }

  private static final class GridFn extends DoFn<KV<Integer, Map<String, StayRecord>>, EhrWindow> {
    private final CohortConfig config;
    private final Grid grid;
    private final List<ChannelDefinition> statics;
    private final TupleTag<EhrWindow> windowsTag;
    private final TupleTag<KV<String, Long>> countsTag;

    GridFn(
        CohortConfig config, TupleTag<EhrWindow> windowsTag, TupleTag<KV<String, Long>> countsTag) {
      this.windowsTag = windowsTag;
      this.config = config;
      this.grid = new Grid(config);
      this.statics = config.staticDefinitions();
      this.countsTag = countsTag;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Map<String, StayRecord>> bucket, MultiOutputReceiver outputs) {
      Map<String, Long> counts = new HashMap<>();
      bucket
          .getValue()
          .forEach(
              (windowId, stay) -> {
                counts.merge(CohortCounts.STAYS, 1L, Long::sum);
                String reason = lay(windowId, stay, counts, outputs);
                if (reason != null) {
                  counts.merge(reason, 1L, Long::sum);
                }
              });
      counts.forEach((what, count) -> outputs.get(countsTag).output(KV.of(what, count)));
    }

    /** Puts out the window, or says why there is none. */
    private @Nullable String lay(
        String windowId, StayRecord stay, Map<String, Long> counts, MultiOutputReceiver outputs) {
      if (stay.admission == StayRecord.NO_ADMISSION) {
        return CohortCounts.NO_ADMISSION;
      }
      if (Double.isNaN(stay.outcome)) {
        return CohortCounts.NO_OUTCOME;
      }
      int label = (int) stay.outcome;
      if (label != stay.outcome || label < 0 || label >= config.task().classes()) {
        return CohortCounts.BAD_OUTCOME;
      }
      float[] values = grid.lay(stay, counts);
      boolean[] mask = new boolean[values.length];
      boolean observed = false;
      for (int i = 0; i < values.length; i++) {
        mask[i] = !Float.isNaN(values[i]);
        observed |= mask[i];
      }
      if (!observed) {
        return CohortCounts.NOT_OBSERVED;
      }
      float[] covariates = new float[statics.size()];
      for (int i = 0; i < covariates.length; i++) {
        ChannelDefinition covariate = statics.get(i);
        double value = stay.statics[i];
        // NaN stays NaN: it is not plausible.
        covariates[i] = covariate.isPlausible(value) ? (float) covariate.clip(value) : Float.NaN;
      }
      outputs
          .get(windowsTag)
          .output(
              new EhrWindow(
                  windowId,
                  stay.subjectId,
                  label,
                  config.split(stay.subjectId),
                  values,
                  mask,
                  covariates));
      return null;
    }
  }

  private static final class FillFn extends DoFn<EhrWindow, EhrWindow> {
    private final List<String> channels;
    private final PCollectionView<List<Double>> medians;

    FillFn(CohortConfig config, PCollectionView<List<Double>> medians) {
      this.channels = config.channels();
      this.medians = medians;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      EhrWindow window = context.element();
      List<Double> median = context.sideInput(medians);
      float[] values = window.values().clone();
      int width = channels.size();
      for (int i = 0; i < values.length; i++) {
        if (Float.isNaN(values[i])) {
          values[i] = i >= width ? values[i - width] : median(median, i);
        }
      }
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

    private float median(List<Double> medians, int channel) {
      double median = medians.get(channel);
      if (Double.isNaN(median)) {
        throw new IllegalStateException(
            medians.stream().allMatch(m -> Double.isNaN(m))
                ? "the train split holds no stay: more stays are needed, or a larger trainShare"
                : "channel "
                    + channels.get(channel)
                    + " is never observed in the train split: leave it out of the channels");
      }
      return (float) median;
    }
  }
}
