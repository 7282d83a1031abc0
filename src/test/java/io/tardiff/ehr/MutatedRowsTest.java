package io.tardiff.ehr;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.tardiff.ehr.eicu.Eicu;
import io.tardiff.ehr.meds.Meds;
import io.tardiff.ehr.mimic.Mimic3;
import io.tardiff.ehr.mimic.Mimic4;
import io.tardiff.ehr.omop.Omop;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.ehr.ricu.Ricu;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.TableParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Corrupted rows give events or a dead letter, never an unexpected exception or the opposite
 * outcome.
 */
class MutatedRowsTest {
  private static final int ROWS = 4000;
  private static final Set<String> FLAGS = Set.of("hospital_expire_flag", "death");

  static Stream<Arguments> rows() {
    return Stream.of(
        Arguments.of(
            Mimic3.admissions(),
            "subject_id=5 hadm_id=6 admittime=2150-01-01T08:00:00 dischtime=2150-01-05T08:00:00"
                + " deathtime=2150-01-05T07:00:00 discharge_location=DEAD/EXPIRED"
                + " hospital_expire_flag=1"),
        Arguments.of(
            Mimic4.admissions(),
            "subject_id=5 hadm_id=6 admittime=2150-01-01T08:00:00 dischtime=2150-01-05T08:00:00"
                + " discharge_location=HOME hospital_expire_flag=0"),
        Arguments.of(
            Mimic4.icuStays(),
            "subject_id=5 hadm_id=6 stay_id=7 intime=2150-01-01T08:00:00 outtime=2150-01-05T08:00:00"),
        Arguments.of(
            Mimic4.patients(),
            "subject_id=5 gender=F anchor_age=60 anchor_year=2150 dod=2151-01-01"),
        Arguments.of(
            Eicu.patient(),
            "patientunitstayid=7 uniquepid=002-1 age=60 gender=Female hospitaladmitoffset=-90"
                + " hospitaldischargeoffset=3000 hospitaldischargestatus=Expired"
                + " hospitaldischargelocation=Death unitdischargeoffset=1500"
                + " unitdischargestatus=Expired unitdischargelocation=Death"),
        Arguments.of(
            Eicu.patient(),
            "patientunitstayid=7 uniquepid=002-1 age=60 gender=Male hospitaladmitoffset=-90"
                + " hospitaldischargeoffset=3000 hospitaldischargestatus=Alive"
                + " hospitaldischargelocation=Home unitdischargeoffset=1500"
                + " unitdischargestatus=Alive unitdischargelocation=Floor"),
        Arguments.of(
            Omop.visitOccurrence(),
            "visit_occurrence_id=11 person_id=1 visit_concept_id=9201 visit_start_date=2150-01-01"
                + " visit_end_date=2150-01-05 discharged_to_concept_id=4216643"
                + " discharged_to_source_value=DIED"),
        Arguments.of(
            Omop.visitOccurrence(),
            "visit_occurrence_id=11 person_id=1 visit_concept_id=9201 visit_start_date=2150-01-01"
                + " visit_end_date=2150-01-05 discharged_to_concept_id=8536"
                + " discharged_to_source_value=HOME"),
        Arguments.of(
            Omop.visitDetail(),
            "visit_detail_id=21 visit_occurrence_id=11 person_id=1 visit_detail_concept_id=32037"
                + " visit_detail_start_date=2150-01-01 visit_detail_end_date=2150-01-05"),
        Arguments.of(
            Omop.death(), "person_id=1 death_date=2150-01-05 death_datetime=2150-01-05T01:00:00"),
        Arguments.of(
            Omop.person(),
            "person_id=1 gender_concept_id=8507 year_of_birth=1950 month_of_birth=2"),
        Arguments.of(
            Ricu.statics(),
            "stay_id=7 age=60 sex=Female height=170 weight=80 los_icu=3.5 death=true"),
        Arguments.of(Ricu.statics(), "stay_id=7 age=60 sex=Male height=170 weight=80 death=false"),
        Arguments.of(Ricu.dynamics(), "stay_id=7 time=3 hr=80 crea=1.2 vent_ind=TRUE"),
        Arguments.of(Ricu.outcomes(), "stay_id=7 time=3 label=1"),
        Arguments.of(
            Meds.events(), "subject_id=7 time=2150-01-05T08:00:00 code=HOSPITAL_DISCHARGE//DIED"),
        Arguments.of(
            Meds.events(), "subject_id=7 time=2150-01-05T08:00:00 code=HOSPITAL_DISCHARGE//HOME"),
        Arguments.of(Meds.splits(), "subject_id=7 split=val"),
        Arguments.of(
            Meds.labels(), "subject_id=7 prediction_time=2150-01-05T08:00:00 integer_value=1"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void corruptedRowNeverGivesTheOppositeOutcome(TableParser parser, String row) {
    Map<String, String> good = new HashMap<>();
    for (String cell : row.split(" ", -1)) {
      int at = cell.indexOf('=');
      good.put(cell.substring(0, at), cell.substring(at + 1).replace('T', ' '));
    }
    if (parser.table().equals("data")) {
      good.put("time", "2150-01-05T08:00:00");
    }
    List<String> columns = new ArrayList<>(good.keySet().stream().sorted().toList());
    HospitalOutcome expected = outcome(parser, good);
    Mutator mutator = new Mutator(7);
    int read = 0;
    for (int i = 0; i < ROWS; i++) {
      Map<String, String> mutated = new HashMap<>(good);
      String column = columns.get(mutator.below(columns.size()));
      String before = mutated.get(column);
      String after = mutator.mutate(before);
      mutated.put(column, after);
      HospitalOutcome outcome;
      try {
        outcome = outcome(parser, mutated);
      } catch (RuntimeException e) {
        throw new AssertionError(column + " was " + before + ", is " + after, e);
      }
      read += outcome == null ? 0 : 1;
      // A flag may mutate into its opposite; no other cell can.
      if (expected != null && expected.isKnown() && !FLAGS.contains(column)) {
        HospitalOutcome opposite =
            expected == HospitalOutcome.DIED ? HospitalOutcome.ALIVE : HospitalOutcome.DIED;
        assertThat(column + " was " + before + ", is " + after, outcome, is(not(opposite)));
      }
    }
    assertThat(read, is(greaterThan(0)));
  }

  /** Returns the outcome of a row; null for a dead letter. */
  private static HospitalOutcome outcome(TableParser parser, Map<String, String> cells) {
    List<EhrEvent> events = new ArrayList<>();
    try {
      parser.parse(
          column -> {
            String cell = cells.get(column);
            return cell == null || cell.isBlank() ? null : cell.trim();
          },
          events::add);
    } catch (BadRowException e) {
      return null;
    }
    return HospitalOutcome.of(
        events.stream()
            .filter(event -> event.getCode().equals(EhrEvent.HOSPITAL_DEATH))
            .map(HospitalOutcome::of)
            .toList());
  }
}
