package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlausibilityTest {

  @Test
  void pressuresMustBeInOrder() {
    // SBP, DBP, MAP: right, MAP above SBP, SBP not above DBP, SBP equal to DBP.
    float[] values = {120, 70, 90, 120, 70, 130, 60, 70, 65, 70, 70, 70};
    Plausibility plausibility =
        Plausibility.measure(
            Windows.spec(2, "SBP", "DBP", "MAP"),
            values,
            List.of(new Range(65, 280), new Range(10, 180), new Range(15, 100)));
    assertThat(plausibility.systolicAboveDiastolic(), is(0.5));
    assertThat(plausibility.meanBetween(), is(0.5));
    assertThat(plausibility.channels().get(0).insideRange(), is(0.75));
    assertThat(plausibility.channels().get(1).insideRange(), is(1.0));
    assertThat(plausibility.channels().get(2).insideRange(), is(0.75));
  }

  @Test
  void pressureFiguresAreNullWithoutPressures() {
    Plausibility plausibility =
        Plausibility.measure(
            Windows.spec(1, "HR", "SBP"),
            new float[] {80, 120},
            List.of(new Range(0, 300), new Range(0, 300)));
    assertThat(plausibility.systolicAboveDiastolic(), nullValue());
    assertThat(plausibility.meanBetween(), nullValue());
  }
}
