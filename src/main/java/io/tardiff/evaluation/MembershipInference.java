package io.tardiff.evaluation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * How well an attack tells the patients a model was trained on (members) from patients it never
 * saw, by a score that is higher for supposed members.
 *
 * <p>The unit is the subject, whose score is the highest of its windows. Without leakage {@code
 * auc} is near 0.5.
 *
 * @param members number of train subjects
 * @param nonMembers number of held_out subjects
 * @param auc area under the ROC curve, ties counting one half; NaN if either group is empty
 * @param aucLow 2.5 % quantile of {@code auc} over 1,000 bootstrap draws of both groups
 * @param aucHigh 97.5 % quantile
 * @param tprAt1 share of members above the lowest threshold that at most 1 % of the non-members
 *     reach
 * @param tprAt10 the same at 10 %
 * @param aucIfCopied the {@code auc} of the same attack on copies of as many train windows as the
 *     set has: an attack that does not detect these detects nothing
 */
public record MembershipInference(
    int members,
    int nonMembers,
    double auc,
    double aucLow,
    double aucHigh,
    double tprAt1,
    double tprAt10,
    double aucIfCopied)
    implements Serializable {

  /**
   * Measures an attack.
   *
   * @param members score of each train subject
   * @param nonMembers score of each held_out subject
   */
  static MembershipInference of(double[] members, double[] nonMembers, double aucIfCopied) {
    if (members.length == 0 || nonMembers.length == 0) {
      return new MembershipInference(
          members.length,
          nonMembers.length,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN);
    }
    Ranked ranked = Ranked.of(members, nonMembers);
    double[] interval = PairedBootstrap.interval(random -> ranked.draw(random).auc());
    return new MembershipInference(
        members.length,
        nonMembers.length,
        ranked.auc(),
        interval[0],
        interval[1],
        ranked.tpr(0.01),
        ranked.tpr(0.1),
        aucIfCopied);
  }

  /** Returns the area under the ROC curve; NaN if either group is empty. */
  static double auc(double[] members, double[] nonMembers) {
    return members.length == 0 || nonMembers.length == 0
        ? Double.NaN
        : Ranked.of(members, nonMembers).auc();
  }

  /**
   * The scores as ranks among their distinct values, so that a bootstrap draw needs no sorting.
   *
   * @param members rank of each member
   * @param ranks number of distinct values
   */
  private record Ranked(int[] members, int[] nonMembers, int ranks) {
    static Ranked of(double[] members, double[] nonMembers) {
      double[] distinct =
          IntStream.range(0, members.length + nonMembers.length)
              .mapToDouble(i -> i < members.length ? members[i] : nonMembers[i - members.length])
              .sorted()
              .distinct()
              .toArray();
      return new Ranked(ranks(members, distinct), ranks(nonMembers, distinct), distinct.length);
    }

    private static int[] ranks(double[] scores, double[] distinct) {
      return Arrays.stream(scores).mapToInt(s -> Arrays.binarySearch(distinct, s)).toArray();
    }

    Ranked draw(UniformRandomProvider random) {
      return new Ranked(draw(random, members), draw(random, nonMembers), ranks);
    }

    private static int[] draw(UniformRandomProvider random, int[] from) {
      int[] drawn = new int[from.length];
      Arrays.setAll(drawn, i -> from[random.nextInt(from.length)]);
      return drawn;
    }

    private long[] counts(int[] of) {
      long[] counts = new long[ranks];
      for (int rank : of) {
        counts[rank]++;
      }
      return counts;
    }

    double auc() {
      long[] ofMembers = counts(members);
      long[] ofNonMembers = counts(nonMembers);
      double below = 0;
      double sum = 0;
      for (int rank = 0; rank < ranks; rank++) {
        sum += ofMembers[rank] * (below + 0.5 * ofNonMembers[rank]);
        below += ofNonMembers[rank];
      }
      return sum / ((double) members.length * nonMembers.length);
    }

    /** Returns the largest share of members at a threshold with at most {@code fpr} non-members. */
    double tpr(double fpr) {
      long[] ofMembers = counts(members);
      long[] ofNonMembers = counts(nonMembers);
      long falsePositives = 0;
      long truePositives = 0;
      for (int rank = ranks - 1; rank >= 0; rank--) {
        falsePositives += ofNonMembers[rank];
        if (falsePositives > fpr * nonMembers.length) {
          break;
        }
        truePositives += ofMembers[rank];
      }
      return (double) truePositives / members.length;
    }
  }
}
