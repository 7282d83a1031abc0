package io.tardiff.diffusion;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.diffusion.NoiseSchedule.Kind;
import io.tardiff.tensorflow.Seeds;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReverseProcessTest {
  private static final NoiseSchedule SCHEDULE = NoiseSchedule.of(Kind.LINEAR, 200);

  @Test
  void endsAtTheCleanWindowWithoutNoise() {
    ReverseProcess process = ReverseProcess.of(SCHEDULE, 20, 1, errors(0.5));
    ReverseProcess.Step last = process.steps().get(19);

    assertThat(process.steps().size(), is(20));
    assertThat(process.steps().get(0).noiseStep(), is(199));
    assertThat(last.noiseStep(), is(9));
    assertThat(last.fromClean(), closeTo(1, 1e-12));
    assertThat(last.fromNoisy(), closeTo(0, 1e-12));
    assertThat(last.deviation()[0], is(0.0));
    assertThat(last.posteriorVariance(), closeTo(0, 1e-12));
  }

  @Test
  void canVisitEveryNoiseStep() {
    ReverseProcess process = ReverseProcess.of(SCHEDULE, 200, 1, errors(0));

    assertThat(
        process.steps().stream().map(ReverseProcess.Step::noiseStep).toList(),
        is(IntStream.range(0, 200).map(i -> 199 - i).boxed().toList()));
  }

  /** The mean and variance of q(x_s | x_t, x_0) in equations 6 and 7 of Ho et al. (2020). */
  @Test
  void ancestralStepsHaveTheMomentsOfThePosterior() {
    ReverseProcess.Step step = ReverseProcess.of(SCHEDULE, 200, 1, errors(0)).steps().get(100);
    int t = step.noiseStep();
    double alpha = SCHEDULE.alphaBar(t) / SCHEDULE.alphaBar(t - 1);
    double beta = 1 - alpha;
    double before = SCHEDULE.alphaBar(t - 1);
    double now = SCHEDULE.alphaBar(t);

    assertThat(step.fromClean(), closeTo(Math.sqrt(before) * beta / (1 - now), 1e-12));
    assertThat(step.fromNoisy(), closeTo(Math.sqrt(alpha) * (1 - before) / (1 - now), 1e-12));
    assertThat(step.deviation()[0], closeTo(Math.sqrt((1 - before) / (1 - now) * beta), 1e-12));
  }

  @Test
  void isDeterministicWithoutEtaAndNoiseError() {
    for (ReverseProcess.Step step : ReverseProcess.of(SCHEDULE, 20, 0, errors(0)).steps()) {
      assertThat(step.deviation()[0], is(0.0));
    }
  }

  /**
   * For data from N(0, s^2) the optimal denoiser and its error are known. With them, few steps must
   * still end with the spread s; ancestral steps only do if they restore the variance that the
   * predicted mean loses.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.0, 0.5, 1.0})
  void keepsTheSpreadOfGaussianDataInFewSteps(double eta) {
    double spread = 0.8;

    assertThat(sampledSpread(spread, 20, eta, true), closeTo(spread, 0.02));
  }

  @Test
  void withoutTheCorrectionFewAncestralStepsLoseSpread() {
    double spread = 0.8;

    assertThat(sampledSpread(spread, 10, 1, false) / spread < 0.95, is(true));
  }

  private static double sampledSpread(double spread, int count, double eta, boolean corrected) {
    double[][] error = new double[SCHEDULE.steps()][1];
    for (int t = 0; t < error.length; t++) {
      double a = SCHEDULE.alphaBar(t);
      // Var(x0 | x_t) = s^2 (1 - a) / (a s^2 + 1 - a); the noise error is a / (1 - a) of it.
      error[t][0] = corrected ? a * spread * spread / (a * spread * spread + 1 - a) : 0;
    }
    int n = 40_000;
    float[] z = new float[n];
    Seeds.fillGaussian(z, 0, n, 1, "test", 0);
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = z[i];
    }
    int number = 0;
    for (ReverseProcess.Step step : ReverseProcess.of(SCHEDULE, count, eta, error).steps()) {
      Seeds.fillGaussian(z, 0, n, 1, "test", ++number);
      double a = SCHEDULE.alphaBar(step.noiseStep());
      double gain = Math.sqrt(a) * spread * spread / (a * spread * spread + 1 - a);
      for (int i = 0; i < n; i++) {
        double clean = gain * x[i];
        x[i] = step.fromClean() * clean + step.fromNoisy() * x[i] + step.deviation()[0] * z[i];
      }
    }
    // The last prediction is a mean, so add the variance it lacks.
    double a = SCHEDULE.alphaBar((int) Math.round(200.0 / count) - 1);
    double lost = spread * spread * (1 - a) / (a * spread * spread + 1 - a);
    return Math.sqrt(Math.pow(new StandardDeviation().evaluate(x), 2) + lost);
  }

  @Test
  void errorsNameTheValidValues() {
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> ReverseProcess.of(SCHEDULE, 201, 0, errors(0)))
            .getMessage(),
        containsString("from 1 to 200 (the noise steps), was 201"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> ReverseProcess.of(SCHEDULE, 20, 1.5, errors(0)))
            .getMessage(),
        containsString("eta must be from 0 to 1, was 1.5"));
  }

  private static double[][] errors(double value) {
    double[][] errors = new double[SCHEDULE.steps()][1];
    for (double[] row : errors) {
      row[0] = value;
    }
    return errors;
  }
}
