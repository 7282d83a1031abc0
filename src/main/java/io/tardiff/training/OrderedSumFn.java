package io.tardiff.training;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.values.KV;

/**
 * Sums named vectors in the order of their names, so that the result has the same bits in any order
 * of arrival. There are few vectors, each of which covers many windows.
 */
@Internal
public final class OrderedSumFn
    extends Combine.CombineFn<KV<String, double[]>, Map<String, double[]>, double[]> {

  @Override
  public Map<String, double[]> createAccumulator() {
    return new HashMap<>();
  }

  @Override
  public Map<String, double[]> addInput(Map<String, double[]> parts, KV<String, double[]> part) {
    parts.put(part.getKey(), part.getValue());
    return parts;
  }

  @Override
  public Map<String, double[]> mergeAccumulators(Iterable<Map<String, double[]>> accumulators) {
    Map<String, double[]> merged = new HashMap<>();
    accumulators.forEach(merged::putAll);
    return merged;
  }

  @Override
  public double[] extractOutput(Map<String, double[]> parts) {
    double[] sum = new double[0];
    for (double[] part : new TreeMap<>(parts).values()) {
      if (sum.length == 0) {
        sum = new double[part.length];
      }
      for (int k = 0; k < sum.length; k++) {
        sum[k] += part[k];
      }
    }
    return sum;
  }

  @Override
  public Coder<Map<String, double[]>> getAccumulatorCoder(
      CoderRegistry registry, Coder<KV<String, double[]>> input) {
    return MapCoder.of(StringUtf8Coder.of(), new VectorCoder());
  }

  @Override
  public Coder<double[]> getDefaultOutputCoder(
      CoderRegistry registry, Coder<KV<String, double[]>> input) {
    return new VectorCoder();
  }
}
