package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.cohort.EhrWindow;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DenoiserLabelsTest {
  private static final int[] LABELS = labels();

  private static int[] labels() {
    int[] labels = new int[2000];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 4 - 1;
    }
    return labels;
  }

  @Test
  void withoutNullClassLabelsStayAsTheyAre() {
    assertThat(new DenoiserLabels(3, false, 0).drawn(LABELS, 1, 7), is(sameInstance(LABELS)));
    assertThat(new DenoiserLabels(3, false, 0).count(), is(3));
  }

  @Test
  void unlabelledWindowsAlwaysHaveTheNullClass() {
    int[] drawn = new DenoiserLabels(3, true, 0).drawn(LABELS, 1, 7);
    for (int i = 0; i < LABELS.length; i++) {
      assertThat(drawn[i], is(LABELS[i] == EhrWindow.UNLABELLED ? 3 : LABELS[i]));
    }
    assertThat(new DenoiserLabels(3, true, 0).count(), is(4));
  }

  @Test
  void labelsAreDroppedAtRandomFromTheSeedAndTheStep() {
    DenoiserLabels labels = new DenoiserLabels(3, true, 0.3);
    int[] drawn = labels.drawn(LABELS, 5, 7);

    int dropped = 0;
    for (int i = 0; i < LABELS.length; i++) {
      if (LABELS[i] != EhrWindow.UNLABELLED && drawn[i] == 3) {
        dropped++;
      } else if (LABELS[i] != EhrWindow.UNLABELLED) {
        assertThat(drawn[i], is(LABELS[i]));
      }
    }
    // 450 expected of 1,500, with a standard deviation of 18.
    assertThat(dropped, is(both(greaterThan(380)).and(lessThan(520))));
    assertThat(Arrays.equals(labels.drawn(LABELS, 5, 7), drawn), is(true));
    assertThat(Arrays.equals(labels.drawn(LABELS, 6, 7), drawn), is(not(true)));
    assertThat(Arrays.equals(labels.drawn(LABELS, 5, 8), drawn), is(not(true)));
  }

  @Test
  void shareMustBeAtLeast0AndBelow1() {
    for (double share : new double[] {-0.1, 1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> DenoiserTraining.defaults().withLabelDropout(share));
    }
    assertThat(DenoiserTraining.defaults().withLabelDropout(0).hasNullClass(0), is(false));
    assertThat(DenoiserTraining.defaults().withLabelDropout(0).hasNullClass(1), is(true));
    assertThat(DenoiserTraining.defaults().withLabelDropout(0.2).hasNullClass(0), is(true));
  }
}
