package io.tardiff.evaluation;

import io.tardiff.evaluation.PairedBootstrap.Replicates;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The scores of a fit.
 *
 * @param trainWindows number of windows it was fitted to
 * @param heldOut scores on the held_out split
 * @param tuning scores on the tuning split, the only ones that may decide a choice
 * @param heldOutReplicates bootstrap on held_out
 * @param tuningReplicates bootstrap on tuning; null unless the fit decides the choice
 * @param curves curves on held_out; empty for TSRTR and baselines
 * @param tests scores on other cohorts
 * @param seconds time of the fit and its scoring
 */
@DefaultCoder(SerializableCoder.class)
record UtilityScore(
    UtilityTask task,
    int trainWindows,
    Metrics heldOut,
    Metrics tuning,
    Replicates heldOutReplicates,
    @Nullable Replicates tuningReplicates,
    List<UtilityCurves.ClassCurves> curves,
    List<OnTest> tests,
    double seconds)
    implements Serializable {

  /** Scores on a test set and its bootstrap. */
  record OnTest(String name, Metrics metrics, Replicates replicates) implements Serializable {}

  /** Returns the scores on held_out, then those on other cohorts. */
  List<OnTest> onTests() {
    List<OnTest> all = new ArrayList<>();
    all.add(new OnTest(UtilityRow.HELD_OUT, heldOut, heldOutReplicates));
    all.addAll(tests);
    return all;
  }

  /** Returns the scores on a test set. */
  OnTest on(String test) {
    return onTests().stream().filter(on -> on.name().equals(test)).findFirst().orElseThrow();
  }

  /** AUROC and AUPRC on a split. */
  record Metrics(double auroc, double auprc) implements Serializable {}
}
