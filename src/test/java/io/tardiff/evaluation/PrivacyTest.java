package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notANumber;

import io.tardiff.cohort.LabelledWindows;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrivacyTest {

  @Test
  void distancesAreRootMeanSquares() {
    // Nearest train window at differences (3, 3), the second at (4, 4); held_out at (1, 7).
    Privacy privacy =
        Privacy.measure(
            Windows.of(2, 1, 3, 4, 5, 4.5f, -4, -3),
            Windows.of(2, 1, 1, 8),
            Windows.of(2, 1, 0, 1));
    assertThat(privacy.windows(), is(1));
    assertThat(privacy.trainWindows(), is(3));
    assertThat(privacy.heldOutWindows(), is(1));
    assertThat(privacy.medianTrainDistance(), closeTo(3, 1e-6));
    assertThat(privacy.medianDistanceRatio(), closeTo(0.75, 1e-6));
    assertThat(privacy.medianHeldOutDistance(), closeTo(5, 1e-6));
    assertThat(privacy.closerIfCopied(), closeTo(0.5 + 0.5 / 3, 1e-12));
    assertThat(privacy.exactCopies(), is(0));
  }

  @Test
  void tiesCountOneHalf() {
    Privacy privacy =
        Privacy.measure(Windows.of(2, 1, 1, 2), Windows.of(2, 1, -1, 0), Windows.of(2, 1, 0, 1));
    assertThat(privacy.closerToTrain(), is(0.5));
  }

  @Test
  void countsCopies() {
    LabelledWindows train = noise(1, 50);
    Privacy privacy = Privacy.measure(train, noise(2, 50), train);
    assertThat(privacy.exactCopies(), is(50));
    assertThat(privacy.nearCopies(), is(50));
    assertThat(privacy.closerToTrain(), is(1.0));
    assertThat(privacy.closerIfCopied(), is(1.0));
    assertThat(privacy.medianTrainDistance(), is(0.0));
    assertThat(privacy.medianDistanceRatio(), is(0.0));
  }

  @Test
  void copiesScoreAsPredictedIfTrainIsLarger() {
    LabelledWindows train = noise(1, 200);
    Privacy privacy = Privacy.measure(train, noise(2, 50), train);
    assertThat(privacy.closerToTrain(), closeTo(privacy.closerIfCopied(), 0.05));
  }

  @Test
  void countsNearCopies() {
    LabelledWindows train = noise(1, 200);
    float[] shifted = train.values().clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] += 1e-3f;
    }
    Privacy privacy = Privacy.measure(train, noise(2, 200), Windows.of(2, 2, shifted));
    assertThat(privacy.exactCopies(), is(0));
    assertThat(privacy.nearCopies(), is(200));
  }

  @Test
  void unrelatedWindowsAreEquallyCloseToBothSplits() {
    Privacy privacy = Privacy.measure(noise(1, 300), noise(2, 100), noise(3, 200));
    assertThat(privacy.closerToTrain(), greaterThan(0.4));
    assertThat(privacy.closerToTrain(), lessThan(0.6));
    assertThat(privacy.nearCopies(), lessThan(10));
    assertThat(privacy.exactCopies(), is(0));
  }

  @Test
  void excludesConstantWindows() {
    // The second of each set is constant in its channel.
    LabelledWindows set = Windows.of(2, 1, 1, 2, 5, 5);
    Privacy privacy = Privacy.measure(set, set, set);
    assertThat(privacy.windows(), is(1));
    assertThat(privacy.trainWindows(), is(1));
  }

  @Test
  void figuresAreUndefinedWithoutWindows() {
    LabelledWindows constant = Windows.of(2, 1, 5, 5);
    Privacy privacy = Privacy.measure(constant, constant, Windows.of(2, 1, 1, 2));
    assertThat(privacy.closerToTrain(), notANumber());
    assertThat(privacy.trainWindows(), is(0));
  }

  private static LabelledWindows noise(long seed, int size) {
    Random random = new Random(seed);
    float[] values = new float[size * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Windows.of(2, 2, values);
  }
}
