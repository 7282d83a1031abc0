package io.tardiff.evaluation;

import io.tardiff.cohort.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How often values are physiologically possible, as shares of all steps.
 *
 * @param systolicAboveDiastolic share of steps where SBP is above DBP; null if a channel is missing
 * @param meanBetween share of steps where MAP is neither below DBP nor above SBP; null if a channel
 *     is missing
 * @param channels one entry per channel
 */
public record Plausibility(
    @Nullable Double systolicAboveDiastolic, @Nullable Double meanBetween, List<Channel> channels)
    implements Serializable {

  /**
   * The figures of one channel.
   *
   * @param insideRange share of steps inside the valid range of the cohort, which real windows
   *     never leave
   */
  public record Channel(String channel, double insideRange) implements Serializable {}

  /**
   * Measures values in clinical units.
   *
   * @param values {@code [size, steps, channels]}
   * @param validRanges one per channel
   */
  static Plausibility measure(WindowSpec spec, float[] values, List<Range> validRanges) {
    int channels = spec.channels().size();
    int rows = values.length / channels;
    List<Channel> inside = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      int channel = c;
      inside.add(
          new Channel(
              spec.channels().get(c).name(),
              share(
                  rows,
                  row -> validRanges.get(channel).contains(values[row * channels + channel]))));
    }
    OptionalInt systolic = channel(spec, "SBP");
    OptionalInt diastolic = channel(spec, "DBP");
    OptionalInt mean = channel(spec, "MAP");
    boolean pressures = systolic.isPresent() && diastolic.isPresent();
    return new Plausibility(
        pressures
            ? share(
                rows,
                row ->
                    values[row * channels + systolic.getAsInt()]
                        > values[row * channels + diastolic.getAsInt()])
            : null,
        pressures && mean.isPresent()
            ? share(
                rows,
                row -> {
                  float value = values[row * channels + mean.getAsInt()];
                  return value >= values[row * channels + diastolic.getAsInt()]
                      && value <= values[row * channels + systolic.getAsInt()];
                })
            : null,
        inside);
  }

  private static OptionalInt channel(WindowSpec spec, String name) {
    return IntStream.range(0, spec.channels().size())
        .filter(c -> spec.channels().get(c).name().equals(name))
        .findFirst();
  }

  private static double share(int rows, IntPredicate holds) {
    return (double) IntStream.range(0, rows).filter(holds).count() / rows;
  }
}
