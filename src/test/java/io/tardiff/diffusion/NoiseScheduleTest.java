package io.tardiff.diffusion;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.diffusion.NoiseSchedule.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoiseScheduleTest {

  @Test
  void linearRunsBetweenItsTwoBetas() {
    NoiseSchedule schedule = NoiseSchedule.of(Kind.LINEAR, 200);

    assertThat(1 - schedule.alphaBar(0), closeTo(5e-4, 1e-12));
    assertThat(1 - schedule.alphaBar(199) / schedule.alphaBar(198), closeTo(0.1, 1e-12));
    double middle = (Math.sqrt(5e-4) * 100 + Math.sqrt(0.1) * 99) / 199;
    assertThat(1 - schedule.alphaBar(99) / schedule.alphaBar(98), closeTo(middle * middle, 1e-12));
  }

  @Test
  void cosineFollowsItsFormula() {
    NoiseSchedule schedule = NoiseSchedule.of(Kind.COSINE, 100);
    double start = Math.pow(Math.cos(0.008 / 1.008 * Math.PI / 2), 2);

    double half = Math.pow(Math.cos((0.5 + 0.008) / 1.008 * Math.PI / 2), 2) / start;
    assertThat(schedule.alphaBar(49), closeTo(half, 1e-9));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void signalFallsFromOneToNearlyZero(Kind kind) {
    NoiseSchedule schedule = NoiseSchedule.of(kind, 200);

    assertThat(schedule.alphaBar(-1), is(1.0));
    for (int t = 0; t < 200; t++) {
      assertThat(schedule.alphaBar(t), lessThan(schedule.alphaBar(t - 1)));
    }
    assertThat(schedule.alphaBar(0), greaterThan(0.99));
    assertThat(schedule.alphaBar(199), lessThan(0.01));
    assertThat(schedule.alphaBar(199), greaterThan(0.0));
  }

  @Test
  void errorsNameTheValidValues() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Kind.of("sigmoid")).getMessage(),
        containsString("must be linear or cosine, was sigmoid"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> NoiseSchedule.of(Kind.LINEAR, 1))
            .getMessage(),
        containsString("at least 2, was 1"));
  }
}
