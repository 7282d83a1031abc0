package io.tardiff.evaluation;

import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.evaluation.UtilityCurves.Band;
import io.tardiff.evaluation.UtilityCurves.ClassCurves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * ROC and precision-recall curves of a fit at fixed false positive rates and recalls, with
 * intervals from a bootstrap over subjects.
 *
 * <p>The ROC curve is interpolated linearly, through ties too. Precision at a recall is that of the
 * highest threshold that reaches the recall, without interpolation, as in average precision.
 */
final class CurveBands {
  /** Number of points, from 0 to 1. */
  static final int GRID = 51;

  private static final int REPLICATES = 400;

  private CurveBands() {}

  /** Returns the curves of each class; with two classes only those of class 1. */
  static List<ClassCurves> of(Ranking fit) {
    int classes = fit.probabilities()[0].length;
    List<ClassCurves> curves = new ArrayList<>();
    for (int label = classes == 2 ? 1 : 0; label < classes; label++) {
      curves.add(ofClass(fit, label));
    }
    return curves;
  }

  private static ClassCurves ofClass(Ranking fit, int label) {
    int[] order =
        IntStream.range(0, fit.labels().length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -fit.probabilities()[i][label]))
            .mapToInt(i -> i)
            .toArray();
    int[] once = new int[order.length];
    Arrays.fill(once, 1);
    double[][] whole = curves(fit, label, order, once);
    double[][][] replicates = new double[REPLICATES][][];
    Arrays.setAll(replicates, r -> curves(fit, label, order, PairedBootstrap.draw(fit, r)));
    double positives = Arrays.stream(fit.labels()).filter(l -> l == label).count();
    return new ClassCurves(
        label,
        positives / fit.labels().length,
        band(whole[0], replicates, 0),
        band(whole[1], replicates, 1));
  }

  private static Band band(double[] curve, double[][][] replicates, int which) {
    List<Double> low = new ArrayList<>();
    List<Double> high = new ArrayList<>();
    for (int i = 0; i < GRID; i++) {
      int at = i;
      Percentile percentile = new Percentile();
      percentile.setData(Arrays.stream(replicates).mapToDouble(r -> r[which][at]).toArray());
      low.add(percentile.evaluate(2.5));
      high.add(percentile.evaluate(97.5));
    }
    return new Band(low, Arrays.stream(curve).boxed().toList(), high);
  }

  /**
   * Returns the ROC and the precision-recall curve on the grid.
   *
   * @param order windows by falling score
   * @param times how often each window was drawn
   */
  private static double[][] curves(Ranking fit, int label, int[] order, int[] times) {
    double positives = 0;
    double negatives = 0;
    for (int i : order) {
      if (fit.labels()[i] == label) {
        positives += times[i];
      } else {
        negatives += times[i];
      }
    }
    double[] roc = new double[GRID];
    double[] precision = new double[GRID];
    double truePositives = 0;
    double falsePositives = 0;
    int nextRoc = 0;
    int nextPrecision = 0;
    for (int from = 0, to; from < order.length; from = to) {
      double truesBefore = truePositives;
      double falsesBefore = falsePositives;
      double score = fit.probabilities()[order[from]][label];
      for (to = from; to < order.length && fit.probabilities()[order[to]][label] == score; to++) {
        int drawn = times[order[to]];
        if (fit.labels()[order[to]] == label) {
          truePositives += drawn;
        } else {
          falsePositives += drawn;
        }
      }
      // Points passed by falling to this threshold; one that rises straight up is passed later.
      while (nextRoc < GRID && at(nextRoc) * negatives < falsePositives) {
        double part = (at(nextRoc) * negatives - falsesBefore) / (falsePositives - falsesBefore);
        roc[nextRoc++] = (truesBefore + part * (truePositives - truesBefore)) / positives;
      }
      while (nextPrecision < GRID
          && truePositives > 0
          && at(nextPrecision) * positives <= truePositives + 1e-9) {
        precision[nextPrecision++] = truePositives / (truePositives + falsePositives);
      }
    }
    Arrays.fill(roc, nextRoc, GRID, 1);
    return new double[][] {roc, precision};
  }

  private static double at(int point) {
    return (double) point / (GRID - 1);
  }
}
