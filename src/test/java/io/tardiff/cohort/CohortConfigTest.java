package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CohortConfigTest {

  @Test
  void unknownChannelListsTheValidOnes() {
    assertThat(
        message(() -> CohortConfig.defaults().withChannels(List.of("HR", "Pulse"))),
        allOf(
            containsString("channels must be in the concept dictionary (HR, SBP,"),
            containsString("was Pulse")));
  }

  @Test
  void staticCovariateIsNotAChannel() {
    assertThat(
        message(() -> CohortConfig.defaults().withChannels(List.of("Age"))),
        containsString("was Age"));
    assertThat(
        message(() -> CohortConfig.defaults().withStatics(List.of("HR"))),
        containsString("(Age, Gender, Height, Weight), was HR"));
  }

  @Test
  void numbersAreChecked() {
    assertThat(
        message(() -> CohortConfig.defaults().withWindowSteps(0)),
        is("steps must be from 1 to 100000, was 0"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> CohortConfig.defaults().withStepMinutes(0))
            .getMessage(),
        is("stepMinutes must be from 1 to 1000000, was 0"));
    assertThat(
        message(() -> CohortConfig.defaults().withShares(1, 0.2)),
        is("trainShare must be between 0 and 1, was 1.0"));
    assertThat(
        message(() -> CohortConfig.defaults().withShares(0.6, 0.5)),
        containsString("leave a share to hold out beside trainShare 0.6, was 0.5"));
    assertThat(
        message(() -> CohortConfig.defaults().withChannels(List.of("HR", "HR"))),
        is("channels must be distinct, was [HR, HR]"));
  }

  @Test
  void codeOfTheLabelIsNotAChannel() {
    ConceptDictionary dictionary =
        ConceptDictionary.standard()
            .with(Concept.of("Sepsis", "1", Aggregate.MAX, List.of(0.0, 0.0, 1.0, 1.0)));
    assertThat(
        message(
            () ->
                CohortConfig.defaults()
                    .withTask(Task.of("onset", "Sepsis", 2))
                    .withDictionary(dictionary)
                    .withChannels(List.of("HR", "Sepsis"))),
        is(
            "channels must not use code Sepsis, which determines the label of task onset, was [HR,"
                + " Sepsis]"));
  }

  @Test
  void windowHasTheLengthOfTheTaskUnlessSet() {
    CohortConfig config = CohortConfig.defaults().withTask(Task.named("icu_stay"));
    assertThat(config.windowSteps(), is(24));
    assertThat(config.withWindowSteps(30).windowSteps(), is(30));
  }

  @Test
  void splitFollowsTheSharesAndTheSeed() {
    CohortConfig config = CohortConfig.defaults().withShares(0.5, 0.3);
    CohortConfig other = config.withSplitSeed(1);
    double[] share = new double[3];
    double same = 0;
    for (int i = 0; i < 10_000; i++) {
      share[config.split("p" + i).ordinal()] += 1e-4;
      same += config.split("p" + i) == other.split("p" + i) ? 1e-4 : 0;
    }
    assertThat(share[0], closeTo(0.5, 0.02));
    assertThat(share[1], closeTo(0.3, 0.02));
    assertThat(share[2], closeTo(0.2, 0.02));
    // Two independent splits agree as often as by chance.
    assertThat(same, closeTo(0.25 + 0.09 + 0.04, 0.02));
  }

  private static String message(Supplier<CohortConfig> config) {
    return assertThrows(IllegalArgumentException.class, () -> config.get().checked()).getMessage();
  }
}
