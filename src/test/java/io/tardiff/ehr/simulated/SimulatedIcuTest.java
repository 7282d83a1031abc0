package io.tardiff.ehr.simulated;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.EhrEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class SimulatedIcuTest {

  @Test
  void stayDependsOnlyOnSeedAndNumber() {
    List<EhrEvent> expected = new ArrayList<>();
    for (long stay = 0; stay < 20; stay++) {
      expected.addAll(new SimulatedStay(7, stay).events());
    }
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PAssert.that(pipeline.apply(SimulatedIcu.of(20).withSeed(7))).containsInAnyOrder(expected);
    pipeline.run().waitUntilFinish();

    assertThat(new SimulatedStay(8, 0).events(), not(equalTo(new SimulatedStay(7, 0).events())));
    assertThat(new SimulatedStay(7, 1).events(), not(equalTo(new SimulatedStay(7, 0).events())));
  }

  @Test
  void eventsAreWithinTheStayAndNameItsPatient() {
    for (EhrEvent event : new SimulatedStay(0, 3).events()) {
      assertThat(event.getSubjectId(), is("S3"));
      if (event.getTime() != null) {
        assertThat(
            event.getTime().isBefore(Instant.ofEpochSecond(SimulatedStay.HOURS * 3600)), is(true));
      }
    }
  }

  @Test
  void aboutFifteenPercentDieAsTheRiskPredicts() {
    int stays = 5_000;
    double[] risk = new double[stays];
    boolean[] died = new boolean[stays];
    double deaths = 0;
    double expected = 0;
    for (int i = 0; i < stays; i++) {
      SimulatedStay stay = new SimulatedStay(1, i);
      risk[i] = stay.risk();
      died[i] = died(stay);
      deaths += died[i] ? 1 : 0;
      expected += risk[i];
    }
    assertThat(deaths / stays, closeTo(0.15, 0.02));
    // Four standard deviations of a sum of Bernoulli draws with these risks.
    assertThat(deaths, closeTo(expected, 4 * Math.sqrt(expected)));
    assertThat(auroc(risk, died), closeTo(0.91, 0.025));
  }

  @Test
  void sickerPatientsHaveWorseSigns() {
    // Differences of the means over the last 12 hours between high and low risk.
    assertThat(difference("HR"), greaterThan(10.0));
    assertThat(difference("SysABP") + difference("NISysABP"), lessThan(-20.0));
    assertThat(difference("RespRate"), greaterThan(3.0));
    assertThat(difference("SaO2"), lessThan(-1.0));
    assertThat(difference("Urine"), lessThan(-30.0));
    assertThat(difference("GCS"), lessThan(-2.0));
  }

  @Test
  void thoseWhoDieHaveFewerRespiratoryRatesAndMoreBloodGases() {
    assertThat(charted("RespRate", true) / charted("RespRate", false), lessThan(0.7));
    assertThat(charted("SaO2", true) / charted("SaO2", false), greaterThan(1.2));
    assertThat(charted("HR", true) / charted("HR", false), closeTo(1, 0.1));
  }

  /** Share of stays in which a sign is charted, of those who died or of the others. */
  private static double charted(String code, boolean died) {
    int stays = 0;
    int charted = 0;
    for (int i = 0; i < 3_000; i++) {
      SimulatedStay stay = new SimulatedStay(5, i);
      if (died(stay) == died) {
        stays++;
        charted += stay.events().stream().anyMatch(e -> e.getCode().equals(code)) ? 1 : 0;
      }
    }
    return (double) charted / stays;
  }

  @Test
  void artefactsAndBothKindsOfPressureOccur() {
    Set<String> codes = new HashSet<>();
    boolean zero = false;
    for (int i = 0; i < 50; i++) {
      for (EhrEvent event : new SimulatedStay(2, i).events()) {
        codes.add(event.getCode());
        zero |= event.getCode().equals("HR") && event.getNumericValue() == 0;
      }
    }
    for (String code : List.of("SysABP", "NISysABP", "DiasABP", "NIMAP", "SaO2", "RespRate")) {
      assertThat(codes, hasItem(code));
    }
    assertThat(zero, is(true));
  }

  @Test
  void rejectsZeroStays() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> SimulatedIcu.of(0)).getMessage(),
        is("stays must be at least 1, was 0"));
  }

  private static double difference(String code) {
    double[] sum = new double[2];
    double[] count = new double[2];
    for (int i = 0; i < 1_000; i++) {
      SimulatedStay stay = new SimulatedStay(3, i);
      int group = stay.risk() > 0.3 ? 1 : stay.risk() < 0.05 ? 0 : -1;
      for (EhrEvent event : stay.events()) {
        if (group >= 0
            && event.getCode().equals(code)
            && event.getTime().isAfter(Instant.ofEpochSecond(36 * 3600))) {
          sum[group] += event.getNumericValue();
          count[group]++;
        }
      }
    }
    return sum[1] / count[1] - sum[0] / count[0];
  }

  private static boolean died(SimulatedStay stay) {
    return stay.events().stream()
        .anyMatch(e -> e.getCode().equals(EhrEvent.HOSPITAL_DEATH) && e.getNumericValue() == 1);
  }

  /** Computes the AUROC from the rank sum. */
  private static double auroc(double[] score, boolean[] positive) {
    double[] ranks = new NaturalRanking().rank(score);
    double sum = 0;
    double positives = 0;
    for (int i = 0; i < ranks.length; i++) {
      if (positive[i]) {
        sum += ranks[i];
        positives++;
      }
    }
    double negatives = ranks.length - positives;
    return (sum - positives * (positives + 1) / 2) / (positives * negatives);
  }
}
