package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledWindowsTest {

  private static LabelledWindows windows(int[] labels, float... probabilities) {
    return new LabelledWindows(
        1,
        1,
        2,
        new float[labels.length],
        new boolean[labels.length],
        new float[0],
        labels,
        probabilities);
  }

  @Test
  void targetsAreSoftLabelsOrHardOnes() {
    assertArrayEquals(new float[] {0, 1, 1, 0}, windows(new int[] {1, 0}).targets());
    assertArrayEquals(
        new float[] {.3f, .7f, .6f, .4f}, windows(new int[] {1, 0}, .3f, .7f, .6f, .4f).targets());
  }

  @Test
  void softLabelsStayWithTheirWindows() {
    LabelledWindows soft = windows(new int[] {1, 0, 1}, .1f, .9f, .2f, .8f, .3f, .7f);

    assertArrayEquals(
        new float[] {.3f, .7f, .1f, .9f}, soft.select(new int[] {2, 0}).probabilities());
    assertThat(windows(new int[] {1, 0}).select(new int[] {1}).hasProbabilities(), is(false));
  }

  @Test
  void hardLabelsBesideSoftOnesAreCertain() {
    LabelledWindows both =
        LabelledWindows.concat(
            List.of(windows(new int[] {0, 1}), windows(new int[] {1}, .4f, .6f)));

    assertArrayEquals(new float[] {1, 0, 0, 1, .4f, .6f}, both.probabilities());
    assertThat(
        LabelledWindows.concat(List.of(windows(new int[] {0}), windows(new int[] {1})))
            .hasProbabilities(),
        is(false));
  }

  @Test
  void rejectsProbabilitiesOfSomeWindowsOnly() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> windows(new int[] {0, 1}, .5f, .5f))
            .getMessage(),
        containsString("probabilities must hold 4 numbers"));
  }
}
