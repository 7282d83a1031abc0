package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.evaluation.UtilityCurves.Band;
import io.tardiff.evaluation.UtilityCurves.ClassCurves;
import io.tardiff.training.RankingMetrics;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CurveBandsTest {

  private static Ranking ranking(int[] labels, double... scores) {
    double[][] probabilities = new double[scores.length][];
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = new double[] {1 - scores[i], scores[i]};
    }
    return new Ranking(probabilities, labels, LongStream.range(0, labels.length).toArray());
  }

  private static double at(List<Double> curve, double x) {
    return curve.get((int) Math.round(x * (CurveBands.GRID - 1)));
  }

  @Test
  void perfectRankingFindsEveryCaseWithoutAFalseAlarm() {
    ClassCurves curves =
        CurveBands.of(ranking(new int[] {0, 1, 0, 1, 0}, 0.1, 0.9, 0.2, 0.8, 0.3)).get(0);
    assertThat(curves.label(), is(1));
    assertThat(curves.prevalence(), is(0.4));
    assertThat(curves.roc().value().stream().distinct().toList(), is(List.of(1.0)));
    assertThat(curves.precisionRecall().value().stream().distinct().toList(), is(List.of(1.0)));
  }

  /** By hand: 1, 0, 1, 0 from the highest score down. */
  @Test
  void curvesPassTheirThresholds() {
    ClassCurves curves = CurveBands.of(ranking(new int[] {1, 0, 1, 0}, 0.9, 0.8, 0.7, 0.6)).get(0);
    assertThat(at(curves.roc().value(), 0), closeTo(0.5, 1e-12));
    assertThat(at(curves.roc().value(), 0.4), closeTo(0.5, 1e-12));
    assertThat(at(curves.roc().value(), 0.6), closeTo(1, 1e-12));
    assertThat(at(curves.precisionRecall().value(), 0.5), closeTo(1, 1e-12));
    assertThat(at(curves.precisionRecall().value(), 0.52), closeTo(2 / 3.0, 1e-12));
    assertThat(at(curves.precisionRecall().value(), 1), closeTo(2 / 3.0, 1e-12));
  }

  @Test
  void tiesAreADiagonal() {
    ClassCurves curves = CurveBands.of(ranking(new int[] {1, 0, 1, 0}, 0.5, 0.5, 0.5, 0.5)).get(0);
    assertThat(at(curves.roc().value(), 0.3), closeTo(0.3, 1e-12));
    assertThat(at(curves.precisionRecall().value(), 0.3), closeTo(0.5, 1e-12));
  }

  @Test
  void areasAreThoseOfTheTables() {
    Random random = new Random(1);
    int[] labels = IntStream.range(0, 600).map(i -> i % 5 == 0 ? 1 : 0).toArray();
    double[] scores = new double[labels.length];
    boolean[] positives = new boolean[labels.length];
    for (int i = 0; i < scores.length; i++) {
      positives[i] = labels[i] == 1;
      scores[i] = (random.nextInt(200) / 200.0 + 0.5 * labels[i]) / 1.5;
    }
    ClassCurves curves = CurveBands.of(ranking(labels, scores)).get(0);
    assertThat(area(curves.roc()), closeTo(RankingMetrics.auroc(scores, positives), 0.01));
    assertThat(
        area(curves.precisionRecall()), closeTo(RankingMetrics.auprc(scores, positives), 0.02));
    for (Band band : List.of(curves.roc(), curves.precisionRecall())) {
      double width = 0;
      for (int i = 0; i < CurveBands.GRID; i++) {
        assertThat(band.low().get(i), is(lessThanOrEqualTo(band.value().get(i) + 1e-12)));
        assertThat(band.high().get(i), is(greaterThanOrEqualTo(band.value().get(i) - 1e-12)));
        width += (band.high().get(i) - band.low().get(i)) / CurveBands.GRID;
      }
      assertThat(width, is(lessThan(0.3)));
    }
  }

  private static double area(Band band) {
    double area = 0;
    for (int i = 1; i < CurveBands.GRID; i++) {
      area += (band.value().get(i - 1) + band.value().get(i)) / 2 / (CurveBands.GRID - 1);
    }
    return area;
  }

  /** Windows of one subject are drawn together, so that few subjects have a wide band. */
  @Test
  void bandsAreOverSubjects() {
    Random random = new Random(2);
    double[] ofSubject = random.doubles(10).toArray();
    long[] subjects = LongStream.range(0, 400).map(i -> i % 10).toArray();
    int[] labels = IntStream.range(0, 400).map(i -> i % 10 < 4 ? 1 : 0).toArray();
    double[] scores =
        IntStream.range(0, 400)
            .mapToDouble(i -> (ofSubject[i % 10] + 0.1 * random.nextDouble()) / 1.1)
            .toArray();
    Ranking apart = ranking(labels, scores);
    Ranking together = new Ranking(apart.probabilities(), labels, subjects);
    assertThat(
        width(CurveBands.of(together).get(0).roc()),
        is(greaterThan(2 * width(CurveBands.of(apart).get(0).roc()))));
    assertThat(CurveBands.of(apart), is(CurveBands.of(apart)));
  }

  private static double width(Band band) {
    return at(band.high(), 0.5) - at(band.low(), 0.5);
  }

  @Test
  void eachOfSeveralClassesIsRankedAgainstTheOthers() {
    Ranking three =
        new Ranking(
            new double[][] {{0.8, 0.1, 0.1}, {0.2, 0.7, 0.1}, {0.1, 0.2, 0.7}, {0.3, 0.3, 0.4}},
            new int[] {0, 1, 2, 0},
            new long[] {0, 1, 2, 3});
    List<ClassCurves> curves = CurveBands.of(three);
    assertThat(curves, hasSize(3));
    assertThat(curves.get(0).prevalence(), is(0.5));
    assertThat(at(curves.get(1).roc().value(), 0), is(1.0));
  }
}
