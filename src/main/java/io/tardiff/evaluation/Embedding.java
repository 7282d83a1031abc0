package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.StorelessCovariance;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Synthetic windows among the real train windows, on the two axes along which the train windows
 * vary most.
 *
 * <p>A principal component analysis of three features per channel in network units: mean, standard
 * deviation, and trend (mean of the last third of the window minus that of the first). It is fitted
 * to the train windows. Real windows are counted on a grid, and cells with fewer than {@link
 * ChannelProfile#MINIMUM} subjects are left empty; synthetic windows are points.
 *
 * @param axes the two axes
 * @param cells number of cells along each axis
 * @param real counts for all train windows, then for those of each class
 * @param points synthetic windows
 */
@Internal
public record Embedding(List<Axis> axes, int cells, List<ClassCells> real, List<Point> points)
    implements Serializable {

  /** Maximum number of synthetic windows drawn. */
  static final int POINTS = 500;

  private static final int MAX_CELLS = 24;
  private static final List<String> FEATURES = List.of("mean", "variability", "trend");

  /**
   * An axis.
   *
   * @param explained share of the variance of the features along it
   * @param low smallest value shown; windows beyond are drawn at the edge
   * @param high largest value shown
   * @param features the features that it depends on most, with the sign of their weight
   */
  public record Axis(double explained, double low, double high, List<Feature> features)
      implements Serializable {

    int cell(double value, int cells) {
      double at = high > low ? (value - low) / (high - low) * cells : 0;
      return (int) Math.max(0, Math.min(cells - 1, at));
    }

    double clamp(double value) {
      return Math.max(low, Math.min(high, value));
    }
  }

  /** A feature of a channel and its weight on an axis. */
  public record Feature(String channel, String feature, double weight) implements Serializable {}

  /**
   * The cells reached by enough subjects.
   *
   * @param label null for all windows
   * @param shown share of the windows that lie in these cells
   */
  public record ClassCells(@Nullable Integer label, double shown, List<Cell> cells)
      implements Serializable {}

  /** A cell, counted from the low ends of both axes. */
  public record Cell(int x, int y, int windows) implements Serializable {}

  /** A synthetic window. */
  public record Point(int label, double x, double y) implements Serializable {}

  static Embedding of(
      WindowSpec spec, LabelledWindows train, int[] trainSubjects, LabelledWindows set) {
    double[][] features = features(train);
    double[] centre = new double[features[0].length];
    double[] scale = new double[centre.length];
    StorelessCovariance sums = new StorelessCovariance(centre.length);
    for (double[] row : features) {
      sums.increment(row);
      for (int f = 0; f < row.length; f++) {
        centre[f] += row[f] / features.length;
      }
    }
    RealMatrix covariance = sums.getCovarianceMatrix();
    for (int f = 0; f < scale.length; f++) {
      scale[f] = Math.sqrt(covariance.getEntry(f, f));
    }
    RealMatrix correlation = covariance.copy();
    for (int a = 0; a < scale.length; a++) {
      for (int b = 0; b < scale.length; b++) {
        // A feature that does not vary has no say.
        double product = scale[a] * scale[b];
        correlation.setEntry(a, b, product > 0 ? covariance.getEntry(a, b) / product : 0);
      }
    }
    EigenDecomposition eigen = new EigenDecomposition(correlation);
    double[][] weights = new double[2][];
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      weights[axis] = signed(eigen.getEigenvector(axis).toArray());
      double[] along = along(features, centre, scale, weights[axis]);
      Percentile percentile = new Percentile();
      percentile.setData(along);
      double low = percentile.evaluate(2.5);
      double high = percentile.evaluate(97.5);
      double margin = 0.15 * (high - low);
      axes.add(
          new Axis(
              eigen.getRealEigenvalue(axis) / Math.max(correlation.getTrace(), 1e-12),
              low - margin,
              high + margin,
              strongest(spec, weights[axis])));
    }
    int cells = (int) Math.max(6, Math.min(MAX_CELLS, Math.sqrt((double) train.size() / 6)));
    double[] x = along(features, centre, scale, weights[0]);
    double[] y = along(features, centre, scale, weights[1]);
    List<ClassCells> real = new ArrayList<>();
    real.add(cells(axes, cells, x, y, train, trainSubjects, null));
    for (int label = 0; label < spec.classes(); label++) {
      real.add(cells(axes, cells, x, y, train, trainSubjects, label));
    }
    LabelledWindows drawn =
        set.select(
            IntStream.range(0, Math.min(POINTS, set.size()))
                .map(i -> (int) ((long) i * set.size() / Math.min(POINTS, set.size())))
                .toArray());
    double[][] ofSet = features(drawn);
    double[] setX = along(ofSet, centre, scale, weights[0]);
    double[] setY = along(ofSet, centre, scale, weights[1]);
    List<Point> points =
        IntStream.range(0, drawn.size())
            .mapToObj(
                w ->
                    new Point(
                        drawn.labels()[w], axes.get(0).clamp(setX[w]), axes.get(1).clamp(setY[w])))
            .toList();
    return new Embedding(axes, cells, real, points);
  }

  /** Returns {@code [size, 3 * channels]}. */
  private static double[][] features(LabelledWindows windows) {
    int channels = windows.channels();
    int third = Math.max(1, windows.steps() / 3);
    double[][] features = new double[windows.size()][channels * FEATURES.size()];
    for (int w = 0; w < windows.size(); w++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        double squares = 0;
        double trend = 0;
        for (int t = 0; t < windows.steps(); t++) {
          double value = windows.values()[w * windows.stride() + t * channels + c];
          sum += value;
          squares += value * value;
          trend += t < third ? -value / third : 0;
          trend += t >= windows.steps() - third ? value / third : 0;
        }
        double mean = sum / windows.steps();
        features[w][FEATURES.size() * c] = mean;
        features[w][FEATURES.size() * c + 1] =
            Math.sqrt(Math.max(0, squares / windows.steps() - mean * mean));
        features[w][FEATURES.size() * c + 2] = trend;
      }
    }
    return features;
  }

  private static double[] along(
      double[][] features, double[] centre, double[] scale, double[] weights) {
    return Arrays.stream(features)
        .mapToDouble(
            row -> {
              double sum = 0;
              for (int f = 0; f < row.length; f++) {
                sum += scale[f] > 0 ? weights[f] * (row[f] - centre[f]) / scale[f] : 0;
              }
              return sum;
            })
        .toArray();
  }

  /** The sign of an eigenvector is arbitrary: its largest entry is made positive. */
  private static double[] signed(double[] vector) {
    double largest = 0;
    for (double entry : vector) {
      largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
    }
    double sign = largest < 0 ? -1 : 1;
    return Arrays.stream(vector).map(entry -> sign * entry).toArray();
  }

  private static List<Feature> strongest(WindowSpec spec, double[] weights) {
    return IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparingDouble(f -> -Math.abs(weights[f])))
        .limit(3)
        .map(
            f ->
                new Feature(
                    spec.channels().get(f / FEATURES.size()).name(),
                    FEATURES.get(f % FEATURES.size()),
                    weights[f]))
        .toList();
  }

  private static ClassCells cells(
      List<Axis> axes,
      int cells,
      double[] x,
      double[] y,
      LabelledWindows train,
      int[] subjects,
      @Nullable Integer label) {
    Map<Integer, Set<Integer>> reachedBy = new HashMap<>();
    Map<Integer, Integer> windows = new TreeMap<>();
    int all = 0;
    for (int w = 0; w < train.size(); w++) {
      if (label == null || train.labels()[w] == label) {
        int cell = axes.get(1).cell(y[w], cells) * cells + axes.get(0).cell(x[w], cells);
        reachedBy.computeIfAbsent(cell, key -> new HashSet<>()).add(subjects[w]);
        windows.merge(cell, 1, Integer::sum);
        all++;
      }
    }
    List<Cell> shown = new ArrayList<>();
    int inShown = 0;
    for (Map.Entry<Integer, Integer> entry : windows.entrySet()) {
      if (reachedBy.get(entry.getKey()).size() >= ChannelProfile.MINIMUM) {
        shown.add(new Cell(entry.getKey() % cells, entry.getKey() / cells, entry.getValue()));
        inShown += entry.getValue();
      }
    }
    return new ClassCells(label, all == 0 ? Double.NaN : (double) inShown / all, shown);
  }
}
