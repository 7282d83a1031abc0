package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Sums of the features of windows by class: counts, sums, and sums of products within a class or
 * over all classes. Sums of parts add up to those of the whole ({@link #toVector}).
 *
 * <pre>{@code
 * MomentSums sums = MomentSums.byClass(2, features);
 * sums.add(label, row);
 * double[] mean = sums.mean(1);
 * double[][] covariance = sums.covariance(1);
 * }</pre>
 */
@Internal
public final class MomentSums {
  private final int classes;
  private final int width;
  private final int groups;
  private final double[] vector;

  private MomentSums(int classes, int width, int groups, double[] vector) {
    this.classes = classes;
    this.width = width;
    this.groups = groups;
    this.vector = vector;
    checkArgument(
        vector.length == length(classes, width, groups),
        "the vector must have %s numbers, had %s",
        length(classes, width, groups),
        vector.length);
  }

  private static int length(int classes, int width, int groups) {
    return Math.toIntExact(
        classes * (1L + width) + groups * Math.multiplyExact((long) width, width + 1L) / 2);
  }

  /** Returns empty sums with the products of each class. */
  public static MomentSums byClass(int classes, int width) {
    return new MomentSums(classes, width, classes, new double[length(classes, width, classes)]);
  }

  /** Returns empty sums with the products over all classes together. */
  public static MomentSums pooled(int classes, int width) {
    return new MomentSums(classes, width, 1, new double[length(classes, width, 1)]);
  }

  /** Returns sums of the same shape from a vector. */
  public MomentSums of(double[] sums) {
    return new MomentSums(classes, width, groups, sums.clone());
  }

  /** Adds the features of a window. */
  public void add(int label, double[] row) {
    int at = label * (1 + width);
    vector[at]++;
    for (int i = 0; i < width; i++) {
      vector[at + 1 + i] += row[i];
    }
    int product = products(groups == 1 ? 0 : label);
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        vector[product++] += row[i] * row[j];
      }
    }
  }

  private int products(int group) {
    return classes * (1 + width) + group * (width * (width + 1) / 2);
  }

  /** Returns the sums as a vector, which may be added to others of the same shape. */
  public double[] toVector() {
    return vector.clone();
  }

  public int classes() {
    return classes;
  }

  /** Returns the number of windows of a class. */
  public long count(int label) {
    return Math.round(vector[label * (1 + width)]);
  }

  /** Returns the number of windows. */
  public long count() {
    long count = 0;
    for (int label = 0; label < classes; label++) {
      count += count(label);
    }
    return count;
  }

  /** Returns the mean features of a class. */
  public double[] mean(int label) {
    checkArgument(count(label) > 0, "class %s must have windows, has none", label);
    int at = label * (1 + width);
    double[] mean = Arrays.copyOfRange(vector, at + 1, at + 1 + width);
    for (int i = 0; i < width; i++) {
      mean[i] /= vector[at];
    }
    return mean;
  }

  /** Returns the mean features over all classes. */
  public double[] mean() {
    double[] mean = new double[width];
    for (int label = 0; label < classes; label++) {
      for (int i = 0; i < width; i++) {
        mean[i] += vector[label * (1 + width) + 1 + i] / count();
      }
    }
    return mean;
  }

  /** Returns the covariance within a class. */
  public double[][] covariance(int label) {
    checkArgument(groups == classes, "the sums must have products by class");
    return covariance(label, mean(label), count(label));
  }

  /** Returns the covariance over all classes. */
  public double[][] covariance() {
    checkArgument(groups == 1, "the sums must have products over all classes");
    return covariance(0, mean(), count());
  }

  private double[][] covariance(int group, double[] mean, long count) {
    double[][] covariance = new double[width][width];
    int product = products(group);
    for (int i = 0; i < width; i++) {
      for (int j = 0; j <= i; j++) {
        covariance[i][j] = vector[product++] / count - mean[i] * mean[j];
        covariance[j][i] = covariance[i][j];
      }
    }
    return covariance;
  }
}
