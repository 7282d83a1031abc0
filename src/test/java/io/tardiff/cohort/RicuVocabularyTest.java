package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.ricu.Ricu;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RicuVocabularyTest {
  private static final List<String> YAIB =
      List.of(
          ("alb alp alt ast be bicar bili bili_dir bnd bun ca cai ck ckmb cl crea crp dbp fgn fio2"
                  + " glu hgb hr inr_pt k lact lymph map mch mchc mcv methb mg na neut o2sat pco2 ph"
                  + " phos plt po2 ptt resp sbp temp tnt urine wbc")
              .split(" "));

  private static final ConceptDictionary STANDARD = ConceptDictionary.standard();

  @Test
  void everyDynamicVariableOfYaibIsOneChannelWithAKnownUnit() throws Exception {
    Map<String, String> channels = channels();
    Map<String, EhrEvent> events = events();
    assertThat(YAIB.size(), is(48));
    for (String variable : YAIB) {
      assertThat(variable, channels.get(variable), is(notNullValue()));
      Concept channel = STANDARD.channel(channels.get(variable));
      assertThat(
          variable,
          STANDARD.conversion(channel, events.get(variable).getUnit()),
          is(notNullValue()));
    }
  }

  /** Units in which ricu differs from the channel. */
  @ParameterizedTest
  @CsvSource({"fio2, 40, 0.4", "mg, 2, 0.8228", "mchc, 33, 33", "hgb, 12, 12", "temp, 37, 37"})
  void valuesOfRicuInTheUnitOfTheChannel(String variable, double value, double expected)
      throws Exception {
    Concept channel = STANDARD.channel(channels().get(variable));
    assertThat(
        STANDARD.conversion(channel, events().get(variable).getUnit()).apply(value),
        is(closeTo(expected, 1e-9)));
  }

  /** Returns the concept of each code. */
  private static Map<String, String> channels() throws Exception {
    JsonNode file =
        new YAMLMapper()
            .readTree(
                RicuVocabularyTest.class.getResource("/io/tardiff/cohort/vocabularies/ricu.yaml"));
    Map<String, String> channels = new HashMap<>();
    for (String concept : (Iterable<String>) file::fieldNames) {
      for (List<SourceCode> group : STANDARD.codes("ricu", concept)) {
        for (SourceCode code : group) {
          if (!code.code().equals(concept)) {
            assertThat(code.code(), channels.put(code.code(), concept) == null);
          }
        }
      }
    }
    return channels;
  }

  /** Returns the event of each cell of a row. */
  private static Map<String, EhrEvent> events() throws Exception {
    Map<String, EhrEvent> events = new HashMap<>();
    Ricu.dynamics().parse(column -> "1", event -> events.put(event.getCode(), event));
    return events;
  }
}
