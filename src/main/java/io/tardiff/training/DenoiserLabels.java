package io.tardiff.training;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.tensorflow.Seeds;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * The labels that a denoiser is trained with: the classes, followed by the null class if it has
 * one, which stands for any label.
 *
 * @param classes number of classes of the windows
 * @param hasNullClass whether windows may have the null class
 * @param dropout share of the labels of labelled windows that the null class replaces
 */
record DenoiserLabels(int classes, boolean hasNullClass, double dropout) {
  static DenoiserLabels of(Cohort cohort, DenoiserTraining training) {
    DenoiserTraining ofCohort = training.of(cohort);
    return new DenoiserLabels(
        cohort.spec().classes(),
        ofCohort.hasNullClass(cohort.unlabelled()),
        ofCohort.labelDropout() == null ? 0 : ofCohort.labelDropout());
  }

  /** Returns the number of labels that the denoiser knows. */
  int count() {
    return hasNullClass ? classes + 1 : classes;
  }

  /**
   * Returns the labels of a batch as training step {@code step} sees them, which depend only on the
   * seed and the number of the step.
   */
  int[] drawn(int[] labels, long step, long seed) {
    if (!hasNullClass) {
      return labels;
    }
    UniformRandomProvider random = Seeds.stream(seed, "label dropout", step);
    int[] drawn = labels.clone();
    for (int i = 0; i < drawn.length; i++) {
      if (random.nextDouble() < dropout || drawn[i] == EhrWindow.UNLABELLED) {
        drawn[i] = classes;
      }
    }
    return drawn;
  }
}
