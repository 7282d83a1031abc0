package io.tardiff.evaluation;

import com.google.common.collect.ImmutableSet;
import io.tardiff.influence.Purpose;

/** The training windows of a downstream model, which is always scored on real windows. */
public enum Protocol {
  /** Train on real, test on real: the reference. */
  TRTR,
  /** Train on real windows, used in another way, test on real: see {@link Baseline}. */
  BASELINE,
  /** Train on synthetic, test on real: the utility of synthetic windows by themselves. */
  TSTR,
  /**
   * Train on synthetic and real, test on real: all real train windows, and {@code alpha} times as
   * many synthetic ones.
   */
  TSRTR;

  /** Returns the protocol whose comparison with real windows alone answers what a set is for. */
  static Protocol leading(Purpose purpose) {
    return purpose == Purpose.AUGMENT ? TSRTR : TSTR;
  }

  /** Returns the protocols that choose a set. */
  static ImmutableSet<Protocol> deciding(Purpose purpose) {
    return purpose == Purpose.AUGMENT ? ImmutableSet.of(TRTR, TSRTR) : ImmutableSet.of(TSTR);
  }
}
