package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Greedy kernel herding (Welling, 2009; Chen, Welling and Smola, 2010): takes candidates from a
 * pool one by one so that their mean stays as close as possible to a target.
 *
 * <pre>{@code
 * FourierFeatures embedding = FourierFeatures.of(mean, sd, 1024, seed);
 * Herding.Herd herd = Herding.select(embedded, target, 500);
 * herd.order();   // indices of 500 candidates, in the order they were taken
 * herd.error();   // ||mean of the taken - target|| / ||target||
 * }</pre>
 *
 * <p>Step t takes the remaining candidate f that minimises ||S + f - t m||, where m is the target
 * and S the sum of the candidates taken so far; ties go to the lowest index. If candidates are
 * random Fourier features and the target is their mean over real windows, the selection matches the
 * distribution of the real windows in those features. Every prefix of the order is the herd of its
 * size.
 *
 * <p>Time is proportional to candidates x taken x features, memory to the candidates alone. The
 * result is a pure function of the arguments: sums are computed in a fixed order on one thread.
 */
@Internal
public final class Herding {
  private static final int LANES = 8;

  private Herding() {}

  /**
   * The selected candidates.
   *
   * @param order indices into the candidates, in the order they were taken
   * @param error distance of their mean from the target, relative to the length of the target
   */
  public record Herd(int[] order, double error) {}

  /**
   * Selects {@code count} candidates.
   *
   * @param candidates {@code [size][features]}, not changed
   * @param target {@code [features]}
   * @throws IllegalArgumentException if there are fewer than {@code count} candidates, or a
   *     candidate differs in length from the target
   */
  public static Herd select(float[][] candidates, double[] target, int count) {
    checkArgument(count >= 0, "count must be at least 0, was %s", count);
    checkArgument(
        candidates.length >= count,
        "there must be at least as many candidates as to select (%s), were %s",
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
          "candidates must have %s features like the target, one had %s",
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
      // Keep the remaining candidates in index order, so that ties go to the lowest index.
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

  /** Returns ||sum / count - target|| / ||target||; 0 if {@code count} or the target is 0. */
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

  /** Sums in eight fixed lanes: the JIT can vectorise them, and the result is always the same. */
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
