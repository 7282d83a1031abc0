package io.tardiff.ehr.fhir;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** Parses resources into events and counts them; shared by {@link ReadFn} and {@link ParseFn}. */
final class ResourceEvents implements Serializable {
  private static final long serialVersionUID = 1L;

  /** {@link Offsets} flags, keyed by patient. */
  static final TupleTag<KV<String, Integer>> OFFSETS = new TupleTag<>("offsets") {};

  private static final String SOURCE = "resources";

  private final ResourceParser parser;
  private final Counter resources = Metrics.counter("tardiff.ehr.fhir", "resources");
  private final Counter deadLetters = Metrics.counter("tardiff.ehr.fhir", "deadLetters");
  private final Map<Skip, Counter> skipped = new EnumMap<>(Skip.class);

  private transient long read;
  private transient Map<Skip, Long> skips;

  ResourceEvents(Settings settings) {
    parser = new ResourceParser(settings);
    for (Skip skip : Skip.values()) {
      skipped.put(skip, Metrics.counter("tardiff.ehr.fhir", skip.counter()));
    }
  }

  static TupleTagList furtherOutputs() {
    return TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts()).and(OFFSETS);
  }

  /** Starts counting from zero. */
  void reset() {
    read = 0;
    skips = new EnumMap<>(Skip.class);
  }

  /** Returns the counts since the last {@link #reset}. */
  List<ReadCount> counts() {
    List<ReadCount> counts = new ArrayList<>();
    counts.add(ReadCount.of(SOURCE, ReadCount.ROWS, read));
    skips.forEach((skip, count) -> counts.add(ReadCount.of(SOURCE, skip.label(), count)));
    return counts;
  }

  void parse(String json, MultiOutputReceiver outputs) {
    resources.inc();
    read++;
    parser.parse(
        json,
        new Sink() {
          @Override
          public void event(EhrEvent event) {
            outputs.get(EhrTags.events()).output(event);
          }

          @Override
          public void reject(String source, String reason) {
            outputDeadLetter(source, reason, outputs);
          }

          @Override
          public void skip(Skip skip) {
            skipped.get(skip).inc();
            skips.merge(skip, 1L, Long::sum);
          }

          @Override
          public void offsets(String subject, int offsets) {
            if (offsets != Offsets.NONE) {
              outputs.get(OFFSETS).output(KV.of(subject, offsets));
            }
          }
        });
  }

  /** Rejects a line that exceeds the maximum size of a resource. */
  void tooLong(MultiOutputReceiver outputs) {
    resources.inc();
    read++;
    outputDeadLetter(ResourceParser.SOURCE, parser.tooLong(), outputs);
  }

  private void outputDeadLetter(String source, String reason, MultiOutputReceiver outputs) {
    deadLetters.inc();
    outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(source, null, reason));
  }
}
