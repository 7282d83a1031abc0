package io.tardiff.evaluation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;

/**
 * What one fit scored.
 *
 * @param trainWindows windows it was fitted to
 * @param heldOut scores on the held_out split
 * @param tuning scores on the tuning split, the only ones that choices may look at
 * @param heldOutRanking what the bootstrap needs; empty unless TSTR, for only TSTR is bootstrapped
 * @param tuningRanking the same on the tuning split
 * @param seconds time the fit and its scoring took
 */
@DefaultCoder(SerializableCoder.class)
record UtilityScore(
    UtilityTask task,
    int trainWindows,
    Metrics heldOut,
    Metrics tuning,
    List<Ranking> heldOutRanking,
    List<Ranking> tuningRanking,
    double seconds)
    implements Serializable {

  /** AUROC and AUPRC of one split. */
  record Metrics(double auroc, double auprc) implements Serializable {}

  /**
   * Per-window scores on one split, in one order for every fit on the same cohort.
   *
   * @param probabilities {@code [size, classes]}
   * @param labels {@code [size]}
   * @param subjects {@code [size]}, which windows share a subject: a number per subject, no id
   */
  record Ranking(double[][] probabilities, int[] labels, int[] subjects) implements Serializable {

    // Beam compares elements that went through a coder; records compare arrays by identity.
    @Override
    public boolean equals(Object other) {
      return other instanceof Ranking that
          && Arrays.deepEquals(probabilities, that.probabilities)
          && Arrays.equals(labels, that.labels)
          && Arrays.equals(subjects, that.subjects);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(probabilities);
    }

    /** Its size only: the rest is about patients. */
    @Override
    public String toString() {
      return "Ranking{windows=" + labels.length + "}";
    }
  }
}
