package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.StaticCovariate;
import io.tardiff.cohort.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How well the static covariates of a set reproduce those of the real train windows, over all
 * windows and within each class.
 *
 * <p>The distance of a covariate compares known values: the Kolmogorov-Smirnov statistic of a
 * numeric one, the total variation distance {@code sum |p - q| / 2} of the shares of a categorical
 * one. Both are from 0, equal distributions, to 1. A covariate is categorical as in {@link
 * StaticCovariate}.
 *
 * @param meanDistance mean of {@link Covariate#distance} over covariates and classes
 * @param meanKnownDifference mean absolute difference of {@link Covariate#known} over covariates
 *     and classes
 * @param classes all windows, then those of each class
 */
public record StaticFidelity(double meanDistance, double meanKnownDifference, List<OfClass> classes)
    implements Serializable {

  /**
   * The covariates of a class.
   *
   * @param label null for all windows
   * @param realWindows number of real train windows
   * @param windows number of windows of the set
   */
  public record OfClass(
      @Nullable Integer label, int realWindows, int windows, List<Covariate> covariates)
      implements Serializable {}

  /**
   * A covariate in a class.
   *
   * @param isCategorical which distance it has
   * @param realKnown share of the real windows that know it; NaN if they are fewer than {@link
   *     ChannelProfile#MINIMUM}
   * @param known share of the windows of the set that know it
   * @param distance NaN if fewer than {@link ChannelProfile#MINIMUM} real windows know it; 1 if no
   *     window of the set does
   */
  public record Covariate(
      String name, boolean isCategorical, double realKnown, double known, double distance)
      implements Serializable {}

  /**
   * Compares the covariates of {@code set} with those of {@code real}.
   *
   * @return null if either has none
   */
  static @Nullable StaticFidelity measure(
      WindowSpec spec, LabelledWindows real, LabelledWindows set) {
    int covariates = spec.statics().size();
    if (covariates == 0 || real.covariates() != covariates || set.covariates() != covariates) {
      return null;
    }
    List<OfClass> classes = new ArrayList<>();
    classes.add(ofClass(spec, real, set, null));
    for (int label = 0; label < spec.classes(); label++) {
      classes.add(ofClass(spec, real, set, label));
    }
    List<Covariate> ofClasses =
        classes.stream().skip(1).flatMap(of -> of.covariates().stream()).toList();
    return new StaticFidelity(
        mean(ofClasses.stream().mapToDouble(Covariate::distance)),
        mean(ofClasses.stream().mapToDouble(c -> Math.abs(c.known() - c.realKnown()))),
        classes);
  }

  private static OfClass ofClass(
      WindowSpec spec, LabelledWindows real, LabelledWindows set, @Nullable Integer label) {
    int realWindows = count(real, label);
    int windows = count(set, label);
    List<Covariate> covariates = new ArrayList<>();
    for (int i = 0; i < spec.statics().size(); i++) {
      // The kind is that of all windows, so that it is the same in each class.
      boolean isCategorical = isCategorical(known(real, i, null));
      double[] ofReal = known(real, i, label);
      double[] ofSet = known(set, i, label);
      covariates.add(
          new Covariate(
              spec.statics().get(i),
              isCategorical,
              realWindows < ChannelProfile.MINIMUM
                  ? Double.NaN
                  : ofReal.length / (double) realWindows,
              ofSet.length / (double) windows,
              distance(isCategorical, ofReal, ofSet)));
    }
    return new OfClass(label, realWindows, windows, covariates);
  }

  private static int count(LabelledWindows windows, @Nullable Integer label) {
    return label == null ? windows.size() : windows.counts()[label];
  }

  private static double[] known(LabelledWindows windows, int covariate, @Nullable Integer label) {
    DoubleStream.Builder known = DoubleStream.builder();
    for (int w = 0; w < windows.size(); w++) {
      float value = windows.statics()[w * windows.covariates() + covariate];
      if (!Float.isNaN(value) && (label == null || windows.labels()[w] == label)) {
        // Adding 0 makes a negative zero positive.
        known.add(value + 0.0);
      }
    }
    return known.build().toArray();
  }

  private static boolean isCategorical(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == Math.rint(value))
        && Arrays.stream(values).distinct().count() <= StaticCovariate.MAX_CATEGORIES;
  }

  private static double distance(boolean isCategorical, double[] real, double[] set) {
    if (real.length < ChannelProfile.MINIMUM) {
      return Double.NaN;
    }
    if (set.length == 0) {
      return 1;
    }
    if (isCategorical) {
      return totalVariation(real, set);
    }
    // Commons Math needs two values of each.
    return set.length == 1
        ? Double.NaN
        : new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(real, set);
  }

  private static double totalVariation(double[] real, double[] set) {
    TreeSet<Double> values = new TreeSet<>();
    Arrays.stream(real).forEach(values::add);
    Arrays.stream(set).forEach(values::add);
    return values.stream().mapToDouble(v -> Math.abs(share(real, v) - share(set, v))).sum() / 2;
  }

  private static double share(double[] values, double value) {
    return Arrays.stream(values).filter(v -> v == value).count() / (double) values.length;
  }

  private static double mean(DoubleStream figures) {
    return figures.filter(Double::isFinite).average().orElse(Double.NaN);
  }
}
