package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HerdingTest {

  /** 3, 8 and 19 features: below, at and beyond the lanes of the inner product. */
  @ParameterizedTest
  @ValueSource(ints = {3, 8, 19})
  void everyStepTakesTheCandidateThatComesClosest(int features) {
    float[][] candidates = gaussian(40, features, 1);
    double[] target = new double[features];
    Arrays.setAll(target, k -> 0.3 * Math.sin(k));

    Herding.Herd herd = Herding.select(candidates, target, 25);

    assertThat(herd.order(), is(bruteForce(candidates, target, 25)));
    assertThat(herd.error(), closeTo(error(candidates, herd.order(), target), 1e-9));
  }

  /** Recomputes the whole sum for every candidate. */
  private static int[] bruteForce(float[][] candidates, double[] target, int count) {
    int[] order = new int[count];
    boolean[] used = new boolean[candidates.length];
    double[] sum = new double[target.length];
    for (int t = 1; t <= count; t++) {
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < candidates.length; i++) {
        double distance = 0;
        for (int k = 0; k < target.length; k++) {
          double off = sum[k] + candidates[i][k] - t * target[k];
          distance += off * off;
        }
        if (!used[i] && distance < least) {
          least = distance;
          order[t - 1] = i;
        }
      }
      used[order[t - 1]] = true;
      for (int k = 0; k < target.length; k++) {
        sum[k] += candidates[order[t - 1]][k];
      }
    }
    return order;
  }

  @Test
  void takesTheCandidatesWhoseMeanIsNearTheTarget() {
    // The corners of a square around the target, and points that pull away from it.
    float[][] candidates = {{9, 9}, {1, 1}, {7, -8}, {-1, -1}, {-9, 2}, {1, -1}, {-1, 1}};

    Herding.Herd herd = Herding.select(candidates, new double[] {0.1, 0}, 4);

    int[] taken = herd.order().clone();
    Arrays.sort(taken);
    assertThat(taken, is(new int[] {1, 3, 5, 6}));
    assertThat(herd.error(), closeTo(1, 1e-9));
  }

  @Test
  void herdIsMuchCloserThanARandomPartOfThePool() {
    float[][] candidates = gaussian(600, 32, 5);
    double[] target = new double[32];
    Arrays.fill(target, 0.25);

    double herded = Herding.select(candidates, target, 200).error();

    int[] random = new Random(3).ints(0, 600).distinct().limit(200).toArray();
    assertThat(herded, lessThan(0.25 * error(candidates, random, target)));
  }

  @Test
  void everyPrefixIsTheHerdOfItsSize() {
    float[][] candidates = gaussian(50, 6, 2);
    double[] target = new double[6];

    int[] longer = Herding.select(candidates, target, 30).order();

    assertThat(Herding.select(candidates, target, 11).order(), is(Arrays.copyOf(longer, 11)));
  }

  @Test
  void tiesGoToTheLowestIndex() {
    float[][] candidates = {{1, 0}, {1, 0}, {1, 0}};

    assertThat(Herding.select(candidates, new double[] {1, 0}, 3).order(), is(new int[] {0, 1, 2}));
  }

  @Test
  void allOrNoneMayBeTaken() {
    float[][] candidates = gaussian(4, 2, 9);
    double[] target = {0, 1};

    assertThat(Herding.select(candidates, target, 0).order().length, is(0));
    int[] all = Herding.select(candidates, target, 4).order().clone();
    Arrays.sort(all);
    assertThat(all, is(new int[] {0, 1, 2, 3}));
  }

  @Test
  void poolSmallerThanCountIsRejected() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Herding.select(gaussian(3, 2, 0), new double[2], 4));

    assertThat(e.getMessage(), containsString("candidates as to select (4), were 3"));
  }

  @Test
  void candidateOfAnotherLengthIsRejected() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Herding.select(gaussian(3, 2, 0), new double[3], 1));

    assertThat(e.getMessage(), containsString("must have 3 features"));
  }

  private static double error(float[][] candidates, int[] taken, double[] target) {
    double[] sum = new double[target.length];
    for (int i : taken) {
      for (int k = 0; k < sum.length; k++) {
        sum[k] += candidates[i][k];
      }
    }
    return Herding.error(sum, taken.length, target);
  }

  private static float[][] gaussian(int size, int features, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[size][features];
    for (float[] row : rows) {
      for (int k = 0; k < features; k++) {
        row[k] = (float) random.nextGaussian();
      }
    }
    return rows;
  }
}
