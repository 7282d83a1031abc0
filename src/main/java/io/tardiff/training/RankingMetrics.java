package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.function.ToDoubleBiFunction;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;
import org.tribuo.classification.evaluation.LabelEvaluationUtil;

/**
 * AUROC and AUPRC: how well scores rank the windows of a class before the others.
 *
 * <p>AUROC is the probability that a positive window scores above a negative one, with ties
 * counting one half. AUPRC is the average precision {@code sum_i (R_i - R_{i-1}) P_i} over the
 * distinct scores, as computed by scikit-learn's {@code average_precision_score}: windows with
 * equal scores enter together, without interpolation. A random ranking has AUROC 0.5 and an AUPRC
 * equal to the share of positives.
 *
 * <pre>{@code
 * double[][] probabilities = classifier.probabilities(tuning); // [size, classes]
 * double auprc = RankingMetrics.auprc(probabilities, tuning.labels());
 * }</pre>
 *
 * <p>Both are computed by Tribuo, which treats scores less than 1e-12 apart as equal and would
 * merge the confident scores of a rare class. It is therefore passed ranks, so that only equal
 * scores are ties.
 */
@Internal
public final class RankingMetrics {

  private RankingMetrics() {}

  /**
   * Returns the area under the ROC curve.
   *
   * @throws IllegalArgumentException if a score is NaN, or if there are no positives or no
   *     negatives, for which the area is undefined
   */
  public static double auroc(double[] scores, boolean[] positives) {
    check(scores, positives);
    return LabelEvaluationUtil.binaryAUCROC(positives, ranks(scores));
  }

  /**
   * Returns the area under the precision-recall curve, as average precision.
   *
   * @throws IllegalArgumentException like {@link #auroc(double[], boolean[])}
   */
  public static double auprc(double[] scores, boolean[] positives) {
    check(scores, positives);
    return LabelEvaluationUtil.averagedPrecision(positives, ranks(scores));
  }

  /**
   * Returns the AUROC of {@code [size, classes]} probabilities: that of class 1 if there are two
   * classes, otherwise the unweighted mean of one-versus-rest over all classes.
   */
  public static double auroc(double[][] probabilities, int[] labels) {
    return oneVersusRest(probabilities, labels, RankingMetrics::auroc);
  }

  /** Returns the AUPRC of {@code [size, classes]} probabilities, averaged like {@link #auroc}. */
  public static double auprc(double[][] probabilities, int[] labels) {
    return oneVersusRest(probabilities, labels, RankingMetrics::auprc);
  }

  private static double oneVersusRest(
      double[][] probabilities, int[] labels, ToDoubleBiFunction<double[], boolean[]> metric) {
    checkArgument(
        probabilities.length == labels.length,
        "probabilities and labels must have the same length, were %s and %s",
        probabilities.length,
        labels.length);
    checkArgument(labels.length > 0, "labels must not be empty");
    int classes = probabilities[0].length;
    checkArgument(classes >= 2, "probabilities must have at least 2 columns, had %s", classes);
    int first = classes == 2 ? 1 : 0;
    double sum = 0;
    for (int k = first; k < classes; k++) {
      double[] scores = new double[labels.length];
      boolean[] positives = new boolean[labels.length];
      for (int i = 0; i < labels.length; i++) {
        scores[i] = probabilities[i][k];
        positives[i] = labels[i] == k;
      }
      try {
        sum += metric.applyAsDouble(scores, positives);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("class " + k + ": " + e.getMessage(), e);
      }
    }
    return sum / (classes - first);
  }

  private static double[] ranks(double[] scores) {
    return new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.MINIMUM).rank(scores);
  }

  private static void check(double[] scores, boolean[] positives) {
    checkArgument(
        scores.length == positives.length,
        "scores and positives must have the same length, were %s and %s",
        scores.length,
        positives.length);
    int count = 0;
    for (int i = 0; i < scores.length; i++) {
      checkArgument(!Double.isNaN(scores[i]), "scores must be numbers, the one at %s was NaN", i);
      count += positives[i] ? 1 : 0;
    }
    checkArgument(
        count > 0 && count < scores.length,
        "there must be positives and negatives, %s of %s were positive",
        count,
        scores.length);
  }
}
