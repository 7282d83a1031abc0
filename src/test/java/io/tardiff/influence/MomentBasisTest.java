package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.tensorflow.Seeds;
import org.junit.jupiter.api.Test;

final class MomentBasisTest {
  private static final int WINDOWS = 400;

  /** Three hidden units, two of them almost the same, a constant one; two summaries. */
  private static double[][] rows() {
    double[][] rows = new double[WINDOWS][];
    for (int i = 0; i < WINDOWS; i++) {
      float[] z = new float[5];
      Seeds.fillGaussian(z, 0, 5, 1, "rows", i);
      rows[i] =
          new double[] {
            z[0], z[0] + 0.01 * z[1], 5 + 3 * z[2], 7, 100 * z[3] + 20, z[0] + 0.5 * z[4]
          };
    }
    return rows;
  }

  private static MomentSums sums(double[][] rows) {
    MomentSums sums = MomentSums.pooled(2, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      sums.add(i % 2, rows[i]);
    }
    return sums;
  }

  @Test
  void componentsOfTrainAreWhiteWithinTheirPart() {
    double[][] rows = rows();
    MomentBasis basis = MomentBasis.of(sums(rows), 2, 2);
    // Two of the classifier's, and both summaries.
    assertThat(basis.size(), is(4));
    double[] mean = new double[4];
    double[][] products = new double[4][4];
    for (double[] row : rows) {
      double[] phi = basis.components(row);
      for (int i = 0; i < 4; i++) {
        mean[i] += phi[i] / WINDOWS;
        for (int j = 0; j < 4; j++) {
          products[i][j] += phi[i] * phi[j] / WINDOWS;
        }
      }
    }
    for (int i = 0; i < 4; i++) {
      assertThat(mean[i], closeTo(0, 1e-9));
      for (int j = 0; j < 4; j++) {
        if (i / 2 == j / 2) {
          assertThat(products[i][j], closeTo(i == j ? 1 : 0, 1e-9));
        }
      }
    }
  }

  @Test
  void coefficientsWeightFeaturesAsLambdaDoesComponents() {
    double[][] rows = rows();
    MomentBasis basis = MomentBasis.of(sums(rows), 2, 2);
    double[] lambda = {0.5, -1, 2, 0.25};
    double[] coefficients = basis.coefficients(lambda);
    double constant = dot(coefficients, rows[0]) - dot(lambda, basis.components(rows[0]));
    for (double[] row : rows) {
      assertThat(
          dot(coefficients, row), closeTo(dot(lambda, basis.components(row)) + constant, 1e-9));
    }
    assertThat(coefficients[3], is(0.0));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The difference of units that are almost the same is noise, not a component. */
  @Test
  void dropsWhatHardlyVaries() {
    assertThat(MomentBasis.of(sums(rows()), 2, 24).size(), is(2 + 2));
  }

  @Test
  void isTheSameForTheSameSums() {
    MomentBasis one = MomentBasis.of(sums(rows()), 2, 2);
    MomentBasis two = MomentBasis.of(sums(rows()), 2, 2);
    assertThat(one.projection(), is(two.projection()));
  }

  @Test
  void aClassifierThatLearnedNothingIsAnError() {
    double[][] rows = new double[4][];
    for (int i = 0; i < 4; i++) {
      rows[i] = new double[] {3, 3, i};
    }
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> MomentBasis.of(sums(rows), 1, 2))
            .getMessage(),
        containsString("it has learned nothing"));
  }
}
