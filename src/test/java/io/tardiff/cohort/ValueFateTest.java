package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.EhrEvent;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts of values that do not depend on windows. */
class ValueFateTest {
  private final SubjectFn fn =
      new SubjectFn(
          CohortConfig.defaults().withChannels(List.of("HR", "Temp")).withStatics(List.of("Age")));
  private final Map<String, Long> counts = new HashMap<>();

  @ParameterizedTest
  @CsvSource({
    "'36,5', COMMA",
    "' 1.234,5', COMMA",
    "',5', COMMA",
    ">100, BOUND",
    "< 5, BOUND",
    "'\u2265 40', BOUND",
    "1+, TEXT",
    "97%, TEXT",
    "120/80, TEXT",
    "refused, TEXT",
    "'  ', NO_VALUE",
  })
  void textsAreClassified(String text, ValueFate fate) {
    count(event("Temp").setTextValue(text));

    assertThat(counts, is(Map.of(ValueFate.READ.key("Temp"), 1L, fate.key("Temp"), 1L)));
  }

  @Test
  void numbersInAKnownUnitAreRead() {
    count(event("Temp").setNumericValue(98.6).setUnit("\u00B0 F"));

    assertThat(counts, is(Map.of(ValueFate.READ.key("Temp"), 1L)));
  }

  @Test
  void numbersInAnUnknownUnitAreDropped() {
    count(event("Temp").setNumericValue(310.0).setUnit("K"));

    assertThat(
        counts, is(Map.of(ValueFate.READ.key("Temp"), 1L, ValueFate.UNKNOWN_UNIT.key("Temp"), 1L)));
  }

  @Test
  void limitsGivenAsNumbersAreKeptAndCounted() {
    count(event("Temp").setNumericValue(42.0).setTextValue(">42"));

    assertThat(
        counts, is(Map.of(ValueFate.READ.key("Temp"), 1L, ValueFate.AT_LIMIT.key("Temp"), 1L)));
  }

  @Test
  void channelValueWithoutATimeIsDropped() {
    count(event("HR").setNumericValue(80.0).setTime(null));

    assertThat(counts, is(Map.of(ValueFate.READ.key("HR"), 1L, ValueFate.NO_TIME.key("HR"), 1L)));
  }

  @Test
  void staticsNeedNoTime() {
    count(event("Age").setNumericValue(80.0).setTime(null));

    assertThat(counts, is(Map.of(ValueFate.READ.key("Age"), 1L)));
  }

  @ParameterizedTest
  @CsvSource({"hr, HR", "'H R', HR", "temp, Temp", "TEMP, Temp"})
  void lookalikeCodesAreCounted(String code, String channel) {
    count(event(code).setNumericValue(80.0));

    assertThat(counts, is(Map.of(ValueFate.LOOKALIKE.key(channel), 1L)));
  }

  @Test
  void valuesThatNoReaderCouldGiveToASubjectAreDroppedFromTheirChannel() {
    fn.countUnknownStay("HR", 3, counts);
    fn.countUnknownStay("RR", 5, counts);
    fn.countUnknownStay(null, 7, counts);

    assertThat(
        counts, is(Map.of(ValueFate.READ.key("HR"), 3L, ValueFate.UNKNOWN_STAY.key("HR"), 3L)));
  }

  @Test
  void otherCodesAreNotCounted() {
    count(event("RR").setNumericValue(80.0));
    count(event("H.R.").setNumericValue(80.0));

    assertThat(counts, is(Map.of()));
  }

  @Test
  void droppedShareIsTheLargerOfAllValuesAndOfThoseInWindows() {
    Map<ValueFate, Long> of = new EnumMap<>(ValueFate.class);
    of.put(ValueFate.READ, 110L);
    of.put(ValueFate.NO_VALUE, 20L);
    of.put(ValueFate.LOOKALIKE, 10L);
    of.put(ValueFate.COMMA, 5L);
    assertThat(ValueFate.droppedShare(of), closeTo(0.15, 1e-12));

    of.put(ValueFate.IN_WINDOW, 10L);
    of.put(ValueFate.OUTLIER, 4L);
    assertThat(ValueFate.droppedShare(of), closeTo(0.4, 1e-12));
    assertThat(ValueFate.droppedShare(Map.of()), is(0.0));
  }

  private void count(EhrEvent.Builder event) {
    fn.count(event.build(), counts);
  }

  private static EhrEvent.Builder event(String code) {
    return EhrEvent.builder().setSubjectId("1").setCode(code).setTime(Instant.EPOCH);
  }
}
