package io.tardiff.ehr.eicu;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.RealData;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;

/** Reads the eICU demo, if present, and compares with independent counts. */
class EicuDataTest {
  private static final Path DATA = RealData.at("eicu-demo");

  @Test
  void demoHasTheExpectedCounts() {
    RealData.require(DATA.resolve("patient.csv.gz"));

    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--enforceImmutability=false", "--enforceEncodability=false")
                .create());
    PCollectionTuple read = pipeline.apply(Eicu.read().from(DATA.toString()));
    PCollection<EhrEvent> events = read.get(EhrTags.events());
    PAssert.that(
            events
                .apply(MapElements.into(TypeDescriptors.strings()).via(EhrEvent::getSubjectId))
                .apply(Distinct.create())
                .apply("Persons", Count.globally()))
        .containsInAnyOrder(1841L);
    PAssert.that(
            events
                .apply("Codes", MapElements.into(TypeDescriptors.strings()).via(EhrEvent::getCode))
                .apply(Count.perElement()))
        .satisfies(
            counts -> {
              Map<String, Long> byCode = new HashMap<>();
              for (KV<String, Long> count : counts) {
                byCode.put(count.getKey(), count.getValue());
              }
              Map<String, Long> expected = new HashMap<>();
              expected.put(EhrEvent.ADMISSION, 2520L);
              expected.put(EhrEvent.DISCHARGE, 2520L);
              expected.put(EhrEvent.HOSPITAL_ADMISSION, 2520L);
              expected.put(EhrEvent.HOSPITAL_DISCHARGE, 2520L);
              expected.put(EhrEvent.HOSPITAL_DEATH, 2492L);
              expected.put(EhrEvent.AGE, 2516L);
              expected.put(EhrEvent.GENDER, 2516L);
              expected.put("Height", 2451L);
              expected.put("Weight", 2322L);
              expected.put("noninvasivesystolic", 241808L);
              expected.put("noninvasivediastolic", 241823L);
              expected.put("noninvasivemean", 243178L);
              expected.put("paop", 169L);
              expected.put("svr", 17789L);
              expected.put("Output (ml)//Urine", 32649L);
              expected.put("Output (ml)//URINE CATHETER", 3818L);
              expected.put("respFlowSettings//FiO2", 26895L);
              expected.put("respFlowPtVentData//Total RR", 9843L);
              expected.put("respFlowSettings//Tidal Volume (set)", 11141L);
              expected.forEach((code, count) -> assertThat(code, byCode.get(code), is(count)));
              return null;
            });
    PAssert.that(
            events
                .apply("Deaths", org.apache.beam.sdk.transforms.Filter.by(EicuDataTest::isDeath))
                .apply("Count deaths", Count.globally()))
        .containsInAnyOrder(212L);
    PAssert.that(events.apply("All", Count.globally())).containsInAnyOrder(EVENTS);
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  /** Excludes 105 texts "None" and 20 "N/A" of the respiratory charting, which are null words. */
  private static final long EVENTS = 1_073_451L;

  private static boolean isDeath(EhrEvent event) {
    Double value = event.getNumericValue();
    return event.getCode().equals(EhrEvent.HOSPITAL_DEATH) && value != null && value == 1;
  }
}
