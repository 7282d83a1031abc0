package io.tardiff.cohort;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.BigDecimalCoder;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.BigIntegerCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine;

/**
 * Summarises the windows for the cohort file: label counts and coverage per split, the hash, and
 * the statistics of the train split that the normaliser is fitted to. Windows without a label are
 * counted and in the hash, and their static covariates are described with those of train.
 *
 * <p>Nothing here depends on the order of the windows: counts are integers, moments are exact
 * decimal sums of one floating-point sum per window, quantiles come from bins.
 */
final class CohortSummary {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  private final int steps;
  private final int channels;

  /** {@code [splits][classes]}. */
  final long[][] labels;

  /** {@code [splits][channels]}: number of observed cells. */
  final long[][] observed;

  /** Number of windows without a label, which no split counts. */
  long unlabelled;

  private BigInteger hash = BigInteger.ZERO;

  /** {@code [channels]}: number of train cells that hold a number. */
  private final long[] cells;

  private final BigDecimal[] sum;
  private final BigDecimal[] squares;
  final double[] min;
  final double[] max;
  private ChannelSketches sketches;

  /** Of train cells that were measured. */
  private final ScaleCounts scales;

  /** Of train windows. */
  private final StaticCounts statics;

  CohortSummary(WindowSpec spec) {
    this(spec.steps(), spec.channels().size(), spec.statics().size(), spec.classes());
  }

  private CohortSummary(int steps, int channels, int statics, int classes) {
    this.steps = steps;
    this.channels = channels;
    int splits = Split.values().length;
    labels = new long[splits][classes];
    observed = new long[splits][channels];
    cells = new long[channels];
    sum = new BigDecimal[channels];
    squares = new BigDecimal[channels];
    min = new double[channels];
    max = new double[channels];
    Arrays.fill(sum, BigDecimal.ZERO);
    Arrays.fill(squares, BigDecimal.ZERO);
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
    sketches = new ChannelSketches(channels);
    scales = new ScaleCounts(channels);
    this.statics = new StaticCounts(statics);
  }

  long windows(Split split) {
    return Arrays.stream(labels[split.ordinal()]).sum();
  }

  /** Sum of the windows' SHA-256 modulo 2^256, as 64 hexadecimal digits. */
  String hash() {
    String digits = hash.toString(16);
    return "0".repeat(64 - digits.length()) + digits;
  }

  /** Mean of the train cells. */
  double mean(int channel) {
    return sum[channel].doubleValue() / cells[channel];
  }

  /** Population standard deviation of the train cells. */
  double standardDeviation(int channel) {
    BigDecimal n = BigDecimal.valueOf(cells[channel]);
    // Exact, so the difference of two large numbers loses no digits.
    BigDecimal scaled = n.multiply(squares[channel]).subtract(sum[channel].pow(2));
    return Math.sqrt(Math.max(0, scaled.doubleValue())) / cells[channel];
  }

  double quantile(int channel, double quantile) {
    // The sketch is approximate, minimum and maximum are exact.
    double value = sketches.quantile(channel, quantile);
    return Math.max(min[channel], Math.min(value, max[channel]));
  }

  /** Resolution of the concept, or else of the train values; 0 if there is none. */
  double resolution(int channel, Concept concept) {
    return scales.resolution(channel, concept);
  }

  /** Returns what the train windows, labelled or not, say of each static covariate. */
  List<StaticCovariate> statics(List<Concept> concepts) {
    return statics.fit(concepts);
  }

  void add(EhrWindow window) {
    hash = hash.add(digest(window)).mod(MODULUS);
    if (!window.isLabelled()) {
      unlabelled++;
      statics.add(window.statics());
      return;
    }
    int split = window.split().ordinal();
    labels[split][window.label()]++;
    for (int i = 0; i < window.mask().length; i++) {
      if (window.mask()[i]) {
        observed[split][i % channels]++;
      }
    }
    if (window.split() == Split.TRAIN) {
      addMoments(window.values());
      sketches.accept(window.values());
      scales.add(window);
      statics.add(window.statics());
    }
  }

  private void addMoments(float[] values) {
    for (int c = 0; c < channels; c++) {
      double windowSum = 0;
      double windowSquares = 0;
      for (int i = c; i < values.length; i += channels) {
        double value = values[i];
        if (Double.isNaN(value)) {
          continue;
        }
        cells[c]++;
        windowSum += value;
        windowSquares += value * value;
        min[c] = Math.min(min[c], value);
        max[c] = Math.max(max[c], value);
      }
      sum[c] = sum[c].add(new BigDecimal(windowSum));
      squares[c] = squares[c].add(new BigDecimal(windowSquares));
    }
  }

  private static BigInteger digest(EhrWindow window) {
    Hasher hasher =
        Hashing.sha256()
            .newHasher()
            .putInt(window.windowId().length())
            .putString(window.windowId(), StandardCharsets.UTF_8)
            .putInt(window.subjectId().length())
            .putString(window.subjectId(), StandardCharsets.UTF_8)
            .putInt(window.label())
            .putInt(window.split().ordinal());
    for (int i = 0; i < window.values().length; i++) {
      hasher.putFloat(window.values()[i]).putBoolean(window.mask()[i]);
    }
    for (float value : window.statics()) {
      hasher.putFloat(value);
    }
    return new BigInteger(1, hasher.hash().asBytes());
  }

  private void merge(CohortSummary other) {
    for (int s = 0; s < labels.length; s++) {
      addTo(labels[s], other.labels[s]);
      addTo(observed[s], other.observed[s]);
    }
    unlabelled += other.unlabelled;
    hash = hash.add(other.hash).mod(MODULUS);
    for (int c = 0; c < channels; c++) {
      cells[c] += other.cells[c];
      sum[c] = sum[c].add(other.sum[c]);
      squares[c] = squares[c].add(other.squares[c]);
      min[c] = Math.min(min[c], other.min[c]);
      max[c] = Math.max(max[c], other.max[c]);
    }
    sketches.merge(other.sketches);
    scales.merge(other.scales);
    statics.merge(other.statics);
  }

  private static void addTo(long[] total, long[] part) {
    for (int i = 0; i < total.length; i++) {
      total[i] += part[i];
    }
  }

  /** Summarises filled windows. */
  static final class Fn extends Combine.CombineFn<EhrWindow, CohortSummary, CohortSummary> {
    private static final long serialVersionUID = 1L;

    private final WindowSpec spec;

    Fn(WindowSpec spec) {
      this.spec = spec;
    }

    @Override
    public CohortSummary createAccumulator() {
      return new CohortSummary(spec);
    }

    @Override
    public CohortSummary addInput(CohortSummary summary, EhrWindow window) {
      summary.add(window);
      return summary;
    }

    @Override
    public CohortSummary mergeAccumulators(Iterable<CohortSummary> parts) {
      CohortSummary merged = createAccumulator();
      parts.forEach(merged::merge);
      return merged;
    }

    @Override
    public CohortSummary extractOutput(CohortSummary summary) {
      return summary;
    }

    @Override
    public Coder<CohortSummary> getAccumulatorCoder(
        CoderRegistry registry, Coder<EhrWindow> input) {
      return new SummaryCoder();
    }

    @Override
    public Coder<CohortSummary> getDefaultOutputCoder(
        CoderRegistry registry, Coder<EhrWindow> input) {
      return new SummaryCoder();
    }
  }

  private static final class SummaryCoder extends CustomCoder<CohortSummary> {
    private static final VarIntCoder INTS = VarIntCoder.of();
    private static final BigEndianLongCoder LONGS = BigEndianLongCoder.of();
    private static final ChannelSketches.SketchesCoder SKETCHES =
        new ChannelSketches.SketchesCoder();

    @Override
    public void encode(CohortSummary summary, OutputStream out) throws IOException {
      INTS.encode(summary.steps, out);
      INTS.encode(summary.channels, out);
      INTS.encode(summary.statics.size(), out);
      INTS.encode(summary.labels[0].length, out);
      for (int s = 0; s < summary.labels.length; s++) {
        for (long count : summary.labels[s]) {
          LONGS.encode(count, out);
        }
        for (long count : summary.observed[s]) {
          LONGS.encode(count, out);
        }
      }
      LONGS.encode(summary.unlabelled, out);
      BigIntegerCoder.of().encode(summary.hash, out);
      for (int c = 0; c < summary.channels; c++) {
        LONGS.encode(summary.cells[c], out);
        BigDecimalCoder.of().encode(summary.sum[c], out);
        BigDecimalCoder.of().encode(summary.squares[c], out);
        DoubleCoder.of().encode(summary.min[c], out);
        DoubleCoder.of().encode(summary.max[c], out);
      }
      SKETCHES.encode(summary.sketches, out);
      summary.scales.encode(out);
      summary.statics.encode(out);
    }

    @Override
    public CohortSummary decode(InputStream in) throws IOException {
      CohortSummary summary =
          new CohortSummary(INTS.decode(in), INTS.decode(in), INTS.decode(in), INTS.decode(in));
      for (int s = 0; s < summary.labels.length; s++) {
        for (int k = 0; k < summary.labels[s].length; k++) {
          summary.labels[s][k] = LONGS.decode(in);
        }
        for (int c = 0; c < summary.channels; c++) {
          summary.observed[s][c] = LONGS.decode(in);
        }
      }
      summary.unlabelled = LONGS.decode(in);
      summary.hash = BigIntegerCoder.of().decode(in);
      for (int c = 0; c < summary.channels; c++) {
        summary.cells[c] = LONGS.decode(in);
        summary.sum[c] = BigDecimalCoder.of().decode(in);
        summary.squares[c] = BigDecimalCoder.of().decode(in);
        summary.min[c] = DoubleCoder.of().decode(in);
        summary.max[c] = DoubleCoder.of().decode(in);
      }
      summary.sketches = SKETCHES.decode(in);
      summary.scales.decode(in);
      summary.statics.decode(in);
      return summary;
    }
  }
}
