package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.List;

/**
 * Windows in network units in one array, for fitting and scoring classifiers.
 *
 * <p>{@code values} is {@code [size, steps, channels]} row-major, with gaps filled; {@code mask}
 * has the same shape and is true where a value was observed; {@code labels} is {@code [size]}, from
 * 0 to {@code classes - 1}. For sets that fit in memory, such as a guidance set; the denoiser
 * streams its windows instead.
 */
public record LabelledWindows(
    int steps, int channels, int classes, float[] values, boolean[] mask, int[] labels) {

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
  }

  /** Windows all of whose values are observed. */
  public LabelledWindows(int steps, int channels, int classes, float[] values, int[] labels) {
    this(steps, channels, classes, values, allObserved(values.length), labels);
  }

  private static boolean[] allObserved(int length) {
    boolean[] mask = new boolean[length];
    Arrays.fill(mask, true);
    return mask;
  }

  public int size() {
    return labels.length;
  }

  /** Number of values per window. */
  public int stride() {
    return steps * channels;
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
    int[] chosenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * stride(), chosen, i * stride(), stride());
      System.arraycopy(mask, indices[i] * stride(), chosenMask, i * stride(), stride());
      chosenLabels[i] = labels[indices[i]];
    }
    return new LabelledWindows(steps, channels, classes, chosen, chosenMask, chosenLabels);
  }

  /** Returns the windows of all {@code parts}, concatenated. */
  public static LabelledWindows concat(List<LabelledWindows> parts) {
    checkArgument(!parts.isEmpty(), "parts must not be empty");
    LabelledWindows first = parts.get(0);
    int total = parts.stream().mapToInt(LabelledWindows::size).sum();
    float[] values = new float[total * first.stride()];
    boolean[] mask = new boolean[values.length];
    int[] labels = new int[total];
    int at = 0;
    for (LabelledWindows part : parts) {
      checkArgument(part.stride() == first.stride(), "parts must have the same shape");
      System.arraycopy(part.values, 0, values, at * first.stride(), part.values.length);
      System.arraycopy(part.mask, 0, mask, at * first.stride(), part.mask.length);
      System.arraycopy(part.labels, 0, labels, at, part.labels.length);
      at += part.size();
    }
    return new LabelledWindows(first.steps, first.channels, first.classes, values, mask, labels);
  }
}
