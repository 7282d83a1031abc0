package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.List;

/**
 * Windows in network units, held in one array: what classifiers are fitted to and scored on.
 *
 * <p>{@code values} is {@code [size, steps, channels]} row-major, {@code labels} {@code [size]}
 * with 0 to {@code classes - 1}. Used where a set fits in memory (a guidance set, a set to score,
 * an evaluation); the denoiser streams instead.
 */
public record LabelledWindows(int steps, int channels, int classes, float[] values, int[] labels) {

  public LabelledWindows {
    checkArgument(
        values.length == (long) labels.length * steps * channels,
        "values must hold %s numbers (%s windows of %s steps and %s channels), were %s",
        (long) labels.length * steps * channels,
        labels.length,
        steps,
        channels,
        values.length);
  }

  public int size() {
    return labels.length;
  }

  /** Numbers in one window. */
  public int stride() {
    return steps * channels;
  }

  /** How many windows carry each label: {@code [classes]}. */
  public int[] counts() {
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  /** The windows at {@code indices}, in that order. */
  public LabelledWindows select(int[] indices) {
    float[] chosen = new float[indices.length * stride()];
    int[] chosenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * stride(), chosen, i * stride(), stride());
      chosenLabels[i] = labels[indices[i]];
    }
    return new LabelledWindows(steps, channels, classes, chosen, chosenLabels);
  }

  /** All windows of {@code parts}, one after the other. */
  public static LabelledWindows concat(List<LabelledWindows> parts) {
    checkArgument(!parts.isEmpty(), "parts must not be empty");
    LabelledWindows first = parts.get(0);
    int total = parts.stream().mapToInt(LabelledWindows::size).sum();
    float[] values = new float[total * first.stride()];
    int[] labels = new int[total];
    int at = 0;
    for (LabelledWindows part : parts) {
      checkArgument(part.stride() == first.stride(), "parts must have one shape");
      System.arraycopy(part.values, 0, values, at * first.stride(), part.values.length);
      System.arraycopy(part.labels, 0, labels, at, part.labels.length);
      at += part.size();
    }
    return new LabelledWindows(first.steps, first.channels, first.classes, values, labels);
  }
}
