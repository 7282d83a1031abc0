package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The components phi of {@link MomentFeatures} in which moments are matched: principal components
 * of the real train windows, of unit variance, separately for the features of the target classifier
 * and for the summaries of the channels.
 *
 * <p>Hidden units are many and correlated, so few components say what the classifier sees; of the
 * summaries, all that vary are kept, because other models read each of them.
 *
 * <pre>{@code
 * MomentBasis basis = MomentBasis.of(train, summaries, 24);
 * double[] phi = basis.components(features);        // [components]
 * double[] a = basis.coefficients(lambda);          // <a, features> = <lambda, phi> + constant
 * }</pre>
 *
 * @param mean mean features of train
 * @param projection {@code [features][components]}
 */
@Internal
public record MomentBasis(double[] mean, double[][] projection) {
  /** Features and components with less than this share of the largest variance are constant. */
  private static final double CONSTANT = 1e-4;

  /**
   * Returns the basis of real windows.
   *
   * @param real sums over the train windows, with pooled products
   * @param summaries number of summaries, which are the last features
   * @param components maximum number of components of the other features, at least 1
   * @throws IllegalArgumentException if no feature of the classifier varies
   */
  public static MomentBasis of(MomentSums real, int summaries, int components) {
    checkArgument(components >= 1, "components must be at least 1, were %s", components);
    double[] mean = real.mean();
    double[][] covariance = real.covariance();
    int hidden = mean.length - summaries;
    List<double[]> columns = new ArrayList<>();
    add(covariance, 0, hidden, components, columns);
    checkArgument(
        !columns.isEmpty(),
        "features of the target classifier must vary over the train windows, none did: it has"
            + " learned nothing");
    add(covariance, hidden, mean.length, summaries, columns);
    double[][] projection = new double[mean.length][columns.size()];
    for (int k = 0; k < columns.size(); k++) {
      for (int i = 0; i < mean.length; i++) {
        projection[i][k] = columns.get(k)[i];
      }
    }
    return new MomentBasis(mean, projection);
  }

  /** Adds whitened principal components of the standardised features from {@code from}. */
  private static void add(
      double[][] covariance, int from, int to, int most, List<double[]> columns) {
    double largest = IntStream.range(from, to).mapToDouble(i -> covariance[i][i]).max().orElse(0);
    int[] varying =
        IntStream.range(from, to)
            .filter(i -> covariance[i][i] > CONSTANT * CONSTANT * largest)
            .toArray();
    if (!(largest > 0) || varying.length == 0) {
      return;
    }
    double[][] correlation = new double[varying.length][varying.length];
    for (int i = 0; i < varying.length; i++) {
      for (int j = 0; j < varying.length; j++) {
        correlation[i][j] =
            covariance[varying[i]][varying[j]]
                / Math.sqrt(
                    covariance[varying[i]][varying[i]] * covariance[varying[j]][varying[j]]);
      }
    }
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(correlation, false));
    double[] values = eigen.getRealEigenvalues();
    List<Integer> order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(k -> -values[k]))
            .limit(most)
            .filter(k -> values[k] > CONSTANT * values.length)
            .toList();
    for (int k : order) {
      double[] vector = eigen.getEigenvector(k).toArray();
      // A vector and its negative are the same component; take the one whose largest is positive.
      double sign = 0;
      double extreme = 0;
      for (double v : vector) {
        if (Math.abs(v) > extreme) {
          extreme = Math.abs(v);
          sign = Math.signum(v);
        }
      }
      double[] column = new double[covariance.length];
      for (int i = 0; i < varying.length; i++) {
        column[varying[i]] =
            sign * vector[i] / Math.sqrt(values[k] * covariance[varying[i]][varying[i]]);
      }
      columns.add(column);
    }
  }

  /** Returns the number of components. */
  public int size() {
    return projection[0].length;
  }

  /** Returns the components of features, {@code [components]}: 0 and 1 are mean and sd of train. */
  public double[] components(double[] features) {
    checkArgument(
        features.length == mean.length,
        "there must be %s features, were %s",
        mean.length,
        features.length);
    double[] components = new double[size()];
    for (int i = 0; i < mean.length; i++) {
      double deviation = features[i] - mean[i];
      for (int k = 0; k < components.length; k++) {
        components[k] += deviation * projection[i][k];
      }
    }
    return components;
  }

  /** Returns the coefficients of the features, {@code [features]}, that weight components so. */
  public double[] coefficients(double[] lambda) {
    double[] coefficients = new double[mean.length];
    for (int i = 0; i < coefficients.length; i++) {
      for (int k = 0; k < lambda.length; k++) {
        coefficients[i] += projection[i][k] * lambda[k];
      }
    }
    return coefficients;
  }
}
