package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.tensorflow.Seeds;
import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Random Fourier features (Rahimi and Recht, 2007): an embedding whose inner products approximate a
 * Gaussian kernel, so that the mean embedding of a set of windows represents its distribution.
 *
 * <pre>{@code
 * FourierFeatures embedding = FourierFeatures.of(mean, sd, 1024, seed);
 * float[] embedded = embedding.of(features);   // [1024], each from -1 to 1
 * }</pre>
 *
 * <p>Features are standardised with the mean and standard deviation of the real windows and mapped
 * to {@code cos(w x + b)} with {@code w ~ N(0, 1 / d)} and {@code b ~ U(0, 2 pi)}, where d is the
 * number of features that vary. The bandwidth of the kernel is sqrt(d), about the typical distance
 * between two windows. Features that are the same in all real windows are ignored.
 *
 * <p>The embedding is a pure function of its arguments and uses {@link StrictMath}, so it gives the
 * same bits on every machine.
 */
@Internal
public final class FourierFeatures implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A feature whose standard deviation is below this share of the largest one is constant. */
  private static final double CONSTANT = 1e-6;

  private final double[] mean;
  private final double[] scale;
  private final float[] frequencies;
  private final float[] phases;

  private FourierFeatures(double[] mean, double[] scale, float[] frequencies, float[] phases) {
    this.mean = mean;
    this.scale = scale;
    this.frequencies = frequencies;
    this.phases = phases;
  }

  /**
   * Returns the embedding for features with the given moments.
   *
   * @param mean mean of each feature over the real windows
   * @param sd standard deviation of each feature over the real windows
   * @param count number of Fourier features; the more, the closer to the kernel
   * @throws IllegalArgumentException if no feature varies, or a number is not finite
   */
  public static FourierFeatures of(double[] mean, double[] sd, int count, long seed) {
    checkArgument(count >= 1, "count of Fourier features must be at least 1, was %s", count);
    double largest = 0;
    for (int k = 0; k < sd.length; k++) {
      checkArgument(
          Double.isFinite(mean[k]) && Double.isFinite(sd[k]),
          "features of the target classifier must be finite, feature %s was not",
          k);
      largest = Math.max(largest, sd[k]);
    }
    checkArgument(
        largest > 0,
        "features of the target classifier must vary over the real windows, none of %s did: it has"
            + " learned nothing",
        sd.length);
    double[] scale = new double[sd.length];
    int varying = 0;
    for (int k = 0; k < sd.length; k++) {
      scale[k] = sd[k] > CONSTANT * largest ? 1 / sd[k] : 0;
      varying += scale[k] > 0 ? 1 : 0;
    }
    float[] frequencies = new float[Math.multiplyExact(count, sd.length)];
    Seeds.fillGaussian(frequencies, 0, frequencies.length, seed, "Fourier frequencies");
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] /= (float) Math.sqrt(varying);
    }
    UniformRandomProvider random = Seeds.stream(seed, "Fourier phases");
    float[] phases = new float[count];
    for (int i = 0; i < count; i++) {
      phases[i] = (float) (2 * Math.PI * random.nextDouble());
    }
    return new FourierFeatures(mean.clone(), scale, frequencies, phases);
  }

  /** Returns the number of Fourier features. */
  public int count() {
    return phases.length;
  }

  /** Returns the embedding of a window's features. */
  public float[] of(float[] features) {
    checkArgument(
        features.length == mean.length,
        "there must be %s features, were %s",
        mean.length,
        features.length);
    float[] x = new float[features.length];
    for (int k = 0; k < x.length; k++) {
      x[k] = (float) ((features[k] - mean[k]) * scale[k]);
    }
    float[] embedded = new float[phases.length];
    for (int i = 0; i < embedded.length; i++) {
      double angle = phases[i];
      int row = i * x.length;
      for (int k = 0; k < x.length; k++) {
        angle += frequencies[row + k] * x[k];
      }
      embedded[i] = (float) StrictMath.cos(angle);
    }
    return embedded;
  }
}
