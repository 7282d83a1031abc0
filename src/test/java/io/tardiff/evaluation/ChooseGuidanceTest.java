package io.tardiff.evaluation;

import static io.tardiff.evaluation.Scores.UNGUIDED;
import static io.tardiff.evaluation.Scores.guided;
import static io.tardiff.evaluation.Scores.tstr;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.stringContainsInOrder;

import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.synthetic.SyntheticSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChooseGuidanceTest {
  private static final SyntheticSet WEAK = guided("mean_shift", 0.01);
  private static final SyntheticSet STRONG = guided("mean_shift", 0.1);

  @Test
  void significantGainIsChosen() {
    // Gains 0.02, 0.03, 0.04: mean 0.03, standard error 0.01 / sqrt(3), t(2, 0.95) = 2.920.
    GuidanceChoice choice =
        ChooseGuidance.choose(
            List.of(
                tstr(UNGUIDED, 1, 0.40),
                tstr(UNGUIDED, 2, 0.42),
                tstr(UNGUIDED, 3, 0.44),
                tstr(WEAK, 3, 0.48),
                tstr(WEAK, 2, 0.45),
                tstr(WEAK, 1, 0.42)));
    assertThat(choice.getChosen(), is(WEAK));
    assertThat(choice.getBestGuided(), is(WEAK));
    assertThat(choice.getReason(), containsString("a gain of +0.0300 where 0.0169 is needed"));
  }

  @Test
  void bestOfManyNeedsALargerGain() {
    List<UtilityScore> scores = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      scores.add(tstr(UNGUIDED, seed, 0.40));
      scores.add(tstr(WEAK, seed, 0.41 + 0.01 * seed));
      for (int k = 1; k <= 5; k++) {
        scores.add(tstr(guided("interpolation", 0.001 * k), seed, 0.40));
      }
    }
    // The gains of the test above; t(2, 1 - 0.05 / 6) = 7.649 requires 0.0442.
    assertThat(ChooseGuidance.choose(scores).getChosen(), is(UNGUIDED));
    assertThat(ChooseGuidance.choose(scores).getReason(), containsString("where 0.0442 is needed"));
  }

  @Test
  void gainWithinSeedNoiseIsNotChosen() {
    // Gains 0.06, -0.03, 0.00: mean 0.01, standard error 0.0265.
    GuidanceChoice choice =
        ChooseGuidance.choose(
            List.of(
                tstr(UNGUIDED, 1, 0.40),
                tstr(UNGUIDED, 2, 0.42),
                tstr(UNGUIDED, 3, 0.44),
                tstr(WEAK, 1, 0.46),
                tstr(WEAK, 2, 0.39),
                tstr(WEAK, 3, 0.44)));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getBestGuided(), is(WEAK));
    assertThat(choice.getReason(), containsString("The baseline is kept"));
  }

  @Test
  void gainFromFewPatientsIsNotChosen() {
    // All seeds agree, but the guided set improves the rank of only one of ten patients at risk.
    GuidanceChoice choice =
        ChooseGuidance.choose(
            List.of(
                tstr(UNGUIDED, 1, 0.40, ranking(0.3)),
                tstr(UNGUIDED, 2, 0.42, ranking(0.3)),
                tstr(WEAK, 1, 0.50, ranking(0.9)),
                tstr(WEAK, 2, 0.52, ranking(0.9))));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getBestGuided(), is(WEAK));
    // The gain is significant over seeds.
    assertThat(
        choice.getReason(),
        stringContainsInOrder(WEAK.title(), "0.5100", "0.4100", "+0.1000", "0.0000", "+0.0000"));
  }

  /** Thirty patients, of whom every third is at risk; the first one scores {@code first}. */
  private static Ranking ranking(double first) {
    int[] labels = IntStream.range(0, 30).map(i -> i % 3 == 0 ? 1 : 0).toArray();
    double[][] probabilities =
        IntStream.range(0, 30)
            .mapToDouble(i -> i == 0 ? first : 0.5 + (labels[i] == 1 ? 0.1 : 0))
            .mapToObj(p -> new double[] {1 - p, p})
            .toArray(double[][]::new);
    return new Ranking(probabilities, labels, IntStream.range(0, 30).toArray());
  }

  @Test
  void lossIsNeverChosen() {
    GuidanceChoice choice =
        ChooseGuidance.choose(
            List.of(
                tstr(UNGUIDED, 1, 0.40),
                tstr(UNGUIDED, 2, 0.40),
                tstr(WEAK, 1, 0.30),
                tstr(WEAK, 2, 0.30)));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getReason(), containsString("a gain of -0.1000"));
  }

  @Test
  void oneSeedIsNeverSignificant() {
    GuidanceChoice choice =
        ChooseGuidance.choose(List.of(tstr(UNGUIDED, 1, 0.40), tstr(WEAK, 1, 0.60)));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getReason(), containsString("only one seed"));
  }

  @Test
  void tiesGoToTheSmallerScale() {
    GuidanceChoice choice =
        ChooseGuidance.choose(
            List.of(
                tstr(UNGUIDED, 1, 0.40),
                tstr(UNGUIDED, 2, 0.40),
                tstr(STRONG, 1, 0.50),
                tstr(STRONG, 2, 0.50),
                tstr(WEAK, 1, 0.50),
                tstr(WEAK, 2, 0.50)));
    assertThat(choice.getChosen(), is(WEAK));
  }

  @Test
  void tieWithTheBaselineIsNotChosen() {
    GuidanceChoice choice =
        ChooseGuidance.choose(
            List.of(
                tstr(UNGUIDED, 1, 0.40),
                tstr(UNGUIDED, 2, 0.40),
                tstr(WEAK, 1, 0.40),
                tstr(WEAK, 2, 0.40)));
    assertThat(choice.getChosen(), is(UNGUIDED));
  }

  @Test
  void withoutTargetedSetsTheBaselineIsChosen() {
    GuidanceChoice choice = ChooseGuidance.choose(List.of(tstr(UNGUIDED, 1, 0.4)));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getBestGuided(), nullValue());
  }

  @Test
  void withoutABaselineTheBestSetIsChosen() {
    GuidanceChoice choice =
        ChooseGuidance.choose(List.of(tstr(WEAK, 1, 0.4), tstr(STRONG, 1, 0.5)));
    assertThat(choice.getChosen(), is(STRONG));
    assertThat(choice.getReason(), containsString("no baseline"));
  }
}
