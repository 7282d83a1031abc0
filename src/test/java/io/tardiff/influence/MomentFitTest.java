package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.tensorflow.Seeds;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;

final class MomentFitTest {
  private static final double[][] COVARIANCE = {{1, 0.6}, {0.6, 0.8}};
  private static final double[] MEAN = {0.3, -0.2};

  /** Tilting a Gaussian N(m, C) by lambda gives N(m + C lambda, C). */
  private static double[] tilted(double[] lambda) {
    double[] mean = MEAN.clone();
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        mean[i] += COVARIANCE[i][j] * lambda[j];
      }
    }
    return mean;
  }

  /** Draws a pilot of a class of mean {@code mean}; the same noise in every round. */
  private static void draw(MomentSums sums, int label, double[] mean, int count) {
    // Cholesky factor of the covariance.
    double a = Math.sqrt(COVARIANCE[0][0]);
    double b = COVARIANCE[0][1] / a;
    double c = Math.sqrt(COVARIANCE[1][1] - b * b);
    for (int i = 0; i < count; i++) {
      float[] z = new float[2];
      Seeds.fillGaussian(z, 0, 2, 4, "pilot", label, i);
      sums.add(label, new double[] {mean[0] + a * z[0], mean[1] + b * z[0] + c * z[1]});
    }
  }

  private static MomentFit fit(double[][] target, double[][] check, long[] counts, int rounds) {
    MomentFit fit = MomentFit.start(target, check, counts, rounds);
    while (!fit.isDone()) {
      MomentSums pilot = MomentSums.byClass(target.length, 2);
      for (int label = 0; label < target.length; label++) {
        draw(pilot, label, tilted(fit.lambda()[label]), 4_000);
      }
      fit = fit.next(pilot);
    }
    return fit;
  }

  @Test
  void findsTheTiltOfAGaussian() {
    double[][] target = {{0.9, 0.5}, {-0.4, -0.1}};
    // Many real windows, so that a difference is never their sampling error.
    MomentFit fit = fit(target, target, new long[] {1_000_000, 1_000_000}, 50);

    RealMatrix inverse =
        new LUDecomposition(new Array2DRowRealMatrix(COVARIANCE)).getSolver().getInverse();
    for (int label = 0; label < 2; label++) {
      double[] expected =
          inverse.operate(new double[] {target[label][0] - MEAN[0], target[label][1] - MEAN[1]});
      for (int k = 0; k < 2; k++) {
        assertThat(fit.best()[label][k], closeTo(expected[k], 0.1));
      }
      double[] reached = tilted(fit.best()[label]);
      assertThat(reached[0], closeTo(target[label][0], 0.03));
      assertThat(reached[1], closeTo(target[label][1], 0.03));
    }
  }

  @Test
  void isZeroIfMomentsAlreadyMatch() {
    MomentFit fit = fit(new double[][] {MEAN}, new double[][] {MEAN}, new long[] {500}, 12);

    assertThat(fit.best()[0], is(new double[] {0, 0}));
    assertThat(fit.history().size(), is(1));
  }

  /** The one class matches and stays as it is; the other is fitted. */
  @Test
  void leavesAMatchedClassAlone() {
    double[][] target = {MEAN, {1.5, 1.2}};
    MomentFit fit = fit(target, target, new long[] {500, 500}, 12);

    assertThat(fit.best()[0], is(new double[] {0, 0}));
    assertThat(fit.bestRound(), greaterThan(0));
    assertThat(tilted(fit.best()[1])[0], closeTo(1.5, 0.15));
  }

  /** What train has by chance does not help tuning: the unguided samples are kept. */
  @Test
  void keepsTheRoundClosestToTuning() {
    MomentFit fit =
        fit(new double[][] {{1.3, 0.8}}, new double[][] {{-0.7, -1.2}}, new long[] {500}, 12);

    assertThat(fit.best()[0], is(new double[] {0, 0}));
    assertThat(fit.history().size(), is(MomentFit.PATIENCE + 1));
    assertThat(fit.history().get(1).toTrain()[0], is(lessThan(fit.history().get(0).toTrain()[0])));
    assertThat(
        fit.history().get(1).toTuning()[0], is(greaterThan(fit.history().get(0).toTuning()[0])));
  }

  /** The mean of few windows is uncertain, so a step towards it is shorter. */
  @Test
  void movesLessForFewWindows() {
    double[][] target = {{2, 2}, {2, 2}};
    MomentFit fit = MomentFit.start(target, target, new long[] {10_000, 10}, 5);
    MomentSums pilot = MomentSums.byClass(2, 2);
    draw(pilot, 0, MEAN, 1_000);
    draw(pilot, 1, MEAN, 1_000);
    double[][] lambda = fit.next(pilot).lambda();

    assertThat(norm(lambda[1]), is(both(greaterThan(0.0)).and(lessThan(norm(lambda[0])))));
  }

  private static double norm(double[] vector) {
    return Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
  }

  @Test
  void endsAfterItsRounds() {
    MomentFit fit = fit(new double[][] {{5, 5}}, new double[][] {{5, 5}}, new long[] {500}, 2);

    assertThat(fit.history().size(), is(3));
    assertThat(fit.bestRound(), is(2));
  }

  @Test
  void residualIsInStandardDeviations() {
    MomentSums pilot = MomentSums.byClass(1, 2);
    pilot.add(0, new double[] {1, 0});
    pilot.add(0, new double[] {3, 0});
    MomentFit.Round round =
        MomentFit.start(new double[][] {{2, 2}}, new double[][] {{0, 0}}, new long[] {4}, 1)
            .next(pilot)
            .history()
            .get(0);

    assertThat(round.toTrain()[0], closeTo(Math.sqrt(4 / 2.0), 1e-12));
    assertThat(round.toTuning()[0], closeTo(Math.sqrt(4 / 2.0), 1e-12));
    // The mean variance is (1 + 0) / 2; two samples and four windows.
    assertThat(round.error()[0], closeTo(Math.sqrt(0.5 * (1 / 2.0 + 1 / 4.0)), 1e-12));
  }

  @Test
  void sumsOfPartsAreThoseOfTheWhole() {
    UniformRandomProvider random = Seeds.stream(3, "parts");
    MomentSums whole = MomentSums.byClass(2, 3);
    MomentSums[] parts = {MomentSums.byClass(2, 3), MomentSums.byClass(2, 3)};
    MomentSums pooled = MomentSums.pooled(2, 3);
    double[][] rows = new double[20][3];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < 3; k++) {
        rows[i][k] = random.nextDouble();
      }
      whole.add(i % 2, rows[i]);
      pooled.add(i % 2, rows[i]);
      parts[i / 10].add(i % 2, rows[i]);
    }
    double[] sum = parts[0].toVector();
    double[] second = parts[1].toVector();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += second[i];
    }
    MomentSums joined = whole.of(sum);

    assertThat(joined.count(1), is(10L));
    for (int i = 0; i < 3; i++) {
      assertThat(joined.mean(1)[i], closeTo(whole.mean(1)[i], 1e-12));
      double mean = 0;
      double own = 0;
      for (double[] row : rows) {
        mean += row[i] / rows.length;
      }
      for (int r = 1; r < rows.length; r += 2) {
        own += rows[r][i] / 10;
      }
      assertThat(pooled.mean()[i], closeTo(mean, 1e-12));
      assertThat(whole.mean(1)[i], closeTo(own, 1e-12));
      for (int j = 0; j < 3; j++) {
        double covariance = 0;
        double ofClass = 0;
        for (int r = 0; r < rows.length; r++) {
          covariance +=
              (rows[r][i] - pooled.mean()[i]) * (rows[r][j] - pooled.mean()[j]) / rows.length;
          ofClass +=
              r % 2 == 0
                  ? 0
                  : (rows[r][i] - whole.mean(1)[i]) * (rows[r][j] - whole.mean(1)[j]) / 10;
        }
        assertThat(pooled.covariance()[i][j], closeTo(covariance, 1e-12));
        assertThat(joined.covariance(1)[i][j], closeTo(ofClass, 1e-12));
      }
    }
  }

  @Test
  void aClassWithoutWindowsIsNamed() {
    MomentSums sums = MomentSums.byClass(2, 1);
    sums.add(0, new double[] {1});
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> sums.mean(1)).getMessage(),
        containsString("class 1 must have windows"));
  }
}
