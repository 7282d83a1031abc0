package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.WindowSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelProfileTest {
  private static final WindowSpec SPEC = Windows.spec(2, "HR");
  private static final List<Range> RANGES = List.of(new Range(0, 30));

  @Test
  void quantilesAreTakenOverWindowsAtEachStep() {
    float[] values = new float[2 * 101];
    for (int w = 0; w <= 100; w++) {
      values[2 * w] = w;
      values[2 * w + 1] = 1000 + w;
    }
    ChannelProfile profile = ChannelProfile.of(SPEC, values, RANGES).get(0);
    assertThat(profile.quantiles().get(0).get(2), closeTo(50, 1e-9));
    assertThat(profile.quantiles().get(1).get(2), closeTo(1050, 1e-9));
  }

  @Test
  void quantilesOfFewWindowsAreOmitted() {
    List<Double> most =
        ChannelProfile.of(SPEC, new float[2 * 99], RANGES).get(0).quantiles().get(0);
    assertThat(most, is(List.of(Double.NaN, 0.0, 0.0, 0.0, Double.NaN)));
    List<Double> all =
        ChannelProfile.of(SPEC, new float[2 * 100], RANGES).get(0).quantiles().get(0);
    assertThat(all, is(List.of(0.0, 0.0, 0.0, 0.0, 0.0)));
    assertThat(ChannelProfile.of(SPEC, new float[2 * 19], RANGES).get(0).quantiles(), is(empty()));
  }

  @Test
  void longWindowsAreThinned() {
    assertThat(ChannelProfile.stride(96), is(1));
    assertThat(ChannelProfile.stride(97), is(2));
    WindowSpec spec = Windows.spec(1000, "ECG");
    assertThat(
        ChannelProfile.of(spec, new float[20 * 1000], RANGES).get(0).quantiles().size(), is(91));
  }

  @Test
  void binsReachedByFewWindowsAreEmpty() {
    // Ten windows at 0.5 and 20.5, nine windows at 10.5 and 20.5, and one far outside.
    float[] values = new float[2 * 20];
    for (int w = 0; w < 20; w++) {
      values[2 * w] = w < 10 ? 0.5f : w < 19 ? 10.5f : 99;
      values[2 * w + 1] = 20.5f;
    }
    List<Double> histogram = ChannelProfile.of(SPEC, values, RANGES).get(0).histogram();
    assertThat(histogram.get(0), is(10 / 40.0));
    assertThat(histogram.get(10), is(0.0));
    assertThat(histogram.get(20), is(20 / 40.0));
    assertThat(histogram.get(ChannelProfile.BINS - 1), is(0.0));
  }

  @Test
  void windowsCountOnceHoweverManySteps() {
    // All steps of a single window are in one bin.
    assertThat(
        ChannelProfile.of(Windows.spec(20, "HR"), new float[20], RANGES).get(0).histogram().get(0),
        is(0.0));
  }

  @Test
  void constantChannelHasAHistogram() {
    float[] values = new float[2 * 20];
    List<Range> ranges = ChannelProfile.ranges(SPEC, values);
    assertThat(ChannelProfile.of(SPEC, values, ranges).get(0).histogram().get(0), is(1.0));
  }
}
