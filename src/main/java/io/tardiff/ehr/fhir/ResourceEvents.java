package io.tardiff.ehr.fhir;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** What becomes of a resource, for the functions that read files and those that have texts. */
final class ResourceEvents implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Which kinds of times the patients have. */
  static final TupleTag<KV<String, Integer>> OFFSETS = new TupleTag<>("offsets") {};

  private final ResourceParser parser;
  private final Counter resources = Metrics.counter("tardiff.ehr.fhir", "resources");
  private final Counter deadLetters = Metrics.counter("tardiff.ehr.fhir", "deadLetters");
  private final Map<Skip, Counter> skipped = new EnumMap<>(Skip.class);

  ResourceEvents(Settings settings) {
    parser = new ResourceParser(settings);
    for (Skip why : Skip.values()) {
      skipped.put(why, Metrics.counter("tardiff.ehr.fhir", why.counter()));
    }
  }

  static TupleTagList furtherOutputs() {
    return TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts()).and(OFFSETS);
  }

  static ReadCount read(long resources) {
    return ReadCount.of("resources", ReadCount.ROWS, resources);
  }

  void parse(String json, MultiOutputReceiver outputs) {
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
            letter(source, reason, outputs);
          }

          @Override
          public void skip(Skip why) {
            skipped.get(why).inc();
          }

          @Override
          public void offsets(String subject, int offsets) {
            if (offsets != Offsets.NONE) {
              outputs.get(OFFSETS).output(KV.of(subject, offsets));
            }
          }
        });
  }

  /** A line that is longer than a resource may be. */
  void tooLong(MultiOutputReceiver outputs) {
    resources.inc();
    letter(ResourceParser.SOURCE, parser.tooLong(), outputs);
  }

  private void letter(String source, String reason, MultiOutputReceiver outputs) {
    deadLetters.inc();
    outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(source, null, reason));
  }
}
