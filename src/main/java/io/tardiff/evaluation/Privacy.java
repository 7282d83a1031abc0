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
    WindowDistances toTrained = new WindowDistances(train, trained);
    WindowDistances toUnseen = new WindowDistances(heldOut, unseen);
    double[] heldOutToTrain = new double[unseen.length];
    toTrained.from(heldOut, unseen, (i, row) -> heldOutToTrain[i] = StatUtils.min(row));
    double near = StatUtils.percentile(heldOutToTrain, NEAR_PERCENTILE);
    double[][] nearestTrain = new double[DRAWS][samples.length];
    toTrained.from(
        set,
        samples,
        (i, row) -> {
          for (int draw = 0; draw < DRAWS; draw++) {
            nearestTrain[draw][i] = nearest(row, trainDraws[draw]);
          }
          double[] two = twoNearest(row);
          toTrain[i] = two[0];
          ratio[i] = two[1] > 0 && two[1] < Double.POSITIVE_INFINITY ? two[0] / two[1] : Double.NaN;
        });
    double[][] nearestHeldOut = new double[DRAWS][samples.length];
    toUnseen.from(
        set,
        samples,
        (i, row) -> {
          for (int draw = 0; draw < DRAWS; draw++) {
            nearestHeldOut[draw][i] = nearest(row, heldOutDraws[draw]);
          }
          toHeldOut[i] = StatUtils.min(row);
        });
    double closer = 0;
    int nearCopies = 0;
    int copies = 0;
    for (int i = 0; i < samples.length; i++) {
      for (int draw = 0; draw < DRAWS; draw++) {
        closer += closer(nearestTrain[draw][i], nearestHeldOut[draw][i]);
      }
      nearCopies += toTrain[i] < near ? 1 : 0;
      copies += toTrain[i] < COPY ? 1 : 0;
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

  /** Returns the two smallest distances; infinite where there are fewer. */
  private static double[] twoNearest(double[] row) {
    double first = Double.POSITIVE_INFINITY;
    double second = Double.POSITIVE_INFINITY;
    for (double distance : row) {
      second = Math.min(second, Math.max(first, distance));
      first = Math.min(first, distance);
    }
    return new double[] {first, second};
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
}
