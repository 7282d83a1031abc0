package io.tardiff.ehr.fhir;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Parses JSON resources into events. */
final class ParseFn extends DoFn<String, EhrEvent> {
  private final ResourceEvents resources;

  /** Window of the last resource of the bundle. */
  private transient @Nullable BoundedWindow window;

  ParseFn(Settings settings) {
    resources = new ResourceEvents(settings);
  }

  @StartBundle
  public void startBundle() {
    resources.reset();
    window = null;
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    BoundedWindow last = window;
    if (last != null) {
      resources
          .counts()
          .forEach(count -> context.output(EhrTags.counts(), count, last.maxTimestamp(), last));
    }
  }

  @ProcessElement
  public void process(@Element String json, BoundedWindow current, MultiOutputReceiver outputs) {
    window = current;
    resources.parse(json, outputs);
  }
}
