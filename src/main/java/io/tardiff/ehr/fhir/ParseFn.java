package io.tardiff.ehr.fhir;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.util.EnumMap;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;

/** Resources as JSON to events. */
final class ParseFn extends DoFn<String, EhrEvent> {
  private final ResourceParser parser;
  private final Counter resources = Metrics.counter("tardiff.ehr.fhir", "resources");
  private final Counter deadLetters = Metrics.counter("tardiff.ehr.fhir", "deadLetters");
  private final Map<Skip, Counter> skipped = new EnumMap<>(Skip.class);

  ParseFn(Settings settings) {
    parser = new ResourceParser(settings);
    for (Skip why : Skip.values()) {
      skipped.put(why, Metrics.counter("tardiff.ehr.fhir", why.counter()));
    }
  }

  @ProcessElement
  public void process(@Element String json, MultiOutputReceiver outputs) {
    resources.inc();
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
          }
        });
  }
}
