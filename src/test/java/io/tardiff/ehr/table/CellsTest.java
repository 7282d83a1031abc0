package io.tardiff.ehr.table;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellsTest {
  @ParameterizedTest
  @CsvSource({"12, 12", "-0.5, -0.5", "1e3, 1000", "+7., 7", ".5, 0.5"})
  void decimalsAreNumbers(String text, double number) {
    assertThat(Cells.decimal(text), is(number));
  }

  /** Java parses some of these as numbers, but in a record they mean something else. */
  @ParameterizedTest
  @ValueSource(strings = {"12d", "12D", "12f", "12F", "0x1p3", "0X1P3", "", "x", "1,5"})
  void formsSpecificToJavaAreNotNumbers(String text) {
    assertThrows(NumberFormatException.class, () -> Cells.decimal(text));
  }

  @ParameterizedTest
  @CsvSource({
    "2004.0, 2004",
    "2004.00, 2004",
    "0.0, 0",
    "-7.0, -7",
    "1.2E7, 12000000",
    "1.2e+07, 12000000",
    "1e+05, 100000",
    "1.0E10, 10000000000",
    "-0.0, 0"
  })
  void floatsBecomeIntegerIds(String text, String id) {
    assertThat(Cells.plainId(text), is(id));
  }

  /** They may be ids as they are, or inexact floats. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "007",
        "007.0",
        "2004",
        "2004.5",
        "2004.",
        ".0",
        "12e7",
        "1e5",
        "1.25E1",
        "s2004.0",
        "1.2345678901234568E17",
        "1.2e+99",
        "0012",
        "2-34851",
        "1.0.0",
        "+4.0",
        ""
      })
  void otherIdsAreKept(String text) {
    assertThat(Cells.plainId(text), is(text));
  }
}
