package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.Objects;
import org.apache.beam.sdk.coders.DefaultCoder;

/**
 * A fixed-length window of one stay, with its label unless that is {@link #UNLABELLED}. Cohorts
 * consist of windows, and all models are trained on them.
 *
 * <p>{@code values} is {@code [steps, channels]} row-major, in clinical units, with gaps filled.
 * {@code mask} has the same shape and is true where a value was observed. {@code statics} holds one
 * number per static covariate of the {@link WindowSpec}, NaN if unknown. Arrays are not copied: do
 * not change a window once it is in a PCollection.
 */
@DefaultCoder(EhrWindowCoder.class)
public final class EhrWindow {
  /** The label of a window whose class is not known; see {@link Unlabelled}. */
  public static final int UNLABELLED = -1;

  private final String windowId;
  private final String subjectId;
  private final int label;
  private final Split split;
  private final float[] values;
  private final boolean[] mask;
  private final float[] statics;

  public EhrWindow(
      String windowId,
      String subjectId,
      int label,
      Split split,
      float[] values,
      boolean[] mask,
      float[] statics) {
    checkArgument(
        values.length == mask.length,
        "values and mask must have the same length, were %s and %s",
        values.length,
        mask.length);
    this.windowId = Objects.requireNonNull(windowId);
    this.subjectId = Objects.requireNonNull(subjectId);
    this.label = label;
    this.split = Objects.requireNonNull(split);
    this.values = values;
    this.mask = mask;
    this.statics = statics;
  }

  /** Stable id of the window: the same stay and anchor give the same id in every run. */
  public String windowId() {
    return windowId;
  }

  public String subjectId() {
    return subjectId;
  }

  /** Class of the window, 0 to K - 1, or {@link #UNLABELLED}. */
  public int label() {
    return label;
  }

  /** Whether the class is known. */
  public boolean isLabelled() {
    return label != UNLABELLED;
  }

  public Split split() {
    return split;
  }

  /** Values in clinical units, {@code [steps, channels]} row-major. */
  public float[] values() {
    return values;
  }

  /** True where a value was observed, {@code [steps, channels]} row-major. */
  public boolean[] mask() {
    return mask;
  }

  /** One number per static covariate, NaN if unknown. */
  public float[] statics() {
    return statics;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EhrWindow that
        && windowId.equals(that.windowId)
        && subjectId.equals(that.subjectId)
        && label == that.label
        && split == that.split
        && Arrays.equals(values, that.values)
        && Arrays.equals(mask, that.mask)
        && Arrays.equals(statics, that.statics);
  }

  @Override
  public int hashCode() {
    return windowId.hashCode();
  }

  /** Prints label and split only, because ids and values are patient data. */
  @Override
  public String toString() {
    return "EhrWindow{label=" + label + ", split=" + split.label() + "}";
  }
}
