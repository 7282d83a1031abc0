package io.tardiff.evaluation;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The windows of a test sorted once by their probability of each class, so that AUROC and AUPRC of
 * any draw of them, such as a replicate of a bootstrap, take one pass.
 *
 * <p>Both are those of {@link io.tardiff.training.RankingMetrics} on the windows drawn, each as
 * often as it was drawn.
 */
final class WeightedRanking {
  private final int[] labels;

  /** By class: windows by falling probability, and the index after the last with the same. */
  private final Order[] orders;

  private record Order(int label, int[] windows, int[] ends) {}

  private WeightedRanking(int[] labels, Order[] orders) {
    this.labels = labels;
    this.orders = orders;
  }

  /**
   * Sorts windows.
   *
   * @param probabilities {@code [size, classes]}
   * @param labels {@code [size]}
   */
  static WeightedRanking of(double[][] probabilities, int[] labels) {
    int classes = probabilities[0].length;
    int first = classes == 2 ? 1 : 0;
    return new WeightedRanking(
        labels,
        IntStream.range(first, classes)
            .mapToObj(label -> order(probabilities, label))
            .toArray(Order[]::new));
  }

  private static Order order(double[][] probabilities, int label) {
    int[] windows =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -probabilities[i][label]))
            .mapToInt(i -> i)
            .toArray();
    int[] ends = new int[windows.length];
    for (int i = windows.length - 1; i >= 0; i--) {
      boolean isTied =
          i + 1 < windows.length
              && probabilities[windows[i]][label] == probabilities[windows[i + 1]][label];
      ends[i] = isTied ? ends[i + 1] : i + 1;
    }
    return new Order(label, windows, ends);
  }

  /**
   * Returns the AUROC: that of class 1 of two, otherwise the mean of one-versus-rest.
   *
   * @param times {@code [size]}, how often each window was drawn; every class must be
   */
  double auroc(int[] times) {
    double sum = 0;
    for (Order order : orders) {
      double positives = 0;
      double negatives = 0;
      double ordered = 0; // Pairs of a positive above a negative; of tied pairs one half.
      for (int from = 0; from < order.windows.length; from = order.ends[from]) {
        double positivesHere = 0;
        double negativesHere = 0;
        for (int i = from; i < order.ends[from]; i++) {
          int window = order.windows[i];
          if (labels[window] == order.label) {
            positivesHere += times[window];
          } else {
            negativesHere += times[window];
          }
        }
        ordered += negativesHere * (positives + positivesHere / 2);
        positives += positivesHere;
        negatives += negativesHere;
      }
      sum += ordered / (positives * negatives);
    }
    return sum / orders.length;
  }

  /** Returns the AUPRC, averaged like {@link #auroc}. */
  double auprc(int[] times) {
    double sum = 0;
    for (Order order : orders) {
      double positives = 0;
      double all = 0;
      double precisions = 0;
      for (int from = 0; from < order.windows.length; from = order.ends[from]) {
        double positivesHere = 0;
        for (int i = from; i < order.ends[from]; i++) {
          int window = order.windows[i];
          all += times[window];
          positivesHere += labels[window] == order.label ? times[window] : 0;
        }
        positives += positivesHere;
        precisions += positivesHere == 0 ? 0 : positivesHere * positives / all;
      }
      sum += precisions / positives;
    }
    return sum / orders.length;
  }
}
