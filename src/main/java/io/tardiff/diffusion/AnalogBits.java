package io.tardiff.diffusion;

import com.google.common.primitives.Floats;
import java.util.Arrays;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Windows with their observation masks as analog bits: one channel per value channel that is 1
 * where a value was observed and -1 where it was not (Chen et al., "Analog Bits", 2023). A denoiser
 * treats them as real numbers; the sign of a sample is its mask.
 *
 * <pre>{@code
 * float[] x = AnalogBits.join(9, values, mask);   // [steps, 18]: 9 values, then their 9 bits
 * boolean[] again = AnalogBits.mask(9, x);        // [steps, 9]
 * }</pre>
 *
 * <p>All arrays are row-major and may hold several windows. {@code channels} is the number of value
 * channels.
 */
@Internal
public final class AnalogBits {
  private AnalogBits() {}

  /** Returns values and bits, {@code [steps, 2 channels]}. */
  public static float[] join(int channels, float[] values, boolean[] mask) {
    float[] joined = new float[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      int at = i / channels * 2 * channels + i % channels;
      joined[at] = values[i];
      joined[at + channels] = mask[i] ? 1 : -1;
    }
    return joined;
  }

  /** Returns the values of a joined array, {@code [steps, channels]}. */
  public static float[] values(int channels, float[] joined) {
    float[] values = new float[joined.length / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = joined[i / channels * 2 * channels + i % channels];
    }
    return values;
  }

  /** Returns the mask of a joined array, {@code [steps, channels]}. */
  public static boolean[] mask(int channels, float[] joined) {
    boolean[] mask = new boolean[joined.length / 2];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = joined[i / channels * 2 * channels + channels + i % channels] > 0;
    }
    return mask;
  }

  /**
   * Returns bounds of values and bits.
   *
   * @param values bounds of the values, {@code [channels]}
   * @param bit bound of a bit
   */
  public static float[] bounds(float[] values, float bit) {
    float[] bits = new float[values.length];
    Arrays.fill(bits, bit);
    return Floats.concat(values, bits);
  }
}
