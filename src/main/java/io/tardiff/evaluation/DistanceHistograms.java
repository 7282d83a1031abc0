package io.tardiff.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.stat.StatUtils;

/**
 * How far windows are from the nearest real ones, in network units.
 *
 * @param toTrain synthetic windows to the nearest train window
 * @param toHeldOut synthetic windows to the nearest held_out window
 * @param heldOutToTrain held_out windows to the nearest train window: real patients among
 *     themselves
 * @param near distance below which a synthetic window counts as a near copy
 */
@Internal
public record DistanceHistograms(
    Histogram toTrain, Histogram toHeldOut, Histogram heldOutToTrain, double near)
    implements Serializable {

  private static final int BINS = 40;

  /**
   * A histogram in which every bin holds at least {@link ChannelProfile#MINIMUM} windows: smaller
   * ones are merged with the next.
   *
   * @param edges one more than bins; the last bin includes greater distances. Empty if there are
   *     fewer windows than one bin needs
   * @param shares share of windows per bin
   */
  public record Histogram(List<Double> edges, List<Double> shares) implements Serializable {

    static Histogram of(double[] distances, double width) {
      long[] counts = new long[BINS];
      for (double distance : distances) {
        counts[width > 0 ? (int) Math.min(BINS - 1, distance / width) : 0]++;
      }
      List<Double> edges = new ArrayList<>();
      List<Double> shares = new ArrayList<>();
      long count = 0;
      for (int bin = 0; bin < BINS; bin++) {
        count += counts[bin];
        if (count >= ChannelProfile.MINIMUM) {
          if (edges.isEmpty()) {
            edges.add(0.0);
          }
          edges.add((bin + 1) * width);
          shares.add((double) count / distances.length);
          count = 0;
        }
      }
      if (count > 0 && !shares.isEmpty()) {
        int last = shares.size() - 1;
        edges.set(last + 1, BINS * width);
        shares.set(last, shares.get(last) + (double) count / distances.length);
      }
      return new Histogram(edges, shares);
    }
  }

  static DistanceHistograms of(Privacy.Distances distances) {
    double far =
        Math.max(
            StatUtils.percentile(distances.heldOutToTrain(), 99),
            StatUtils.percentile(distances.toTrain(), 99));
    double width = far / BINS;
    return new DistanceHistograms(
        Histogram.of(distances.toTrain(), width),
        Histogram.of(distances.toHeldOut(), width),
        Histogram.of(distances.heldOutToTrain(), width),
        distances.near());
  }
}
