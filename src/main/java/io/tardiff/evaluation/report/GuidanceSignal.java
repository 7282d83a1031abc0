package io.tardiff.evaluation.report;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The reliability of the guidance direction: the section {@code guidance_signal} of {@link
 * WriteEvaluation#withSections}.
 *
 * @param bestEpoch best epoch of the target classifier
 * @param cosine the signal at the best epoch
 * @param byEpoch the signal after each epoch
 */
public record GuidanceSignal(
    @Nullable Integer bestEpoch, @Nullable Double cosine, @Nullable List<AtEpoch> byEpoch) {

  /**
   * The signal after an epoch: the cosine between the directions of two halves of the guidance set.
   */
  public record AtEpoch(int epoch, double cosine) {}
}
