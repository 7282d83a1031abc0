package io.tardiff.cohort;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.Combine;

/** Median of the observed cells of each channel; NaN for one that was never observed. */
final class MedianFn extends Combine.CombineFn<EhrWindow, ChannelSketches, List<Double>> {
  private static final long serialVersionUID = 1L;

  private final int channels;

  MedianFn(int channels) {
    this.channels = channels;
  }

  @Override
  public ChannelSketches createAccumulator() {
    return new ChannelSketches(channels);
  }

  @Override
  public ChannelSketches addInput(ChannelSketches sketches, EhrWindow window) {
    sketches.accept(window.values());
    return sketches;
  }

  @Override
  public ChannelSketches mergeAccumulators(Iterable<ChannelSketches> parts) {
    ChannelSketches merged = createAccumulator();
    parts.forEach(merged::merge);
    return merged;
  }

  @Override
  public List<Double> extractOutput(ChannelSketches sketches) {
    return IntStream.range(0, channels).mapToObj(c -> sketches.quantile(c, 0.5)).toList();
  }

  @Override
  public Coder<ChannelSketches> getAccumulatorCoder(
      CoderRegistry registry, Coder<EhrWindow> input) {
    return new ChannelSketches.SketchesCoder();
  }

  @Override
  public Coder<List<Double>> getDefaultOutputCoder(CoderRegistry registry, Coder<EhrWindow> input) {
    return ListCoder.of(DoubleCoder.of());
  }
}
