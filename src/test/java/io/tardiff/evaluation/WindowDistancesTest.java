package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.LabelledWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowDistancesTest {

  /** More windows than fit in a block, from more than are taken at once; 15 values each. */
  @Test
  void areThoseOfWindowsOneByOneToTheLastBit() {
    LabelledWindows from = noise(1, 80);
    LabelledWindows to = noise(2, 700);
    int[] rows = IntStream.range(0, 80).filter(i -> i % 7 != 3).toArray();
    int[] among = IntStream.range(0, 700).filter(i -> i % 5 != 2).toArray();
    List<Integer> numbers = new ArrayList<>();
    new WindowDistances(to, among)
        .from(
            from,
            rows,
            (number, distances) -> {
              numbers.add(number);
              assertThat(distances, is(oneByOne(from, rows[number], to, among)));
            });
    assertThat(numbers, contains(IntStream.range(0, rows.length).boxed().toArray(Integer[]::new)));
  }

  @Test
  void noWindowHasNoDistance() {
    new WindowDistances(noise(1, 3), new int[0])
        .from(noise(2, 2), new int[] {1}, (i, row) -> assertThat(row.length, is(0)));
  }

  private static double[] oneByOne(
      LabelledWindows from, int window, LabelledWindows to, int[] among) {
    double[] distances = new double[among.length];
    for (int j = 0; j < among.length; j++) {
      float sum = 0;
      for (int k = 0; k < from.stride(); k++) {
        float difference =
            from.values()[window * from.stride() + k] - to.values()[among[j] * to.stride() + k];
        sum += difference * difference;
      }
      distances[j] = Math.sqrt(sum / from.stride());
    }
    return distances;
  }

  private static LabelledWindows noise(long seed, int size) {
    Random random = new Random(seed);
    float[] values = new float[size * 15];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Windows.of(5, 3, values);
  }
}
