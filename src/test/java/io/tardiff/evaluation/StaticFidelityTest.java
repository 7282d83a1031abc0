package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StaticFidelityTest {
  private static final WindowSpec SPEC =
      WindowSpec.of(
          1,
          Duration.ofHours(1),
          List.of(WindowSpec.Channel.of("a", "")),
          List.of("Age", "Sex"),
          2);
  private static final double EXACT = 1e-9;

  /**
   * Ages around 60, in class 1 older; sexes, in class 1 unknown every other time.
   *
   * @param older years that both classes are older
   * @param men share of men
   */
  private static LabelledWindows windows(int size, long seed, double older, double men) {
    Random random = new Random(seed);
    float[] statics = new float[2 * size];
    int[] labels = new int[size];
    for (int w = 0; w < size; w++) {
      labels[w] = w % 2;
      statics[2 * w] = (float) (60 + older + 10 * labels[w] + 5 * random.nextGaussian());
      statics[2 * w + 1] = w % 4 == 1 ? Float.NaN : random.nextDouble() < men ? 1 : 0;
    }
    return new LabelledWindows(1, 1, 2, new float[size], new boolean[size], statics, labels);
  }

  private static StaticFidelity measure(LabelledWindows set) {
    return StaticFidelity.measure(SPEC, windows(2_000, 1, 0, 0.5), set);
  }

  @Test
  void sameDistributionsAreClose() {
    StaticFidelity fidelity = measure(windows(2_000, 2, 0, 0.5));

    assertThat(fidelity.meanDistance(), lessThan(0.06));
    assertThat(fidelity.meanKnownDifference(), is(0.0));
  }

  @Test
  void shiftedAgesAndSexesAreSeen() {
    StaticFidelity fidelity = measure(windows(2_000, 2, 5, 0.8));
    StaticFidelity.Covariate age = fidelity.classes().get(1).covariates().get(0);
    StaticFidelity.Covariate sex = fidelity.classes().get(1).covariates().get(1);

    // A shift by one standard deviation: 2 Phi(1/2) - 1.
    assertThat(age.isCategorical(), is(false));
    assertThat(age.distance(), closeTo(0.383, 0.05));
    assertThat(sex.isCategorical(), is(true));
    assertThat(sex.distance(), closeTo(0.3, 0.05));
  }

  /** Windows of both classes together have the ages of train, but each class has the other's. */
  @Test
  void covariatesOfTheWrongClassAreSeen() {
    LabelledWindows set = windows(2_000, 2, 0, 0.5);
    int[] swapped = set.labels().clone();
    for (int w = 0; w < swapped.length; w++) {
      swapped[w] = 1 - swapped[w];
    }
    StaticFidelity fidelity =
        measure(new LabelledWindows(1, 1, 2, set.values(), set.mask(), set.statics(), swapped));

    assertThat(fidelity.classes().get(0).covariates().get(0).distance(), lessThan(0.06));
    assertThat(fidelity.classes().get(1).covariates().get(0).distance(), closeTo(0.68, 0.05));
    // Sexes are known in 1 and 0.5 of the windows.
    assertThat(fidelity.meanKnownDifference(), closeTo(0.25, EXACT));
  }

  @Test
  void covariateThatTheSetNeverKnowsIsTheFarthest() {
    LabelledWindows set = windows(200, 2, 0, 0.5);
    for (int i = 0; i < set.statics().length; i += 2) {
      set.statics()[i] = Float.NaN;
    }

    assertThat(measure(set).classes().get(0).covariates().get(0).distance(), is(1.0));
    assertThat(measure(set).classes().get(0).covariates().get(0).known(), is(0.0));
  }

  @Test
  void fewRealWindowsHaveNoFigures() {
    StaticFidelity fidelity =
        StaticFidelity.measure(SPEC, windows(16, 1, 0, 0.5), windows(100, 2, 0, 0.5));

    assertThat(fidelity.classes().get(1).covariates().get(0).distance(), is(Double.NaN));
    assertThat(fidelity.classes().get(1).covariates().get(0).realKnown(), is(Double.NaN));
  }

  @Test
  void setWithoutCovariatesHasNone() {
    assertThat(
        measure(new LabelledWindows(1, 1, 2, new float[4], new int[] {0, 1, 0, 1})),
        is(nullValue()));
  }
}
