package io.tardiff.selection;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.files.CloseableIterator;
import io.tardiff.training.CohortWindows;
import java.util.Arrays;
import java.util.List;

/**
 * Distances to the nearest train window, labelled or not: the root mean square over steps and
 * channels, in network units. Train is streamed, so only the given windows are in memory.
 */
final class NearestTrain {
  private NearestTrain() {}

  /**
   * Returns the distance of each of {@code windows}, {@code [steps x channels]} in network units.
   */
  static double[] distances(Cohort cohort, List<float[]> windows) {
    double[] nearest = new double[windows.size()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (String shard : cohort.denoiserShards()) {
      try (CloseableIterator<EhrWindow> train = cohort.read(shard)) {
        while (train.hasNext()) {
          float[] values = CohortWindows.normalised(cohort, train.next());
          for (int i = 0; i < nearest.length; i++) {
            nearest[i] = Math.min(nearest[i], squared(windows.get(i), values, nearest[i]));
          }
        }
      }
    }
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] = Math.sqrt(nearest[i] / windows.get(i).length);
    }
    return nearest;
  }

  /** Returns the squared distance, or a partial sum once it reaches {@code limit}. */
  private static double squared(float[] a, float[] b, double limit) {
    double sum = 0;
    for (int k = 0; k < a.length && sum < limit; k++) {
      double difference = a[k] - b[k];
      sum += difference * difference;
    }
    return sum;
  }
}
