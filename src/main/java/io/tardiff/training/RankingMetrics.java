package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.function.ToDoubleBiFunction;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;
import org.tribuo.classification.evaluation.LabelEvaluationUtil;

/**
 * How well scores rank the windows of a class before the others: AUROC and AUPRC.
 *
 * <p>AUROC is the chance that a positive window scores above a negative one, ties counting one
 * half. AUPRC is the average precision {@code sum_i (R_i - R_{i-1}) P_i} over the distinct scores,
 * which is what scikit-learn's {@code average_precision_score} gives: windows of equal score enter
 * together, and nothing is interpolated. A ranking that knows nothing has AUROC 0.5 and AUPRC equal
 * to the share of positives.
 *
 * <pre>{@code
 * double[][] probabilities = classifier.probabilities(tuning); // [size, classes]
 * double auprc = RankingMetrics.auprc(probabilities, tuning.labels());
 * }</pre>
 *
 * <p>The curves are Tribuo's. Tribuo takes scores less than 1e-12 apart for equal, which would
 * merge the confident scores of a rare class; ranks are passed in place of scores, so that only
 * equal scores are ties.
 */
@Internal
public final class RankingMetrics {

  private RankingMetrics() {}

  /**
   * Area under the ROC curve.
   *
   * @throws IllegalArgumentException if a score is NaN, or if one of the two classes is missing,
   *     for the area is not defined then
   */
  public static double auroc(double[] scores, boolean[] positives) {
    check(scores, positives);
    return LabelEvaluationUtil.binaryAUCROC(positives, ranks(scores));
  }

  /**
   * Area under the precision-recall curve, as average precision.
   *
   * @throws IllegalArgumentException as {@link #auroc(double[], boolean[])}
   */
  public static double auprc(double[] scores, boolean[] positives) {
    check(scores, positives);
    return LabelEvaluationUtil.averagedPrecision(positives, ranks(scores));
  }

  /**
   * AUROC of {@code [size, classes]} probabilities: of class 1 where there are two classes, else
   * the unweighted mean over classes of one against the rest.
   */
  public static double auroc(double[][] probabilities, int[] labels) {
    return oneVersusRest(probabilities, labels, RankingMetrics::auroc);
  }

  /** AUPRC of {@code [size, classes]} probabilities, averaged over classes as in {@link #auroc}. */
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
        "windows to rank must be of both kinds, %s of %s were positive",
        count,
        scores.length);
  }
}
