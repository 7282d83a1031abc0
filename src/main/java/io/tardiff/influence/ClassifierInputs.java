package io.tardiff.influence;

import io.tardiff.settings.Labelled;
import org.apache.beam.sdk.annotations.Internal;

/**
 * What a classifier reads of a window. Which values were measured, and how long ago, says much of a
 * patient: a clinician measures more of those who worry them.
 *
 * <pre>{@code
 * ClassifierConfig config = ClassifierConfig.forName("gru").withInputs(ClassifierInputs.VALUES_MASK);
 * }</pre>
 *
 * <p>For C channels, a network reads at each step C values in network units, then C bits (1
 * observed, -1 not), then C times. The time is the number of steps since the channel was last
 * observed before the step, or since the beginning of the window, divided by the number of steps of
 * the window (the delta of GRU-D, Che et al., 2018).
 */
public enum ClassifierInputs implements Labelled {
  /** The values, with gaps filled. */
  VALUES(1),
  /** The values and which of them were observed. */
  VALUES_MASK(2),
  /** The values, which of them were observed, and the time since the last observation. */
  VALUES_MASK_TIME(3);

  private final int parts;

  ClassifierInputs(int parts) {
    this.parts = parts;
  }

  /** Whether masks are read. */
  public boolean readMasks() {
    return parts > 1;
  }

  /** Returns the number of channels that a network reads of windows of {@code channels}. */
  @Internal
  public int channels(int channels) {
    return parts * channels;
  }

  /**
   * Returns what a network reads of windows, {@code [windows, steps, channels(channels)]}.
   *
   * @param values network units, {@code [windows, steps, channels]}
   * @param mask of the same shape, true where a value was observed
   */
  @Internal
  public float[] of(int steps, int channels, float[] values, boolean[] mask) {
    if (this == VALUES) {
      return values;
    }
    float[] inputs = new float[parts * values.length];
    write(steps, channels, values, mask, 0, values.length, inputs);
    return inputs;
  }

  /**
   * Does the same as {@link #of} for some of the windows.
   *
   * @param from where the first of them begins in the values
   * @param to where the last of them ends
   * @param inputs what is read is written to its beginning
   */
  @Internal
  public void write(
      int steps, int channels, float[] values, boolean[] mask, int from, int to, float[] inputs) {
    if (this == VALUES) {
      System.arraycopy(values, from, inputs, 0, to - from);
      return;
    }
    int width = channels(channels);
    for (int i = from; i < to; i++) {
      int c = i % channels;
      int step = i / channels % steps;
      int at = (i - from) / channels * width + c;
      inputs[at] = values[i];
      inputs[at + channels] = mask[i] ? 1 : -1;
      if (this == VALUES_MASK_TIME && step > 0) {
        float since = mask[i - channels] ? 0 : inputs[at - width + 2 * channels];
        inputs[at + 2 * channels] = since + 1f / steps;
      }
    }
  }
}
