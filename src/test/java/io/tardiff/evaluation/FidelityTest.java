package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notANumber;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.cohort.LabelledWindows;
import java.util.List;
import org.junit.jupiter.api.Test;

class FidelityTest {

  @Test
  void equalSetsHaveNoDifferences() {
    LabelledWindows set = Windows.of(3, 2, 1, 5, 2, 4, 3, 9, 7, 1, 5, 3, 6, 2);
    Fidelity fidelity = Fidelity.measure(Windows.spec(3, "A", "B"), set, set);
    assertThat(fidelity.meanSdRatio(), closeTo(1, 1e-12));
    assertThat(fidelity.meanKs(), is(0.0));
    assertThat(fidelity.meanWasserstein(), is(0.0));
    assertThat(fidelity.meanCorrelationDifference(), closeTo(0, 1e-12));
    assertThat(fidelity.meanAutocorrelationDifference(), is(0.0));
  }

  @Test
  void halfTheSpread() {
    LabelledWindows real = Windows.of(4, 1, -2, 2, -2, 2);
    LabelledWindows set = Windows.of(4, 1, -1, 1, -1, 1);
    Fidelity.Channel channel = Fidelity.measure(Windows.spec(4, "A"), real, set).channels().get(0);
    assertThat(channel.channel(), is("A"));
    assertThat(channel.sdRatio(), closeTo(0.5, 1e-12));
    // Half the mass lies below -1 in one and at -1 in the other.
    assertThat(channel.ks(), closeTo(0.5, 1e-12));
    assertThat(channel.wasserstein(), closeTo(1, 1e-12));
  }

  @Test
  void setsOfDifferentSizesWithTies() {
    // 0, 0, 1, 1 against 0, 1, 1: distribution functions 1/2 and 1/3 on [0, 1).
    LabelledWindows real = Windows.of(1, 1, 0, 1, 0, 1);
    LabelledWindows set = Windows.of(1, 1, 1, 0, 1);
    Fidelity.Channel channel = Fidelity.measure(Windows.spec(1, "A"), real, set).channels().get(0);
    assertThat(channel.ks(), closeTo(1.0 / 6, 1e-12));
    assertThat(channel.wasserstein(), closeTo(1.0 / 6, 1e-12));
  }

  @Test
  void wassersteinOfAShiftIsTheShift() {
    assertThat(
        Fidelity.wasserstein(new double[] {0, 1, 5}, new double[] {3, 4, 8}), closeTo(3, 1e-12));
    assertThat(Fidelity.wasserstein(new double[] {2}, new double[] {-1, -1}), closeTo(3, 1e-12));
  }

  @Test
  void autocorrelationIsWithinWindows() {
    // Two windows at different levels: 1, 0, -1 around each mean. Pairs: 1*0 + 0*-1; power 2 each.
    LabelledWindows slow = Windows.of(3, 1, 11, 10, 9, 101, 100, 99);
    // 1, -1, 1, -1: three pairs of -1 over a power of 4.
    LabelledWindows fast = Windows.of(4, 1, 1, -1, 1, -1);
    assertThat(autocorrelation(slow), closeTo(0, 1e-12));
    assertThat(autocorrelation(fast), closeTo(-0.75, 1e-12));
  }

  private static double autocorrelation(LabelledWindows windows) {
    return Fidelity.measure(Windows.spec(windows.steps(), "A"), windows, windows)
        .channels()
        .get(0)
        .autocorrelation();
  }

  @Test
  void oppositeCorrelation() {
    LabelledWindows real = Windows.of(3, 2, 1, 1, 2, 2, 3, 3);
    LabelledWindows set = Windows.of(3, 2, 1, 3, 2, 2, 3, 1);
    Fidelity fidelity = Fidelity.measure(Windows.spec(3, "A", "B"), real, set);
    assertThat(fidelity.meanCorrelationDifference(), closeTo(2, 1e-12));
  }

  /** Ten windows of one step, with the values 0 to 9, of which {@code observed} were observed. */
  private static LabelledWindows ten(int observed) {
    float[] values = new float[10];
    boolean[] mask = new boolean[10];
    for (int w = 0; w < 10; w++) {
      values[w] = w;
      mask[w] = w < observed;
    }
    return new LabelledWindows(1, 1, 2, values, mask, new int[10]);
  }

  private static Fidelity.Channel ofOne(LabelledWindows real, LabelledWindows set) {
    return Fidelity.measure(Windows.spec(1, "A"), real, set).channels().get(0);
  }

  @Test
  void observedValuesOnly() {
    // 0 to 9 against 0 to 4; the filled values are the same.
    assertThat(ofOne(ten(10), ten(5)).ks(), is(0.0));
    assertThat(ofOne(ten(10), ten(5)).observedKs(), closeTo(0.5, 1e-12));
    // One value, 0, below which nothing lies.
    assertThat(ofOne(ten(10), ten(1)).observedKs(), closeTo(0.9, 1e-12));
    assertThat(ofOne(ten(10), ten(10)).observedKs(), is(0.0));
  }

  @Test
  void channelWithoutObservationsHasNothingInCommon() {
    assertThat(ofOne(ten(10), ten(0)).observedKs(), is(1.0));
    // Fewer than ten patients: left out.
    assertThat(ofOne(ten(9), ten(0)).observedKs(), notANumber());
    assertThat(ofOne(ten(9), ten(10)).observedKs(), notANumber());
    assertThat(ofOne(ten(0), ten(0)).observedKs(), notANumber());
  }

  /** All values of a set without masks, against the observed real ones. */
  @Test
  void setWithoutMasks() {
    LabelledWindows real = LabelledWindows.concat(List.of(ten(5), ten(5)));
    LabelledWindows set = ten(10);
    Fidelity fidelity =
        Fidelity.measure(
            Windows.spec(1, "A"),
            real,
            set,
            /* masked= */ false,
            Fidelity.covariance(real),
            Fidelity.covariance(set));
    assertThat(fidelity.meanObservedKs(), closeTo(0.5, 1e-12));
    assertThat(fidelity.missingness(), nullValue());
    assertThat(
        Fidelity.measure(Windows.spec(1, "A"), real, set).missingness().meanCoverageDifference(),
        is(0.5));
  }

  @Test
  void meansIgnoreConstantChannels() {
    LabelledWindows real = Windows.of(3, 2, 1, 7, 2, 7, 3, 7);
    LabelledWindows set = Windows.of(3, 2, 2, 7, 4, 7, 6, 7);
    Fidelity fidelity = Fidelity.measure(Windows.spec(3, "A", "B"), real, set);
    assertThat(fidelity.meanSdRatio(), closeTo(2, 1e-12));
    assertThat(fidelity.channels().get(1).sdRatio(), notANumber());
    assertThat(fidelity.meanCorrelationDifference(), notANumber());
  }
}
