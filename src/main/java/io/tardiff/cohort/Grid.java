package io.tardiff.cohort;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Lays the observations of a stay on the regular grid of the windows: {@code [steps, channels]} of
 * 64-bit numbers, NaN where nothing was observed.
 *
 * <p>Step s is the half-open interval {@code [s, s + 1)} times the step length since admission,
 * save that the very end of the window belongs to the last step. Observations are taken in an order
 * of their own (time, then value), so the sums are the same to the last bit in whatever order the
 * events arrived. Rows that agree in stay, code, time and value are one observation; rows that
 * differ in value only (two urine routes, two pressure lines) are several.
 */
final class Grid implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int steps;
  private final long stepMillis;
  private final List<ChannelDefinition> channels;
  private final List<StayFn.Source> sources;

  Grid(CohortConfig config) {
    steps = config.steps();
    stepMillis = config.stepMinutes() * 60_000L;
    channels = config.channelDefinitions();
    sources = List.copyOf(StayFn.sources(config));
  }

  /** {@code [steps, channels]} row-major; {@code counts} gathers what happened to the rows. */
  float[] lay(StayRecord stay, Map<String, Long> counts) {
    Integer[] order = IntStream.range(0, stay.size).boxed().toArray(Integer[]::new);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingInt(i -> stay.sources[i])
            .thenComparingLong(i -> stay.times[i])
            .thenComparingDouble(i -> stay.values[i]));
    float[] grid = new float[steps * channels.size()];
    Arrays.fill(grid, Float.NaN);
    // Zeroth: outside is counted here and while gathering, in one figure.
    add(counts, CohortCounts.OUTSIDE, stay.behind);
    double[] cell = new double[stay.size];
    int at = 0;
    while (at < order.length) {
      int source = stay.sources[order[at]];
      ChannelDefinition channel = channels.get(sources.get(source).channel());
      int step = step(stay.times[order[at]], stay.admission);
      int filled = 0;
      for (; at < order.length; at++) {
        int i = order[at];
        if (stay.sources[i] != source || step(stay.times[i], stay.admission) != step) {
          break;
        }
        if (at > 0 && isSame(stay, order[at - 1], i)) {
          add(counts, CohortCounts.DUPLICATE, 1);
        } else if (step < 0) {
          add(counts, CohortCounts.OUTSIDE, 1);
        } else if (!channel.isPlausible(stay.values[i])) {
          add(counts, CohortCounts.outlier(channel.name()), 1);
        } else {
          double clipped = channel.clip(stay.values[i]);
          if (clipped != stay.values[i]) {
            add(counts, CohortCounts.clipped(channel.name()), 1);
          }
          cell[filled++] = clipped;
        }
      }
      // Sources come in order of preference: one that is there is not overwritten.
      int target = step * channels.size() + sources.get(source).channel();
      if (filled > 0 && Float.isNaN(grid[target])) {
        grid[target] = (float) aggregate(channel.aggregate(), cell, filled);
      }
    }
    return grid;
  }

  /** -1 for an observation outside the window. */
  private int step(long time, long admission) {
    long offset = time - admission;
    if (offset < 0 || offset > steps * stepMillis) {
      return -1;
    }
    return (int) Math.min(offset / stepMillis, steps - 1L);
  }

  private static boolean isSame(StayRecord stay, int a, int b) {
    return stay.sources[a] == stay.sources[b]
        && stay.times[a] == stay.times[b]
        && stay.values[a] == stay.values[b];
  }

  private static double aggregate(Aggregate aggregate, double[] cell, int size) {
    return switch (aggregate) {
      case MEAN -> Arrays.stream(cell, 0, size).sum() / size;
      case MEDIAN -> median(Arrays.copyOf(cell, size));
      case MIN -> Arrays.stream(cell, 0, size).min().getAsDouble();
      case MAX -> Arrays.stream(cell, 0, size).max().getAsDouble();
      case LAST -> cell[size - 1];
      case SUM -> Arrays.stream(cell, 0, size).sum();
      case STATIC -> throw new IllegalStateException("a static covariate has no steps");
    };
  }

  private static double median(double[] cell) {
    Arrays.sort(cell);
    return (cell[(cell.length - 1) / 2] + cell[cell.length / 2]) / 2;
  }

  private static void add(Map<String, Long> counts, String what, long count) {
    if (count > 0) {
      counts.merge(what, count, Long::sum);
    }
  }
}
