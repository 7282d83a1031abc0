package io.tardiff.cohort;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.BigDecimalCoder;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.VarIntCoder;

/**
 * Fits the {@link StaticCovariate}s of a cohort to its train windows. Nothing depends on the order
 * of the windows: sums are exact.
 */
final class StaticCounts {
  private static final BigEndianLongCoder LONGS = BigEndianLongCoder.of();
  private static final BigDecimalCoder DECIMALS = BigDecimalCoder.of();
  private static final DoubleCoder DOUBLES = DoubleCoder.of();
  private static final VarIntCoder INTS = VarIntCoder.of();

  private long windows;

  /** {@code [statics]}, like all others. */
  private final long[] known;

  private final BigDecimal[] sum;
  private final BigDecimal[] squares;
  private final double[] min;
  private final double[] max;

  /** Different values; empty if they are too many or not whole. */
  private final List<TreeSet<Double>> values = new ArrayList<>();

  private final boolean[] isNumeric;
  private final ScaleCounts scales;

  StaticCounts(int statics) {
    known = new long[statics];
    sum = new BigDecimal[statics];
    squares = new BigDecimal[statics];
    min = new double[statics];
    max = new double[statics];
    isNumeric = new boolean[statics];
    scales = new ScaleCounts(statics);
    Arrays.fill(sum, BigDecimal.ZERO);
    Arrays.fill(squares, BigDecimal.ZERO);
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < statics; i++) {
      values.add(new TreeSet<>());
    }
  }

  int size() {
    return known.length;
  }

  void add(float[] statics) {
    windows++;
    for (int i = 0; i < statics.length; i++) {
      // Adding 0 makes a negative zero positive.
      float value = statics[i] + 0f;
      if (Float.isNaN(value)) {
        continue;
      }
      known[i]++;
      sum[i] = sum[i].add(new BigDecimal(value));
      squares[i] = squares[i].add(new BigDecimal((double) value * value));
      min[i] = Math.min(min[i], value);
      max[i] = Math.max(max[i], value);
      if (value == Math.rint(value)) {
        values.get(i).add((double) value);
      } else {
        isNumeric[i] = true;
      }
      checkNumeric(i);
      scales.add(i, value);
    }
  }

  private void checkNumeric(int i) {
    if (isNumeric[i] || values.get(i).size() > StaticCovariate.MAX_CATEGORIES) {
      isNumeric[i] = true;
      values.get(i).clear();
    }
  }

  void merge(StaticCounts other) {
    windows += other.windows;
    for (int i = 0; i < known.length; i++) {
      known[i] += other.known[i];
      sum[i] = sum[i].add(other.sum[i]);
      squares[i] = squares[i].add(other.squares[i]);
      min[i] = Math.min(min[i], other.min[i]);
      max[i] = Math.max(max[i], other.max[i]);
      isNumeric[i] |= other.isNumeric[i];
      values.get(i).addAll(other.values.get(i));
      checkNumeric(i);
    }
    scales.merge(other.scales);
  }

  /**
   * @param concepts the concept of each static covariate
   */
  List<StaticCovariate> fit(List<Concept> concepts) {
    List<StaticCovariate> fitted = new ArrayList<>();
    for (int i = 0; i < known.length; i++) {
      fitted.add(fit(i, concepts.get(i)));
    }
    return fitted;
  }

  private StaticCovariate fit(int i, Concept concept) {
    if (known[i] == 0) {
      return new StaticCovariate(concept.name(), 0, null, 0, 1, ChannelScale.CONTINUOUS);
    }
    BigDecimal n = BigDecimal.valueOf(known[i]);
    double deviation =
        Math.sqrt(Math.max(0, n.multiply(squares[i]).subtract(sum[i].pow(2)).doubleValue()))
            / known[i];
    return new StaticCovariate(
        concept.name(),
        known[i] / (double) windows,
        isNumeric[i] ? null : List.copyOf(values.get(i)),
        sum[i].doubleValue() / known[i],
        deviation == 0 ? 1 : deviation,
        new ChannelScale(scales.resolution(i, concept), min[i], max[i]));
  }

  void encode(OutputStream out) throws IOException {
    LONGS.encode(windows, out);
    for (int i = 0; i < known.length; i++) {
      LONGS.encode(known[i], out);
      DECIMALS.encode(sum[i], out);
      DECIMALS.encode(squares[i], out);
      DOUBLES.encode(min[i], out);
      DOUBLES.encode(max[i], out);
      INTS.encode(isNumeric[i] ? 1 : 0, out);
      INTS.encode(values.get(i).size(), out);
      for (double value : values.get(i)) {
        DOUBLES.encode(value, out);
      }
    }
    scales.encode(out);
  }

  /** Reads the counts of as many covariates as this has. */
  void decode(InputStream in) throws IOException {
    windows = LONGS.decode(in);
    for (int i = 0; i < known.length; i++) {
      known[i] = LONGS.decode(in);
      sum[i] = DECIMALS.decode(in);
      squares[i] = DECIMALS.decode(in);
      min[i] = DOUBLES.decode(in);
      max[i] = DOUBLES.decode(in);
      isNumeric[i] = INTS.decode(in) == 1;
      int different = INTS.decode(in);
      for (int v = 0; v < different; v++) {
        values.get(i).add(DOUBLES.decode(in));
      }
    }
    scales.decode(in);
  }
}
