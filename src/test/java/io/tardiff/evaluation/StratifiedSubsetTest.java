package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedSubsetTest {
  // 80 of class 0, 20 of class 1.
  private static final int[] LABELS =
      IntStream.range(0, 100).map(i -> i % 5 == 0 ? 1 : 0).toArray();

  @Test
  void preservesTheSharesOfLabels() {
    int[] part = StratifiedSubset.indices(LABELS, 2, 50, 1);
    assertThat(part.length, is(50));
    assertThat(ofClass(part, 1), is(10L));
    assertThat(Arrays.stream(part).distinct().count(), is(50L));
  }

  @Test
  void remainderGoesToTheLargestFraction() {
    // 13 * 0.8 = 10.4 and 13 * 0.2 = 2.6.
    assertThat(ofClass(StratifiedSubset.indices(LABELS, 2, 13, 1), 1), is(3L));
  }

  @Test
  void seedDeterminesTheSubset() {
    int[] part = StratifiedSubset.indices(LABELS, 2, 50, 1);
    assertThat(StratifiedSubset.indices(LABELS, 2, 50, 1), equalTo(part));
    assertThat(StratifiedSubset.indices(LABELS, 2, 50, 2), not(equalTo(part)));
  }

  @Test
  void allAndNoneAreSubsets() {
    assertThat(
        StratifiedSubset.indices(LABELS, 2, 100, 1), equalTo(IntStream.range(0, 100).toArray()));
    assertThat(StratifiedSubset.indices(LABELS, 2, 0, 1).length, is(0));
  }

  @Test
  void missingClassGetsNothing() {
    int[] part = StratifiedSubset.indices(new int[] {2, 0, 2, 2}, 3, 4, 1);
    assertThat(part, equalTo(new int[] {0, 1, 2, 3}));
  }

  @Test
  void rejectsMoreWindowsThanThereAre() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> StratifiedSubset.indices(LABELS, 2, 101, 1));
    assertThat(
        e.getMessage(), containsString("between 0 and 100 (the number of windows), was 101"));
  }

  private static long ofClass(int[] part, int label) {
    return Arrays.stream(part).filter(i -> LABELS[i] == label).count();
  }
}
