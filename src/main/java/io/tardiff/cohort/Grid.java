package io.tardiff.cohort;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Aggregates the observations of a window on a regular grid, {@code [steps, channels]}, with NaN
 * where nothing was observed.
 *
 * <p>Step s is the half-open interval {@code [s, s + 1)} times the step length since the start of
 * the window, except that the end of the window belongs to the last step. Observations are sorted
 * by time and value first, so that sums are the same to the last bit in whatever order the events
 * arrived. Rows with the same stay, code, time and value are one observation; rows that differ in
 * value (two urine routes, two pressure lines) are several.
 */
final class Grid implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int steps;
  private final long stepMillis;
  private final List<Concept> channels;
  private final List<SubjectFn.Source> sources;

  /** Per channel, the name of its count of values within windows. */
  private final String[] inWindow;

  Grid(CohortConfig config) {
    steps = config.windowSteps();
    stepMillis = config.step().toMillis();
    channels = config.channelConcepts();
    sources = SubjectFn.sources(config);
    inWindow = channels.stream().map(c -> ValueFate.IN_WINDOW.key(c.name())).toArray(String[]::new);
  }

  /**
   * Returns the grid, {@code [steps, channels]} row-major.
   *
   * @param which indices of the rows within the window
   * @param start start of the window, in milliseconds since the epoch
   * @param counts counts of what happened to the rows, added to
   */
  float[] lay(Observations rows, Integer[] which, long start, Map<String, Long> counts) {
    Integer[] order = which.clone();
    Arrays.sort(
        order,
        Comparator.<Integer>comparingInt(i -> source(rows, i).channel())
            .thenComparingInt(i -> source(rows, i).group())
            .thenComparingLong(i -> rows.times[i])
            .thenComparingDouble(i -> rows.values[i])
            .thenComparingInt(i -> rows.sources[i])
            .thenComparingInt(i -> rows.stays[i]));
    float[] grid = new float[steps * channels.size()];
    Arrays.fill(grid, Float.NaN);
    double[] cell = new double[order.length];
    int at = 0;
    while (at < order.length) {
      SubjectFn.Source source = source(rows, order[at]);
      Concept channel = channels.get(source.channel());
      int step = step(rows.times[order[at]] - start);
      int filled = 0;
      for (; at < order.length; at++) {
        int i = order[at];
        SubjectFn.Source other = source(rows, i);
        if (other.channel() != source.channel()
            || other.group() != source.group()
            || step(rows.times[i] - start) != step) {
          break;
        }
        if (at > 0 && isSame(rows, order[at - 1], i)) {
          CohortCounts.add(counts, CohortCounts.DUPLICATE, 1);
          continue;
        }
        CohortCounts.add(counts, inWindow[source.channel()], 1);
        if (other.code().part()) {
          int end = endOfTime(rows, order, at);
          double sum = sumOfParts(rows, order, at, end);
          if (channel.isPlausible(sum)) {
            cell[filled++] = channel.clip(sum);
          } else if (!Double.isNaN(sum)) {
            CohortCounts.add(counts, ValueFate.OUTLIER.key(channel.name()), 1);
          }
          at = end - 1;
        } else if (!channel.isPlausible(rows.values[i])) {
          CohortCounts.add(counts, ValueFate.OUTLIER.key(channel.name()), 1);
        } else {
          double clipped = channel.clip(rows.values[i]);
          if (clipped != rows.values[i]) {
            CohortCounts.add(counts, ValueFate.CLIPPED.key(channel.name()), 1);
          }
          cell[filled++] = clipped * other.code().scale();
        }
      }
      // Groups come in order of preference, so a value that is already set stays.
      int target = step * channels.size() + source.channel();
      if (filled > 0 && Float.isNaN(grid[target])) {
        grid[target] = (float) Math.max(channel.validLow(), aggregate(channel, cell, filled));
      }
    }
    return grid;
  }

  /** Returns the end (exclusive) of the observations of the same group and time. */
  private int endOfTime(Observations rows, Integer[] order, int from) {
    SubjectFn.Source first = source(rows, order[from]);
    int end = from + 1;
    while (end < order.length
        && rows.times[order[end]] == rows.times[order[from]]
        && source(rows, order[end]).channel() == first.channel()
        && source(rows, order[end]).group() == first.group()) {
      end++;
    }
    return end;
  }

  /**
   * Returns NaN unless every part was observed. The smaller value of a part with two values counts.
   */
  private double sumOfParts(Observations rows, Integer[] order, int from, int to) {
    SubjectFn.Source first = source(rows, order[from]);
    double sum = 0;
    for (int s = 0; s < sources.size(); s++) {
      SubjectFn.Source part = sources.get(s);
      if (part.channel() != first.channel() || part.group() != first.group()) {
        continue;
      }
      double value = Double.NaN;
      for (int at = to - 1; at >= from; at--) {
        value = rows.sources[order[at]] == s ? rows.values[order[at]] : value;
      }
      sum += value;
    }
    return sum;
  }

  private SubjectFn.Source source(Observations rows, int i) {
    return sources.get(rows.sources[i]);
  }

  private int step(long offset) {
    return (int) Math.min(offset / stepMillis, steps - 1L);
  }

  private static boolean isSame(Observations rows, int a, int b) {
    return rows.sources[a] == rows.sources[b]
        && rows.stays[a] == rows.stays[b]
        && rows.times[a] == rows.times[b]
        && rows.values[a] == rows.values[b];
  }

  private static double aggregate(Concept channel, double[] cell, int size) {
    return switch (channel.aggregate()) {
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
}
