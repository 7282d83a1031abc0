package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.training.CohortWindows;
import java.util.Arrays;
import java.util.List;

/**
 * The three splits of a cohort in network units, sorted by window id.
 *
 * @param validRanges valid range of each channel of the cohort, in clinical units
 * @param trained all windows that trained the denoiser: train and, with the label {@link
 *     EhrWindow#UNLABELLED}, those without one
 * @param trainSubjects subject of each train window: a number per subject (not an id)
 * @param trainedSubjects subject of each window of {@code trained}
 * @param tuningSubjects subject of each tuning window
 * @param heldOutSubjects subject of each held_out window
 * @param tuningKeys key of the subject of each tuning window
 * @param heldOutKeys key of the subject of each held_out window
 */
record RealWindows(
    WindowSpec spec,
    Normaliser normaliser,
    List<Range> validRanges,
    LabelledWindows train,
    LabelledWindows trained,
    LabelledWindows tuning,
    LabelledWindows heldOut,
    int[] trainSubjects,
    int[] trainedSubjects,
    int[] tuningSubjects,
    int[] heldOutSubjects,
    long[] tuningKeys,
    long[] heldOutKeys) {

  /** Windows all of which have a label, of subjects that are known here alone. */
  RealWindows(
      WindowSpec spec,
      Normaliser normaliser,
      List<Range> validRanges,
      LabelledWindows train,
      LabelledWindows tuning,
      LabelledWindows heldOut,
      int[] trainSubjects,
      int[] tuningSubjects,
      int[] heldOutSubjects) {
    this(
        spec,
        normaliser,
        validRanges,
        train,
        train,
        tuning,
        heldOut,
        trainSubjects,
        trainSubjects,
        tuningSubjects,
        heldOutSubjects,
        Arrays.stream(tuningSubjects).asLongStream().toArray(),
        Arrays.stream(heldOutSubjects).asLongStream().toArray());
  }

  /** Reads a cohort; every split must have every class. */
  static RealWindows open(Cohort cohort) {
    Arrays.stream(Split.values()).forEach(cohort::checkEveryClass);
    CohortWindows.checkFilled(cohort);
    List<EhrWindow> tuning = cohort.readAll(Split.TUNING);
    List<EhrWindow> heldOut = cohort.readAll(Split.HELD_OUT);
    List<EhrWindow> windows = cohort.readAll(Split.TRAIN);
    LabelledWindows train = CohortWindows.of(cohort, windows);
    int[] trainSubjects = CohortWindows.subjects(windows);
    LabelledWindows trained = train;
    int[] trainedSubjects = trainSubjects;
    if (cohort.unlabelled() > 0) {
      List<EhrWindow> unlabelled = cohort.readAll(cohort.unlabelledShards());
      trained = LabelledWindows.concat(List.of(train, CohortWindows.of(cohort, unlabelled)));
      windows.addAll(unlabelled);
      trainedSubjects = CohortWindows.subjects(windows);
    }
    return new RealWindows(
        cohort.spec(),
        cohort.normaliser(),
        cohort.validRanges().stream().map(range -> new Range(range.low(), range.high())).toList(),
        train,
        trained,
        CohortWindows.of(cohort, tuning),
        CohortWindows.of(cohort, heldOut),
        trainSubjects,
        trainedSubjects,
        CohortWindows.subjects(tuning),
        CohortWindows.subjects(heldOut),
        CohortWindows.subjectKeys(tuning),
        CohortWindows.subjectKeys(heldOut));
  }

  /**
   * Converts a synthetic set to network units.
   *
   * @throws IllegalArgumentException if a window has another shape, a label the cohort does not
   *     have, or a value that is not finite, or if the set lacks a class
   */
  LabelledWindows networkUnits(SyntheticSet set, List<SyntheticWindow> windows) {
    LabelledWindows all = SyntheticWindows.networkUnits(spec, normaliser, set.directory(), windows);
    // A model cannot be fitted without windows of every class.
    int[] counts = all.counts();
    for (int k = 0; k < counts.length; k++) {
      checkArgument(
          counts[k] > 0,
          "synthetic set %s must hold windows of every class, held none of class %s among %s",
          set.directory(),
          k,
          all.size());
    }
    return all;
  }

  /** Returns the values of {@code windows} in clinical units, in a new array of the same layout. */
  float[] clinicalUnits(LabelledWindows windows) {
    float[] values = windows.values().clone();
    normaliser.denormalise(values);
    return values;
  }
}
