package io.tardiff.evaluation.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.tardiff.cohort.WindowSpec.Channel;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.Evaluations;
import io.tardiff.evaluation.report.TrafficLights.Criterion;
import io.tardiff.evaluation.report.TrafficLights.Kept;
import io.tardiff.evaluation.report.TrafficLights.Level;
import io.tardiff.evaluation.report.TrafficLights.Light;
import io.tardiff.evaluation.report.TrafficLights.Reading;
import io.tardiff.influence.Purpose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficLightsTest {

  private static Criterion criterion(String name) {
    return TrafficLights.CRITERIA.stream()
        .filter(criterion -> criterion.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thresholdsBelongToTheBetterColour() {
    Criterion low = criterion("Near copies");
    assertThat(low.level(0.02), is(Level.GREEN));
    assertThat(low.level(0.0201), is(Level.AMBER));
    assertThat(low.level(0.05), is(Level.AMBER));
    assertThat(low.level(0.0501), is(Level.RED));
    Criterion high = criterion("AUROC above chance that remains");
    assertThat(high.level(0.9), is(Level.GREEN));
    assertThat(high.level(0.899), is(Level.AMBER));
    assertThat(high.level(0.749), is(Level.RED));
  }

  @Test
  void aCopyIsNeverAmber() {
    assertThat(criterion("Exact copies").level(0), is(Level.GREEN));
    assertThat(criterion("Exact copies").level(1), is(Level.RED));
  }

  @Test
  void setThatGivesItsPatientsAwayIsNotSafe() {
    assertThat(criterion("Membership inference").level(0.506), is(Level.GREEN));
    assertThat(criterion("Membership inference").level(1), is(Level.RED));
    assertThat(criterion("Membership inference").level(Double.NaN), is(Level.UNKNOWN));
    assertThat(criterion("Attribute disclosure").level(0), is(Level.GREEN));
    assertThat(criterion("Attribute disclosure").level(0.3), is(Level.RED));
  }

  @Test
  void zeroHasNoSign() {
    Criterion added = criterion("Gain in AUROC when added to real windows, lower bound");
    assertThat(added.unit().text(-0.0001), is("0.000"));
    assertThat(added.unit().text(-0.001), is("-0.001"));
    assertThat(added.unit().text(0.0014), is("+0.001"));
  }

  @Test
  void whatWasNotMeasuredIsNeitherGoodNorBad() {
    assertThat(criterion("Near copies").level(Double.NaN), is(Level.UNKNOWN));
  }

  @Test
  void questionIsAnsweredByItsWorstCriterion() {
    List<Light> lights =
        TrafficLights.of(
            Evaluations.of(List.of(Channel.of("HR", "bpm")), 2, 300, 1, Evaluations.SECTIONS));
    assertThat(lights, hasSize(3));
    for (Light light : lights) {
      Level worst = Level.GREEN;
      for (Reading reading : light.readings()) {
        if (reading.level() != Level.UNKNOWN && reading.level().compareTo(worst) > 0) {
          worst = reading.level();
        }
      }
      assertThat(light.question().title(), light.level(), is(worst));
      assertThat(light.decisive().orElseThrow().level(), is(worst));
    }
  }

  /** A model that learns nothing from real windows has nothing to lose. */
  @Test
  void utilityIsNotMeasuredWhereRealWindowsTeachNothing() {
    Evaluation evaluation = Evaluations.of(List.of(Channel.of("HR", "bpm")), 2, 300, 1, Map.of());
    Kept kept = TrafficLights.kept(evaluation).orElseThrow();
    double auprc = kept.trtr().getAuprc().getMean();
    assertThat(auprcThatRemains(kept, auprc - 0.049), is(Double.NaN));
    assertThat(
        auprcThatRemains(kept, auprc - 0.1),
        is(closeTo((kept.tstr().getAuprc().getMean() - (auprc - 0.1)) / 0.1, 1e-9)));
  }

  private static double auprcThatRemains(Kept kept, double chance) {
    return criterion("AUPRC above chance that remains")
        .ofSet()
        .applyAsDouble(new Kept(kept.measures(), null, kept.trtr(), kept.tstr(), null, chance));
  }

  /** A gain counts only as far as the patients show it. */
  @Test
  void gainThatIsNotShownIsNotGreen() {
    Criterion gain = criterion("Gain in AUPRC when added to real windows, lower bound");
    assertThat(gain.level(0.002), is(Level.GREEN));
    assertThat(gain.level(0), is(Level.AMBER));
    assertThat(gain.level(-0.021), is(Level.RED));
    Evaluation augment =
        Evaluations.toAugment(List.of(Channel.of("HR", "bpm")), 2, 300, 1, Map.of());
    Light useful = TrafficLights.of(augment).get(0);
    assertThat(useful.readings(), hasSize(2));
    assertThat(
        useful.readings().get(1).value(), is(augment.comparison().orElseThrow().auprc().low()));
    assertThat(
        useful.question().text(Purpose.AUGMENT),
        is("Does a model learn more from real and synthetic windows than from real ones alone?"));
  }

  @Test
  void nothingIsMeasuredWithoutASet() {
    List<Light> none =
        TrafficLights.of(new Evaluation(List.of(), List.of(), null, List.of(), Map.of()));
    assertThat(none.stream().map(Light::level).toList(), everyItem(is(Level.UNKNOWN)));
  }

  @Test
  void signOfAThresholdMatchesItsOrder() {
    for (Criterion criterion : TrafficLights.CRITERIA) {
      assertThat(criterion.name(), criterion.level(criterion.green()), is(Level.GREEN));
      assertThat(criterion.name(), criterion.level(criterion.amber()), is(not(Level.RED)));
    }
  }

  /** The manual states every criterion with its thresholds. */
  @Test
  void everyThresholdIsDocumented() throws Exception {
    String page = Files.readString(Path.of("src/site/markdown/report.md"));
    for (Criterion criterion : TrafficLights.CRITERIA) {
      String row =
          page.lines()
              .filter(line -> line.contains("| " + criterion.name() + " |"))
              .findFirst()
              .orElse("");
      for (double limit : new double[] {criterion.green(), criterion.amber()}) {
        assertThat(
            criterion.name() + ": " + row,
            row.contains(criterion.threshold(limit).replace('\u00a0', ' ')),
            is(true));
      }
    }
  }
}
