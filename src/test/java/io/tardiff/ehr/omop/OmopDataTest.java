package io.tardiff.ehr.omop;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.RealData;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;

/**
 * Reads an excerpt of the MIMIC-IV demo in OMOP, if present, and compares with independent counts.
 */
class OmopDataTest {
  private static final Path DATA = RealData.at("omop-mimic4-demo-tiny");

  @Test
  void excerptHasTheExpectedCounts() {
    expect(Omop.read(), 4);
  }

  @Test
  void emergencyVisitsAreStaysIfConfigured() {
    expect(Omop.read().withHospitalVisits(Set.of("9201", "262", "8870")), 15);
  }

  private static void expect(Omop.Read reader, long stays) {
    RealData.require(DATA.resolve("person.csv"));
    Map<String, Long> expected = new HashMap<>();
    expected.put(EhrEvent.BIRTH, 12L);
    // Two persons have no sex recorded.
    expected.put(EhrEvent.GENDER, 10L);
    expected.put(EhrEvent.HOSPITAL_ADMISSION, stays);
    expected.put(EhrEvent.HOSPITAL_DISCHARGE, stays);
    expected.put(EhrEvent.HOSPITAL_DEATH, stays);
    expected.put("3012501", 31L);
    expected.put("3031147", 31L);
    expected.put("3021119", 22L);
    expected.put("3018572", 10L);
    expected.put("3000483", 5L);
    expected.put("50805", 1L);

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(reader.from(DATA.toString()));
    PAssert.that(
            read.get(EhrTags.events())
                .apply(MapElements.into(TypeDescriptors.strings()).via(EhrEvent::getCode))
                .apply(Count.perElement()))
        .satisfies(
            counts -> {
              Map<String, Long> byCode = new HashMap<>();
              for (KV<String, Long> count : counts) {
                byCode.put(count.getKey(), count.getValue());
              }
              assertThat(byCode, is(expected));
              return null;
            });
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }
}
