package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.api.Test;

/** Two channels, five steps; the second channel is never observed. */
class ImputationTest {
  private static final float GAP = Float.NaN;
  private static final float[] STANDARD = {5, 7};

  @Test
  void forwardNeverLooksBack() {
    assertThat(filled(Imputation.FORWARD_MEDIAN), is(column(5, 10, 10, 10, 40)));
    assertThat(filled(Imputation.FORWARD_NORMAL), is(column(5, 10, 10, 10, 40)));
  }

  @Test
  void meanFillsEveryGap() {
    assertThat(filled(Imputation.MEAN), is(column(5, 10, 5, 5, 40)));
  }

  @Test
  void linearJoinsObservations() {
    assertThat(filled(Imputation.LINEAR), is(column(5, 10, 20, 30, 40)));
  }

  @Test
  void noneLeavesGaps() {
    float[] values = filled(Imputation.NONE);
    assertThat(values[0], is(GAP));
    assertThat(values[1], is(GAP));
    assertThat(values[2], is(10f));
  }

  private static float[] filled(Imputation imputation) {
    float[] values = {GAP, GAP, 10, GAP, GAP, GAP, GAP, GAP, 40, GAP};
    imputation.fill(values, STANDARD);
    return values;
  }

  private static float[] column(float... first) {
    float[] values = new float[10];
    for (int i = 0; i < 5; i++) {
      values[2 * i] = first[i];
      values[2 * i + 1] = 7;
    }
    return values;
  }
}
