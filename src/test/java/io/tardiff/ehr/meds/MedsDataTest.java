package io.tardiff.ehr.meds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.RealData;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.SplitNames;
import io.tardiff.files.parquet.ParquetRows;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the MIMIC-IV demo in MEDS, if present. */
class MedsDataTest {
  private static final Path DATA = RealData.at("mimic4-demo-meds/MEDS");

  private static final Map<String, Long> RESERVED =
      Map.of(
          EhrEvent.ADMISSION,
          140L,
          EhrEvent.DISCHARGE,
          140L,
          EhrEvent.HOSPITAL_ADMISSION,
          275L,
          EhrEvent.HOSPITAL_DISCHARGE,
          275L,
          EhrEvent.HOSPITAL_DEATH + "=0",
          // The source does not state the destination of the other 42.
          218L,
          EhrEvent.HOSPITAL_DEATH + "=1",
          15L,
          EhrEvent.BIRTH,
          100L,
          EhrEvent.DEATH,
          31L,
          EhrEvent.LABEL + "=0",
          111L,
          EhrEvent.LABEL + "=1",
          14L);

  private static final Map<String, Long> SPLITS =
      Map.of("SPLIT train", 80L, "SPLIT tuning", 10L, "SPLIT held_out", 10L);

  private static final Map<String, Long> VITALS =
      Map.of(
          "LAB//220045//bpm in bpm", 13_913L,
          "LAB//220210//insp/min in insp/min", 13_913L,
          "LAB//220277//% in %", 13_540L,
          "LAB//223761//°F in °F", 3_379L,
          "LAB//220050//mmHg in mmHg", 5_525L,
          "LAB//220739//UNK", 3_274L,
          "SUBJECT_FLUID_OUTPUT//226559//ml in ml", 6_685L,
          "GENDER//F", 43L,
          "GENDER//M", 57L);

  @BeforeEach
  void data() {
    RealData.require(DATA);
  }

  @Test
  void readsEveryRow() throws Exception {
    long rows = 0;
    for (String split : SplitNames.ALL) {
      try (ParquetRows file =
          ParquetRows.open(DATA.resolve("data/" + split + "/0.parquet").toString())) {
        rows += file.rows();
      }
    }
    assertThat(rows, is(916_166L));

    Pipeline pipeline = pipeline();
    PCollectionTuple read = pipeline.apply(Meds.read().from(DATA.toString()));
    PAssert.thatSingleton(read.get(EhrTags.events()).apply("Count events", Count.globally()))
        // Rows, events derived from stay codes and known dispositions, splits and labels.
        .isEqualTo(916_166L + 140 + 140 + 275 + 275 + (275 - 42) + 100 + 125);
    PAssert.thatSingleton(
            read.get(EhrTags.events())
                .apply(MapElements.into(TypeDescriptors.strings()).via(EhrEvent::getCode))
                .apply(Distinct.create())
                .apply("Count codes", Count.globally()))
        // Ten codes differ from another only in a trailing blank; seven are reserved codes.
        .isEqualTo(7_035L + 7);
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void wantedCodesSurviveARoundTrip(@TempDir Path directory) {
    Set<String> codes =
        VITALS.keySet().stream()
            .map(code -> code.replaceFirst(" in .*", ""))
            .collect(Collectors.toSet());
    Pipeline pipeline = pipeline();
    PCollection<EhrEvent> events =
        pipeline.apply(Meds.read().from(DATA.toString()).withCodes(codes)).get(EhrTags.events());
    expectCounts(events);
    events.apply(
        Meds.write().to(directory.toString()).withTask("mortality").withShardEvents(20_000));
    pipeline.run().waitUntilFinish();

    Pipeline again = pipeline();
    expectCounts(again.apply(Meds.read().from(directory.toString())).get(EhrTags.events()));
    again.run().waitUntilFinish();
  }

  private static void expectCounts(PCollection<EhrEvent> events) {
    PAssert.that(
            events
                .apply(MapElements.into(TypeDescriptors.strings()).via(new Kind()))
                .apply(Count.perElement()))
        .satisfies(
            counts -> {
              Map<String, Long> actual = new HashMap<>();
              counts.forEach(
                  (KV<String, Long> count) -> actual.put(count.getKey(), count.getValue()));
              Map<String, Long> expected = new HashMap<>(RESERVED);
              expected.putAll(SPLITS);
              expected.putAll(VITALS);
              assertThat(actual, is(expected));
              return null;
            });
  }

  private static Pipeline pipeline() {
    // The direct runner's checks of every element would dominate the run time.
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(
                "--enforceImmutability=false", "--enforceEncodability=false")
            .create());
  }

  private static final class Kind implements SerializableFunction<EhrEvent, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String apply(EhrEvent event) {
      return switch (event.getCode()) {
        case EhrEvent.HOSPITAL_DEATH, EhrEvent.LABEL ->
            event.getCode() + "=" + event.getNumericValue().intValue();
        case EhrEvent.SPLIT -> "SPLIT " + event.getTextValue();
        default ->
            event.getUnit() == null ? event.getCode() : event.getCode() + " in " + event.getUnit();
      };
    }
  }
}
