package io.tardiff.evaluation;

import de.bwaldvogel.liblinear.Feature;
import java.util.Arrays;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunctionGradient;
import org.apache.commons.math3.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer;

/**
 * Logistic regression fitted to probabilities of the classes: for each class against the others, as
 * in LIBLINEAR, the minimum of {@code |w|^2 / 2 + cost sum_i (-p_i log s_i - (1 - p_i) log(1 -
 * s_i))} with {@code s_i = 1 / (1 + exp(-<w, x_i>))}. With two classes, one of them is enough.
 */
final class SoftLogisticRegression implements LogisticRegression.Estimator {
  private static final double TOLERANCE = 1e-8;
  private static final int ITERATIONS = 1000;

  private final int classes;

  /** The weights of each class, or with two classes of class 1. */
  private final double[][] weights;

  private SoftLogisticRegression(int classes, double[][] weights) {
    this.classes = classes;
    this.weights = weights;
  }

  /**
   * Fits to windows.
   *
   * @param x all features of each window, in their order
   * @param probabilities {@code [windows, classes]}
   */
  static SoftLogisticRegression fit(
      Feature[][] x, float[] probabilities, int classes, double cost) {
    double[][] dense =
        Arrays.stream(x).map(SoftLogisticRegression::values).toArray(double[][]::new);
    double[][] weights = new double[classes == 2 ? 1 : classes][];
    for (int k = 0; k < weights.length; k++) {
      double[] p = new double[dense.length];
      for (int i = 0; i < p.length; i++) {
        p[i] = probabilities[i * classes + (classes == 2 ? 1 : k)];
      }
      weights[k] = minimum(dense, p, cost);
    }
    return new SoftLogisticRegression(classes, weights);
  }

  private static double[] values(Feature[] features) {
    return Arrays.stream(features).mapToDouble(Feature::getValue).toArray();
  }

  private static double[] minimum(double[][] x, double[] p, double cost) {
    // The mean instead of the sum of losses, so that steps are of the order of 1.
    double scale = 1 / (cost * x.length);
    return new NonLinearConjugateGradientOptimizer(
            NonLinearConjugateGradientOptimizer.Formula.POLAK_RIBIERE,
            new SimpleValueChecker(TOLERANCE, -1, ITERATIONS))
        .optimize(
            new ObjectiveFunction(w -> objective(x, p, scale, w)),
            new ObjectiveFunctionGradient(w -> gradient(x, p, scale, w)),
            GoalType.MINIMIZE,
            new InitialGuess(new double[x[0].length]),
            new MaxEval(Integer.MAX_VALUE),
            new MaxIter(Integer.MAX_VALUE))
        .getPointRef();
  }

  private static double objective(double[][] x, double[] p, double scale, double[] w) {
    double loss = 0;
    for (int i = 0; i < x.length; i++) {
      double z = dot(w, x[i]);
      // log(1 + exp(z)) - p z, without overflow.
      loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - p[i] * z;
    }
    return scale * dot(w, w) / 2 + loss / x.length;
  }

  private static double[] gradient(double[][] x, double[] p, double scale, double[] w) {
    double[] gradient = new double[w.length];
    for (int j = 0; j < w.length; j++) {
      gradient[j] = scale * w[j];
    }
    for (int i = 0; i < x.length; i++) {
      double residual = (sigmoid(dot(w, x[i])) - p[i]) / x.length;
      for (int j = 0; j < w.length; j++) {
        gradient[j] += residual * x[i][j];
      }
    }
    return gradient;
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int j = 0; j < left.length; j++) {
      sum += left[j] * right[j];
    }
    return sum;
  }

  @Override
  public void predict(Feature[] features, double[] probabilities) {
    double[] x = values(features);
    if (classes == 2) {
      probabilities[1] = sigmoid(dot(weights[0], x));
      probabilities[0] = 1 - probabilities[1];
      return;
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      probabilities[k] = sigmoid(dot(weights[k], x));
      sum += probabilities[k];
    }
    for (int k = 0; k < classes; k++) {
      probabilities[k] /= sum;
    }
  }
}
