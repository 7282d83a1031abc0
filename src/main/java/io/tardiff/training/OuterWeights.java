package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Floats;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * One tensor of the common weights of several trainers, with its velocity.
 *
 * <p>The distance to the mean of the trainers is taken for a gradient, and the step is Nesterov's
 * (arXiv 2311.08105, algorithm 1):
 *
 * <pre>
 * d     = weights - mean
 * v'    = momentum v + d
 * next  = weights - rate (d + momentum v')
 * </pre>
 *
 * <p>With rate 1 and momentum 0, the common weights become the mean.
 *
 * <p>The mean over trainers brings all that the step needs: each trainer outputs a {@link #part},
 * and {@link #next} takes their mean.
 *
 * @param values in row-major order
 * @param velocity of the same length
 */
record OuterWeights(float[] values, float[] velocity) {
  OuterWeights {
    checkArgument(
        values.length == velocity.length,
        "velocity must be of length %s, was %s",
        values.length,
        velocity.length);
  }

  /** Returns weights at rest. */
  static OuterWeights start(float[] values) {
    return new OuterWeights(values, new float[values.length]);
  }

  /**
   * Returns what a trainer outputs: its own weights, and the common weights that all trainers
   * started from with their velocity.
   */
  static float[] part(float[] own, OuterWeights common) {
    return Floats.concat(own, common.values, common.velocity);
  }

  /** Returns the common weights after a step towards the mean of the trainers. */
  static OuterWeights next(double[] mean, double rate, double momentum) {
    checkArgument(mean.length % 3 == 0, "mean must be of three vectors, was of %s", mean.length);
    int size = mean.length / 3;
    float[] moved = new float[size];
    float[] faster = new float[size];
    for (int i = 0; i < size; i++) {
      // The mean of equal floats is exact.
      double common = mean[size + i];
      double distance = common - mean[i];
      double velocity = momentum * mean[2 * size + i] + distance;
      faster[i] = (float) velocity;
      moved[i] = (float) (common - rate * (distance + momentum * velocity));
    }
    return new OuterWeights(moved, faster);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OuterWeights weights
        && Arrays.equals(values, weights.values)
        && Arrays.equals(velocity, weights.velocity);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(velocity);
  }

  static final class Coder extends CustomCoder<OuterWeights> {
    private static final VectorCoder VECTORS = new VectorCoder();

    @Override
    public void encode(OuterWeights weights, OutputStream out) throws IOException {
      VECTORS.encode(Means.doubles(weights.values), out);
      VECTORS.encode(Means.doubles(weights.velocity), out);
    }

    @Override
    public OuterWeights decode(InputStream in) throws IOException {
      return new OuterWeights(Means.floats(VECTORS.decode(in)), Means.floats(VECTORS.decode(in)));
    }

    /** Deterministic: the same numbers always have the same bytes. */
    @Override
    public void verifyDeterministic() {}
  }
}
