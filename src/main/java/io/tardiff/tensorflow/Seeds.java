package io.tardiff.tensorflow;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ArraySampler;
import org.apache.commons.rng.sampling.distribution.NormalizedGaussianSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Random numbers as a pure function of a seed and their purpose.
 *
 * <p>No code in this project draws from a shared generator. Every use derives its own stream from
 * the seed of the run, a purpose and coordinates (a sample id and a step, an epoch, the name of a
 * weight), so results do not depend on order, bundles or the number of workers.
 *
 * <pre>{@code
 * UniformRandomProvider shuffle = Seeds.stream(seed, "epoch", epoch);
 * Seeds.fillGaussian(noise, 0, 432, seed, "noise", sampleId, step);
 * }</pre>
 */
public final class Seeds {
  private Seeds() {}

  /** Returns the generator of this purpose and these coordinates. */
  public static UniformRandomProvider stream(long seed, String purpose, long... coordinates) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(
        new long[] {derive(seed, purpose, coordinates), mix(~derive(seed, purpose, coordinates))});
  }

  /**
   * Fills {@code length} elements of {@code target} from {@code offset} with standard normal
   * numbers.
   */
  public static void fillGaussian(
      float[] target, int offset, int length, long seed, String purpose, long... coordinates) {
    NormalizedGaussianSampler sampler =
        ZigguratSampler.NormalizedGaussian.of(stream(seed, purpose, coordinates));
    for (int i = 0; i < length; i++) {
      target[offset + i] = (float) sampler.sample();
    }
  }

  /** Shuffles {@code values} into an order that depends only on the seed. */
  public static void shuffle(int[] values, long seed) {
    ArraySampler.shuffle(stream(seed, "shuffle"), values);
  }

  /** Returns the seed of this purpose and these coordinates. */
  public static long derive(long seed, String purpose, long... coordinates) {
    long state = mix(seed ^ 0x9E3779B97F4A7C15L);
    for (int i = 0; i < purpose.length(); i++) {
      state = mix(state + 0x9E3779B97F4A7C15L * (purpose.charAt(i) + 1));
    }
    for (long coordinate : coordinates) {
      state = mix(state + 0x9E3779B97F4A7C15L + mix(coordinate));
    }
    return state;
  }

  /** Returns the two 32-bit halves of a seed, for TensorFlow's stateless random ops. */
  public static int[] pair(long seed) {
    return new int[] {(int) (seed >>> 32), (int) seed};
  }

  /** Finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
