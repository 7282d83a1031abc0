package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.RealData;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;

/** Reads real exports, if present, and compares with independent counts. */
class FhirR4DataTest {
  private static final Path SYNTHEA = RealData.at("fhir-synthea-ndjson");
  private static final Path HL7 = RealData.at("fhir-hl7-r4-examples");

  /** Examples that give a reject or a skip; all others give only events. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("1minute-apgar-score", "subject is not a reference to a resource"),
          Map.entry("2minute-apgar-score", "subject is not a reference to a resource"),
          Map.entry("5minute-apgar-score", "subject is not a reference to a resource"),
          Map.entry("10minute-apgar-score", "subject is not a reference to a resource"),
          Map.entry("20minute-apgar-score", "subject is not a reference to a resource"),
          Map.entry("decimal", "subject is missing"),
          Map.entry("bmd", "effective time is missing"),
          Map.entry("herd1", "OTHER_SUBJECT"),
          Map.entry("blood-pressure-dar", "ABSENT"),
          Map.entry("blood-pressure-cancel", "OBSERVATION_STATUS"),
          Map.entry("example-TPMT-haplotype-one", "OBSERVATION_STATUS"),
          Map.entry("example-TPMT-haplotype-two", "OBSERVATION_STATUS"),
          Map.entry("example-haplotype1", "OBSERVATION_STATUS"),
          Map.entry("example-haplotype2", "OBSERVATION_STATUS"),
          Map.entry("f202", "OBSERVATION_STATUS"),
          Map.entry("unsat", "OBSERVATION_STATUS"),
          Map.entry("vp-oyster", "OBSERVATION_STATUS"),
          Map.entry("bgpanel", "NO_VALUE"),
          Map.entry("example-diplotype1", "NO_VALUE"),
          Map.entry("example-genetics-3", "NO_VALUE"),
          Map.entry("example-genetics-4", "NO_VALUE"),
          Map.entry("example-genetics-brcapat", "NO_VALUE"),
          Map.entry("vitals-panel", "NO_VALUE"));

  /** Examples that do not give exactly one event. */
  private static final Map<String, Integer> EVENTS =
      Map.of(
          "alcohol-type", 3,
          "blood-pressure", 2,
          "ekg", 348,
          "example-genetics-2", 3,
          "f205", 2,
          "glasgow", 4,
          "blood-pressure-dar", 1);

  @Test
  void syntheaExportHasTheExpectedCounts() {
    RealData.require(SYNTHEA);
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(FhirR4.read().from(SYNTHEA.toString()));
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    PAssert.that(read.get(EhrTags.events()))
        .satisfies(
            events -> {
              checkSynthea(events);
              return null;
            });
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    Map<String, Long> counters = counters(result);
    assertThat(counters.get("resources"), is(3537L));
    assertThat(counters.get(Skip.OTHER_RESOURCE.counter()), is(1232L));
    assertThat(counters.get(Skip.OTHER_CLASS.counter()), is(290L));
    assertThat(counters.keySet(), hasSize(3));
  }

  private static void checkSynthea(Iterable<EhrEvent> all) {
    List<EhrEvent> events = StreamSupport.stream(all.spliterator(), false).toList();
    Map<String, Long> reserved =
        new TreeMap<>(
            events.stream()
                .filter(
                    event ->
                        EhrEvent.reservedCodes().contains(event.getCode())
                            || event.getCode().equals(EhrEvent.GENDER))
                .collect(Collectors.groupingBy(EhrEvent::getCode, Collectors.counting())));
    assertThat(
        reserved,
        is(
            Map.of(
                "Gender", 10L,
                "HOSPITAL_ADMISSION", 5L,
                "HOSPITAL_DEATH", 1L,
                "HOSPITAL_DISCHARGE", 5L,
                "ICU_ADMISSION", 1L,
                "ICU_DISCHARGE", 1L,
                "MEDS_BIRTH", 10L)));
    List<EhrEvent> observed =
        events.stream().filter(event -> !reserved.containsKey(event.getCode())).toList();
    assertThat(observed, hasSize(2932));
    assertThat(observed.stream().map(EhrEvent::getCode).distinct().toList(), hasSize(141));
    List<EhrEvent> numbers =
        observed.stream().filter(event -> event.getNumericValue() != null).toList();
    assertThat(numbers, hasSize(2022));
    assertThat(
        numbers.stream().mapToDouble(EhrEvent::getNumericValue).sum(), closeTo(5107367.421, 0.01));
    assertThat(of(observed, "8867-4"), is(Map.of("/min", 108L)));
    assertThat(of(observed, "8480-6"), is(Map.of("mm[Hg]", 111L)));
    assertThat(of(observed, "8462-4"), is(Map.of("mm[Hg]", 111L)));
    assertThat(of(observed, "6690-2"), is(Map.of("10*3/uL", 20L)));

    Set<String> inpatient =
        events.stream()
            .filter(event -> event.getCode().equals(EhrEvent.HOSPITAL_ADMISSION))
            .map(EhrEvent::getStayId)
            .collect(Collectors.toSet());
    assertThat(
        observed.stream().filter(event -> inpatient.contains(event.getStayId())).toList(),
        hasSize(76));
  }

  private static Map<String, Long> of(List<EhrEvent> events, String code) {
    return events.stream()
        .filter(event -> event.getCode().equals(code))
        .collect(Collectors.groupingBy(EhrEvent::getUnit, Collectors.counting()));
  }

  /** Every example gives events or a reason. */
  @Test
  void everyExampleOfTheStandardIsAccountedFor() throws IOException {
    RealData.require(HL7);
    ObjectMapper json = new ObjectMapper();
    Map<String, String> reasons = new HashMap<>();
    Map<String, Integer> events = new LinkedHashMap<>();
    for (String line : Files.readAllLines(HL7.resolve("Observation.ndjson"))) {
      String id = json.readTree(line).path("id").asText();
      Collected read = Collected.of(line);
      read.rejects.forEach(
          reason -> reasons.merge(id, reason.replace("Observation: ", ""), String::concat));
      read.skips.forEach(skip -> reasons.merge(id, skip.name(), String::concat));
      events.put(id, read.events.size());
    }

    assertThat(events.keySet(), hasSize(64));
    assertThat(reasons, is(REASONS));
    events.forEach(
        (id, count) ->
            assertThat(id, count, is(EVENTS.getOrDefault(id, REASONS.containsKey(id) ? 0 : 1))));
    assertThat(events.values().stream().mapToInt(Integer::intValue).sum(), is(398));
  }

  @Test
  void examplesKeepValuesAndUnits() throws IOException {
    RealData.require(HL7);
    ObjectMapper json = new ObjectMapper();
    Map<String, List<String>> values = new HashMap<>();
    for (String line : Files.readAllLines(HL7.resolve("Observation.ndjson"))) {
      values.put(json.readTree(line).path("id").asText(), Collected.of(line).values());
    }

    assertThat(
        values.get("blood-pressure"), is(List.of("8480-6=107.0 mm[Hg]", "8462-4=60.0 mm[Hg]")));
    assertThat(values.get("body-height"), is(List.of("8302-2=66.89999999999999 [in_i]")));
    assertThat(values.get("example"), is(List.of("29463-7=185.0 [lb_av]")));
    assertThat(values.get("f003"), is(List.of("11557-6=6.2 kPa")));
    assertThat(values.get("f203"), is(List.of("1963-8=28.0 mmol/L")));
    assertThat(
        values.get("f205"),
        is(List.of("48643-1=60.0 '>' mL/min/{1.73_m2}", "48642-3=60.0 mL/min/{1.73_m2}")));
    assertThat(
        values.get("glasgow"),
        is(
            List.of(
                "9269-2=13.0 {score}",
                "9268-4=5.0 '5 (Localizes painful stimuli)'",
                "9270-0=4.0 '4 (Confused, disoriented)'",
                "9267-6=4.0 '4 (Opens eyes spontaneously)'")));
    assertThat(values.get("abdo-tender"), is(List.of("http://snomed.info/sct|43478001=1.0")));
    // 2048 + 1.612 * 2041
    assertThat(
        values.get("ekg").get(0), is("urn:oid:2.16.840.1.113883.6.24|131329=5338.092000000001"));
  }

  @Test
  void vocabularyFindsItsConceptsInSynthea() throws IOException {
    RealData.require(SYNTHEA);
    Settings settings = Settings.defaults().withCodes(VocabularyTest.codes());
    List<EhrEvent> wanted =
        Files.readAllLines(SYNTHEA.resolve("Observation.ndjson")).stream()
            .flatMap(line -> Collected.of(settings, line).events.stream())
            .toList();

    assertThat(wanted, hasSize(1107));
    assertThat(wanted.stream().map(EhrEvent::getCode).distinct().toList(), hasSize(40));
    assertThat(
        wanted.stream().map(EhrEvent::getUnit).collect(Collectors.toSet()),
        is(
            Set.of(
                "%",
                "/min", "10*3/uL", "Cel", "U/L", "[pH]", "cm", "g/dL", "kg", "mg/dL", "mm[Hg]",
                "mmol/L", "{INR}")));
  }

  private static Map<String, Long> counters(PipelineResult result) {
    Map<String, Long> counters = new HashMap<>();
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.inNamespace("tardiff.ehr.fhir"))
                .build())
        .getCounters()
        .forEach(counter -> counters.put(counter.getName().getName(), counter.getAttempted()));
    return counters;
  }
}
