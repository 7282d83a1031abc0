package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConceptDictionaryTest {
  private static final ConceptDictionary STANDARD = ConceptDictionary.standard();

  @TempDir Path directory;

  @Test
  void everyVocabularyHasTheDefaultVitalSigns() {
    for (String vocabulary : ConceptDictionary.VOCABULARIES) {
      assertThat(vocabulary, STANDARD.codes(vocabulary, "HR"), is(not(empty())));
    }
  }

  @Test
  void groupsAreInOrderOfPreferenceAndTheConceptsOwnNameIsACode() {
    assertThat(
        STANDARD.codes("physionet2012", "SBP"),
        is(
            List.of(
                List.of(SourceCode.of("SysABP"), SourceCode.of("SBP")),
                List.of(SourceCode.of("NISysABP")))));
    assertThat(
        STANDARD.codes(ConceptDictionary.OWN_NAMES, "SBP"),
        is(List.of(List.of(SourceCode.of("SBP")))));
  }

  @ParameterizedTest
  @CsvSource({
    "Temp, Cel, 37, 37",
    "Temp, °C, 37, 37",
    "Temp, Deg. F, 98.6, 37",
    "Temp, [degF], 98.6, 37",
    "SBP, mm[Hg], 120, 120",
    "SBP, MMHG, 120, 120",
    "Glucose, mmol/L, 5, 90.08",
    "K, mEq/L, 4, 4",
    "Height, in, 70, 177.8",
    "HR, '{beats}/min', 80, 80"
  })
  void unitsAreConverted(String concept, String unit, double value, double expected) {
    Concept found =
        concept.equals("Height") ? STANDARD.staticCovariate(concept) : STANDARD.channel(concept);
    Concept.Conversion conversion = STANDARD.conversion(found, unit);
    assertThat(conversion.apply(value), closeTo(expected, 1e-9));
  }

  @Test
  void missingUnitIsTheConceptsAndOthersAreUnknown() {
    Concept temperature = STANDARD.channel("Temp");
    assertThat(STANDARD.conversion(temperature, null), is(Concept.Conversion.NONE));
    assertThat(STANDARD.conversion(temperature, "K"), is(nullValue()));
  }

  @Test
  void fileReplacesAndAdds() throws Exception {
    ConceptDictionary dictionary =
        STANDARD.withFile(
            write(
                """
                concepts:
                  HR: {unit: 1/min, aggregate: median, range: [0, 20, 250, 300]}
                  CVP: {unit: mmHg, aggregate: last, range: [-20, -10, 50, 60], normal: 8, resolution: 0.5}
                vocabularies:
                  mine:
                    CVP: ["113", {code: "114", unit: kPa, scale: -1}]
                """));

    assertThat(dictionary.channel("HR").aggregate(), is(Aggregate.MEDIAN));
    assertThat(dictionary.channel("CVP").normal(), is(8.0));
    assertThat(dictionary.channel("CVP").resolution(), is(0.5));
    assertThat(dictionary.channel("HR").resolution(), is(nullValue()));
    assertThat(
        dictionary.codes("mine", "CVP"),
        is(
            List.of(
                List.of(
                    SourceCode.of("113"),
                    SourceCode.of("114", "kPa", -1, null),
                    SourceCode.of("CVP")))));
    assertThat(dictionary.codes("physionet2012", "SBP").size(), is(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "concepts: {HR: {unit: bpm, aggregate: mean, range: [30, 20, 250, 300]}}"
            + "|concept HR: range of concept HR must be four ascending numbers",
        "concepts: {HR: {unit: bpm, aggregate: mode, range: [0, 20, 250, 300]}}"
            + "|concept HR: aggregate must be mean, median",
        "concepts: {HR: {unit: bpm, aggregate: mean, range: [0, 20, 250, 300], resolution: -1}}"
            + "|resolution of concept HR must be a finite number of 0 or more, was -1",
        "concepts: {HR: {unit: bpm, aggregat: mean, range: [0, 20, 250, 300]}}"
            + "|concept HR: field aggregat is unknown",
        "concepts: {HR: {unit: bpm, aggregate: mean, range: [0, 20, high, 300]}}"
            + "|field range must hold numbers only",
        "concept: {}|field concept is unknown; valid fields are",
        "vocabularies: {mine: {Mood: [\"1\"]}}|vocabulary mine: Mood is not a concept",
        "vocabularies: {mine: {HR: 211}}|codes of HR: must be a list of codes",
        "vocabularies: {mine: {HR: [MEDS_DEATH]}}|code MEDS_DEATH begins or ends a stay",
        "vocabularies: {mine: {HR: [HOSPITAL_DISCHARGE//DIED]}}|code HOSPITAL_DISCHARGE//DIED"
            + " begins or ends a stay",
        "'concepts: ['|is not YAML",
        "'[1, 2]'|must be a map of names to values"
      })
  void errorsNameTheField(String text, String message) throws Exception {
    String file = write(text);
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withFile(file)).getMessage(),
        allOf(containsString(file), containsString(message)));
  }

  @Test
  void missingFileIsNamed() {
    assertThat(
        assertThrows(UncheckedIOException.class, () -> STANDARD.withFile("/no/such.yaml"))
            .getMessage(),
        is("cannot read the concept dictionary /no/such.yaml"));
  }

  private String write(String text) throws Exception {
    Path file = directory.resolve("mine.yaml");
    Files.writeString(file, text);
    return file.toString();
  }
}
