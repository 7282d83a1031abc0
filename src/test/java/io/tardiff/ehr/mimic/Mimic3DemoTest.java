package io.tardiff.ehr.mimic;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.RealData;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

/** Reads the public demo of 100 patients, if present, and compares with independent counts. */
class Mimic3DemoTest {
  private static final Path DATA = RealData.at("mimic3-demo");

  private static final Map<String, Long> ITEMS =
      Map.ofEntries(
          Map.entry("211", 7_391L),
          Map.entry("220045", 8_093L),
          Map.entry("646", 7_247L),
          Map.entry("220277", 8_049L),
          Map.entry("40055", 4_730L),
          Map.entry("226559", 4_138L),
          Map.entry("227488", 97L),
          Map.entry("227489", 109L),
          Map.entry("51", 4_505L),
          Map.entry("50912", 2_175L),
          Map.entry("678", 1_656L),
          Map.entry("223761", 1_975L),
          Map.entry("198", 1_949L));

  @Test
  void demoHasTheExpectedCounts() {
    RealData.require(DATA);
    Set<String> codes = new HashSet<>(ITEMS.keySet());
    codes.add(EhrEvent.GENDER);
    Pipeline pipeline = MimicFiles.pipeline();
    PCollectionTuple read = pipeline.apply(Mimic3.read().from(DATA.toString()).withCodes(codes));
    PCollection<EhrEvent> events = read.get(EhrTags.events());
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
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
              Map<String, Long> actual = new TreeMap<>();
              for (KV<String, Long> count : counts) {
                actual.put(count.getKey(), count.getValue());
              }
              Map<String, Long> expected = new TreeMap<>();
              expected.put(EhrEvent.ADMISSION, 136L);
              expected.put(EhrEvent.DISCHARGE, 136L);
              expected.put(EhrEvent.HOSPITAL_ADMISSION, 129L);
              expected.put(EhrEvent.HOSPITAL_DISCHARGE, 129L);
              expected.put(EhrEvent.HOSPITAL_DEATH, 129L);
              expected.put(EhrEvent.HOSPITAL_STAY, 136L);
              expected.put(EhrEvent.BIRTH, 100L);
              expected.put(EhrEvent.DEATH, 100L);
              expected.put(EhrEvent.GENDER, 100L);
              expected.putAll(ITEMS);
              assertThat(actual, is(expected));
              return null;
            });

    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    // 29,053 of them, and one laboratory row, have the null word None, such as for ectopic beats.
    assertThat(
        MimicFiles.counters(result, "CHARTEVENTS"),
        is(Map.of("rows", 758_355L, "errors", 648L, "withoutValue", 31_778L)));
    assertThat(
        MimicFiles.counters(result, "OUTPUTEVENTS"),
        is(Map.of("rows", 11_320L, "withoutValue", 160L)));
    assertThat(
        MimicFiles.counters(result, "LABEVENTS"), is(Map.of("rows", 76_074L, "withoutValue", 5L)));
  }

  private static boolean diedInHospital(EhrEvent event) {
    return event.getCode().equals(EhrEvent.HOSPITAL_DEATH) && event.getNumericValue() == 1;
  }
}
