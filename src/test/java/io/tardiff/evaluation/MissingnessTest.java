package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notANumber;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.Missingness.ChannelCoverage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Masks are written as a text per window: steps of a channel, then those of the next. */
class MissingnessTest {

  /** Windows of one class: {@code copies} of each mask, such as {@code "1100 0110"}. */
  private static LabelledWindows windows(int label, int copies, String... masks) {
    List<LabelledWindows> parts = new ArrayList<>();
    for (String mask : masks) {
      String[] channels = mask.split(" ", -1);
      int steps = channels[0].length();
      boolean[] observed = new boolean[steps * channels.length];
      for (int i = 0; i < observed.length; i++) {
        observed[i] = channels[i % channels.length].charAt(i / channels.length) == '1';
      }
      LabelledWindows window =
          new LabelledWindows(
              steps, channels.length, 2, new float[observed.length], observed, new int[] {label});
      parts.addAll(Collections.nCopies(copies, window));
    }
    return LabelledWindows.concat(parts);
  }

  private static Missingness measure(LabelledWindows real, LabelledWindows set) {
    String[] names = {"A", "B", "C"};
    return Missingness.measure(
        Windows.spec(real.steps(), Arrays.copyOf(names, real.channels())), real, set);
  }

  @Test
  void equalMasksHaveNoDifferences() {
    LabelledWindows windows = windows(0, 10, "1100 1010", "0000 1110");
    Missingness missingness = measure(windows, windows);
    assertThat(missingness.meanCoverageDifference(), is(0.0));
    assertThat(missingness.maxCoverageDifference(), is(0.0));
    assertThat(missingness.meanNeverObservedDifference(), is(0.0));
    assertThat(missingness.meanRunKs(), is(0.0));
    assertThat(missingness.meanGapKs(), is(0.0));
    assertThat(missingness.meanJointDifference(), is(0.0));
    assertThat(missingness.meanPhiDifference(), is(0.0));
  }

  @Test
  void coverageAndNeverObserved() {
    // A: 6 of 8 steps against 2 of 8, all in one window. B: 4 of 8 against 3 of 8.
    LabelledWindows real = windows(0, 5, "1110 1100", "1110 1100");
    LabelledWindows set = windows(0, 5, "1100 1100", "0000 1000");
    Missingness missingness = measure(real, set);
    ChannelCoverage a = missingness.classes().get(1).channels().get(0);
    assertThat(a.channel(), is("A"));
    assertThat(a.realCoverage(), is(0.75));
    assertThat(a.coverage(), is(0.25));
    assertThat(a.difference(), is(-0.5));
    assertThat(a.realNeverObserved(), is(0.0));
    assertThat(a.neverObserved(), is(0.5));
    assertThat(missingness.meanCoverageDifference(), is((0.5 + 0.125) / 2));
    assertThat(missingness.maxCoverageDifference(), is(0.5));
    assertThat(missingness.meanNeverObservedDifference(), is(0.25));
  }

  /** The same classes, covered alike, in other numbers. */
  @Test
  void otherShareOfAClassIsNoDifference() {
    LabelledWindows survivors = windows(0, 30, "1000");
    LabelledWindows others = windows(1, 10, "1111");
    LabelledWindows real = LabelledWindows.concat(List.of(survivors, others));
    LabelledWindows set = LabelledWindows.concat(List.of(survivors, others, others, others));
    Missingness missingness = measure(real, set);
    assertThat(missingness.meanCoverageDifference(), is(0.0));
    assertThat(missingness.classes(), hasSize(3));
    assertThat(missingness.classes().get(0).label(), nullValue());
    assertThat(missingness.classes().get(0).channels().get(0).realCoverage(), is(0.4375));
    assertThat(missingness.classes().get(0).channels().get(0).coverage(), is(0.625));
    assertThat(missingness.classes().get(2).realWindows(), is(10));
    assertThat(missingness.classes().get(2).windows(), is(30));
  }

  /** A class with nine patients says nothing about them. */
  @Test
  void classesOfFewWindowsAreWithheld() {
    LabelledWindows real =
        LabelledWindows.concat(List.of(windows(0, 20, "1000"), windows(1, 9, "1111")));
    LabelledWindows set =
        LabelledWindows.concat(List.of(windows(0, 20, "1100"), windows(1, 20, "0000")));
    Missingness missingness = measure(real, set);
    ChannelCoverage few = missingness.classes().get(2).channels().get(0);
    assertThat(few.realCoverage(), notANumber());
    assertThat(few.coverage(), notANumber());
    assertThat(few.difference(), notANumber());
    assertThat(few.realNeverObserved(), notANumber());
    assertThat(missingness.meanCoverageDifference(), is(0.25));
    // As a reference, the other side is patients.
    ChannelCoverage reversed = measure(set, real).classes().get(2).channels().get(0);
    assertThat(reversed.realCoverage(), is(0.0));
    assertThat(reversed.coverage(), notANumber());
    assertThat(reversed.difference(), notANumber());
  }

  @Test
  void runsSeeTheOrderOfSteps() {
    // Runs of 2 and of 1, and as many gaps; the coverage is the same.
    Missingness missingness = measure(windows(0, 10, "1100"), windows(0, 10, "1010"));
    assertThat(missingness.meanCoverageDifference(), is(0.0));
    Missingness.Channel channel = missingness.channels().get(0);
    assertThat(channel.realMeanRun(), is(2.0));
    assertThat(channel.meanRun(), is(1.0));
    assertThat(channel.runKs(), is(1.0));
    assertThat(channel.realMeanGap(), is(2.0));
    assertThat(channel.meanGap(), is(1.0));
    assertThat(channel.gapKs(), is(1.0));
  }

  @Test
  void runsEndWithTheirWindow() {
    // Runs of 1 and 3 against 4 and 1; a gap of 2 against one of 1.
    Missingness missingness = measure(windows(0, 10, "100111"), windows(0, 10, "111101"));
    Missingness.Channel channel = missingness.channels().get(0);
    assertThat(channel.realMeanRun(), is(2.0));
    assertThat(channel.meanRun(), is(2.5));
    // Half of the runs have length 1 in both; the others are 3 and 4.
    assertThat(channel.runKs(), is(0.5));
    assertThat(channel.realMeanGap(), is(2.0));
    assertThat(channel.meanGap(), is(1.0));
  }

  @Test
  void channelNeverObservedInTheSetHasTheLargestDifference() {
    Missingness missingness = measure(windows(0, 10, "1100 1111"), windows(0, 10, "0000 1111"));
    Missingness.Channel channel = missingness.channels().get(0);
    assertThat(channel.runKs(), is(1.0));
    assertThat(channel.meanRun(), notANumber());
    // B has no gaps on either side.
    assertThat(missingness.channels().get(1).gapKs(), notANumber());
    assertThat(missingness.meanRunKs(), is(0.5));
    assertThat(missingness.meanNeverObservedDifference(), is(0.5));
    assertThat(missingness.meanPhiDifference(), notANumber());
  }

  /** Nine patients with a run: neither its mean length nor a distance to it is shown. */
  @Test
  void runsOfFewPatientsAreWithheld() {
    LabelledWindows real =
        LabelledWindows.concat(List.of(windows(0, 9, "1100"), windows(0, 20, "0000")));
    Missingness.Channel channel = measure(real, windows(0, 29, "1000")).channels().get(0);
    assertThat(channel.realMeanRun(), notANumber());
    assertThat(channel.runKs(), notANumber());
    assertThat(channel.realMeanGap(), closeTo((9 * 2 + 20 * 4) / 29.0, 1e-12));
    assertThat(channel.meanRun(), is(1.0));
  }

  @Test
  void togetherOrInTurn() {
    Missingness missingness = measure(windows(0, 10, "1100 1100"), windows(0, 10, "1100 0011"));
    assertThat(missingness.meanCoverageDifference(), is(0.0));
    assertThat(missingness.meanJointDifference(), is(0.5));
    assertThat(missingness.meanPhiDifference(), closeTo(2, 1e-12));
  }

  @Test
  void phiOfThreeChannels() {
    // p_a = 1/2, p_b = 1/4, p_ab = 1/4: (1/4 - 1/8) / sqrt(1/4 * 3/16) = 1 / sqrt(3). In the set
    // b is observed without a: (0 - 1/8) / sqrt(3/64) = -1 / sqrt(3). C is always observed.
    Missingness missingness =
        measure(windows(0, 10, "1100 1000 1111"), windows(0, 10, "1100 0001 1111"));
    assertThat(missingness.meanPhiDifference(), closeTo(2 / Math.sqrt(3), 1e-12));
    // Only the pair of A and B differs.
    assertThat(missingness.meanJointDifference(), closeTo(0.25 / 3, 1e-12));
  }

  @Test
  void oneChannelHasNoPairs() {
    Missingness missingness = measure(windows(0, 10, "1100"), windows(0, 10, "1100"));
    assertThat(missingness.meanJointDifference(), notANumber());
    assertThat(missingness.meanPhiDifference(), notANumber());
  }

  @Test
  void withoutGapsThereIsNothingToMeasure() {
    LabelledWindows full = windows(0, 10, "1111");
    assertThat(measure(full, full), nullValue());
    assertThat(measure(full, windows(0, 10, "1101")), notNullValue());
    assertThat(measure(windows(0, 9, "1101"), full), nullValue());
  }

  /**
   * Masks that are shuffled over time are told from a good set by runs and pairs, not by shares.
   */
  @Test
  void shuffledMasksAreTold() {
    LabelledWindows real = random(1);
    LabelledWindows good = random(2);
    LabelledWindows shuffled = shuffled(good);
    Missingness ofGood = measure(real, good);
    Missingness ofShuffled = measure(real, shuffled);
    assertThat(
        ofShuffled.meanCoverageDifference(), closeTo(ofGood.meanCoverageDifference(), 1e-12));
    assertThat(ofGood.meanRunKs(), is(lessThan(0.1)));
    assertThat(ofShuffled.meanRunKs(), is(greaterThan(0.3)));
    assertThat(ofGood.meanGapKs(), is(lessThan(0.1)));
    assertThat(ofShuffled.meanGapKs(), is(greaterThan(0.3)));
    assertThat(ofGood.meanPhiDifference(), is(lessThan(0.05)));
    assertThat(ofShuffled.meanPhiDifference(), is(greaterThan(0.5)));
  }

  /** Two channels that are measured together, in long runs. */
  private static LabelledWindows random(long seed) {
    Random random = new Random(seed);
    String[] masks = new String[300];
    for (int w = 0; w < masks.length; w++) {
      StringBuilder mask = new StringBuilder();
      boolean on = random.nextBoolean();
      for (int t = 0; t < 24; t++) {
        on = random.nextDouble() < 0.1 ? !on : on;
        mask.append(on ? '1' : '0');
      }
      masks[w] = mask + " " + mask;
    }
    return windows(0, 1, masks);
  }

  private static LabelledWindows shuffled(LabelledWindows windows) {
    Random random = new Random(3);
    boolean[] mask = windows.mask().clone();
    int channels = windows.channels();
    for (int w = 0; w < windows.size(); w++) {
      for (int c = 0; c < channels; c++) {
        for (int t = windows.steps() - 1; t > 0; t--) {
          int one = w * windows.stride() + t * channels + c;
          int other = w * windows.stride() + random.nextInt(t + 1) * channels + c;
          boolean observed = mask[one];
          mask[one] = mask[other];
          mask[other] = observed;
        }
      }
    }
    return new LabelledWindows(
        windows.steps(), channels, 2, windows.values(), mask, windows.labels());
  }
}
