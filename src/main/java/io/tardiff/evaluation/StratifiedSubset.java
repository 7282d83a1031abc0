package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;

/** A seeded random subset of a set that preserves the shares of the labels. */
final class StratifiedSubset {

  private StratifiedSubset() {}

  /**
   * Returns the sorted indices of {@code count} windows. Classes are apportioned by the largest
   * remainder method, with ties going to the smaller class.
   */
  static int[] indices(int[] labels, int classes, int count, long seed) {
    checkArgument(
        count >= 0 && count <= labels.length,
        "count must be between 0 and %s (the number of windows), was %s",
        labels.length,
        count);
    int[][] members = new int[classes][];
    for (int k = 0; k < classes; k++) {
      int label = k;
      members[k] = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
    }
    int[] quotas = quotas(members, labels.length, count);
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    IntStream.Builder chosen = IntStream.builder();
    for (int k = 0; k < classes; k++) {
      if (quotas[k] > 0) {
        int[] pick = new PermutationSampler(random, members[k].length, quotas[k]).sample();
        for (int i : pick) {
          chosen.add(members[k][i]);
        }
      }
    }
    return chosen.build().sorted().toArray();
  }

  private static int[] quotas(int[][] members, int total, int count) {
    int[] quotas = new int[members.length];
    double[] remainders = new double[members.length];
    for (int k = 0; k < members.length; k++) {
      double share = (double) count * members[k].length / Math.max(total, 1);
      quotas[k] = (int) share;
      remainders[k] = share - quotas[k];
    }
    int left = count - Arrays.stream(quotas).sum();
    IntStream.range(0, members.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(k -> -remainders[k])
                .thenComparing(k -> members[k].length))
        .limit(left)
        .forEach(k -> quotas[k]++);
    return quotas;
  }
}
