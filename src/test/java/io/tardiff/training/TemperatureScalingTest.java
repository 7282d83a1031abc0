package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.tensorflow.Seeds;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;

class TemperatureScalingTest {

  /** Labels drawn from true probabilities, and a classifier that raises them to the power 2. */
  @Test
  void findsTheTemperatureOfASharpenedClassifier() {
    UniformRandomProvider random = Seeds.stream(1, "test");
    int size = 20_000;
    double[][] sharp = new double[size][];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      double p = random.nextDouble();
      labels[i] = random.nextDouble() < p ? 1 : 0;
      double odds = Math.pow(p / (1 - p), 2);
      sharp[i] = new double[] {1 / (1 + odds), odds / (1 + odds)};
    }

    double temperature = TemperatureScaling.fit(sharp, labels);

    assertThat(temperature, closeTo(2, 0.06));
    double fitted = TemperatureScaling.logLoss(sharp, labels, temperature);
    assertThat(fitted, lessThan(TemperatureScaling.logLoss(sharp, labels, 1)));
    for (double other : new double[] {0.9 * temperature, 1.1 * temperature}) {
      assertThat(TemperatureScaling.logLoss(sharp, labels, other), greaterThan(fitted));
    }
  }

  @Test
  void dividesLogarithms() {
    double[] scaled = TemperatureScaling.apply(new double[] {0.1, 0.2, 0.7}, 2);

    double sum = Math.sqrt(0.1) + Math.sqrt(0.2) + Math.sqrt(0.7);
    assertArrayEquals(
        new double[] {Math.sqrt(0.1) / sum, Math.sqrt(0.2) / sum, Math.sqrt(0.7) / sum},
        scaled,
        1e-12);
    assertArrayEquals(
        new double[] {0.1, 0.2, 0.7},
        TemperatureScaling.apply(new double[] {0.1, 0.2, 0.7}, 1),
        1e-12);
  }

  /** The cross-entropy of right answers has no minimum, so the temperature stops at a limit. */
  @Test
  void staysFiniteIfAllIsRightOrAProbabilityIsZero() {
    double[][] right = {{0.4, 0.6}, {0.7, 0.3}};
    assertThat(
        TemperatureScaling.fit(right, new int[] {1, 0}),
        closeTo(1 / TemperatureScaling.LIMIT, 1e-6));
    double[] zero = TemperatureScaling.apply(new double[] {0, 1}, 0.05);
    assertThat(Arrays.stream(zero).sum(), closeTo(1, 1e-12));
    assertThrows(
        IllegalArgumentException.class, () -> TemperatureScaling.fit(new double[0][], new int[0]));
  }
}
