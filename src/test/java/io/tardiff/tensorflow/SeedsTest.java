package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SeedsTest {

  /** Every sample ever generated depends on these numbers; they must never change. */
  @Test
  void numbersAreThoseOfTheFirstRelease() {
    float[] noise = new float[4];
    Seeds.fillGaussian(noise, 0, 4, 42, "noise", 7, 3);
    assertEquals("8d7efad1096c395d", Long.toHexString(Seeds.derive(42, "noise", 7, 3)));
    assertEquals("e9accb61f5de7f06", Long.toHexString(Seeds.stream(42, "noise", 7, 3).nextLong()));
    assertEquals("[-0.5261926, -1.244708, 3.4314795, -0.32461312]", Arrays.toString(noise));
    int[] order = {0, 1, 2, 3, 4, 5};
    Seeds.shuffle(order, 42);
    assertEquals("[2, 5, 3, 4, 1, 0]", Arrays.toString(order));
  }

  @Test
  void seedPurposeAndEveryCoordinateMatter() {
    Set<Long> seen = new HashSet<>();
    int count = 0;
    for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE}) {
      for (String purpose : new String[] {"", "a", "b", "ab", "ba"}) {
        for (long first = -20; first < 20; first++) {
          seen.add(Seeds.derive(seed, purpose, first));
          seen.add(Seeds.derive(seed, purpose, first, 0));
          seen.add(Seeds.derive(seed, purpose, 0, first + 100));
          count += 3;
        }
        seen.add(Seeds.derive(seed, purpose));
        count++;
      }
    }
    assertEquals(count, seen.size());
  }

  @Test
  void offsetDoesNotChangeTheNumbers() {
    float[] alone = new float[5];
    float[] within = new float[9];
    Seeds.fillGaussian(alone, 0, 5, 1, "noise", 2);
    Seeds.fillGaussian(within, 3, 5, 1, "noise", 2);
    assertArrayEquals(alone, Arrays.copyOfRange(within, 3, 8));
    assertEquals(0f, within[2]);
    assertEquals(0f, within[8]);
  }

  @Test
  void gaussiansHaveTheirMomentsAndNeighboursAreUncorrelated() {
    int n = 200_000;
    float[] values = new float[n];
    // One number per stream, to test many short streams together.
    for (int i = 0; i < n; i++) {
      Seeds.fillGaussian(values, i, 1, 3, "moments", i);
    }
    double mean = IntStream.range(0, n).mapToDouble(i -> values[i]).average().orElseThrow();
    double second = moment(values, 2);
    double lag =
        IntStream.range(1, n).mapToDouble(i -> values[i] * values[i - 1]).average().orElseThrow();
    // Five standard errors each.
    assertThat(mean, closeTo(0, 5 / Math.sqrt(n)));
    assertThat(second, closeTo(1, 5 * Math.sqrt(2.0 / n)));
    assertThat(moment(values, 4), closeTo(3, 5 * Math.sqrt(96.0 / n)));
    assertThat(lag, closeTo(0, 5 / Math.sqrt(n)));
  }

  private static double moment(float[] values, int order) {
    return IntStream.range(0, values.length)
        .mapToDouble(i -> Math.pow(values[i], order))
        .average()
        .orElseThrow();
  }

  @Test
  void shuffleKeepsEveryNumber() {
    int[] values = IntStream.range(0, 100).toArray();
    Seeds.shuffle(values, 5);
    assertTrue(IntStream.range(0, 100).anyMatch(i -> values[i] != i));
    Arrays.sort(values);
    assertArrayEquals(IntStream.range(0, 100).toArray(), values);
  }

  @Test
  void pairHoldsBothHalves() {
    assertArrayEquals(new int[] {0x01234567, 0x89abcdef}, Seeds.pair(0x0123456789abcdefL));
  }
}
