package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/**
 * Temperature scaling (Guo et al., <em>On calibration of modern neural networks</em>, 2017):
 * divides log-probabilities by one number T and normalises them. Above 1, T takes back certainty
 * that windows which the classifier has not seen do not bear out; the order of windows stays.
 *
 * <pre>{@code
 * double temperature = TemperatureScaling.fit(probabilities, labels);
 * double[] calibrated = TemperatureScaling.apply(probabilities[0], temperature);
 * }</pre>
 */
@Internal
public final class TemperatureScaling {
  /**
   * T is from the inverse of this to this; the limit is met if all windows are classified right.
   */
  static final double LIMIT = 20;

  private TemperatureScaling() {}

  /**
   * Returns the temperature with the lowest mean cross-entropy, which is convex in 1 / T.
   *
   * @param probabilities {@code [windows][classes]}, of windows that the classifier was not fitted
   *     to; at least one
   * @param labels class of each window
   */
  public static double fit(double[][] probabilities, int[] labels) {
    checkArgument(probabilities.length > 0, "probabilities must be of at least one window");
    double limit = Math.log(LIMIT);
    double logarithm =
        new BrentOptimizer(1e-9, 1e-12)
            .optimize(
                new UnivariateObjectiveFunction(t -> logLoss(probabilities, labels, Math.exp(t))),
                GoalType.MINIMIZE,
                new SearchInterval(-limit, limit, 0),
                new MaxEval(1000))
            .getPoint();
    return Math.exp(logarithm);
  }

  /** Returns the mean cross-entropy at a temperature. */
  public static double logLoss(double[][] probabilities, int[] labels, double temperature) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum -= logarithms(probabilities[i], temperature)[labels[i]];
    }
    return sum / labels.length;
  }

  /** Returns the probabilities of a window at a temperature. */
  public static double[] apply(double[] probabilities, double temperature) {
    double[] scaled = logarithms(probabilities, temperature);
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] = Math.exp(scaled[k]);
    }
    return scaled;
  }

  private static double[] logarithms(double[] probabilities, double temperature) {
    double[] logs = new double[probabilities.length];
    double top = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logs.length; k++) {
      logs[k] = Math.log(Math.max(probabilities[k], Double.MIN_NORMAL)) / temperature;
      top = Math.max(top, logs[k]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - top);
    }
    for (int k = 0; k < logs.length; k++) {
      logs[k] -= top + Math.log(sum);
    }
    return logs;
  }
}
