package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Greedy kernel herding (Welling, 2009; Chen, Welling and Smola, 2010): of a pool of candidates it
 * takes, one after the other, those whose mean comes closest to a target.
 *
 * <pre>{@code
 * FourierFeatures embedding = FourierFeatures.of(mean, sd, 1024, seed);
 * Herding.Herd herd = Herding.select(embedded, target, 500);
 * herd.order();   // indices of 500 candidates, the first taken first
 * herd.error();   // ||mean of the taken - target|| / ||target||
 * }</pre>
 *
 * <p>Step t takes the free candidate f that minimises ||S + f - t m||, where m is the target and S
 * the sum of those taken before; the first of equals. With random Fourier features as candidates
 * and the mean of real windows as the target, the taken ones match the distribution of the real
 * windows in what the features see. Every prefix of the order is a good choice of its own size.
 *
 * <p>Time is proportional to candidates x taken x features, memory to the candidates alone. The
 * result is a pure function of the arguments: sums are taken in one order, on one thread.
 */
@Internal
public final class Herding {
  private static final int LANES = 8;

  private Herding() {}

  /**
   * @param order indices into the candidates, as they were taken
   * @param error distance of their mean from the target, relative to the length of the target
   */
  public record Herd(int[] order, double error) {}

  /**
   * Takes {@code count} of the candidates.
   *
   * @param candidates {@code [size][features]}, not changed
   * @param target {@code [features]}
   * @throws IllegalArgumentException if there are fewer candidates than are to be taken, or a
   *     candidate differs in length from the target
   */
  public static Herd select(float[][] candidates, double[] target, int count) {
    checkArgument(count >= 0, "count must be at least 0, was %s", count);
    checkArgument(
        candidates.length >= count,
        "candidates must be at least as many as are to be taken (%s), were %s",
        count,
        candidates.length);
    int size = candidates.length;
    // ||S + f - t m||^2 = const + ||f||^2 + 2 <f, S> - 2 t <f, m>
    double[] norm = new double[size];
    double[] towards = new double[size];
    double[] taken = new double[size];
    for (int i = 0; i < size; i++) {
      float[] f = candidates[i];
      checkArgument(
          f.length == target.length,
          "candidates must have %s features as the target has, one had %s",
          target.length,
          f.length);
      for (int k = 0; k < f.length; k++) {
        norm[i] += (double) f[k] * f[k];
        towards[i] += f[k] * target[k];
      }
    }
    int[] order = new int[count];
    double[] sum = new double[target.length];
    int[] free = new int[size];
    Arrays.setAll(free, i -> i);
    int left = size;
    for (int t = 1; t <= count; t++) {
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int at = 0; at < left; at++) {
        int i = free[at];
        double score = norm[i] + 2 * (taken[i] - t * towards[i]);
        if (score < least) {
          least = score;
          best = at;
        }
      }
      int chosen = free[best];
      order[t - 1] = chosen;
      // Those that are left stay in the order of their index: the first of equals is the lowest.
      System.arraycopy(free, best + 1, free, best, left - best - 1);
      left--;
      float[] f = candidates[chosen];
      for (int k = 0; k < f.length; k++) {
        sum[k] += f[k];
      }
      if (t < count) {
        for (int at = 0; at < left; at++) {
          taken[free[at]] += dot(candidates[free[at]], f);
        }
      }
    }
    return new Herd(order, error(sum, count, target));
  }

  /** ||sum / count - target|| / ||target||; 0 of nothing. */
  public static double error(double[] sum, long count, double[] target) {
    double distance = 0;
    double length = 0;
    for (int k = 0; k < target.length; k++) {
      double difference = sum[k] / Math.max(1, count) - target[k];
      distance += difference * difference;
      length += target[k] * target[k];
    }
    return count == 0 || length == 0 ? 0 : Math.sqrt(distance / length);
  }

  /** In lanes, which the processor can work on side by side; always the same lanes. */
  private static double dot(float[] a, float[] b) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int k = 0;
    for (; k <= a.length - LANES; k += LANES) {
      s0 += a[k] * b[k];
      s1 += a[k + 1] * b[k + 1];
      s2 += a[k + 2] * b[k + 2];
      s3 += a[k + 3] * b[k + 3];
      s4 += a[k + 4] * b[k + 4];
      s5 += a[k + 5] * b[k + 5];
      s6 += a[k + 6] * b[k + 6];
      s7 += a[k + 7] * b[k + 7];
    }
    double sum = ((double) s0 + s1) + ((double) s2 + s3) + ((double) s4 + s5) + ((double) s6 + s7);
    for (; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}
