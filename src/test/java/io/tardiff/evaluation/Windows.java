package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpec.Channel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Small sets of windows for unit tests. */
final class Windows {
  private Windows() {}

  /** Windows of class 0. */
  static LabelledWindows of(int steps, int channels, float... values) {
    return new LabelledWindows(
        steps, channels, 2, values, new int[values.length / (steps * channels)]);
  }

  static WindowSpec spec(int steps, String... channels) {
    List<Channel> named = Arrays.stream(channels).map(name -> Channel.of(name, "1")).toList();
    return WindowSpec.of(steps, Duration.ofHours(1), named, List.of(), 2);
  }
}
