package io.tardiff.evaluation;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.training.RankingMetrics;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Logistic regression on summary statistics of each channel, such as clinical scores use: a model
 * very different from the target classifier.
 *
 * <p>The features are mean, standard deviation, minimum, maximum, first and last value,
 * standardised with the windows it is fitted to. The L2 penalty is the one of {@link #COSTS} with
 * the best AUPRC on tuning. The fit is deterministic, so the seed draws the windows it is fitted
 * to, with replacement: the spread over seeds is that of other samples of the same size.
 *
 * <p>To soft labels it is fitted as if each window were one of every class, weighted by its
 * probability. LIBLINEAR has no weights of windows, so {@link SoftLogisticRegression} minimises the
 * same function.
 */
final class LogisticRegression implements FittedModel {
  private static final double[] COSTS = {0.001, 0.01, 0.1, 1};
  private static final double TOLERANCE = 1e-4;
  private static final int SUMMARIES = 6;

  private final double[] mean;
  private final double[] deviation;
  private final Estimator model;

  /** Estimates the probabilities of the classes from standardised features with a constant. */
  interface Estimator {
    void predict(Feature[] features, double[] probabilities);
  }

  private LogisticRegression(double[] mean, double[] deviation, Estimator model) {
    this.mean = mean;
    this.deviation = deviation;
    this.model = model;
  }

  static LogisticRegression fit(LabelledWindows train, LabelledWindows tuning, long seed) {
    Linear.disableDebugOutput();
    int[] drawn = draw(train, seed);
    double[][] summaries = summaries(train.select(drawn));
    double[] mean = new double[summaries[0].length];
    double[] deviation = new double[mean.length];
    for (int j = 0; j < mean.length; j++) {
      double sum = 0;
      double squares = 0;
      for (double[] row : summaries) {
        sum += row[j];
        squares += row[j] * row[j];
      }
      mean[j] = sum / summaries.length;
      double variance = squares / summaries.length - mean[j] * mean[j];
      // Ignore constant features.
      deviation[j] = variance > 1e-12 ? Math.sqrt(variance) : Double.POSITIVE_INFINITY;
    }
    Problem problem = new Problem();
    problem.l = drawn.length;
    problem.n = mean.length;
    problem.bias = 1;
    problem.n++;
    problem.x = new Feature[drawn.length][];
    problem.y = new double[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      problem.x[i] = features(summaries[i], mean, deviation);
      problem.y[i] = train.labels()[drawn[i]];
    }
    float[] soft = train.select(drawn).probabilities();
    double[][] tuningSummaries = summaries(tuning);
    LogisticRegression best = null;
    double bestAuprc = Double.NEGATIVE_INFINITY;
    for (double cost : COSTS) {
      LogisticRegression candidate =
          new LogisticRegression(
              mean,
              deviation,
              soft.length == 0
                  ? of(Linear.train(problem, new Parameter(SolverType.L2R_LR, cost, TOLERANCE)))
                  : SoftLogisticRegression.fit(problem.x, soft, train.classes(), cost));
      double auprc =
          RankingMetrics.auprc(
              candidate.probabilities(tuningSummaries, tuning.classes()), tuning.labels());
      if (auprc > bestAuprc) {
        best = candidate;
        bestAuprc = auprc;
      }
    }
    return best;
  }

  private static Estimator of(Model model) {
    int[] labels = model.getLabels();
    double[] estimates = new double[model.getNrClass()];
    return (features, probabilities) -> {
      Linear.predictProbability(model, features, estimates);
      for (int k = 0; k < labels.length; k++) {
        probabilities[labels[k]] = estimates[k];
      }
    };
  }

  /** Draws with replacement within each class, so that no class can be missing. */
  private static int[] draw(LabelledWindows train, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    int[][] ofClass = new int[train.classes()][];
    int[] counts = train.counts();
    int[] filled = new int[train.classes()];
    for (int k = 0; k < ofClass.length; k++) {
      ofClass[k] = new int[counts[k]];
    }
    for (int i = 0; i < train.size(); i++) {
      int label = train.labels()[i];
      ofClass[label][filled[label]++] = i;
    }
    int[] drawn = new int[train.size()];
    for (int i = 0; i < drawn.length; i++) {
      int[] same = ofClass[train.labels()[i]];
      drawn[i] = same[random.nextInt(same.length)];
    }
    return drawn;
  }

  /**
   * Returns {@code [size, channels * 6]}: mean, standard deviation, minimum, maximum, first and
   * last.
   */
  static double[][] summaries(LabelledWindows windows) {
    int channels = windows.channels();
    double[][] rows = new double[windows.size()][channels * SUMMARIES];
    for (int w = 0; w < rows.length; w++) {
      for (int c = 0; c < channels; c++) {
        int from = w * windows.stride() + c;
        double sum = 0;
        double squares = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < windows.steps(); t++) {
          double value = windows.values()[from + t * channels];
          sum += value;
          squares += value * value;
          min = Math.min(min, value);
          max = Math.max(max, value);
        }
        double mean = sum / windows.steps();
        double[] row = rows[w];
        int at = c * SUMMARIES;
        row[at] = mean;
        row[at + 1] = Math.sqrt(Math.max(0, squares / windows.steps() - mean * mean));
        row[at + 2] = min;
        row[at + 3] = max;
        row[at + 4] = windows.values()[from];
        row[at + 5] = windows.values()[from + (windows.steps() - 1) * channels];
      }
    }
    return rows;
  }

  /** Standardises the summaries and appends a constant for the intercept. */
  private static Feature[] features(double[] summaries, double[] mean, double[] deviation) {
    Feature[] features = new Feature[summaries.length + 1];
    for (int j = 0; j < summaries.length; j++) {
      features[j] = new FeatureNode(j + 1, (summaries[j] - mean[j]) / deviation[j]);
    }
    features[summaries.length] = new FeatureNode(summaries.length + 1, 1);
    return features;
  }

  @Override
  public double[][] probabilities(LabelledWindows windows) {
    return probabilities(summaries(windows), windows.classes());
  }

  private double[][] probabilities(double[][] summaries, int classes) {
    double[][] probabilities = new double[summaries.length][classes];
    for (int i = 0; i < summaries.length; i++) {
      model.predict(features(summaries[i], mean, deviation), probabilities[i]);
    }
    return probabilities;
  }

  @Override
  public void close() {}
}
