package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import org.junit.jupiter.api.Test;

/** Compares with R: {@code chisq.test(m, correct = FALSE)} and {@code fisher.test(m)}. */
class LabelShiftTest {

  @Test
  void largeCountsUseChiSquared() {
    assertThat(p(new long[] {20, 30}, new long[] {30, 20}), closeTo(0.0455003, 1e-6));
    assertThat(p(new long[] {20, 30}, new long[] {20, 30}), closeTo(1, 1e-12));
    assertThat(p(new long[] {10, 20, 30}, new long[] {20, 20, 20}), closeTo(0.0694835, 1e-6));
  }

  @Test
  void smallCountsUseFisher() {
    assertThat(p(new long[] {3, 1}, new long[] {1, 3}), closeTo(0.4857143, 1e-7));
    assertThat(p(new long[] {0, 6}, new long[] {5, 1}), closeTo(0.01515152, 1e-8));
    assertThat(p(new long[] {6, 0}, new long[] {1, 5}), closeTo(0.01515152, 1e-8));
    assertThat(p(new long[] {1, 0}, new long[] {1, 1}), closeTo(1, 1e-9));
  }

  @Test
  void emptyTablesHaveNoPValue() {
    assertThat(LabelShift.pValue(new long[] {0, 0}, new long[] {5, 5}), is(nullValue()));
    assertThat(LabelShift.pValue(new long[] {5, 5}, new long[] {0, 0}), is(nullValue()));
    assertThat(LabelShift.pValue(new long[] {5, 0}, new long[] {50, 0}), is(nullValue()));
    assertThat(LabelShift.pValue(new long[] {1, 1, 1}, new long[] {1, 1, 1}), is(nullValue()));
  }

  @Test
  void absentClassesAreIgnored() {
    assertThat(p(new long[] {20, 0, 30}, new long[] {30, 0, 20}), closeTo(0.0455003, 1e-6));
  }

  private static double p(long[] dropped, long[] left) {
    Double p = LabelShift.pValue(dropped, left);
    assertThat(p == null, is(false));
    return p;
  }
}
