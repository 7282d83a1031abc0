package io.tardiff.cohort;

import io.tardiff.ehr.EhrEvent;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine;

/**
 * Gathers the stays of one bucket by the id of their window.
 *
 * <p>Stays are small and many. Keyed one by one they would each be a bundle of their own on some
 * runners, whose cost per bundle then exceeds that of the work by far.
 */
final class BucketFn
    extends Combine.CombineFn<EhrEvent, Map<String, StayRecord>, Map<String, StayRecord>> {
  private static final long serialVersionUID = 1L;

  private final StayFn stayFn;

  BucketFn(StayFn stayFn) {
    this.stayFn = stayFn;
  }

  @Override
  public Map<String, StayRecord> createAccumulator() {
    return new HashMap<>();
  }

  @Override
  public Map<String, StayRecord> addInput(Map<String, StayRecord> stays, EhrEvent event) {
    stayFn.addInput(
        stays.computeIfAbsent(Extraction.windowId(event), id -> stayFn.createAccumulator()), event);
    return stays;
  }

  @Override
  public Map<String, StayRecord> mergeAccumulators(Iterable<Map<String, StayRecord>> parts) {
    Map<String, StayRecord> merged = createAccumulator();
    for (Map<String, StayRecord> part : parts) {
      part.forEach(
          (id, stay) ->
              stayFn.mergeInto(
                  merged.computeIfAbsent(id, unused -> stayFn.createAccumulator()), stay));
    }
    return merged;
  }

  @Override
  public Map<String, StayRecord> extractOutput(Map<String, StayRecord> stays) {
    return stays;
  }

  @Override
  public Coder<Map<String, StayRecord>> getAccumulatorCoder(
      CoderRegistry registry, Coder<EhrEvent> input) {
    return MapCoder.of(StringUtf8Coder.of(), new StayRecord.RecordCoder());
  }

  @Override
  public Coder<Map<String, StayRecord>> getDefaultOutputCoder(
      CoderRegistry registry, Coder<EhrEvent> input) {
    return getAccumulatorCoder(registry, input);
  }
}
