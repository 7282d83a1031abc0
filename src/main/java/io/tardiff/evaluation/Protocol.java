package io.tardiff.evaluation;

/** What a downstream model is trained on; it is always scored on real windows. */
public enum Protocol {
  /** Train on real, test on real: what the real windows are worth, the bar to compare with. */
  TRTR,
  /** Train on synthetic, test on real: what the synthetic windows are worth alone. */
  TSTR,
  /**
   * Train on synthetic and real, test on real: all real train windows and {@code alpha} times as
   * many synthetic ones.
   */
  TSRTR
}
