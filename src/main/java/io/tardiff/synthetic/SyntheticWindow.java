package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A generated, labelled window. It has no subject, because it belongs to no real patient.
 *
 * <pre>{@code
 * SyntheticWindow window = new SyntheticWindow(0, 1, new float[] {36.6f, 36.9f});
 * SyntheticWindow soft = window.withProbabilities(new float[] {0.3f, 0.7f});
 * }</pre>
 *
 * @param sampleId stable id within the run, which with the seed determines all random numbers
 * @param label class the window was drawn for
 * @param values {@code [steps, channels]} row-major, clinical units, with gaps filled by the
 *     imputation of the cohort
 * @param mask of the same shape, true where a value was observed; all true in sets without masks
 * @param statics static covariates in clinical units, in the order of {@link
 *     io.tardiff.cohort.WindowSpec#statics()}, NaN if unknown; empty in sets without them
 * @param probabilities soft label: the probability of each class, {@code [classes]}; empty in sets
 *     without soft labels
 */
public record SyntheticWindow(
    long sampleId,
    int label,
    float[] values,
    boolean[] mask,
    float[] statics,
    float[] probabilities)
    implements Serializable {

  public SyntheticWindow {
    checkArgument(
        values.length == mask.length,
        "values and mask must have the same length, were %s and %s",
        values.length,
        mask.length);
  }

  /** A window without a soft label. */
  public SyntheticWindow(
      long sampleId, int label, float[] values, boolean[] mask, float[] statics) {
    this(sampleId, label, values, mask, statics, new float[0]);
  }

  /** A window without static covariates. */
  public SyntheticWindow(long sampleId, int label, float[] values, boolean[] mask) {
    this(sampleId, label, values, mask, new float[0]);
  }

  /** A window all of whose values are observed, without static covariates. */
  public SyntheticWindow(long sampleId, int label, float[] values) {
    this(sampleId, label, values, allObserved(values.length));
  }

  /** Returns this window with a soft label. */
  public SyntheticWindow withProbabilities(float[] soft) {
    return new SyntheticWindow(sampleId, label, values, mask, statics, soft);
  }

  /** Whether a value was not observed. */
  public boolean hasGaps() {
    for (boolean observed : mask) {
      if (!observed) {
        return true;
      }
    }
    return false;
  }

  private static boolean[] allObserved(int length) {
    boolean[] mask = new boolean[length];
    Arrays.fill(mask, true);
    return mask;
  }
}
