package io.tardiff.ehr.table;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatTest {
  private static final TextFormat STANDARD = TextFormat.standard();
  private static final TextFormat COMMA = STANDARD.withDecimal(',');

  @ParameterizedTest
  @CsvSource({
    "80, 80",
    "36.6, 36.6",
    "-0.5, -0.5",
    "1e3, 1000",
    "1.2E-2, 0.012",
    "'1,234.5', 1234.5",
    "'1,234,567', 1234567",
    "'-1,234,567.25', -1234567.25"
  })
  void pointsMarkDecimals(String text, double number) {
    assertThat(STANDARD.number(text), is(number));
  }

  /** Ambiguous and invalid numbers are rejected. */
  @ParameterizedTest
  @ValueSource(strings = {"36,5", "1,234", ">100", "1+", "97%", "1 234", "1.2.3", "12,34.5", "x"})
  void ambiguousNumbersAreRejected(String text) {
    assertThrows(NumberFormatException.class, () -> STANDARD.number(text));
  }

  @Test
  void explicitPointMakesTheCommaAThousandsSeparator() {
    assertThat(STANDARD.withDecimal('.').number("1,234"), is(1234.0));
  }

  @ParameterizedTest
  @CsvSource({
    "80, 80",
    "'36,6', 36.6",
    "'-0,5', -0.5",
    "1e3, 1000",
    "'1.234,5', 1234.5",
    "1.234.567, 1234567",
    "'3,5e2', 350"
  })
  void commaMarksDecimalsIfConfigured(String text, double number) {
    assertThat(COMMA.number(text), is(number));
  }

  @ParameterizedTest
  @ValueSource(strings = {"36.6", "1.234", "1,2,3", "1,234.5"})
  void pointsAreNotDecimalMarksThen(String text) {
    assertThrows(NumberFormatException.class, () -> COMMA.number(text));
  }

  /** Otherwise the two would hash differently. */
  @Test
  void minusZeroIsZero() {
    assertThat(Double.doubleToRawLongBits(STANDARD.number("-0")), is(0L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "NULL", "null", "NA", "N/A", "#N/A", "NaN", "nan", "NaT", "None", "<NA>", "\\N",
        " NULL ", "\u00A0"
      })
  void nullWordsAreMissing(String cell) {
    assertThat(STANDARD.text(cell), is(nullValue()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Na", "Nan Doe", "0", "-1", "none of these", "?"})
  void otherWordsAreValues(String cell) {
    assertThat(STANDARD.text(cell), is(cell));
  }

  @Test
  void nullWordsAreConfigurable() {
    TextFormat more = STANDARD.withNullWords(Set.of("k.A.", "-999"));
    assertThat(more.text("k.A."), is(nullValue()));
    assertThat(more.text(" -999 "), is(nullValue()));
    assertThat(more.text("NULL"), is(nullValue()));
  }

  @ParameterizedTest
  @CsvSource({
    "2150-01-31, 2150-01-31T00:00:00Z",
    "2150-01-31 08:05, 2150-01-31T08:05:00Z",
    "2150-01-31T08:05:06, 2150-01-31T08:05:06Z",
    "2150-01-31 08:05:06.25, 2150-01-31T08:05:06.250Z",
    "2150-01-31T08:05:06Z, 2150-01-31T08:05:06Z",
    "2150-01-31T08:05:06+01:00, 2150-01-31T07:05:06Z",
    "2150-01-31 08:05:06+0100, 2150-01-31T07:05:06Z",
    "2150-01-31 08:05:06+01, 2150-01-31T07:05:06Z",
    "2150-01-31 08:05:06 -05:00, 2150-01-31T13:05:06Z",
    "2150-01-31 08:05:06 UTC, 2150-01-31T08:05:06Z",
    "2150-01-31 08:05:06.123456 UTC, 2150-01-31T08:05:06.123Z",
  })
  void isoTimesWithAndWithoutZone(String text, String time) {
    assertThat(STANDARD.time(text), is(Instant.parse(time)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "31.01.2150 08:05",
        "01/02/2150",
        "2150-02-30",
        "2150-1-2 08:05",
        "08:05",
        "x",
        "Z"
      })
  void otherTextsAreNotTimes(String text) {
    assertThat(STANDARD.time(text), is(nullValue()));
  }

  @Test
  void timePatternsAreConfigurable() {
    TextFormat german = STANDARD.withTimePattern("dd.MM.yyyy HH:mm[:ss]|dd.MM.yyyy");
    assertThat(german.time("31.01.2150 08:05"), is(Instant.parse("2150-01-31T08:05:00Z")));
    assertThat(german.time("31.01.2150 08:05:06"), is(Instant.parse("2150-01-31T08:05:06Z")));
    assertThat(german.time("31.01.2150"), is(Instant.parse("2150-01-31T00:00:00Z")));
    assertThat(german.moment("31.01.2150").isDate(), is(true));
    assertThat(german.moment("31.01.2150 00:00").isDate(), is(false));
    assertThat(german.time("30.02.2150"), is(nullValue()));
    // ISO is not configured.
    assertThat(german.time("2150-01-31"), is(nullValue()));
    assertThat(
        STANDARD.withTimePattern("M/d/yyyy h:mm a|iso").time("1/31/2150 8:05 pm"),
        is(Instant.parse("2150-01-31T20:05:00Z")));
    assertThat(
        STANDARD.withTimePattern("M/d/yyyy|iso").time("2150-01-31"),
        is(Instant.parse("2150-01-31T00:00:00Z")));
  }

  @Test
  void invalidSettingsAreRejected() {
    assertThat(
        refusal(() -> STANDARD.withDecimal(';')),
        containsString("decimal must be a point or a comma"));
    assertThat(
        refusal(() -> STANDARD.withDelimiter('"')),
        containsString("delimiter must not be a quote"));
    assertThat(
        refusal(() -> TextFormat.delimiter("||")),
        containsString("delimiter must be one character or tab, was ||"));
    assertThat(TextFormat.delimiter("tab"), is('\t'));
    assertThat(refusal(() -> STANDARD.withTimePattern("dd.bb")), containsString("was dd.bb"));
    assertThat(refusal(() -> STANDARD.withTimePattern("iso|")), containsString("timeFormat must"));
    assertThat(
        refusal(() -> STANDARD.withCharset("latin-eins")),
        containsString("charset must be a character set such as UTF-8"));
  }

  private static String refusal(Runnable with) {
    return assertThrows(IllegalArgumentException.class, with::run).getMessage();
  }
}
