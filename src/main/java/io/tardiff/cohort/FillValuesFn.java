package io.tardiff.cohort;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.BigDecimalCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;

/**
 * Computes the value that fills gaps before the first observation, per channel: the median or mean
 * of the observed train cells, or the concept's normal value. NaN for a channel that was never
 * observed. The median lies on the scale of the channel, as the values that it stands for.
 */
final class FillValuesFn extends Combine.CombineFn<EhrWindow, FillValuesFn.Observed, List<Double>> {
  private static final long serialVersionUID = 1L;

  private final List<Concept> channels;
  private final Imputation imputation;

  FillValuesFn(CohortConfig config) {
    channels = config.channelConcepts();
    imputation = config.imputation();
  }

  /** Quantile sketches and exact sums, so the result does not depend on order. */
  static final class Observed {
    private ChannelSketches sketches;
    private final BigDecimal[] sums;
    private final long[] cells;
    private final ScaleCounts scales;

    Observed(int channels) {
      sketches = new ChannelSketches(channels);
      scales = new ScaleCounts(channels);
      sums = new BigDecimal[channels];
      Arrays.fill(sums, BigDecimal.ZERO);
      cells = new long[channels];
    }
  }

  @Override
  public Observed createAccumulator() {
    return new Observed(channels.size());
  }

  @Override
  public Observed addInput(Observed observed, EhrWindow window) {
    float[] values = window.values();
    observed.sketches.accept(values);
    observed.scales.add(window);
    int width = channels.size();
    for (int c = 0; c < width; c++) {
      double sum = 0;
      for (int i = c; i < values.length; i += width) {
        if (!Float.isNaN(values[i])) {
          sum += values[i];
          observed.cells[c]++;
        }
      }
      observed.sums[c] = observed.sums[c].add(new BigDecimal(sum));
    }
    return observed;
  }

  @Override
  public Observed mergeAccumulators(Iterable<Observed> parts) {
    Observed merged = createAccumulator();
    for (Observed part : parts) {
      merged.sketches.merge(part.sketches);
      merged.scales.merge(part.scales);
      for (int c = 0; c < channels.size(); c++) {
        merged.sums[c] = merged.sums[c].add(part.sums[c]);
        merged.cells[c] += part.cells[c];
      }
    }
    return merged;
  }

  @Override
  public List<Double> extractOutput(Observed observed) {
    List<Double> fills = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      Double normal = channels.get(c).normal();
      if (observed.cells[c] == 0) {
        fills.add(Double.NaN);
      } else if (imputation == Imputation.MEAN) {
        fills.add(observed.sums[c].doubleValue() / observed.cells[c]);
      } else if (imputation == Imputation.FORWARD_NORMAL && normal != null) {
        fills.add(normal);
      } else {
        double median = observed.sketches.quantile(c, 0.5);
        double resolution = observed.scales.resolution(c, channels.get(c));
        fills.add(resolution == 0 ? median : ChannelScale.nearest(median, resolution));
      }
    }
    return fills;
  }

  @Override
  public Coder<Observed> getAccumulatorCoder(CoderRegistry registry, Coder<EhrWindow> input) {
    return new ObservedCoder();
  }

  @Override
  public Coder<List<Double>> getDefaultOutputCoder(CoderRegistry registry, Coder<EhrWindow> input) {
    return ListCoder.of(DoubleCoder.of());
  }

  private static final class ObservedCoder extends CustomCoder<Observed> {
    private static final ChannelSketches.SketchesCoder SKETCHES =
        new ChannelSketches.SketchesCoder();

    @Override
    public void encode(Observed observed, OutputStream out) throws IOException {
      VarIntCoder.of().encode(observed.cells.length, out);
      SKETCHES.encode(observed.sketches, out);
      observed.scales.encode(out);
      for (int c = 0; c < observed.cells.length; c++) {
        VarLongCoder.of().encode(observed.cells[c], out);
        BigDecimalCoder.of().encode(observed.sums[c], out);
      }
    }

    @Override
    public Observed decode(InputStream in) throws IOException {
      Observed observed = new Observed(VarIntCoder.of().decode(in));
      observed.sketches = SKETCHES.decode(in);
      observed.scales.decode(in);
      for (int c = 0; c < observed.cells.length; c++) {
        observed.cells[c] = VarLongCoder.of().decode(in);
        observed.sums[c] = BigDecimalCoder.of().decode(in);
      }
      return observed;
    }
  }
}
