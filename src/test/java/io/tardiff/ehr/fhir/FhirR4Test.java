package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs pipelines on files and collections of resources. */
@ExtendWith(TestPipelineExtension.class)
class FhirR4Test {
  private static final String RATE = observation("8867-4", 73);
  private static final String SODIUM = observation("2951-2", 140);
  private static final String ENCOUNTER =
      json(
          "{'resourceType':'Encounter','id':'e1','status':'in-progress','class':{'code':'EMER'},"
              + "'subject':{'reference':'Patient/p1'},'period':{'start':'2150-01-01'}}");

  @TempDir Path directory;

  @Test
  void readsFilesOfAnyNameAndMixedTypes(TestPipeline pipeline) throws Exception {
    write("Observation.000.ndjson", RATE + "\n" + json("{'resourceType':'Condition'}") + "\n");
    gzip("export-7.ndjson.gz", SODIUM + "\r\n\r\n" + ENCOUNTER + "\n" + RATE.substring(0, 99));
    write("manifest.json", "{}");

    PCollectionTuple read =
        pipeline.apply(
            FhirR4.read().from(directory.toString()).withEncounterClasses(Set.of("EMER", "IMP")));

    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(
            event("8867-4", 73),
            event("2951-2", 140),
            EhrEvent.builder()
                .setSubjectId("p1")
                .setStayId("e1")
                .setTime(Instant.parse("2150-01-01T00:00:00Z"))
                .setCode(EhrEvent.HOSPITAL_ADMISSION)
                .build(),
            EhrEvent.builder()
                .setSubjectId("p1")
                .setStayId("e1")
                .setCode(EhrEvent.HOSPITAL_DEATH)
                .setTextValue("still a patient")
                .build());
    PAssert.that(read.get(EhrTags.deadLetters()))
        .containsInAnyOrder(DeadLetter.of("resource", null, "resource is not JSON"));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void patientsWithMixedOffsetsAreCounted(TestPipeline pipeline) throws Exception {
    String local = RATE.replace("03:04:05Z", "03:04:05");
    write(
        "a.ndjson",
        RATE + "\n" + local + "\n" + RATE.replace("p1", "p2") + "\n" + local.replace("p1", "p3"));

    pipeline.apply(FhirR4.read().from(directory.toString()));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    assertThat(
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(
                        MetricNameFilter.named("tardiff.ehr.fhir", "patientsWithMixedOffsets"))
                    .build())
            .getCounters()
            .iterator()
            .next()
            .getAttempted(),
        is(1L));
  }

  @Test
  void resourcesWithoutEventsAreCountedByReason(TestPipeline pipeline) throws Exception {
    write(
        "a.ndjson",
        RATE
            + "\n"
            + ENCOUNTER
            + "\n"
            + json("{'resourceType':'Condition'}")
            + "\n"
            + RATE.replace("final", "preliminary"));

    PCollectionTuple read = pipeline.apply(FhirR4.read().from(directory.toString()));

    PAssert.that(read.get(EhrTags.counts()))
        .satisfies(
            counts -> {
              Map<String, Long> sums = new HashMap<>();
              counts.forEach(count -> sums.merge(count.getWhat(), count.getCount(), Long::sum));
              assertThat(
                  sums,
                  is(
                      Map.of(
                          ReadCount.ROWS,
                          4L,
                          Skip.OTHER_CLASS.label(),
                          1L,
                          Skip.OTHER_RESOURCE.label(),
                          1L,
                          Skip.OBSERVATION_STATUS.label(),
                          1L)));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void filtersByCode(TestPipeline pipeline) throws Exception {
    write("a.ndjson", RATE + "\n" + SODIUM + "\n");

    PCollectionTuple read =
        pipeline.apply(FhirR4.read().from(directory.toString()).withCodes(Set.of("2951-2")));

    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(event("2951-2", 140));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void parsesACollectionOfResources(TestPipeline pipeline) {
    String bundle =
        "{\n \"resourceType\": \"Bundle\", \"entry\": [{\"resource\": " + SODIUM + "}]}";

    PCollectionTuple read =
        pipeline
            .apply(Create.of(RATE, bundle, "{}"))
            .apply(FhirR4.parse().withStaysByTime().withIcuNames("its"));

    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(event("8867-4", 73), event("2951-2", 140));
    PAssert.that(read.get(EhrTags.deadLetters()))
        .containsInAnyOrder(DeadLetter.of("resource", null, "resource has no resourceType"));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void missingDirectoryFailsBeforeAnythingRuns() {
    String missing = directory.resolve("nowhere").toString();

    assertThat(
        refusal(missing),
        allOf(
            containsString("input must be a directory with a FHIR bulk export, was " + missing),
            containsString("no files *.ndjson or *.ndjson.gz")));
  }

  @Test
  void directoryWithoutFilesFailsBeforeAnythingRuns() throws Exception {
    write("Observation.json", RATE);

    assertThat(refusal(directory.toString()), containsString("no files *.ndjson"));
  }

  @Test
  void inputMustBeNamed() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> FhirR4.read().from("")).getMessage(),
        is("input must name a directory, was empty"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> TestPipeline.create().apply(FhirR4.read()))
            .getMessage(),
        is("from must be called: it names the input directory"));
  }

  private static String refusal(String input) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> TestPipeline.create().apply(FhirR4.read().from(input)))
        .getMessage();
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(directory.resolve(name), text);
  }

  private void gzip(String name, String text) throws Exception {
    try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name)))) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String observation(String code, int value) {
    return json(
        "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':"
            + "'http://loinc.org','code':'"
            + code
            + "'}]},'subject':{'reference':'Patient/p1'},"
            + "'effectiveDateTime':'2150-01-02T03:04:05Z','valueInteger':"
            + value
            + "}");
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static EhrEvent event(String code, double value) {
    return EhrEvent.builder()
        .setSubjectId("p1")
        .setTime(Instant.parse("2150-01-02T03:04:05Z"))
        .setCode(code)
        .setNumericValue(value)
        .build();
  }
}
