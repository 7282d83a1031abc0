package io.tardiff.evaluation;

/** The training windows of a downstream model, which is always scored on real windows. */
public enum Protocol {
  /** Train on real, test on real: the reference. */
  TRTR,
  /** Train on synthetic, test on real: the utility of synthetic windows by themselves. */
  TSTR,
  /**
   * Train on synthetic and real, test on real: all real train windows, and {@code alpha} times as
   * many synthetic ones.
   */
  TSRTR
}
