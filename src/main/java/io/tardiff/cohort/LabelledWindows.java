package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.List;

/**
 * Windows in network units in one array, for fitting and scoring classifiers.
 *
 * <p>{@code values} is {@code [size, steps, channels]} row-major, with gaps filled; {@code mask}
 * has the same shape and is true where a value was observed; {@code statics} is {@code [size,
 * statics]}, clinical units, NaN where unknown, and empty if windows have none; {@code labels} is
 * {@code [size]}, from 0 to {@code classes - 1}; {@code probabilities} is {@code [size, classes]},
 * the soft labels that classifiers are fitted to, and empty if there are only hard ones. For sets
 * that fit in memory, such as a guidance set; the denoiser streams its windows instead.
 *
 * <pre>{@code
 * LabelledWindows windows =
 *     new LabelledWindows(48, 9, 2, new float[100 * 48 * 9], new int[100]);
 * LabelledWindows twice = LabelledWindows.concat(List.of(windows, windows));
 * }</pre>
 */
public record LabelledWindows(
    int steps,
    int channels,
    int classes,
    float[] values,
    boolean[] mask,
    float[] statics,
    int[] labels,
    float[] probabilities) {

  public LabelledWindows {
    checkArgument(
        values.length == (long) labels.length * steps * channels,
        "values must hold %s numbers (%s windows of %s steps and %s channels), held %s",
        (long) labels.length * steps * channels,
        labels.length,
        steps,
        channels,
        values.length);
    checkArgument(
        values.length == mask.length,
        "values and mask must have the same length, were %s and %s",
        values.length,
        mask.length);
    checkArgument(
        statics.length == 0 || (labels.length > 0 && statics.length % labels.length == 0),
        "statics must hold as many numbers for each of %s windows, held %s",
        labels.length,
        statics.length);
    checkArgument(
        probabilities.length == 0 || probabilities.length == (long) labels.length * classes,
        "probabilities must hold %s numbers (%s windows of %s classes) or none, held %s",
        (long) labels.length * classes,
        labels.length,
        classes,
        probabilities.length);
  }

  /** Windows with hard labels only. */
  public LabelledWindows(
      int steps,
      int channels,
      int classes,
      float[] values,
      boolean[] mask,
      float[] statics,
      int[] labels) {
    this(steps, channels, classes, values, mask, statics, labels, new float[0]);
  }

  /** Windows without static covariates. */
  public LabelledWindows(
      int steps, int channels, int classes, float[] values, boolean[] mask, int[] labels) {
    this(steps, channels, classes, values, mask, new float[0], labels);
  }

  /** Windows all of whose values are observed, without static covariates. */
  public LabelledWindows(int steps, int channels, int classes, float[] values, int[] labels) {
    this(steps, channels, classes, values, allObserved(values.length), labels);
  }

  private static boolean[] allObserved(int length) {
    boolean[] mask = new boolean[length];
    Arrays.fill(mask, true);
    return mask;
  }

  /** Returns the number of static covariates per window. */
  public int covariates() {
    return labels.length == 0 ? 0 : statics.length / labels.length;
  }

  public int size() {
    return labels.length;
  }

  /** Number of values per window. */
  public int stride() {
    return steps * channels;
  }

  /** Whether there are soft labels. */
  public boolean hasProbabilities() {
    return probabilities.length > 0;
  }

  /**
   * Returns what classifiers are fitted to, {@code [size, classes]}: the soft labels, or 1 for the
   * label of each window and 0 for other classes.
   */
  public float[] targets() {
    if (hasProbabilities()) {
      return probabilities;
    }
    float[] targets = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      targets[i * classes + labels[i]] = 1;
    }
    return targets;
  }

  /** Returns the same windows with other values. */
  public LabelledWindows withValues(float[] others) {
    return new LabelledWindows(
        steps, channels, classes, others, mask, statics, labels, probabilities);
  }

  /** Returns the same windows with other labels, {@code [size]}, and no soft ones. */
  public LabelledWindows withLabels(int[] others) {
    return new LabelledWindows(steps, channels, classes, values, mask, statics, others);
  }

  /**
   * Returns the same windows with targets that classifiers are fitted to. A row that does not add
   * up to 1 has its sum as weight.
   */
  public LabelledWindows withProbabilities(float[] targets) {
    return new LabelledWindows(steps, channels, classes, values, mask, statics, labels, targets);
  }

  /** Returns the number of windows per label, {@code [classes]}. */
  public int[] counts() {
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /** Returns a copy of the windows at {@code indices}, in that order. */
  public LabelledWindows select(int[] indices) {
    float[] chosen = new float[indices.length * stride()];
    boolean[] chosenMask = new boolean[chosen.length];
    int covariates = covariates();
    float[] chosenStatics = new float[indices.length * covariates];
    int[] chosenLabels = new int[indices.length];
    int outputs = hasProbabilities() ? classes : 0;
    float[] chosenProbabilities = new float[indices.length * outputs];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * stride(), chosen, i * stride(), stride());
      System.arraycopy(mask, indices[i] * stride(), chosenMask, i * stride(), stride());
      System.arraycopy(statics, indices[i] * covariates, chosenStatics, i * covariates, covariates);
      System.arraycopy(
          probabilities, indices[i] * outputs, chosenProbabilities, i * outputs, outputs);
      chosenLabels[i] = labels[indices[i]];
    }
    return new LabelledWindows(
        steps,
        channels,
        classes,
        chosen,
        chosenMask,
        chosenStatics,
        chosenLabels,
        chosenProbabilities);
  }

  /**
   * Returns the windows of all {@code parts}, concatenated; without static covariates if a part has
   * none. If a part has soft labels, the windows of the others have their hard labels as such.
   */
  public static LabelledWindows concat(List<LabelledWindows> parts) {
    checkArgument(!parts.isEmpty(), "parts must not be empty");
    LabelledWindows first = parts.get(0);
    int total = parts.stream().mapToInt(LabelledWindows::size).sum();
    float[] values = new float[total * first.stride()];
    boolean[] mask = new boolean[values.length];
    boolean hasStatics = parts.stream().allMatch(part -> part.covariates() == first.covariates());
    float[] statics = new float[hasStatics ? total * first.covariates() : 0];
    int[] labels = new int[total];
    boolean isSoft = parts.stream().anyMatch(LabelledWindows::hasProbabilities);
    float[] probabilities = new float[isSoft ? total * first.classes : 0];
    int at = 0;
    for (LabelledWindows part : parts) {
      checkArgument(part.stride() == first.stride(), "parts must have the same shape");
      System.arraycopy(part.values, 0, values, at * first.stride(), part.values.length);
      System.arraycopy(part.mask, 0, mask, at * first.stride(), part.mask.length);
      if (hasStatics) {
        System.arraycopy(part.statics, 0, statics, at * first.covariates(), part.statics.length);
      }
      System.arraycopy(part.labels, 0, labels, at, part.labels.length);
      if (isSoft) {
        float[] targets = part.targets();
        System.arraycopy(targets, 0, probabilities, at * first.classes, targets.length);
      }
      at += part.size();
    }
    return new LabelledWindows(
        first.steps, first.channels, first.classes, values, mask, statics, labels, probabilities);
  }
}
