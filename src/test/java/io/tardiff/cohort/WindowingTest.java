package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.HospitalOutcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Windows and labels of one subject, by the built-in tasks. */
class WindowingTest {
  private static final Instant START = Instant.parse("2130-05-01T10:20:00Z");

  private static final String CONTRADICTORY = CohortCounts.noOutcome(HospitalOutcome.CONTRADICTORY);

  private final Map<String, Long> counts = new HashMap<>();
  private final List<EhrEvent> events = new ArrayList<>();

  @Test
  void deathAfterTheWindowIsTheLabel() {
    stay("a", 0, 100);
    hourly("a", 0, 100);
    event(null, EhrEvent.HOSPITAL_DEATH, 120, 1.0);
    assertThat(labels("in_hospital_mortality"), contains(1));
  }

  @Test
  void deathWithinTheWindowDropsTheStay() {
    stay("a", 0, 100);
    hourly("a", 0, 30);
    event(null, EhrEvent.HOSPITAL_DEATH, 30, 1.0);
    assertThat(labels("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CohortCounts.OUTCOME_BEFORE), is(1L));
  }

  @Test
  void stayThatEndsBeforeThePredictionIsDropped() {
    stay("a", 0, 47);
    hourly("a", 0, 47);
    event(null, EhrEvent.HOSPITAL_DEATH, 60, 0.0);
    assertThat(labels("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CohortCounts.ENDS_BEFORE), is(1L));
  }

  @Test
  void eachStayGetsTheOutcomeOfItsOwnHospitalStay() {
    stay("a", 0, 60);
    stay("b", 1000, 1060);
    hourly("a", 0, 60);
    hourly("b", 1000, 1060);
    event(null, EhrEvent.HOSPITAL_DEATH, 70, 0.0);
    event(null, EhrEvent.HOSPITAL_DEATH, 1070, 1.0);
    assertThat(labels("in_hospital_mortality"), contains(0, 1));
    assertThat(ids("in_hospital_mortality"), contains("p/a", "p/b"));
  }

  @Test
  void timeOfDeathIsTheOutcomeIfNoneIsStated() {
    stay("a", 0, 60);
    hourly("a", 0, 60);
    event(null, EhrEvent.DEATH, 59, null);
    assertThat(labels("in_hospital_mortality"), contains(1));
    assertThat(counts.get(CohortCounts.ofLabel(CohortCounts.BY_DEATH_ALONE, 1)), is(1L));
  }

  @Test
  void deathOnTheDateOfDischargeCountsIfOnlyTheDateIsKnown() {
    stay("a", 0, 60); // until 22:20
    hourly("a", 0, 60);
    for (String time : new String[] {"2130-05-03T00:00:00Z", "2130-05-03T23:59:59.999Z"}) {
      events.add(death(time));
      assertThat(labels("in_hospital_mortality"), contains(1));
      events.remove(events.size() - 1);
    }
    // At a time after the discharge, or on a later date: not known to be in hospital.
    for (String time : new String[] {"2130-05-03T22:30:00Z", "2130-05-04T00:00:00Z"}) {
      events.add(death(time));
      assertThat(labels("in_hospital_mortality"), is(empty()));
      events.remove(events.size() - 1);
    }
  }

  @Test
  void statedSurvivalAndADeathWithinTheStayContradictEachOther() {
    stay("a", 0, 60);
    hourly("a", 0, 60);
    event("a", EhrEvent.HOSPITAL_DEATH, 60, 0.0);
    assertThat(labels("in_hospital_mortality"), contains(0));
    // The date of discharge and later dates are consistent.
    events.add(death("2130-05-03T00:00:00Z"));
    assertThat(labels("in_hospital_mortality"), contains(0));
    events.set(events.size() - 1, death("2131-05-03T00:00:00Z"));
    assertThat(labels("in_hospital_mortality"), contains(0));
    for (String time : new String[] {"2130-05-02T00:00:00Z", "2130-05-03T22:00:00Z"}) {
      events.set(events.size() - 1, death(time));
      assertThat(labels("in_hospital_mortality"), is(empty()));
      assertThat(counts.get(CONTRADICTORY), is(1L));
    }
  }

  @Test
  void statedDeathLongBeforeTheTimeOfDeathIsAContradiction() {
    stay("a", 0, 60);
    hourly("a", 0, 60);
    event("a", EhrEvent.HOSPITAL_DEATH, 60, 1.0);
    events.add(death("2130-05-04T00:00:00Z"));
    assertThat(labels("in_hospital_mortality"), contains(1));
    events.set(events.size() - 1, death("2130-06-04T00:00:00Z"));
    assertThat(labels("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CONTRADICTORY), is(1L));
  }

  @Test
  void deathAndSurvivalOfOneStayContradictEachOther() {
    stay("a", 0, 60);
    hourly("a", 0, 60);
    event("a", EhrEvent.HOSPITAL_DEATH, 60, 0.0);
    event("a", EhrEvent.HOSPITAL_DEATH, 60, 1.0);
    assertThat(labels("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CONTRADICTORY), is(1L));
  }

  @Test
  void unknownOutcomesAreCountedByReason() {
    for (HospitalOutcome outcome : HospitalOutcome.values()) {
      events.clear();
      stay("a", 0, 60);
      hourly("a", 0, 60);
      events.add(
          outcome
              .into(EhrEvent.builder().setSubjectId("p").setStayId("a"))
              .setTime(START.plus(Duration.standardHours(60)))
              .build());
      assertThat(labels("in_hospital_mortality").size(), is(outcome.isKnown() ? 1 : 0));
      if (!outcome.isKnown()) {
        assertThat(counts.get(CohortCounts.noOutcome(outcome)), is(1L));
      }
    }
  }

  @Test
  void recordOfThePersonAsAliveIsSurvivalOfEveryStayThatEnded() {
    stay("a", 0, 60);
    stay("b", 1000, 1060);
    hourly("a", 0, 60);
    hourly("b", 1000, 1060);
    events.add(EhrEvent.builder().setSubjectId("p").setCode(EhrEvent.ALIVE).build());
    assertThat(labels("in_hospital_mortality"), contains(0, 0));
    event("a", EhrEvent.HOSPITAL_DEATH, 60, 1.0);
    // The stated outcome of the stay takes precedence, and nobody has a stay after death.
    assertThat(labels("in_hospital_mortality"), contains(1));
    assertThat(counts.get(CohortCounts.AFTER_DEATH), is(1L));
  }

  @Test
  void outcomeIsNotThatOfALaterStay() {
    stay("a", 0, 60);
    stay("b", 9000, 9060);
    hourly("a", 0, 60);
    hourly("b", 9000, 9060);
    event("b", EhrEvent.HOSPITAL_DEATH, 9070, 1.0);
    assertThat(ids("in_hospital_mortality"), contains("p/b"));
    events.remove(events.size() - 1);
    event(null, EhrEvent.HOSPITAL_DEATH, 9070, 1.0);
    event(null, EhrEvent.DEATH, 9070, null);
    assertThat(ids("in_hospital_mortality"), contains("p/b"));
    assertThat(counts.get(CohortCounts.NO_OUTCOME), is(1L));
  }

  @Test
  void outcomeByTimeBelongsToTheAdmissionThatContainsTheStay() {
    // Two stays in the unit within one admission, and another admission without one before the
    // death.
    event(null, EhrEvent.HOSPITAL_ADMISSION, -5, null);
    stay("a", 0, 60);
    stay("b", 80, 140);
    event(null, EhrEvent.HOSPITAL_DISCHARGE, 150, null);
    event(null, EhrEvent.HOSPITAL_DEATH, 150, 0.0);
    event(null, EhrEvent.HOSPITAL_ADMISSION, 1000, null);
    event(null, EhrEvent.HOSPITAL_DISCHARGE, 1100, null);
    event(null, EhrEvent.HOSPITAL_DEATH, 1100, 1.0);
    hourly("a", 0, 60);
    hourly("b", 80, 140);
    assertThat(labels("in_hospital_mortality"), contains(0, 0));
    // That admission has no stated outcome, and takes none from the others.
    events.removeIf(e -> e.getCode().equals(EhrEvent.HOSPITAL_DEATH) && e.getNumericValue() == 0);
    assertThat(labels("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CohortCounts.NO_OUTCOME), is(2L));
  }

  @Test
  void partOfAHospitalStaySharesItsOutcomeAndRows() {
    stay("a", 10, 70);
    part("a", "ward");
    part("ward", "h");
    event("h", EhrEvent.HOSPITAL_ADMISSION, 0, null);
    event("h", EhrEvent.HOSPITAL_DISCHARGE, 200, null);
    event("h", EhrEvent.HOSPITAL_DEATH, 200, 1.0);
    hourly("a", 10, 70);
    event(null, EhrEvent.HOSPITAL_DEATH, 90, 0.0);
    assertThat(labels("in_hospital_mortality"), contains(1));
    assertThat(ids("in_hospital_mortality"), contains("p/a"));
    assertThat(counts.get(CohortCounts.STAYS), is(1L));
    // Observations of the unit stay belong to the hospital stay too.
    List<EhrWindow> whole = windows("hospital_mortality");
    assertThat(whole.get(0).windowId(), is("p/h"));
    assertThat(whole.get(0).values()[10 * 9], is(70f));
    // A death in the unit stay is one in the hospital stay.
    events.removeIf(event -> event.getCode().equals(EhrEvent.HOSPITAL_DEATH));
    event("ward", EhrEvent.HOSPITAL_DEATH, 90, 1.0);
    assertThat(labels("hospital_mortality"), contains(1));
  }

  @Test
  void deathInHospitalAfterTheUnitIsWithinTheStay() {
    stay("a", 10, 70);
    part("a", "h");
    event("h", EhrEvent.HOSPITAL_ADMISSION, 0, null);
    event("h", EhrEvent.HOSPITAL_DISCHARGE, 200, null);
    hourly("a", 10, 70);
    event(null, EhrEvent.DEATH, 150, null);
    assertThat(labels("in_hospital_mortality"), contains(1));
  }

  @Test
  void stayThatBeginsAfterTheDeathIsDropped() {
    stay("a", 100, 200);
    hourly("a", 100, 200);
    event("a", EhrEvent.HOSPITAL_DEATH, 200, 0.0);
    event(null, EhrEvent.DEATH, 90, null);
    for (String task : List.of("in_hospital_mortality", "decompensation", "icu_stay")) {
      assertThat(labels(task), is(empty()));
      assertThat(counts.get(CohortCounts.AFTER_DEATH), is(1L));
    }
    // On the date of death, which may be after the beginning of the stay.
    events.set(events.size() - 1, death("2130-05-05T00:00:00Z"));
    assertThat(counts(), is(empty()));
  }

  private List<String> counts() {
    windows("icu_stay");
    return counts.keySet().stream().filter(CohortCounts.AFTER_DEATH::equals).toList();
  }

  @Test
  void subjectInSeveralSplitsIsInNone() {
    stay("a", 0, 100);
    hourly("a", 0, 100);
    event("a", EhrEvent.HOSPITAL_DEATH, 200, 0.0);
    for (String split : List.of("train", "held_out", "train")) {
      events.add(
          EhrEvent.builder().setSubjectId("p").setCode(EhrEvent.SPLIT).setTextValue(split).build());
    }
    assertThat(labels("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CohortCounts.SEVERAL_SPLITS), is(1L));
  }

  @Test
  void dropsAreCountedByLabelWhereItIsKnown() {
    stay("a", 0, 100);
    stay("b", 1000, 1020);
    stay("c", 2000, 2020);
    hourly("a", 0, 100);
    event("a", EhrEvent.HOSPITAL_DEATH, 100, 0.0);
    event("b", EhrEvent.HOSPITAL_DEATH, 1020, 1.0);
    assertThat(labels("in_hospital_mortality"), contains(0));
    assertThat(counts.get(CohortCounts.AFTER_DEATH), is(1L));
    assertThat(counts.get(CohortCounts.ofLabel(CohortCounts.STAYS, 0)), is(1L));
    assertThat(counts.get(CohortCounts.ofLabel(CohortCounts.STAYS, 1)), is(1L));
    assertThat(counts.get(CohortCounts.ofLabel(CohortCounts.ENDS_BEFORE, 1)), is(1L));
    assertThat(counts.get(CohortCounts.ofLabel(CohortCounts.WINDOWS, 0)), is(1L));
  }

  @Test
  void absenceOfARecordIsNotSurvival() {
    stay("a", 0, 60);
    hourly("a", 0, 60);
    assertThat(labels("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CohortCounts.NO_OUTCOME), is(1L));
    // Long after discharge: not a death in hospital, but no evidence of survival of the stay
    // either.
    event(null, EhrEvent.DEATH, 200, null);
    assertThat(labels("in_hospital_mortality"), is(empty()));
  }

  @Test
  void observationsWithoutAStayBelongByTimeAndOthersOnlyToTheirStay() {
    event("a", EhrEvent.HOSPITAL_DEATH, 1000, 0.0);
    event("b", EhrEvent.HOSPITAL_DEATH, 1000, 0.0);
    stay("a", 0, 60);
    stay("b", 10, 80);
    event("a", "HR", 11.5, 80.0);
    event(null, "RR", 11.5, 20.0);
    List<EhrWindow> windows = windows("in_hospital_mortality");
    assertThat(windows.get(0).values()[11 * 9], is(80f));
    assertThat(Float.isNaN(windows.get(1).values()[9]), is(true));
    assertThat(windows.get(0).values()[11 * 9 + 4], is(20f));
    assertThat(windows.get(1).values()[9 + 4], is(20f));
  }

  @Test
  void admissionsWithoutAStayIdAreSeparateStays() {
    event(null, EhrEvent.ADMISSION, 0, null);
    event(null, EhrEvent.DISCHARGE, 60, null);
    event(null, EhrEvent.ADMISSION, 500, null);
    event(null, EhrEvent.DISCHARGE, 530, null);
    hourly(null, 0, 600);
    event(null, EhrEvent.HOSPITAL_DEATH, 70, 0.0);
    assertThat(ids("in_hospital_mortality"), contains("p@2130-05-01T10:20:00Z"));
    assertThat(counts.get(CohortCounts.STAYS), is(2L));
    assertThat(counts.get(CohortCounts.ENDS_BEFORE), is(1L));
  }

  @Test
  void predictionTimeIsExcludedUnlessTheTaskClosesTheEnd() {
    stay("a", 0, 100);
    event("a", "HR", 1, 70.0);
    event("a", "HR", 24, 90.0);
    assertThat(windows("icu_stay").get(0).values()[23 * 9], is(Float.NaN));
    event("a", "HR", 48, 95.0);
    event("a", EhrEvent.HOSPITAL_DEATH, 200, 0.0);
    assertThat(windows("in_hospital_mortality").get(0).values()[47 * 9], is(95f));
  }

  @Test
  void lengthOfStayOverThreeDays() {
    stay("a", 0, 71);
    stay("b", 1000, 1073);
    stay("c", 2000, 2025); // shorter than 30 hours
    hourly("a", 0, 71);
    hourly("b", 1000, 1073);
    assertThat(labels("icu_stay"), contains(0, 1));
    assertThat(counts.get(CohortCounts.TOO_SHORT), is(1L));
  }

  @Test
  void rollingWindowsRepeatUntilTheStayEndsOrTheEventOccurs() {
    stay("a", 0, 80);
    hourly("a", 0, 80);
    event(null, EhrEvent.DEATH, 70, null);
    // Prediction at 24, 36, 48, 60 and 72 hours; death at 70.
    assertThat(labels("decompensation"), contains(0, 0, 1, 1));
    assertThat(
        ids("decompensation"), contains("p/a+0min", "p/a+720min", "p/a+1440min", "p/a+2160min"));
    assertThat(counts.get(CohortCounts.OUTCOME_BEFORE), is(1L));
    assertThat(counts.get(CohortCounts.WINDOWS), is(5L));
  }

  @Test
  void onsetCountsFromTheFirstValueThatIsHighEnough() {
    event("a", EhrEvent.ADMISSION, 0, null);
    hourly("a", 0, 30);
    for (int hour = 0; hour < 30; hour++) {
      event("a", "SepsisLabel", hour, hour >= 22 ? 1.0 : 0.0);
    }
    // Predictions at 12, 18 and 24 hours; the last row is at 29 hours.
    assertThat(labels("sepsis_onset"), contains(0, 1));
    assertThat(counts.get(CohortCounts.OUTCOME_BEFORE), is(1L));
    assertThat(counts.get(CohortCounts.OPEN_END), is(1L));
  }

  @Test
  void windowsEndAtTheLabelsOfTheSource() {
    hourly(null, 0, 100);
    event(null, EhrEvent.LABEL, 30, 1.0);
    event(null, EhrEvent.LABEL, 60, 0.0);
    List<EhrWindow> windows = windows("source_label");
    assertThat(windows.stream().map(EhrWindow::label).toList(), contains(1, 0));
    assertThat(windows.get(0).windowId(), is("p@2130-05-02T16:20:00Z"));
    // 24 hours up to and including the label's time.
    assertThat(windows.get(0).values()[0], is(66f));
    assertThat(windows.get(0).values()[23 * 9], is((89 + 90) / 2f));
  }

  @Test
  void labelOfTheWholeStay() {
    stay("a", 0, 100);
    hourly("a", 0, 100);
    events.add(
        EhrEvent.builder()
            .setSubjectId("p")
            .setStayId("a")
            .setCode(EhrEvent.LABEL)
            .setNumericValue(1.0)
            .build());
    assertThat(labels("stay_label"), contains(1));
  }

  @Test
  void ageIsComputedFromBirthAndShiftedAgesAreNinety() {
    event(null, EhrEvent.HOSPITAL_DEATH, 1000, 0.0);
    stay("a", 0, 100);
    hourly("a", 0, 100);
    events.add(birth("2070-05-01"));
    assertThat((double) windows("in_hospital_mortality").get(0).statics()[0], closeTo(60, 0.01));
    events.remove(events.size() - 1);
    events.add(birth("1830-05-01"));
    assertThat(windows("in_hospital_mortality").get(0).statics()[0], is(90f));
  }

  @Test
  void publishedSplitTakesPrecedence() {
    event(null, EhrEvent.HOSPITAL_DEATH, 1000, 0.0);
    stay("a", 0, 100);
    hourly("a", 0, 100);
    for (Split split : Split.values()) {
      events.add(
          EhrEvent.builder()
              .setSubjectId("p")
              .setCode(EhrEvent.SPLIT)
              .setTextValue(split.label())
              .build());
      assertThat(windows("in_hospital_mortality").get(0).split(), is(split));
      events.remove(events.size() - 1);
    }
  }

  @Test
  void rowsOfAnUnknownUnitAreMissingAndOthersConverted() {
    event(null, EhrEvent.HOSPITAL_DEATH, 1000, 0.0);
    stay("a", 0, 100);
    event("a", "Temp", 1, 98.6);
    events.set(events.size() - 1, last().toBuilder().setUnit("Deg. F").build());
    event("a", "Temp", 2, 310.0);
    events.set(events.size() - 1, last().toBuilder().setUnit("K").build());
    EhrWindow window = windows("in_hospital_mortality").get(0);
    assertThat((double) window.values()[9 + 5], closeTo(37, 1e-5));
    assertThat(window.values()[2 * 9 + 5], is(Float.NaN));
  }

  @Test
  void windowsWithoutEvidenceOfALabelAreKeptOnRequest() {
    for (HospitalOutcome unknown :
        List.of(
            HospitalOutcome.NOT_STATED,
            HospitalOutcome.UNLISTED,
            HospitalOutcome.STILL_A_PATIENT)) {
      events.clear();
      stay("a", 0, 100);
      hourly("a", 0, 100);
      events.add(unknown.into(EhrEvent.builder().setSubjectId("p").setStayId("a")).build());

      assertThat(labels("in_hospital_mortality"), is(empty()));
      Map<String, Long> dropped = withoutValues();
      assertThat(unlabelled("in_hospital_mortality"), contains(EhrWindow.UNLABELLED));
      // The attrition of labelled windows stays the same.
      assertThat(withoutValues(), equalTo(dropped));
      assertThat(counts.get(CohortCounts.noOutcome(unknown)), is(1L));
    }
  }

  @Test
  void windowsThatTheTaskExcludesAreNotKept() {
    for (HospitalOutcome excluded :
        List.of(HospitalOutcome.CONTRADICTORY, HospitalOutcome.ENDS_BEFORE_IT_BEGINS)) {
      events.clear();
      stay("a", 0, 100);
      hourly("a", 0, 100);
      events.add(excluded.into(EhrEvent.builder().setSubjectId("p").setStayId("a")).build());
      assertThat(unlabelled("in_hospital_mortality"), is(empty()));
      assertThat(counts.get(CohortCounts.noOutcome(excluded)), is(1L));
    }
    events.clear();
    stay("a", 0, 100);
    hourly("a", 0, 30);
    event("a", EhrEvent.HOSPITAL_DEATH, 30, 1.0);
    assertThat(unlabelled("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CohortCounts.OUTCOME_BEFORE), is(1L));
    events.clear();
    stay("a", 0, 100);
    hourly("a", 0, 30);
    event("a", EhrEvent.HOSPITAL_DEATH, 90, 2.0);
    assertThat(unlabelled("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CohortCounts.BAD_OUTCOME), is(1L));
  }

  @Test
  void windowWithoutLabelMustBeObserved() {
    stay("a", 0, 100);
    hourly("a", 60, 100);
    assertThat(unlabelled("in_hospital_mortality"), is(empty()));
    assertThat(counts.get(CohortCounts.UNLABELLED_NOT_OBSERVED), is(1L));
  }

  @Test
  void stayWhoseLengthIsNotKnownHasNoLabel() {
    event("a", EhrEvent.ADMISSION, 0, null);
    hourly("a", 0, 100);
    assertThat(labels("icu_stay"), is(empty()));
    assertThat(counts.get(CohortCounts.NO_OUTCOME), is(1L));
    assertThat(unlabelled("icu_stay"), contains(EhrWindow.UNLABELLED));
  }

  /** The counts of stays and windows. */
  private Map<String, Long> withoutValues() {
    Map<String, Long> rules = new HashMap<>(counts);
    rules.keySet().removeIf(what -> what.startsWith("value\t"));
    return rules;
  }

  private List<Integer> unlabelled(String task) {
    return cut(CohortConfig.defaults().withTask(Task.named(task)).withUnlabelled(Unlabelled.TRAIN))
        .stream()
        .map(EhrWindow::label)
        .toList();
  }

  @Test
  void subjectWithTooManyRowsIsDroppedInAnyOrder() {
    stay("a", 0, 100);
    hourly("a", 0, 100);
    CohortConfig config = CohortConfig.defaults().withMaxObservations(99);
    for (int trial = 0; trial < 5; trial++) {
      Collections.shuffle(events, new Random(trial));
      assertThat(cut(config), is(empty()));
      assertThat(counts, equalTo(Map.of(CohortCounts.STAYS, 1L, CohortCounts.TOO_MANY, 1L)));
    }
  }

  @Test
  void windowsDoNotDependOnOrderOrMerges() {
    stay("a", 0, 100);
    stay("b", 300, 400);
    hourly("a", 0, 100);
    hourly("b", 300, 400);
    hourly(null, 0, 450);
    event(null, EhrEvent.DEATH, 420, null);
    for (String task : List.of("in_hospital_mortality", "decompensation", "icu_stay")) {
      List<EhrWindow> expected = windows(task);
      Map<String, Long> expectedCounts = Map.copyOf(counts);
      for (int trial = 0; trial < 5; trial++) {
        Collections.shuffle(events, new Random(trial));
        assertThat(windows(task), equalTo(expected));
        assertThat(counts, equalTo(expectedCounts));
      }
    }
  }

  private void part(String stay, String whole) {
    events.add(
        EhrEvent.builder()
            .setSubjectId("p")
            .setStayId(stay)
            .setCode(EhrEvent.HOSPITAL_STAY)
            .setTextValue(whole)
            .build());
  }

  private static EhrEvent death(String time) {
    return birth(time).toBuilder().setCode(EhrEvent.DEATH).build();
  }

  private List<Integer> labels(String task) {
    return windows(task).stream().map(EhrWindow::label).toList();
  }

  private List<String> ids(String task) {
    return windows(task).stream().map(EhrWindow::windowId).toList();
  }

  private List<EhrWindow> windows(String task) {
    return cut(CohortConfig.defaults().withTask(Task.named(task)));
  }

  /** Cuts windows from three partial records, merged. */
  private List<EhrWindow> cut(CohortConfig config) {
    SubjectFn fn = new SubjectFn(config);
    SubjectRecord subject = fn.createAccumulator();
    for (int part = 0; part < 3; part++) {
      SubjectRecord record = fn.createAccumulator();
      for (int i = part; i < events.size(); i += 3) {
        if (fn.wants(events.get(i))) {
          fn.addInput(record, events.get(i));
        }
      }
      fn.mergeInto(subject, record);
    }
    counts.clear();
    List<EhrWindow> windows = new ArrayList<>();
    new Windowing(config).cut("p", subject, counts, windows::add);
    return windows;
  }

  private void stay(String stay, double from, double to) {
    event(stay, EhrEvent.ADMISSION, from, null);
    event(stay, EhrEvent.DISCHARGE, to, null);
  }

  /** Adds hourly heart rates, rising by one per hour from 60. */
  private void hourly(@Nullable String stay, int from, int to) {
    for (int hour = from; hour < to; hour++) {
      event(stay, "HR", hour, 60.0 + hour % 100);
    }
  }

  private void event(@Nullable String stay, String code, double hour, @Nullable Double value) {
    events.add(
        EhrEvent.builder()
            .setSubjectId("p")
            .setStayId(stay)
            .setCode(code)
            .setTime(START.plus(Duration.millis(Math.round(hour * 3_600_000))))
            .setNumericValue(value)
            .build());
  }

  private EhrEvent last() {
    return events.get(events.size() - 1);
  }

  private static EhrEvent birth(String date) {
    return EhrEvent.builder()
        .setSubjectId("p")
        .setCode(EhrEvent.BIRTH)
        .setTime(Instant.parse(date))
        .build();
  }
}
