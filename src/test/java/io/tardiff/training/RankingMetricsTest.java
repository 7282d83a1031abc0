package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RankingMetricsTest {
  private static final boolean[] POSITIVES = {true, false, true, true, false, false, true, false};
  private static final double[] TIED = {.9, .8, .8, .5, .5, .5, .2, .2};

  @Test
  void aurocCountsTiesOneHalf() {
    // 4 x 4 pairs: the positives win 4 + 3.5 + 2 + 0.5 of them.
    assertThat(RankingMetrics.auroc(TIED, POSITIVES), closeTo(10.0 / 16, 1e-12));
  }

  @Test
  void auprcCountsTiedWindowsTogether() {
    // Recall steps of 1/4 at precision 1/1, 2/3, 3/6 and 4/8.
    assertThat(
        RankingMetrics.auprc(TIED, POSITIVES), closeTo((1 + 2.0 / 3 + 0.5 + 0.5) / 4, 1e-12));
  }

  @Test
  void orderWithinATieDoesNotMatter() {
    boolean[] swapped = {true, true, false, false, false, true, false, true};
    assertThat(RankingMetrics.auroc(TIED, swapped), closeTo(10.0 / 16, 1e-12));
    assertThat(RankingMetrics.auprc(TIED, swapped), closeTo((1 + 2.0 / 3 + 0.5 + 0.5) / 4, 1e-12));
  }

  @Test
  void constantScoresScoreLikeChance() {
    assertThat(RankingMetrics.auroc(new double[8], POSITIVES), closeTo(0.5, 1e-12));
    assertThat(RankingMetrics.auprc(new double[8], POSITIVES), closeTo(0.5, 1e-12));
  }

  @Test
  void nearlyEqualScoresAreNotTies() {
    boolean[] positives = {true, false, false};
    double[] scores = {3e-15, 2e-15, 1e-15};
    assertThat(RankingMetrics.auroc(scores, positives), closeTo(1, 1e-12));
    assertThat(RankingMetrics.auprc(scores, positives), closeTo(1, 1e-12));
  }

  @Test
  void twoClassesAreRankedByTheSecond() {
    double[][] probabilities = {{.1, .9}, {.8, .2}, {.4, .6}};
    assertThat(RankingMetrics.auroc(probabilities, new int[] {1, 0, 0}), closeTo(1, 1e-12));
    assertThat(RankingMetrics.auroc(probabilities, new int[] {0, 0, 1}), closeTo(0.5, 1e-12));
  }

  @Test
  void severalClassesAreAveragedOneVersusRest() {
    double[][] probabilities = {{.6, .3, .1}, {.5, .2, .3}, {.1, .8, .1}, {.2, .1, .7}};
    int[] labels = {0, 1, 1, 2};
    // Classes 0 and 2 are ranked perfectly; class 1 wins the pairs .2 > .1 and .8 > both.
    assertThat(RankingMetrics.auroc(probabilities, labels), closeTo((1 + 3.0 / 4 + 1) / 3, 1e-12));
    assertThat(
        RankingMetrics.auprc(probabilities, labels),
        closeTo((1 + (0.5 * 1 + 0.5 * 2 / 3) + 1) / 3, 1e-12));
  }

  @Test
  void missingClassIsNamed() {
    double[][] probabilities = {{.6, .3, .1}, {.5, .2, .3}};
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> RankingMetrics.auroc(probabilities, new int[] {0, 1}));
    assertThat(e.getMessage(), containsString("class 2: there must be positives and negatives"));
  }

  @Test
  void rejectsNaN() {
    assertThrows(
        IllegalArgumentException.class,
        () -> RankingMetrics.auprc(new double[] {0.1, Double.NaN}, new boolean[] {true, false}));
  }
}
