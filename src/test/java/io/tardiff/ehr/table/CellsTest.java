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

  /** Java would take them; in a record they are something else. */
  @ParameterizedTest
  @ValueSource(strings = {"12d", "12D", "12f", "12F", "0x1p3", "0X1P3", "", "x", "1,5"})
  void whatOnlyJavaTakesForANumberIsNone(String text) {
    assertThrows(NumberFormatException.class, () -> Cells.decimal(text));
  }
}
