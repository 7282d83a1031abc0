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
 * Collects the records of one bucket of subjects, keyed by subject id.
 *
 * <p>There are many subjects with little data each. Keyed one by one, each would be a bundle of its
 * own on some runners, and the overhead per bundle would far exceed the work.
 */
final class BucketFn
    extends Combine.CombineFn<EhrEvent, Map<String, SubjectRecord>, Map<String, SubjectRecord>> {
  private static final long serialVersionUID = 1L;

  private final SubjectFn subjectFn;

  BucketFn(SubjectFn subjectFn) {
    this.subjectFn = subjectFn;
  }

  @Override
  public Map<String, SubjectRecord> createAccumulator() {
    return new HashMap<>();
  }

  @Override
  public Map<String, SubjectRecord> addInput(Map<String, SubjectRecord> subjects, EhrEvent event) {
    subjectFn.addInput(
        subjects.computeIfAbsent(event.getSubjectId(), id -> subjectFn.createAccumulator()), event);
    return subjects;
  }

  /**
   * Merges into the part with most subjects. Some runners merge a small part into what they have so
   * far thousands of times: copying that each time would take time quadratic in the size of a
   * bucket.
   */
  @Override
  public Map<String, SubjectRecord> mergeAccumulators(Iterable<Map<String, SubjectRecord>> parts) {
    Map<String, SubjectRecord> merged = createAccumulator();
    for (Map<String, SubjectRecord> part : parts) {
      Map<String, SubjectRecord> smaller = merged.size() < part.size() ? merged : part;
      merged = smaller == part ? merged : part;
      for (Map.Entry<String, SubjectRecord> subject : smaller.entrySet()) {
        SubjectRecord known = merged.putIfAbsent(subject.getKey(), subject.getValue());
        if (known != null) {
          subjectFn.mergeInto(known, subject.getValue());
        }
      }
    }
    return merged;
  }

  @Override
  public Map<String, SubjectRecord> extractOutput(Map<String, SubjectRecord> subjects) {
    return subjects;
  }

  @Override
  public Coder<Map<String, SubjectRecord>> getAccumulatorCoder(
      CoderRegistry registry, Coder<EhrEvent> input) {
    return MapCoder.of(StringUtf8Coder.of(), new SubjectRecord.RecordCoder());
  }

  @Override
  public Coder<Map<String, SubjectRecord>> getDefaultOutputCoder(
      CoderRegistry registry, Coder<EhrEvent> input) {
    return getAccumulatorCoder(registry, input);
  }
}
