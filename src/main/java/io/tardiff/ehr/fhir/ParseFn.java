package io.tardiff.ehr.fhir;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import java.util.EnumMap;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Parses JSON resources into events. */
final class ParseFn extends DoFn<String, EhrEvent> {
  /** Flags of {@link Offsets} by patient. */
  static final TupleTag<KV<String, Integer>> OFFSETS = new TupleTag<>("offsets") {};

  private static final String RESOURCES = "resources";

  private final ResourceParser parser;
  private final Counter resources = Metrics.counter("tardiff.ehr.fhir", "resources");
  private final Counter deadLetters = Metrics.counter("tardiff.ehr.fhir", "deadLetters");
  private final Map<Skip, Counter> skipped = new EnumMap<>(Skip.class);

  /** Number of resources in the current bundle, and the window of the last one. */
  private transient long read;

  private transient Map<Skip, Long> skips;

  private transient @Nullable BoundedWindow window;

  ParseFn(Settings settings) {
    parser = new ResourceParser(settings);
    for (Skip why : Skip.values()) {
      skipped.put(why, Metrics.counter("tardiff.ehr.fhir", why.counter()));
    }
  }

  @StartBundle
  public void startBundle() {
    read = 0;
    skips = new EnumMap<>(Skip.class);
    window = null;
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    BoundedWindow last = window;
    if (last != null) {
      count(context, ReadCount.ROWS, read, last);
      skips.forEach((why, count) -> count(context, why.label(), count, last));
    }
  }

  private void count(FinishBundleContext context, String what, long count, BoundedWindow window) {
    context.output(
        EhrTags.counts(), ReadCount.of(RESOURCES, what, count), window.maxTimestamp(), window);
  }

  @ProcessElement
  public void process(@Element String json, BoundedWindow current, MultiOutputReceiver outputs) {
    resources.inc();
    read++;
    window = current;
    parser.parse(
        json,
        new Sink() {
          @Override
          public void event(EhrEvent event) {
            outputs.get(EhrTags.events()).output(event);
          }

          @Override
          public void reject(String source, String reason) {
            deadLetters.inc();
            outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(source, null, reason));
          }

          @Override
          public void skip(Skip why) {
            skipped.get(why).inc();
            skips.merge(why, 1L, Long::sum);
          }

          @Override
          public void offsets(String subject, int offsets) {
            if (offsets != Offsets.NONE) {
              outputs.get(OFFSETS).output(KV.of(subject, offsets));
            }
          }
        });
  }
}
