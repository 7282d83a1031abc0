package io.tardiff.tensorflow;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/** Initial values of a weight. */
@FunctionalInterface
public interface Initialiser {

  /** Returns {@code size} initial values; random ones are drawn from {@code random}. */
  float[] values(int size, UniformRandomProvider random);

  static Initialiser zeros() {
    return constant(0f);
  }

  static Initialiser ones() {
    return constant(1f);
  }

  static Initialiser constant(float value) {
    return (size, random) -> {
      float[] values = new float[size];
      Arrays.fill(values, value);
      return values;
    };
  }

  /**
   * Uniform in (-1/sqrt(fanIn), 1/sqrt(fanIn)): the usual choice for dense, conv and GRU layers.
   */
  static Initialiser fanIn(long fanIn) {
    float bound = (float) (1 / Math.sqrt(fanIn));
    return (size, random) -> {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (2 * random.nextFloat() - 1) * bound;
      }
      return values;
    };
  }

  /** Standard normal, for embeddings. */
  static Initialiser gaussian() {
    return (size, random) -> {
      ZigguratSampler.NormalizedGaussian sampler = ZigguratSampler.NormalizedGaussian.of(random);
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) sampler.sample();
      }
      return values;
    };
  }
}
