package io.tardiff.evaluation;

import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.PairedBootstrap.Replicates;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a fit scored on a test set, as far as a comparison of several runs needs it. No patient is
 * in it: the replicates are scores too.
 *
 * @param baseline null unless BASELINE
 * @param set all null for real windows
 * @param alpha null unless TSRTR
 * @param test held_out, or the name of a test cohort
 * @param tuningAuprc what choices may look at
 * @param replicates the scores on the test set, and on each draw of its subjects
 */
@Internal
@DefaultCoder(SerializableCoder.class)
public record FitScore(
    Protocol protocol,
    @Nullable String baseline,
    SetName set,
    @Nullable Double alpha,
    String model,
    long seed,
    String test,
    double tuningAuprc,
    Replicates replicates)
    implements Serializable {

  /** Returns the scores of a fit on all test sets. */
  static List<FitScore> of(UtilityScore score) {
    UtilityTask task = score.task();
    return score.onTests().stream()
        .map(
            on ->
                new FitScore(
                    task.protocol(),
                    task.baseline() == null ? null : task.baseline().label(),
                    SetName.of(task.set()),
                    task.alpha(),
                    task.model(),
                    task.seed(),
                    on.name(),
                    score.tuning().auprc(),
                    on.replicates()))
        .toList();
  }
}
