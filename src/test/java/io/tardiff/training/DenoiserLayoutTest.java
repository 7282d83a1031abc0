package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;

import io.tardiff.cohort.ChannelScale;
import io.tardiff.cohort.StaticCovariate;
import io.tardiff.cohort.WindowSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DenoiserLayoutTest {
  private static final float UNKNOWN = Float.NaN;

  private static final StaticCovariate AGE =
      new StaticCovariate("Age", 1, null, 60, 10, new ChannelScale(1, 18, 90));
  private static final StaticCovariate WEIGHT =
      new StaticCovariate("Weight", 0.9, null, 80, 20, new ChannelScale(0.1, 35, 200));
  private static final StaticCovariate SEX = categorical("Sex", 1, 0.0, 1.0);
  private static final StaticCovariate WARD = categorical("Ward", 0.5, 1.0, 3.0, 7.0);
  private static final StaticCovariate NEVER =
      new StaticCovariate("Height", 0, null, 0, 1, ChannelScale.CONTINUOUS);

  private static final List<StaticCovariate> STATICS = List.of(AGE, NEVER, SEX, WEIGHT, WARD);
  private static final WindowSpec SPEC =
      WindowSpec.of(
          3,
          Duration.ofHours(1),
          List.of(WindowSpec.Channel.of("a", ""), WindowSpec.Channel.of("b", "")),
          STATICS.stream().map(StaticCovariate::name).toList(),
          2);

  // Two windows.
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  private static final boolean[] MASK = {
    true, false, true, true, false, false, true, true, true, false, true, true
  };
  private static final float[] COVARIATES = {
    70, UNKNOWN, 1, UNKNOWN, 3, /* second */ 18, UNKNOWN, 0, 61.7f, UNKNOWN
  };

  private static StaticCovariate categorical(String name, double known, Double... values) {
    return new StaticCovariate(
        name, known, List.of(values), 1, 1, new ChannelScale(1, 0, values[values.length - 1]));
  }

  @Test
  void valuesAloneAreAsTheyAre() {
    DenoiserLayout layout = new DenoiserLayout(SPEC, false, List.of());

    assertThat(layout.encode(VALUES, MASK, COVARIATES), is(sameInstance(VALUES)));
    assertThat(layout.values(VALUES), is(sameInstance(VALUES)));
    assertThat(layout.width(), is(2));
    assertThat(layout.statics(VALUES).length, is(0));
    assertThat(layout.countedBy(), is(new int[] {-1, -1}));
  }

  @Test
  void bitsFollowValues() {
    DenoiserLayout layout = new DenoiserLayout(SPEC, true, List.of());

    assertThat(
        Arrays.copyOf(layout.encode(VALUES, MASK, COVARIATES), 8),
        is(new float[] {1, 2, 1, -1, 3, 4, 1, 1}));
    assertThat(layout.countedBy(), is(new int[] {2, 3, -1, -1}));
  }

  @Test
  void covariatesFollowAndAreTheSameAtEveryStep() {
    DenoiserLayout layout = new DenoiserLayout(SPEC, false, STATICS);
    float[] x = layout.encode(VALUES, MASK, COVARIATES);

    // Age; female, male; weight, its bit; wards 1, 3, 7, unknown.
    float[] first = {1, -1, 1, 0, -1, -1, 1, -1, -1};
    float[] second = {-4.2f, 1, -1, (61.7f - 80) / 20, 1, -1, -1, -1, 1};
    assertThat(layout.width(), is(2 + first.length));
    assertThat(layout.constant(), is(first.length));
    for (int row = 0; row < 6; row++) {
      int at = row * layout.width() + 2;
      assertThat(Arrays.copyOfRange(x, at, at + first.length), is(row < 3 ? first : second));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void encodingLosesNothing(boolean isMasked) {
    DenoiserLayout layout = new DenoiserLayout(SPEC, isMasked, STATICS);
    float[] x = layout.encode(VALUES, MASK, COVARIATES);
    boolean[] all = new boolean[MASK.length];
    Arrays.fill(all, true);

    assertThat(layout.values(x), is(VALUES));
    assertThat(layout.mask(x), is(isMasked ? MASK : all));
    assertThat(layout.statics(x), is(COVARIATES));
  }

  @Test
  void samplesLieOnTheScaleAndInTheRangeOfTrain() {
    DenoiserLayout layout = new DenoiserLayout(SPEC, false, List.of(AGE, SEX, WEIGHT, WARD));
    float[] x = new float[3 * layout.width()];
    // 66.4 years; more male than female; 280 kg, known; of the wards, the third is the likeliest.
    float[] row = {0, 0, 0.64f, -0.3f, -0.2f, 10, 0.1f, -0.9f, -0.5f, 0.2f, 0.1f};
    for (int step = 0; step < 3; step++) {
      System.arraycopy(row, 0, x, step * row.length, row.length);
    }

    assertThat(layout.statics(x), is(new float[] {66, 1, 200, 7}));
  }

  @Test
  void valuesThatTrainHasNotAreUnknown() {
    DenoiserLayout layout = new DenoiserLayout(SPEC, false, List.of(WARD));

    assertThat(
        layout.statics(layout.encode(VALUES, MASK, new float[] {2, 7})),
        is(new float[] {UNKNOWN, 7}));
  }

  @Test
  void unknownNumbersAreNotLearned() {
    assertThat(
        new DenoiserLayout(SPEC, true, STATICS).countedBy(),
        is(new int[] {2, 3, -1, -1, -1, -1, -1, 8, -1, -1, -1, -1, -1}));
  }

  @Test
  void constantChannelsKeepTheirFirstStep() {
    DenoiserLayout layout = new DenoiserLayout(SPEC, false, List.of(AGE));
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19};

    layout.holdConstant(x);

    assertThat(x, is(new float[] {1, 2, 3, 4, 5, 3, 7, 8, 3, 11, 12, 13, 14, 15, 13, 17, 18, 13}));
  }
}
