package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.training.RankingMetrics;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedBootstrapTest {

  /** Scores with ties, so that their order decides nothing. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void metricsOfADrawAreThoseOfItsWindows(int classes) {
    Ranking fit = random(60, classes, 0);
    WeightedRanking ranked = WeightedRanking.of(fit.probabilities(), fit.labels());
    for (int r = 0; r < 20; r++) {
      int[] times = PairedBootstrap.draw(fit, r);
      int[] drawn =
          IntStream.range(0, times.length)
              .flatMap(i -> IntStream.generate(() -> i).limit(times[i]))
              .toArray();
      double[][] probabilities =
          Arrays.stream(drawn).mapToObj(i -> fit.probabilities()[i]).toArray(double[][]::new);
      int[] labels = Arrays.stream(drawn).map(i -> fit.labels()[i]).toArray();
      assertThat(ranked.auroc(times), closeTo(RankingMetrics.auroc(probabilities, labels), 1e-12));
      assertThat(ranked.auprc(times), closeTo(RankingMetrics.auprc(probabilities, labels), 1e-12));
    }
  }

  @Test
  void subjectsAreDrawnLikeAPoissonVariable() {
    Ranking fit = random(20_000, 2, 0);
    int[] times = PairedBootstrap.draw(fit, 7);
    double mean = Arrays.stream(times).average().orElseThrow();
    double squares = Arrays.stream(times).mapToDouble(t -> (t - mean) * (t - mean)).sum();
    assertThat(mean, closeTo(1, 0.03));
    assertThat(squares / times.length, closeTo(1, 0.05));
    double never = Arrays.stream(times).filter(t -> t == 0).count() / 20_000.0;
    assertThat(never, closeTo(Math.exp(-1), 0.015));
    assertThat(PairedBootstrap.draw(fit, 8), is(not(times)));
  }

  /** Half of the test windows of one run are those of another. */
  @Test
  void theSameSubjectsAreDrawnInEveryRun() {
    int[] of = PairedBootstrap.draw(random(100, 2, 0), 3);
    int[] other = PairedBootstrap.draw(random(100, 2, 50), 3);
    assertThat(Arrays.copyOfRange(of, 50, 100), is(Arrays.copyOf(other, 50)));
  }

  @Test
  void everyClassIsDrawn() {
    double[][] probabilities = {{0.9, 0.1}, {0.8, 0.2}, {0.3, 0.7}};
    Ranking tiny = new Ranking(probabilities, new int[] {0, 0, 1}, new long[] {5, 6, 7});
    for (int r = 0; r < 200; r++) {
      int[] times = PairedBootstrap.draw(tiny, r);
      assertThat(times[2], greaterThan(0));
      assertThat(times[0] + times[1], greaterThan(0));
    }
  }

  private static Ranking random(int size, int classes, long firstSubject) {
    Random random = new Random(1);
    double[][] probabilities = new double[size][classes];
    for (double[] row : probabilities) {
      Arrays.setAll(row, k -> random.nextInt(12));
    }
    return new Ranking(
        probabilities,
        IntStream.range(0, size).map(i -> i % classes).toArray(),
        LongStream.range(firstSubject, firstSubject + size).toArray());
  }
}
