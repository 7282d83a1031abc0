package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;

/**
 * The fit of moment guidance: a vector lambda for each class, such that the mean components of the
 * samples of the class are those of its real windows.
 *
 * <p>The distribution closest to that of a generator (in relative entropy) whose mean of phi is m
 * is the generator's, tilted: {@code p(x) exp(<lambda, phi(x)>) / Z}. Lambda maximises the concave
 * dual {@code <lambda, m> - log Z(lambda)}, whose gradient is m minus the mean of phi under the
 * tilted distribution and whose Hessian is minus its covariance. Guided sampling only approximates
 * the tilted distribution, so the fit goes through the sampler: each round draws a pilot with the
 * current lambda and takes a damped Newton step,
 *
 * <pre>{@code lambda += RATE (C + RIDGE diag(C) + DAMPING / n I)^-1 (m - mean)}</pre>
 *
 * <p>with mean and covariance C of the pilot, and the number n of real train windows of the class:
 * the mean of few windows is uncertain. A class whose pilot matches within its sampling error is
 * left as it is. The lambda of the round whose pilot is closest to the <em>tuning</em> windows is
 * kept, so 0 if no round improves on the unguided samples; after {@link #PATIENCE} rounds without
 * improvement the fit ends.
 *
 * <pre>{@code
 * MomentFit fit = MomentFit.start(trainMeans, tuningMeans, trainCounts, rounds);
 * while (!fit.isDone()) {
 *   fit = fit.next(sumsOfPilot(fit.lambda()));
 * }
 * double[][] lambda = fit.best();
 * }</pre>
 *
 * @param target mean components of the real train windows, {@code [classes][components]}
 * @param check the same of the tuning windows
 * @param counts train windows by class
 * @param rounds maximum number of steps
 * @param lambda what the next pilot is drawn with
 * @param best lambda of the best round so far; zeros at the start
 * @param history the rounds so far
 */
@Internal
public record MomentFit(
    double[][] target,
    double[][] check,
    long[] counts,
    int rounds,
    double[][] lambda,
    double[][] best,
    List<Round> history) {
  private static final double RATE = 0.3;
  private static final double RIDGE = 0.1;
  private static final double DAMPING = 5;
  static final int PATIENCE = 3;

  /**
   * How far the pilot of a round was from the real windows: the root mean square over components of
   * the difference of means, in standard deviations of the real windows.
   *
   * @param toTrain by class
   * @param toTuning by class
   * @param error what a pilot of real windows would show on average, against train, by class
   */
  public record Round(double[] toTrain, double[] toTuning, double[] error) {

    /** The mean over the classes, by which rounds are compared. */
    public double tuning() {
      double sum = 0;
      for (double residual : toTuning) {
        sum += residual / toTuning.length;
      }
      return sum;
    }
  }

  public MomentFit {
    checkArgument(
        target.length == check.length && target.length == counts.length,
        "target, check and counts must have the same classes");
    history = List.copyOf(history);
  }

  /** Returns the fit before its first round, with lambda 0. */
  public static MomentFit start(double[][] target, double[][] check, long[] counts, int rounds) {
    checkArgument(rounds >= 1, "rounds must be at least 1, were %s", rounds);
    double[][] zero = new double[target.length][target[0].length];
    return new MomentFit(target, check, counts, rounds, zero, zero, List.of());
  }

  /** Whether there is nothing more to draw. */
  public boolean isDone() {
    return history.size() > rounds
        || history.size() - 1 - bestRound() >= PATIENCE
        || (!history.isEmpty() && isMatched());
  }

  /** Whether the last pilot matches every class within its sampling error. */
  private boolean isMatched() {
    Round last = history.get(history.size() - 1);
    for (int label = 0; label < counts.length; label++) {
      if (last.toTrain()[label] > last.error()[label]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the index of the round closest to tuning; 0 is that of the unguided samples. */
  public int bestRound() {
    int round = 0;
    for (int r = 1; r < history.size(); r++) {
      round = history.get(r).tuning() < history.get(round).tuning() ? r : round;
    }
    return round;
  }

  /**
   * Returns the fit after a round.
   *
   * @param pilot sums over components of samples drawn with {@link #lambda}, products by class
   */
  public MomentFit next(MomentSums pilot) {
    int classes = counts.length;
    double[] toTrain = new double[classes];
    double[] toTuning = new double[classes];
    double[] error = new double[classes];
    double[][] moved = new double[classes][];
    for (int label = 0; label < classes; label++) {
      double[] mean = pilot.mean(label);
      double[][] covariance = pilot.covariance(label);
      toTrain[label] = distance(target[label], mean);
      toTuning[label] = distance(check[label], mean);
      double variance = 0;
      for (int k = 0; k < mean.length; k++) {
        variance += covariance[k][k] / mean.length;
      }
      error[label] = Math.sqrt(variance * (1.0 / pilot.count(label) + 1.0 / counts[label]));
      moved[label] =
          toTrain[label] > error[label]
              ? step(lambda[label], covariance, difference(target[label], mean), counts[label])
              : lambda[label];
    }
    List<Round> rounds = new ArrayList<>(history);
    rounds.add(new Round(toTrain, toTuning, error));
    MomentFit fit =
        new MomentFit(target, check, counts, this.rounds, moved, best, List.copyOf(rounds));
    return fit.bestRound() == history.size()
        ? new MomentFit(target, check, counts, this.rounds, moved, lambda, fit.history())
        : fit;
  }

  private static double[] step(
      double[] lambda, double[][] covariance, double[] difference, long count) {
    double[][] damped = new double[lambda.length][];
    for (int k = 0; k < damped.length; k++) {
      damped[k] = covariance[k].clone();
      damped[k][k] += RIDGE * covariance[k][k] + DAMPING / count;
    }
    double[] direction =
        new LUDecomposition(new Array2DRowRealMatrix(damped, false))
            .getSolver()
            .solve(new ArrayRealVector(difference, false))
            .toArray();
    double[] moved = new double[lambda.length];
    for (int k = 0; k < moved.length; k++) {
      moved[k] = lambda[k] + RATE * direction[k];
    }
    return moved;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int k = 0; k < a.length; k++) {
      difference[k] = a[k] - b[k];
    }
    return difference;
  }

  private static double distance(double[] a, double[] b) {
    double squares = 0;
    for (double d : difference(a, b)) {
      squares += d * d / a.length;
    }
    return Math.sqrt(squares);
  }
}
