package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.EhrEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Observations of one stay on a grid of 4 hourly steps, unless a test sets others. */
class GridTest {
  /** Far from the epoch, so that a wrong anchor is noticed. */
  private static final Instant ADMISSION = Instant.parse("2012-02-28T23:41:00Z");

  private final Map<String, Long> counts = new HashMap<>();

  @Test
  void stepsAreHalfOpen() {
    assertThat(hr(at(0, "HR", 60), at(59, "HR", 70), at(60, "HR", 90)), is(row(65, 90)));
  }

  @Test
  void endOfTheWindowBelongsToTheLastStep() {
    assertThat(hr(at(240, "HR", 60)), is(new float[] {nan(), nan(), nan(), 60}));
    assertThat(counts.isEmpty(), is(true));
  }

  @Test
  void observationsOutsideTheWindowAreDroppedAndCounted() {
    assertThat(hr(at(-1, "HR", 60), at(241, "HR", 70), at(5, "HR", 80)), is(row(80)));
    assertThat(counts, equalTo(Map.of(ValueFate.OUTSIDE.key("HR"), 2L)));
  }

  @Test
  void zeroOfADetachedLeadIsMissing() {
    assertThat(hr(at(1, "HR", 0), at(61, "HR", 0), at(62, "HR", 80)), is(row(nan(), 80)));
    assertThat(counts, equalTo(Map.of(ValueFate.OUTLIER.key("HR"), 2L)));
  }

  @Test
  void zeroFahrenheitIsMissing() {
    assertThat(channel("Temp", at(1, "Temp", -17.8), at(2, "Temp", 37)), is(row(37)));
    assertThat(counts, equalTo(Map.of(ValueFate.OUTLIER.key("Temp"), 1L)));
  }

  @Test
  void shiftedDecimalsOfPhAreMissing() {
    assertThat(
        channel("pH", at(1, "pH", 735), at(2, "pH", 73.5), at(3, "pH", 7.35)), is(row(7.35f)));
    assertThat(counts, equalTo(Map.of(ValueFate.OUTLIER.key("pH"), 2L)));
  }

  @Test
  void unusualButPlausibleValuesAreClipped() {
    assertThat(channel("SpO2", at(1, "SaO2", 103)), is(row(100)));
    assertThat(counts, equalTo(Map.of(ValueFate.CLIPPED.key("SpO2"), 1L)));
  }

  @Test
  void invasivePressureIsPreferredToCuff() {
    assertThat(
        channel("SBP", at(1, "NISysABP", 150), at(2, "SysABP", 120), at(61, "NISysABP", 140)),
        is(row(120, 140)));
  }

  @Test
  void implausiblePreferredSourceIsReplacedByTheOther() {
    assertThat(channel("SBP", at(1, "NISysABP", 150), at(2, "SysABP", 0)), is(row(150)));
  }

  @Test
  void urineIsSummed() {
    assertThat(channel("Urine", at(1, "Urine", 100), at(30, "Urine", 50)), is(row(150)));
  }

  @Test
  void twoUrineRoutesAtOneTimeAddUp() {
    assertThat(channel("Urine", at(1, "Urine", 100), at(1, "Urine", 50)), is(row(150)));
    assertThat(counts.isEmpty(), is(true));
  }

  @Test
  void repeatedRowCountsOnce() {
    assertThat(
        channel("Urine", at(1, "Urine", 100), at(1, "Urine", 100), at(1, "Urine", 100)),
        is(row(100)));
    assertThat(counts, equalTo(Map.of(CohortCounts.DUPLICATE, 2L)));
  }

  @Test
  void aggregates() {
    EhrEvent[] events = {at(3, "HR", 90), at(1, "HR", 60), at(2, "HR", 70), at(0, "HR", 100)};
    assertThat(aggregated(Aggregate.MEAN, events), is(row(80)));
    assertThat(aggregated(Aggregate.MEDIAN, events), is(row(80)));
    assertThat(aggregated(Aggregate.MIN, events), is(row(60)));
    assertThat(aggregated(Aggregate.MAX, events), is(row(100)));
    assertThat(aggregated(Aggregate.LAST, events), is(row(90)));
    assertThat(aggregated(Aggregate.SUM, events), is(row(320)));
  }

  @Test
  void gridDoesNotDependOnOrderOrGroupingOfEvents() throws Exception {
    CohortConfig config = config("HR", "SBP", "Urine");
    SubjectFn fn = new SubjectFn(config);
    Random random = new Random(3);
    List<EhrEvent> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String code = List.of("HR", "SysABP", "NISysABP", "Urine").get(random.nextInt(4));
      // Sums of such values depend on their order in floating point.
      events.add(at(random.nextInt(300) - 20, code, 60 + 100 * random.nextDouble() / 3));
    }
    events.add(admission());
    events.add(at(100_000, EhrEvent.HOSPITAL_DEATH, 1));
    float[] expected = cut(config, combined(fn, List.of(events)));
    Map<String, Long> expectedCounts = Map.copyOf(counts);
    for (int trial = 0; trial < 20; trial++) {
      Collections.shuffle(events, random);
      int cut = random.nextInt(events.size());
      counts.clear();
      float[] grid =
          cut(
              config,
              combined(fn, List.of(events.subList(0, cut), events.subList(cut, events.size()))));
      assertThat(grid, is(expected));
      assertThat(counts, equalTo(expectedCounts));
    }
  }

  @Test
  void theEarliestAdmissionCounts() {
    EhrEvent later =
        admission().toBuilder().setTime(ADMISSION.plus(Duration.standardHours(2))).build();

    assertThat(hr(later, at(1, "HR", 60)), is(row(60)));
  }

  private float[] hr(EhrEvent... events) {
    return channel("HR", events);
  }

  private float[] channel(String channel, EhrEvent... events) {
    return lay(config(channel), events);
  }

  private float[] aggregated(Aggregate aggregate, EhrEvent... events) {
    ConceptDictionary dictionary =
        ConceptDictionary.standard()
            .with(Concept.of("HR", "1", aggregate, List.of(0.0, 0.0, 500.0, 500.0)));
    return lay(config("HR").withDictionary(dictionary), events);
  }

  private float[] lay(CohortConfig config, EhrEvent... events) {
    List<EhrEvent> all = new ArrayList<>(List.of(events));
    all.add(admission());
    all.add(
        EhrEvent.builder()
            .setSubjectId("1")
            .setStayId("1")
            .setCode(EhrEvent.HOSPITAL_DEATH)
            .setNumericValue(0.0)
            .build());
    counts.clear();
    try {
      return cut(config, combined(new SubjectFn(config), List.of(all)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the values of the only window, without the counts of stays and windows. */
  private float[] cut(CohortConfig config, SubjectRecord subject) {
    List<EhrWindow> windows = new ArrayList<>();
    new Windowing(config).cut("1", subject, counts, windows::add);
    counts
        .keySet()
        .removeIf(
            what ->
                what.startsWith(CohortCounts.STAYS)
                    || what.startsWith(CohortCounts.WINDOWS)
                    || what.equals(CohortCounts.OPEN_END));
    config.channels().forEach(channel -> counts.remove(ValueFate.IN_WINDOW.key(channel)));
    return windows.get(0).values();
  }

  private static CohortConfig config(String... channels) {
    return CohortConfig.defaults().withWindowSteps(4).withChannels(List.of(channels));
  }

  /** Combines like a runner: each part separately, through the coder, then merged. */
  private static SubjectRecord combined(SubjectFn fn, List<List<EhrEvent>> parts) throws Exception {
    List<SubjectRecord> partial = new ArrayList<>();
    for (List<EhrEvent> part : parts) {
      SubjectRecord record = fn.createAccumulator();
      for (EhrEvent event : part) {
        fn.addInput(record, event);
      }
      partial.add(CoderUtils.clone(new SubjectRecord.RecordCoder(), record));
    }
    SubjectRecord merged = fn.createAccumulator();
    partial.forEach(part -> fn.mergeInto(merged, part));
    return merged;
  }

  private static EhrEvent admission() {
    return EhrEvent.builder()
        .setSubjectId("1")
        .setStayId("1")
        .setTime(ADMISSION)
        .setCode(EhrEvent.ADMISSION)
        .build();
  }

  private static EhrEvent at(int minute, String code, double value) {
    return EhrEvent.builder()
        .setSubjectId("1")
        .setStayId("1")
        .setTime(ADMISSION.plus(Duration.standardMinutes(minute)))
        .setCode(code)
        .setNumericValue(value)
        .build();
  }

  private static float nan() {
    return Float.NaN;
  }

  /** Returns a row with values in the first steps only. */
  private static float[] row(float... first) {
    float[] row = {Float.NaN, Float.NaN, Float.NaN, Float.NaN};
    System.arraycopy(first, 0, row, 0, first.length);
    return row;
  }
}
