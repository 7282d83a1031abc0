package io.tardiff.ehr.mimic;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;

/** The counts of the public demo of 100 patients, which were made without this reader. */
class Mimic3DemoTest {
  private static final Path DATA = MimicFiles.data("mimic3-demo");

  @Test
  void demoIsReadWhole() {
    assumeTrue(
        Files.isDirectory(DATA),
        "MIMIC-III is not on this machine (set -Dtardiff.data): nothing was tested");
    Pipeline pipeline = MimicFiles.pipeline();
    PCollectionTuple read = pipeline.apply(Mimic3.read().from(DATA.toString()));
    PCollection<EhrEvent> events = read.get(EhrTags.events());
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    PAssert.thatSingleton(events.apply("All", Count.globally())).isEqualTo(843_171L);
    PAssert.thatSingleton(
            events
                .apply("Died", Filter.by(Mimic3DemoTest::diedInHospital))
                .apply("Deaths", Count.globally()))
        .isEqualTo(40L);
    PAssert.that(
            events
                .apply("Codes", MapElements.into(TypeDescriptors.strings()).via(EhrEvent::getCode))
                .apply("By code", Count.perElement()))
        .satisfies(
            counts -> {
              Map<String, Long> there = new TreeMap<>();
              for (KV<String, Long> count : counts) {
                there.put(count.getKey(), count.getValue());
              }
              Map<String, Long> expected = new TreeMap<>();
              expected.put(EhrEvent.ADMISSION, 136L);
              expected.put(EhrEvent.DISCHARGE, 136L);
              expected.put(EhrEvent.HOSPITAL_ADMISSION, 129L);
              expected.put(EhrEvent.HOSPITAL_DISCHARGE, 129L);
              expected.put(EhrEvent.HOSPITAL_DEATH, 129L);
              expected.put(EhrEvent.BIRTH, 100L);
              expected.put(EhrEvent.DEATH, 100L);
              expected.put(EhrEvent.GENDER, 100L);
              expected.put("211", 7_391L);
              expected.put("220045", 8_093L);
              expected.put("646", 7_247L);
              expected.put("220277", 8_049L);
              expected.put("40055", 4_730L);
              expected.put("226559", 4_138L);
              expected.put("227488", 97L);
              expected.put("227489", 109L);
              expected.put("51", 4_505L);
              expected.put("50912", 2_175L);
              expected.put("678", 1_656L);
              expected.put("223761", 1_975L);
              expected.put("198", 1_949L);
              there.keySet().retainAll(expected.keySet());
              assertThat(there, is(expected));
              return null;
            });

    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    assertThat(
        MimicFiles.counters(result, "CHARTEVENTS"),
        is(Map.of("rows", 758_355L, "errors", 648L, "withoutValue", 2_725L)));
  }

  private static boolean diedInHospital(EhrEvent event) {
    return event.getCode().equals(EhrEvent.HOSPITAL_DEATH) && event.getNumericValue() == 1;
  }
}
