package io.tardiff.evaluation;

import static io.tardiff.evaluation.Scores.UNGUIDED;
import static io.tardiff.evaluation.Scores.guided;
import static io.tardiff.evaluation.Scores.trtr;
import static io.tardiff.evaluation.Scores.tsrtr;
import static io.tardiff.evaluation.Scores.tstr;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.stringContainsInOrder;

import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.influence.Purpose;
import io.tardiff.synthetic.SyntheticSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChooseGuidanceTest {
  private static final SyntheticSet WEAK = guided("mean_shift", 0.01);
  private static final SyntheticSet STRONG = guided("mean_shift", 0.1);

  private static GuidanceChoice replace(List<UtilityScore> scores) {
    return ChooseGuidance.choose(Purpose.REPLACE, scores).orElseThrow();
  }

  @Test
  void significantGainIsChosen() {
    // Gains 0.02, 0.03, 0.04: mean 0.03, standard error 0.01 / sqrt(3), t(2, 0.95) = 2.920.
    GuidanceChoice choice =
        replace(
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
    assertThat(replace(scores).getChosen(), is(UNGUIDED));
    assertThat(replace(scores).getReason(), containsString("where 0.0442 is needed"));
  }

  @Test
  void gainWithinSeedNoiseIsNotChosen() {
    // Gains 0.06, -0.03, 0.00: mean 0.01, standard error 0.0265.
    GuidanceChoice choice =
        replace(
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
        replace(
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
    return new Ranking(probabilities, labels, LongStream.range(0, 30).toArray());
  }

  @Test
  void lossIsNeverChosen() {
    GuidanceChoice choice =
        replace(
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
    GuidanceChoice choice = replace(List.of(tstr(UNGUIDED, 1, 0.40), tstr(WEAK, 1, 0.60)));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getReason(), containsString("only one seed"));
  }

  @Test
  void tiesGoToTheSmallerScale() {
    GuidanceChoice choice =
        replace(
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
        replace(
            List.of(
                tstr(UNGUIDED, 1, 0.40),
                tstr(UNGUIDED, 2, 0.40),
                tstr(WEAK, 1, 0.40),
                tstr(WEAK, 2, 0.40)));
    assertThat(choice.getChosen(), is(UNGUIDED));
  }

  @Test
  void withoutTargetedSetsTheBaselineIsChosen() {
    GuidanceChoice choice = replace(List.of(tstr(UNGUIDED, 1, 0.4)));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getBestGuided(), nullValue());
  }

  @Test
  void withoutABaselineTheBestSetIsChosen() {
    GuidanceChoice choice = replace(List.of(tstr(WEAK, 1, 0.4), tstr(STRONG, 1, 0.5)));
    assertThat(choice.getChosen(), is(STRONG));
    assertThat(choice.getReason(), containsString("no baseline"));
  }

  private static GuidanceChoice augment(List<UtilityScore> scores) {
    return ChooseGuidance.choose(Purpose.AUGMENT, scores).orElseThrow();
  }

  /** Real windows alone have 0.40, 0.42, 0.44. */
  private static List<UtilityScore> real() {
    return List.of(trtr(3, 0.44), trtr(1, 0.40), trtr(2, 0.42));
  }

  /**
   * Adds a set with its gains at alpha 0.5 and 1, with every seed; a little more with the third.
   */
  private static List<UtilityScore> added(
      List<UtilityScore> scores, SyntheticSet set, double first, double second) {
    List<UtilityScore> all = new ArrayList<>(scores);
    double[] noise = {0, 0.02, 0.045};
    for (int seed = 3; seed >= 1; seed--) {
      all.add(tsrtr(set, 1.0, seed, 0.40 + noise[seed - 1] + second));
      all.add(tsrtr(set, 0.5, seed, 0.40 + noise[seed - 1] + first));
    }
    return all;
  }

  @Test
  void setThatImprovesOnRealAloneIsChosenToAugment() {
    // Gains by seed, mean over the alphas: 0.04, 0.04, 0.045.
    GuidanceChoice choice = augment(added(added(real(), UNGUIDED, 0, 0), WEAK, 0.03, 0.05));
    assertThat(choice.getPurpose(), is(Purpose.AUGMENT));
    assertThat(choice.getChosen(), is(WEAK));
    assertThat(choice.getBestGuided(), is(WEAK));
    assertThat(
        choice.getReason(),
        stringContainsInOrder(
            "A set improves on real windows alone",
            WEAK.title(),
            "0.4617 (mean over alpha 0.5, 1)",
            "0.4200",
            // t(2, 1 - 0.05 / 2) = 4.303, times the standard error 0.00289 / sqrt(3).
            "a gain of +0.0417 where 0.0072 is needed",
            "over 2 sets"));
  }

  @Test
  void setsThatDoNotImproveOnRealAloneAreNotChosenToAugment() {
    // Better than the baseline, with every seed, but not than real windows alone.
    GuidanceChoice choice = augment(added(added(real(), UNGUIDED, -0.1, -0.1), WEAK, -0.01, -0.01));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getBestGuided(), is(WEAK));
    assertThat(
        choice.getReason(),
        stringContainsInOrder(
            "No set improves on real windows alone", WEAK.title(), "0.4117", "0.4200", "-0.0083"));
    assertThat(choice.getReason(), containsString("The baseline is kept."));
  }

  /** The purposes ask other questions, so that the same fits answer them differently. */
  @Test
  void purposeDecides() {
    List<UtilityScore> alone = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      alone.add(tstr(UNGUIDED, seed, 0.30 + 0.001 * seed));
      alone.add(tstr(WEAK, seed, 0.10));
      alone.add(tstr(STRONG, seed, 0.50));
    }
    // WEAK helps when added, but is poor alone; STRONG the other way round.
    List<UtilityScore> together =
        added(added(added(real(), UNGUIDED, 0, 0), WEAK, 0.1, 0.1), STRONG, -0.2, -0.2);
    assertThat(augment(together).getChosen(), is(WEAK));
    assertThat(replace(alone).getChosen(), is(STRONG));
  }

  /** A gain at one alpha and the same loss at another are none. */
  @Test
  void alphasAreAveraged() {
    GuidanceChoice choice = augment(added(added(real(), UNGUIDED, 0, 0), WEAK, 0.2, -0.2));
    assertThat(choice.getChosen(), is(UNGUIDED));
  }

  @Test
  void baselineThatImprovesOnRealAloneIsChosenToAugment() {
    GuidanceChoice choice = augment(added(added(real(), UNGUIDED, 0.05, 0.05), WEAK, 0.02, 0.02));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(choice.getBestGuided(), is(WEAK));
    assertThat(choice.getReason(), containsString("A set improves on real windows alone"));
  }

  @Test
  void tiesGoToTheBaselineThenToTheSmallerScaleToAugment() {
    List<UtilityScore> scores = added(added(real(), STRONG, 0.05, 0.05), WEAK, 0.05, 0.05);
    assertThat(augment(scores).getChosen(), is(WEAK));
    assertThat(augment(added(scores, UNGUIDED, 0.05, 0.05)).getChosen(), is(UNGUIDED));
  }

  @Test
  void oneSeedIsNeverSignificantToAugment() {
    GuidanceChoice choice =
        augment(List.of(trtr(1, 0.40), tsrtr(UNGUIDED, 1, 1, 0.40), tsrtr(WEAK, 1, 1, 0.90)));
    assertThat(choice.getChosen(), is(UNGUIDED));
    assertThat(
        choice.getReason(),
        stringContainsInOrder("No set improves on real windows alone", "only one seed"));
  }

  @Test
  void withoutABaselineTheBestSetIsChosenToAugment() {
    GuidanceChoice choice = augment(added(added(real(), WEAK, -0.02, 0), STRONG, -0.1, -0.1));
    assertThat(choice.getChosen(), is(WEAK));
    assertThat(
        choice.getReason(),
        stringContainsInOrder(
            "No set improves on real windows alone", "There is no baseline, so the set is kept."));
  }

  @Test
  void gainFromFewPatientsIsNotChosenToAugment() {
    List<UtilityScore> scores = new ArrayList<>();
    for (long seed = 1; seed <= 3; seed++) {
      scores.add(
          Scores.score(new UtilityTask(Protocol.TRTR, null, null, "gru", seed), 0.4, ranking(0.3)));
      scores.add(
          Scores.score(
              new UtilityTask(Protocol.TSRTR, UNGUIDED, 1.0, "gru", seed), 0.4, ranking(0.3)));
      scores.add(
          Scores.score(new UtilityTask(Protocol.TSRTR, WEAK, 1.0, "gru", seed), 0.5, ranking(0.9)));
    }
    assertThat(augment(scores).getChosen(), is(UNGUIDED));
    assertThat(augment(scores).getReason(), stringContainsInOrder("+0.1000", "0.0000", "+0.0000"));
  }

  @Test
  void withoutSetsThereIsNoChoice() {
    assertThat(ChooseGuidance.choose(Purpose.AUGMENT, real()).isPresent(), is(false));
  }
}
