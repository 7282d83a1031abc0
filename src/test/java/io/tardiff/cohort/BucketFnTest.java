package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;

import io.tardiff.ehr.EhrEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class BucketFnTest {
  private static final CohortConfig CONFIG = CohortConfig.defaults();

  private final BucketFn fn = new BucketFn(new SubjectFn(CONFIG));

  private Map<String, SubjectRecord> bucket(List<EhrEvent> events) {
    Map<String, SubjectRecord> bucket = fn.createAccumulator();
    events.forEach(event -> fn.addInput(bucket, event));
    return bucket;
  }

  private static List<EhrEvent> events(int subjects) {
    String heartRate = SubjectFn.sources(CONFIG).get(0).code().code();
    List<EhrEvent> events = new ArrayList<>();
    for (int hour = 0; hour < 5; hour++) {
      for (int subject = 0; subject < subjects; subject++) {
        events.add(
            EhrEvent.builder()
                .setSubjectId("p" + subject)
                .setStayId("s")
                .setTime(Instant.EPOCH.plus(3_600_000L * hour))
                .setCode(heartRate)
                .setNumericValue(60.0 + hour)
                .build());
      }
    }
    return events;
  }

  @Test
  void partsGiveTheSameRecordsInAnyOrder() {
    List<EhrEvent> events = events(20);
    Map<String, SubjectRecord> first = bucket(events.subList(0, 7));
    Map<String, SubjectRecord> second = bucket(events.subList(7, 60));
    Map<String, SubjectRecord> third = bucket(events.subList(60, 100));
    Map<String, SubjectRecord> merged =
        fn.mergeAccumulators(
            List.of(fn.createAccumulator(), first, fn.mergeAccumulators(List.of(second, third))));
    assertThat(merged.keySet(), is(bucket(events).keySet()));
    merged.forEach(
        (id, record) -> {
          assertThat(id, record.rows, is(5L));
          assertThat(id, record.observations.size, is(5));
        });
  }

  /** A copy for each part would take time quadratic in the size of a bucket. */
  @Test
  void smallPartsAreMergedIntoTheLargeOne() {
    Map<String, SubjectRecord> large = bucket(events(20));
    SubjectRecord record = large.get("p3");
    Map<String, SubjectRecord> small = bucket(events(5));
    for (List<Map<String, SubjectRecord>> parts :
        List.of(List.of(large, small), List.of(bucket(events(5)), large))) {
      assertThat(fn.mergeAccumulators(parts), is(sameInstance(large)));
    }
    assertThat(large.get("p3"), is(sameInstance(record)));
    assertThat(record.rows, is(15L));
  }
}
