package io.tardiff.evaluation;

import static io.tardiff.evaluation.Scores.UNGUIDED;
import static io.tardiff.evaluation.Scores.guided;
import static io.tardiff.evaluation.Scores.ranked;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notANumber;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.evaluation.UtilityRow.Interval;
import io.tardiff.evaluation.UtilityScore.Metrics;
import io.tardiff.synthetic.SyntheticSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UtilitySummaryTest {
  private static final SyntheticSet GUIDED = guided("mean_shift", 0.1);
  private static final int SIZE = 200;
  private static final int[] LABELS =
      IntStream.range(0, SIZE).map(i -> i % 4 == 0 ? 1 : 0).toArray();
  private static final long[] SUBJECTS = LongStream.range(0, SIZE).toArray();

  @Test
  void summarisesSeedsInOrder() {
    Ranking ranking = noisy(1, SUBJECTS);
    List<UtilityRow> rows =
        UtilitySummary.rows(
            List.of(
                ranked(UNGUIDED, 3, ranking, new Metrics(0.9, 0.6)),
                ranked(UNGUIDED, 1, ranking, new Metrics(0.7, 0.5)),
                ranked(UNGUIDED, 2, ranking, new Metrics(0.8, 0.4))));
    assertThat(rows.size(), is(1));
    UtilityRow row = rows.get(0);
    assertThat(row.getSeeds(), contains(1L, 2L, 3L));
    assertThat(row.getAuroc().getValues(), contains(0.7, 0.8, 0.9));
    assertThat(row.getAuroc().getMean(), closeTo(0.8, 1e-12));
    assertThat(row.getAuroc().getSd(), closeTo(0.1, 1e-12));
    assertThat(row.getAuprc().getMean(), closeTo(0.5, 1e-12));
    assertThat(row.getTuningAuprc().getMean(), closeTo(0.4, 1e-12));
    assertThat(row.getGain(), nullValue());
  }

  @Test
  void oneSeedHasNoStandardDeviation() {
    UtilityRow row =
        UtilitySummary.rows(List.of(ranked(UNGUIDED, 1, noisy(1, SUBJECTS), new Metrics(0.7, 0.5))))
            .get(0);
    assertThat(row.getAuroc().getSd(), notANumber());
  }

  @Test
  void equalRankingsHaveNoGain() {
    Ranking ranking = noisy(1, SUBJECTS);
    Interval auprc = gain(ranking, ranking).getAuprc();
    assertThat(auprc.getDifference(), is(0.0));
    assertThat(auprc.getLow(), is(0.0));
    assertThat(auprc.getHigh(), is(0.0));
  }

  @Test
  void perfectRankingGainsOverARandomOne() {
    Ranking random = noisy(1, SUBJECTS);
    Interval auroc = gain(perfect(SUBJECTS), random).getAuroc();
    assertThat(auroc.getDifference(), closeTo(0.5, 0.1));
    assertThat(auroc.getLow(), greaterThan(0.3));
    assertThat(auroc.getHigh(), lessThan(0.7));
    assertThat(auroc.getLow(), lessThan(auroc.getDifference()));
    assertThat(auroc.getHigh(), greaterThan(auroc.getDifference()));
  }

  @Test
  void windowsOfOneSubjectAreDrawnTogether() {
    // The same windows as 200 subjects, and as 20 subjects of ten windows each. Windows of a
    // subject agree, so fewer subjects give wider intervals.
    long[] few = LongStream.range(0, SIZE).map(i -> i / 10).toArray();
    double narrow = width(gain(clustered(SUBJECTS), perfect(SUBJECTS)).getAuroc());
    double wide = width(gain(clustered(few), perfect(few)).getAuroc());
    assertThat(wide, greaterThan(1.5 * narrow));
  }

  @Test
  void comparesWithRealAlone() {
    Metrics any = new Metrics(0.7, 0.5);
    Ranking random = noisy(1, SUBJECTS);
    List<UtilityRow> rows =
        UtilitySummary.rows(
            List.of(
                ranked(UNGUIDED, 1, perfect(SUBJECTS), any),
                new UtilityScore(
                    new UtilityTask(Protocol.TRTR, null, null, "gru", 1),
                    100,
                    any,
                    any,
                    PairedBootstrap.replicate(random),
                    null,
                    List.of(),
                    List.of(),
                    1),
                new UtilityScore(
                    new UtilityTask(Protocol.TSRTR, GUIDED, 1.0, "gru", 1),
                    100,
                    any,
                    any,
                    PairedBootstrap.replicate(random),
                    null,
                    List.of(),
                    List.of(),
                    1)));
    assertThat(rows.get(0).getAgainstReal(), nullValue());
    assertThat(rows.get(1).getAgainstReal().getAuroc().getDifference(), closeTo(0.5, 0.1));
    assertThat(rows.get(1).getAgainstReal().getAuroc().getLow(), greaterThan(0.3));
    assertThat(rows.get(1).getGain(), nullValue());
    assertThat(rows.get(2).getAgainstReal().getAuprc().getDifference(), is(0.0));
    // Gains over the baseline are those of sets alone.
    assertThat(rows.get(2).getGain(), nullValue());
    assertThat(
        gain(perfect(SUBJECTS), random).getAuroc(), is(rows.get(1).getAgainstReal().getAuroc()));
  }

  /** 2.8 standard errors, where half an interval is 1.96 of them. */
  @Test
  void smallestDetectableDifferenceIsThatOfAPowerOf80Percent() {
    assertThat(
        Interval.of(0.3, 0.3 - 0.0196, 0.3 + 0.0196).smallestDetectable(), closeTo(0.028, 1e-12));
    // Ten times as many subjects, which are as different, show differences that are smaller.
    long[] few = LongStream.range(0, SIZE).map(i -> i / 10).toArray();
    assertThat(
        gain(clustered(SUBJECTS), perfect(SUBJECTS)).getAuroc().smallestDetectable(),
        lessThan(gain(clustered(few), perfect(few)).getAuroc().smallestDetectable()));
  }

  private static double width(Interval interval) {
    return interval.getHigh() - interval.getLow();
  }

  private static UtilityRow.Gain gain(Ranking guided, Ranking unguided) {
    Metrics any = new Metrics(0.7, 0.5);
    return UtilitySummary.rows(
            List.of(ranked(GUIDED, 1, guided, any), ranked(UNGUIDED, 1, unguided, any)))
        .get(1)
        .getGain();
  }

  /** The best is the one with the highest AUPRC on the test, whatever tuning says. */
  @Test
  void comparesWithTheBestBaseline() {
    List<UtilityRow> rows =
        UtilitySummary.rows(
            List.of(
                fit(Protocol.BASELINE, Baseline.JITTER, 0.5, 0.9),
                fit(Protocol.BASELINE, Baseline.MIXUP, 0.7, 0.2),
                fit(Protocol.TSRTR, null, 0.65, 0.5)));
    UtilityRow added = rows.get(2);
    assertThat(UtilitySummary.best(rows, added).orElseThrow(), is("mixup"));
    assertThat(
        added.getAgainstBaseline().getAuprc().getDifference(),
        closeTo(
            PairedBootstrap.replicate(noisy(65, SUBJECTS)).auprc()
                - PairedBootstrap.replicate(noisy(70, SUBJECTS)).auprc(),
            1e-12));
  }

  private static UtilityScore fit(
      Protocol protocol, Baseline baseline, double heldOutAuprc, double tuningAuprc) {
    return new UtilityScore(
        new UtilityTask(
            protocol,
            baseline,
            baseline == null ? GUIDED : null,
            baseline == null ? 1.0 : null,
            "gru",
            1),
        100,
        new Metrics(0.7, heldOutAuprc),
        new Metrics(0.7, tuningAuprc),
        PairedBootstrap.replicate(noisy(Math.round(100 * heldOutAuprc), SUBJECTS)),
        null,
        List.of(),
        List.of(),
        1);
  }

  private static Ranking noisy(long seed, long[] subjects) {
    Random random = new Random(seed);
    return ranking(subjects, i -> random.nextDouble());
  }

  private static Ranking perfect(long[] subjects) {
    return ranking(subjects, i -> LABELS[i]);
  }

  /** Alternates between ten correct and ten wrong windows. */
  private static Ranking clustered(long[] subjects) {
    return ranking(subjects, i -> i / 10 % 2 == 0 ? LABELS[i] : 1 - LABELS[i]);
  }

  private static Ranking ranking(long[] subjects, IntToDoubleFunction score) {
    double[][] probabilities =
        IntStream.range(0, SIZE)
            .mapToObj(i -> new double[] {0, score.applyAsDouble(i)})
            .toArray(double[][]::new);
    return new Ranking(probabilities, LABELS, subjects);
  }
}
