package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notANumber;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.cohort.LabelledWindows;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrivacyAttacksTest {
  private static final int STEPS = 6;

  /** Windows of 3 channels around a level that they share, of two classes. */
  private static LabelledWindows patients(long seed, int size) {
    Random random = new Random(seed);
    float[] values = new float[size * STEPS * 3];
    int[] labels = new int[size];
    for (int w = 0; w < size; w++) {
      labels[w] = w % 2;
      double level = random.nextGaussian() + labels[w];
      for (int i = 0; i < STEPS * 3; i++) {
        values[w * STEPS * 3 + i] = (float) (level + 0.5 * random.nextGaussian());
      }
    }
    return new LabelledWindows(STEPS, 3, 2, values, labels);
  }

  private static RealWindows real(
      LabelledWindows train, LabelledWindows tuning, LabelledWindows heldOut) {
    String[] channels = {"HR", "SBP", "RR"};
    return new RealWindows(
        Windows.spec(train.steps(), Arrays.copyOf(channels, train.channels())),
        null,
        List.of(),
        train,
        tuning,
        heldOut,
        each(train),
        each(tuning),
        each(heldOut));
  }

  private static int[] each(LabelledWindows windows) {
    return IntStream.range(0, windows.size()).toArray();
  }

  private static LabelledWindows noisy(LabelledWindows windows, double noise) {
    Random random = new Random(9);
    float[] values = windows.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (noise * random.nextGaussian());
    }
    return new LabelledWindows(STEPS, 3, 2, values, windows.labels());
  }

  private static final RealWindows REAL =
      real(patients(1, 300), patients(2, 200), patients(3, 250));

  @Test
  void copiesAreDetected() {
    PrivacyAttacks attacks = PrivacyAttacks.measure(REAL, REAL.train());
    for (MembershipInference attack : List.of(attacks.distance(), attacks.densityRatio())) {
      assertThat(attack.members(), is(300));
      assertThat(attack.nonMembers(), is(250));
      assertThat(attack.auc(), is(1.0));
      assertThat(attack.aucLow(), is(1.0));
      assertThat(attack.tprAt1(), is(1.0));
      assertThat(attack.aucIfCopied(), is(1.0));
    }
    assertThat(attacks.attribute().trainError(), is(0.0));
    assertThat(attacks.attribute().heldOutError(), greaterThan(0.1));
    assertThat(attacks.attribute().advantageLow(), greaterThan(0.1));
  }

  @Test
  void copiesWithNoiseAreDetected() {
    PrivacyAttacks attacks = PrivacyAttacks.measure(REAL, noisy(REAL.train(), 0.1));
    assertThat(attacks.distance().auc(), greaterThan(0.95));
    assertThat(attacks.densityRatio().auc(), greaterThan(0.95));
    assertThat(attacks.attribute().advantageLow(), greaterThan(0.0));
  }

  @Test
  void independentSamplesDiscloseNobody() {
    PrivacyAttacks attacks = PrivacyAttacks.measure(REAL, patients(4, 300));
    for (MembershipInference attack : List.of(attacks.distance(), attacks.densityRatio())) {
      assertThat(attack.auc(), closeTo(0.5, 0.06));
      assertThat(attack.aucLow(), lessThan(0.5));
      assertThat(attack.aucHigh(), greaterThan(0.5));
      assertThat(attack.tprAt10(), lessThan(0.25));
      assertThat(attack.aucIfCopied(), is(1.0));
    }
    AttributeDisclosure attribute = attacks.attribute();
    assertThat(attribute.advantageLow(), lessThan(0.0));
    assertThat(attribute.advantageHigh(), greaterThan(0.0));
    // The channels share a level, so the others predict it better than the class does.
    assertThat(attribute.trainError(), lessThan(attribute.baselineError()));
    assertThat(attribute.channels().size(), is(3));
  }

  /** The attack that ignores how common a patient is sees members where there are none. */
  @Test
  void theRealTuningWindowsDiscloseNobody() {
    PrivacyAttacks attacks = PrivacyAttacks.measure(REAL, null);
    assertThat(attacks.distance().auc(), closeTo(0.5, 0.06));
    assertThat(attacks.densityRatio().auc(), closeTo(0.5, 0.06));
  }

  @Test
  void aFewCopiesRaiseTheRateAtFewFalsePositives() {
    LabelledWindows set =
        LabelledWindows.concat(
            List.of(REAL.train().select(IntStream.range(0, 30).toArray()), patients(5, 270)));
    PrivacyAttacks attacks = PrivacyAttacks.measure(REAL, set);
    assertThat(attacks.distance().tprAt1(), closeTo(0.1, 0.02));
    assertThat(attacks.densityRatio().tprAt1(), closeTo(0.1, 0.02));
    assertThat(attacks.distance().auc(), lessThan(0.65));
  }

  @Test
  void copiesOfFewerWindowsScoreLess() {
    PrivacyAttacks attacks = PrivacyAttacks.measure(REAL, patients(4, 150));
    // Half of the train windows have a copy and beat everybody, the others are as good as any.
    assertThat(attacks.distance().aucIfCopied(), closeTo(0.75, 0.05));
  }

  @Test
  void theScoreOfASubjectIsThatOfItsNearestWindow() {
    LabelledWindows train = patients(1, 4);
    RealWindows real =
        new RealWindows(
            Windows.spec(STEPS, "HR", "SBP", "RR"),
            null,
            List.of(),
            train,
            patients(2, 10),
            patients(3, 10),
            new int[] {0, 0, 1, 1},
            IntStream.range(0, 10).toArray(),
            IntStream.range(0, 10).toArray());
    PrivacyAttacks attacks = PrivacyAttacks.measure(real, train.select(new int[] {1, 2}));
    assertThat(attacks.distance().members(), is(2));
    assertThat(attacks.distance().auc(), is(1.0));
  }

  @Test
  void withoutWindowsThatVaryThereIsNoFigure() {
    LabelledWindows constant =
        new LabelledWindows(STEPS, 3, 2, new float[4 * STEPS * 3], new int[] {0, 1, 0, 1});
    PrivacyAttacks attacks = PrivacyAttacks.measure(REAL, constant);
    assertThat(attacks.distance().auc(), notANumber());
    assertThat(attacks.densityRatio().auc(), notANumber());
    assertThat(attacks.attribute(), is(nullValue()));
  }

  @Test
  void oneChannelHasNoOthers() {
    LabelledWindows one = Windows.of(2, 1, 1, 2, 3, 5, 4, 4.5f);
    assertThat(PrivacyAttacks.measure(real(one, one, one), one).attribute(), is(nullValue()));
  }

  @Test
  void theRateIsThatOfTheLowestThresholdAllowed() {
    double[] nonMembers = IntStream.range(0, 100).mapToDouble(i -> i).toArray();
    // One non-member of 100 may be above the threshold, and ties are on one side of it.
    MembershipInference attack =
        MembershipInference.of(new double[] {99, 98, 98.5, 0, 200}, nonMembers, 1);
    assertThat(attack.tprAt1(), is(3 / 5.0));
    assertThat(attack.tprAt10(), is(4 / 5.0));
    assertThat(MembershipInference.auc(new double[] {1, 2}, new double[] {1, 0}), is(3.5 / 4));
  }

  @Test
  void isTheSameEachTime() {
    assertThat(
        PrivacyAttacks.measure(REAL, patients(4, 100)),
        is(PrivacyAttacks.measure(REAL, patients(4, 100))));
  }
}
