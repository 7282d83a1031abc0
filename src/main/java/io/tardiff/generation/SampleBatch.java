package io.tardiff.generation;

import com.google.auto.value.AutoValue;
import io.tardiff.influence.Guidance;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;

/** A batch of samples to draw: {@code count} samples of one label, with consecutive ids. */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
abstract class SampleBatch implements Serializable {

  abstract String getGuidanceRule();

  abstract double getGuidanceScale();

  abstract int getLabel();

  abstract long getFirstId();

  abstract int getCount();

  static SampleBatch of(Guidance guidance, int label, long firstId, int count) {
    return new AutoValue_SampleBatch(
        guidance.rule().label(), guidance.scale(), label, firstId, count);
  }

  final SampleBatch withFirstId(long firstId) {
    return of(guidance(), getLabel(), firstId, getCount());
  }

  final Guidance guidance() {
    return Guidance.of(Guidance.Rule.of(getGuidanceRule()), getGuidanceScale());
  }

  /** Assigns ids 0, 1, ... label by label, and splits them into batches of at most {@code size}. */
  static List<SampleBatch> plan(Guidance guidance, long[] counts, int size) {
    List<SampleBatch> batches = new ArrayList<>();
    long id = 0;
    for (int label = 0; label < counts.length; label++) {
      for (long done = 0; done < counts[label]; done += size) {
        int count = (int) Math.min(size, counts[label] - done);
        batches.add(of(guidance, label, id, count));
        id += count;
      }
    }
    return batches;
  }
}
