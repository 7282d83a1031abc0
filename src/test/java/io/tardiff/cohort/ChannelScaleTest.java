package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelScaleTest {

  @ParameterizedTest
  @CsvSource({
    "1, 86.97, 87",
    "1, 86.4, 86",
    "1, -0.3, 0",
    "1, 14.5, 14",
    "1, 15.5, 16",
    "0.5, 36.74, 36.5",
    "0.1, 36.74, 36.7",
    "0.1, 37, 37",
    "0.01, 7.4449, 7.44",
    "5, 82.4, 80",
    "10, 84, 80"
  })
  void roundsToTheNearestValue(double resolution, float value, float expected) {
    assertThat(new ChannelScale(resolution, -50, 200).round(value), is(expected));
  }

  @Test
  void staysInTheRangeOfTrain() {
    ChannelScale gcs = new ChannelScale(1, 3, 15);
    assertThat(gcs.round(15.6f), is(15f));
    assertThat(gcs.round(2.2f), is(3f));
    // The ends were measured, even if they are not on the scale themselves.
    ChannelScale share = new ChannelScale(0.05, 0.21, 1);
    assertThat(share.round(0.2f), is(0.21f));
    assertThat(share.round(0.24f), is(0.25f));
  }

  @Test
  void valuesThatAreNotFiniteStayVisible() {
    ChannelScale scale = new ChannelScale(1, 3, 15);
    assertThat(scale.round(Float.NaN), is(Float.NaN));
    assertThat(scale.round(Float.POSITIVE_INFINITY), is(Float.POSITIVE_INFINITY));
  }

  @Test
  void channelsOfAWindowHaveTheirOwnScales() {
    float[] window = {86.97f, 36.743f, 0.123456f, 61.2f, 38.05f, -0.2f};
    ChannelScale.round(
        List.of(
            new ChannelScale(1, 30, 200), new ChannelScale(0.1, 30, 43), ChannelScale.CONTINUOUS),
        window);
    assertThat(window, is(new float[] {87, 36.7f, 0.123456f, 61, 38.0f, -0.2f}));
  }

  @Test
  void filesWithoutScalesHaveContinuousChannels() {
    assertThat(
        ChannelScale.orContinuous(null, 2),
        is(List.of(ChannelScale.CONTINUOUS, ChannelScale.CONTINUOUS)));
    ChannelScale scale = new ChannelScale(1, 0, 2);
    assertThat(ChannelScale.orContinuous(List.of(scale), 1).get(0), sameInstance(scale));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 1, resolution must be a finite number of 0 or more",
    "NaN, 0, 1, resolution must be a finite number of 0 or more",
    "1, 2, 1, low and high of a scale must be finite and ascend",
    "1, 0, Infinity, low and high of a scale must be finite and ascend"
  })
  void rejectsWhatIsNotAScale(double resolution, double low, double high, String message) {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> new ChannelScale(resolution, low, high));
    assertThat(e.getMessage(), containsString(message));
  }
}
