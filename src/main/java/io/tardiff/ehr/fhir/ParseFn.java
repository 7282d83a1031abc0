package io.tardiff.ehr.fhir;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Parses JSON resources into events. */
final class ParseFn extends DoFn<String, EhrEvent> {
  private final ResourceEvents resources;

  /** Number of resources in the current bundle, and the window of the last one. */
  private transient long read;

  private transient @Nullable BoundedWindow window;

  ParseFn(Settings settings) {
    resources = new ResourceEvents(settings);
  }

  @StartBundle
  public void startBundle() {
    read = 0;
    window = null;
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    BoundedWindow last = window;
    if (last != null) {
      context.output(EhrTags.counts(), ResourceEvents.read(read), last.maxTimestamp(), last);
    }
  }

  @ProcessElement
  public void process(@Element String json, BoundedWindow of, MultiOutputReceiver outputs) {
    read++;
    window = of;
    resources.parse(json, outputs);
  }
}
