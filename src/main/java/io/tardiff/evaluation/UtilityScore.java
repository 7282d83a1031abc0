package io.tardiff.evaluation;

import io.tardiff.evaluation.PairedBootstrap.Replicates;
import java.io.Serializable;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What one fit scored.
 *
 * @param trainWindows windows it was fitted to
 * @param heldOut scores on the held_out split
 * @param tuning scores on the tuning split, the only ones that choices may look at
 * @param heldOutReplicates bootstrap on held_out; null unless TSTR, the only protocol that has one
 * @param tuningReplicates the same on tuning; null unless of the model by which sets are chosen
 * @param seconds time the fit and its scoring took
 */
@DefaultCoder(SerializableCoder.class)
record UtilityScore(
    UtilityTask task,
    int trainWindows,
    Metrics heldOut,
    Metrics tuning,
    @Nullable Replicates heldOutReplicates,
    @Nullable Replicates tuningReplicates,
    double seconds)
    implements Serializable {

  /** AUROC and AUPRC of one split. */
  record Metrics(double auroc, double auprc) implements Serializable {}
}
