package io.tardiff.diffusion;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.api.Test;

class AnalogBitsTest {
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6};
  private static final boolean[] MASK = {true, false, false, true, true, true};

  @Test
  void bitsFollowTheValuesOfTheirStep() {
    assertThat(
        AnalogBits.join(2, VALUES, MASK), is(new float[] {1, 2, 1, -1, 3, 4, -1, 1, 5, 6, 1, 1}));
  }

  @Test
  void joiningLosesNothing() {
    float[] joined = AnalogBits.join(3, VALUES, MASK);

    assertThat(AnalogBits.values(3, joined), is(VALUES));
    assertThat(AnalogBits.mask(3, joined), is(MASK));
  }

  @Test
  void maskIsTheSign() {
    assertThat(
        AnalogBits.mask(2, new float[] {9, 9, 0.1f, -0.1f}), is(new boolean[] {true, false}));
  }

  @Test
  void boundsOfBitsFollowThoseOfValues() {
    assertThat(AnalogBits.bounds(new float[] {-3, -4}, -1), is(new float[] {-3, -4, -1, -1}));
  }
}
