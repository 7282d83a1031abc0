package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class OuterWeightsTest {
  private static OuterWeights step(
      OuterWeights common, double rate, double momentum, float[]... own) {
    double[] sum = new double[1 + 3 * common.values().length];
    for (float[] weights : own) {
      double[] part = Means.part(OuterWeights.part(weights, common));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i];
      }
    }
    assertThat(Means.count(sum), is(own.length));
    return OuterWeights.next(Means.mean(sum), rate, momentum);
  }

  @Test
  void withRateOneAndNoMomentumTheWeightsBecomeTheMean() {
    OuterWeights next =
        step(
            OuterWeights.start(new float[] {5, -1}),
            1,
            0,
            new float[] {1, 2},
            new float[] {3, 4},
            new float[] {5, 0});
    assertThat(next.values(), is(new float[] {3, 2}));
  }

  /** v = 0.5 v + d, next = w - 0.25 (d + 0.5 v), by hand. */
  @Test
  void momentumAddsToTheStep() {
    OuterWeights first = step(OuterWeights.start(new float[] {8}), 0.25, 0.5, new float[] {4});
    assertThat(first, is(new OuterWeights(new float[] {8 - 0.25f * (4 + 2)}, new float[] {4})));
    // d = 6.5 - 4.5 = 2, v = 2 + 2 = 4
    OuterWeights second = step(first, 0.25, 0.5, new float[] {4}, new float[] {5});
    assertThat(second, is(new OuterWeights(new float[] {6.5f - 0.25f * (2 + 2)}, new float[] {4})));
  }

  /** Trainers that all move halfway to 3 are followed there. */
  @Test
  void weightsConvergeToWhereTrainersGo() {
    OuterWeights common = OuterWeights.start(new float[] {-40});
    for (int round = 0; round < 60; round++) {
      float half = (common.values()[0] + 3) / 2;
      common = step(common, 0.7, 0.6, new float[] {half - 1}, new float[] {half + 1});
    }
    assertThat((double) common.values()[0], closeTo(3, 1e-3));
  }

  @Test
  void coderKeepsEveryBit() throws Exception {
    OuterWeights weights = new OuterWeights(new float[] {0.1f, -3e-30f}, new float[] {7, 0.3f});
    assertThat(CoderUtils.clone(new OuterWeights.Coder(), weights), is(weights));
  }

  @Test
  void lengthsMustAgree() {
    assertThrows(
        IllegalArgumentException.class, () -> new OuterWeights(new float[2], new float[1]));
  }
}
