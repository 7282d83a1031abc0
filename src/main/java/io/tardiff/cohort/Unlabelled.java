package io.tardiff.cohort;

import io.tardiff.settings.Labelled;

/**
 * What becomes of windows whose label is not known, because the source has no evidence of it: no
 * outcome, a disposition that is in no list, a patient still in hospital, or no end of the stay if
 * its length is the label.
 *
 * <p>What the task excludes has no window either way: an outcome before the prediction time, a
 * number that is not a class, evidence that contradicts itself.
 */
public enum Unlabelled implements Labelled {
  /** They are dropped and counted. */
  DROP,
  /**
   * Those of subjects in the train split are kept in files of their own, from which the denoiser
   * learns too. Those of other subjects are dropped and counted.
   */
  TRAIN;

  public static Unlabelled of(String label) {
    return Labelled.of(Unlabelled.class, "unlabelled", label);
  }
}
