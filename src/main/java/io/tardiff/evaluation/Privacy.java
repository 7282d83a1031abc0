package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Whether a set is closer to the patients its model was trained on than to patients the model never
 * saw.
 *
 * <p>Distances are root-mean-square over steps and channels, in network units. Samples of a
 * generator that memorised nobody are as often closer to a held_out window as to a train window, so
 * {@code closerToTrain} is near one half. It is computed with equal numbers of train and held_out
 * windows, because the nearest of more windows is nearer. Windows without any variation are
 * excluded: stays with nothing recorded are filled with medians, so they all coincide. Sets with
 * more than {@link #LIMIT} windows are represented by a seeded sample. If a set is empty after
 * that, distances and shares are NaN and counts of copies are 0.
 *
 * @param windows number of windows of the set that were compared
 * @param trainWindows number of train windows they were compared with
 * @param heldOutWindows number of held_out windows they were compared with
 * @param closerToTrain share of windows whose nearest train window is nearer than the nearest
 *     held_out window, ties counting one half; mean over 5 draws of equally many train and held_out
 *     windows
 * @param closerIfCopied expected {@code closerToTrain} of copies of train windows; below 1 if a
 *     draw does not hold every original
 * @param medianTrainDistance median distance to the nearest of all train windows
 * @param medianHeldOutDistance median distance to the nearest held_out window
 * @param medianDistanceRatio median over windows of the distance to the nearest divided by that to
 *     the second nearest train window; far below 1 if windows are close to a single patient
 * @param nearCopies number of windows closer to a train window than 99 % of the held_out windows
 *     are; about 1 % of {@code windows} by chance
 * @param exactCopies number of windows within {@code 1e-4}, that is rounding, of a train window
 */
public record Privacy(
    int windows,
    int trainWindows,
    int heldOutWindows,
    double closerToTrain,
    double closerIfCopied,
    double medianTrainDistance,
    double medianHeldOutDistance,
    double medianDistanceRatio,
    int nearCopies,
    int exactCopies)
    implements Serializable {

  /** Limits the comparison of large sets to a few minutes. */
  static final int LIMIT = 10_000;

  private static final int DRAWS = 5;

  /** Distance within which windows count as copies, because values are rounded. */
  static final double COPY = 1e-4;

  private static final double NEAR_PERCENTILE = 1;

  /**
   * The distances behind the figures.
   *
   * @param windows indices of the windows of the set that were compared
   * @param toTrain distance of each to the nearest train window
   * @param toHeldOut distance of each to the nearest held_out window
   * @param heldOutToTrain distance of each held_out window to the nearest train window
   * @param near distance below which a window is a near copy
   */
  record Distances(
      int[] windows, double[] toTrain, double[] toHeldOut, double[] heldOutToTrain, double near) {}

  /**
   * The figures, and the distances that they summarise.
   *
   * @param distances null if there was nothing to compare
   */
  record Comparison(Privacy privacy, @Nullable Distances distances) {}

  /**
   * Compares {@code set} with both splits; all are {@code [size, steps, channels]} in network
   * units.
   */
  static Privacy measure(LabelledWindows train, LabelledWindows heldOut, LabelledWindows set) {
    return compare(train, heldOut, set).privacy();
  }

  /** As {@link #measure}, with the distances. */
  static Comparison compare(LabelledWindows train, LabelledWindows heldOut, LabelledWindows set) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(0);
    int[] samples = varying(set, random);
    int[] trained = varying(train, random);
    int[] unseen = varying(heldOut, random);
    int equal = Math.min(trained.length, unseen.length);
    if (samples.length == 0 || equal == 0) {
      return new Comparison(
          new Privacy(
              samples.length,
              trained.length,
              unseen.length,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              0,
              0),
          null);
    }
    int[][] trainDraws = draws(random, trained.length, equal);
    int[][] heldOutDraws = draws(random, unseen.length, equal);
    double[] toTrain = new double[samples.length];
    double[] toHeldOut = new double[samples.length];
    double[] ratio = new double[samples.length];
    double[] heldOutToTrain =
        Arrays.stream(unseen)
            .mapToDouble(i -> StatUtils.min(distances(heldOut, i, train, trained)))
            .toArray();
    double near = StatUtils.percentile(heldOutToTrain, NEAR_PERCENTILE);
    double closer = 0;
    int nearCopies = 0;
    int copies = 0;
    // One row of distances at a time, because the full matrix of a large cohort would not fit.
    for (int i = 0; i < samples.length; i++) {
      double[] trainRow = distances(set, samples[i], train, trained);
      double[] heldOutRow = distances(set, samples[i], heldOut, unseen);
      for (int draw = 0; draw < DRAWS; draw++) {
        closer +=
            closer(nearest(trainRow, trainDraws[draw]), nearest(heldOutRow, heldOutDraws[draw]));
      }
      Arrays.sort(trainRow);
      toTrain[i] = trainRow[0];
      toHeldOut[i] = StatUtils.min(heldOutRow);
      ratio[i] = trainRow.length > 1 && trainRow[1] > 0 ? trainRow[0] / trainRow[1] : Double.NaN;
      nearCopies += trainRow[0] < near ? 1 : 0;
      copies += trainRow[0] < COPY ? 1 : 0;
    }
    return new Comparison(
        new Privacy(
            samples.length,
            trained.length,
            unseen.length,
            closer / ((double) samples.length * DRAWS),
            0.5 + 0.5 * equal / trained.length,
            StatUtils.percentile(toTrain, 50),
            StatUtils.percentile(toHeldOut, 50),
            StatUtils.percentile(Arrays.stream(ratio).filter(r -> !Double.isNaN(r)).toArray(), 50),
            nearCopies,
            copies),
        new Distances(samples, toTrain, toHeldOut, heldOutToTrain, near));
  }

  private static double closer(double toTrain, double toHeldOut) {
    return toTrain < toHeldOut ? 1 : toTrain == toHeldOut ? 0.5 : 0;
  }

  private static int[][] draws(UniformRandomProvider random, int size, int count) {
    int[][] draws = new int[DRAWS][];
    Arrays.setAll(draws, d -> new PermutationSampler(random, size, count).sample());
    return draws;
  }

  private static double nearest(double[] row, int[] among) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int j : among) {
      nearest = Math.min(nearest, row[j]);
    }
    return nearest;
  }

  /** Returns the indices of at most {@link #LIMIT} windows in which some channel varies. */
  static int[] varying(LabelledWindows windows, UniformRandomProvider random) {
    int[] varying = IntStream.range(0, windows.size()).filter(w -> varies(windows, w)).toArray();
    if (varying.length <= LIMIT) {
      return varying;
    }
    int[] pick = new PermutationSampler(random, varying.length, LIMIT).sample();
    return Arrays.stream(pick).map(i -> varying[i]).sorted().toArray();
  }

  private static boolean varies(LabelledWindows windows, int window) {
    int from = window * windows.stride();
    for (int i = windows.channels(); i < windows.stride(); i++) {
      if (Math.abs(windows.values()[from + i] - windows.values()[from + i % windows.channels()])
          > COPY) {
        return true;
      }
    }
    return false;
  }

  static double[] distances(LabelledWindows from, int window, LabelledWindows to, int[] among) {
    int stride = from.stride();
    float[] a = from.values();
    float[] b = to.values();
    double[] distances = new double[among.length];
    for (int j = 0; j < among.length; j++) {
      float sum = 0;
      for (int k = 0, ka = window * stride, kb = among[j] * stride; k < stride; k++) {
        float difference = a[ka + k] - b[kb + k];
        sum += difference * difference;
      }
      distances[j] = Math.sqrt(sum / stride);
    }
    return distances;
  }
}
