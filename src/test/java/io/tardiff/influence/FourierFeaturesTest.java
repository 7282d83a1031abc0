package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FourierFeaturesTest {
  private static final int FEATURES = 5;

  /** Twice the mean product of the cosines is the kernel, up to chance: 1 / sqrt(20,000). */
  @Test
  void innerProductsApproximateTheGaussianKernel() {
    double[] mean = {1, -2, 0, 30, 4};
    double[] sd = {1, 0.5, 2, 10, 0.1};
    FourierFeatures embedding = FourierFeatures.of(mean, sd, 20_000, 7);
    Random random = new Random(4);
    for (int pair = 0; pair < 10; pair++) {
      float[] a = new float[FEATURES];
      float[] b = new float[FEATURES];
      double distance = 0;
      for (int k = 0; k < FEATURES; k++) {
        double za = random.nextGaussian();
        double zb = random.nextGaussian();
        a[k] = (float) (mean[k] + sd[k] * za);
        b[k] = (float) (mean[k] + sd[k] * zb);
        distance += (za - zb) * (za - zb);
      }

      assertThat(
          2 * dot(embedding.of(a), embedding.of(b)) / embedding.count(),
          closeTo(Math.exp(-distance / (2 * FEATURES)), 0.03));
    }
  }

  @Test
  void ignoresFeaturesThatAreTheSameInAllRealWindows() {
    FourierFeatures embedding = FourierFeatures.of(new double[] {0, 5}, new double[] {1, 0}, 64, 1);

    assertThat(embedding.of(new float[] {0.5f, 5}), is(embedding.of(new float[] {0.5f, -1e6f})));
    assertThat(embedding.of(new float[] {0.5f, 5}), is(not(embedding.of(new float[] {0.6f, 5}))));
  }

  @Test
  void seedDeterminesTheEmbedding() {
    double[] mean = new double[FEATURES];
    double[] sd = new double[FEATURES];
    Arrays.fill(sd, 1);
    float[] x = {1, 2, 3, 4, 5};

    float[] once = FourierFeatures.of(mean, sd, 16, 3).of(x);

    assertThat(FourierFeatures.of(mean, sd, 16, 3).of(x), is(once));
    assertThat(FourierFeatures.of(mean, sd, 16, 4).of(x), is(not(once)));
  }

  @Test
  void rejectsFeaturesWithoutVariance() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> FourierFeatures.of(new double[] {1, 2}, new double[] {0, 0}, 8, 0));

    assertThat(e.getMessage(), containsString("must vary over the real windows, none of 2 did"));
  }

  @Test
  void rejectsNonFiniteMoments() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> FourierFeatures.of(new double[] {1, Double.NaN}, new double[] {1, 1}, 8, 0));

    assertThat(e.getMessage(), containsString("must be finite, feature 1 was not"));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}
