package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.cohort.Cohort;
import io.tardiff.evaluation.Gate.Bound;
import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.report.EvaluationTable;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.influence.Purpose;
import io.tardiff.settings.InvalidSettingException;
import io.tardiff.synthetic.SyntheticSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {
  private static final SyntheticSet CHOSEN = Scores.UNGUIDED;
  private static final SyntheticSet OTHER = Scores.guided("mean_shift", 0.1);

  @TempDir Path directory;

  private static UtilityRow row(
      Protocol protocol,
      @Nullable SyntheticSet set,
      @Nullable Double alpha,
      double auroc,
      double auprc,
      double tuning) {
    SetName name = SetName.of(set);
    return UtilityRow.builder()
        .setProtocol(protocol.name())
        .setGuidanceRule(name.guidanceRule())
        .setGuidanceScale(name.guidanceScale())
        .setSelection(name.selection())
        .setAlpha(alpha)
        .setModel("gru")
        .setTrainWindows(10)
        .setAuroc(UtilityRow.Score.of(List.of(auroc)))
        .setAuprc(UtilityRow.Score.of(List.of(auprc)))
        .setTuningAuroc(UtilityRow.Score.of(List.of(tuning)))
        .setTuningAuprc(UtilityRow.Score.of(List.of(tuning)))
        .setSeeds(List.of(1L))
        .setFitSeconds(1)
        .build();
  }

  private static final List<UtilityRow> ROWS =
      List.of(
          row(Protocol.TRTR, null, null, 0.8, 0.5, 0.5),
          row(Protocol.TSTR, CHOSEN, null, 0.7, 0.4, 0.45),
          row(Protocol.TSTR, OTHER, null, 0.9, 0.9, 0.4),
          // The alpha that is best on tuning is not the best on held_out.
          row(Protocol.TSRTR, CHOSEN, 0.5, 0.8, 0.625, 0.55),
          row(Protocol.TSRTR, CHOSEN, 1.0, 0.8, 0.75, 0.51));

  private static SetMeasures measures(@Nullable SyntheticSet set, double figure, int windows) {
    return new SetMeasures(
        set,
        windows,
        new Fidelity(1 - figure, figure, figure, 0, 0, 0, missingness(figure), List.of()),
        List.of(
            new Discriminative("forest", windows, false, 0.5 + figure / 2, figure / 2),
            new Discriminative("gru", windows, false, 0.5 + figure, figure)),
        new Plausibility(null, null, List.of()),
        new Privacy(windows, 10, 10, figure, 1, 1, 1, 1, (int) (figure * windows), 3),
        new PrivacyAttacks(attack(figure), attack(figure / 2), null),
        null,
        null);
  }

  private static Missingness missingness(double figure) {
    return new Missingness(figure / 2, figure, 0, 0, 0, 0, 0, List.of(), List.of());
  }

  private static MembershipInference attack(double auc) {
    return new MembershipInference(10, 10, auc, auc, auc, auc, auc, 1);
  }

  private static Evaluation evaluation(List<UtilityRow> rows, double figure, int windows) {
    return new Evaluation(
        rows,
        List.of(
            measures(null, 0.001, 100),
            measures(OTHER, 0.002, 100),
            measures(CHOSEN, figure, windows)),
        GuidanceChoice.of(Purpose.REPLACE, CHOSEN, OTHER, "gru", "reason"),
        List.of(),
        Map.of());
  }

  private static Gate.Check judge(Evaluation evaluation, Bound bound, double value) {
    Gate.Result result = Gate.none().with(bound, value).judge(evaluation);
    assertThat(result.passed(), is(result.checks().get(0).passed()));
    return result.checks().get(0);
  }

  /** The figures of the chosen set, which are also the last bounds that it meets. */
  @ParameterizedTest
  @CsvSource({
    "MIN_TSTR_AUROC, 0.7, TSTR AUROC 0.7000",
    "MIN_TSTR_AUPRC, 0.4, TSTR AUPRC 0.4000",
    "MIN_TSRTR_GAIN, 0.125, gain of TSRTR over TRTR in AUPRC 0.1250",
    "MAX_KS, 0.25, mean Kolmogorov-Smirnov statistic 0.2500",
    "MAX_OBSERVED_KS, 0.25, mean Kolmogorov-Smirnov statistic of observed values 0.2500",
    "MIN_SD_RATIO, 0.75, mean ratio of standard deviations 0.7500",
    "MAX_COVERAGE_DIFFERENCE, 0.25, largest difference of coverage 0.2500",
    "MAX_DISCRIMINATIVE, 0.25, discriminative score 0.2500",
    "MAX_CLOSER_TO_TRAIN, 0.25, share of windows closer to train 0.2500",
    "MAX_NEAR_COPIES, 0.25, share of near copies 0.2500",
    "MAX_COPIES, 3, number of exact copies 3",
    "MAX_MEMBERSHIP_AUC, 0.25, membership inference AUC 0.2500"
  })
  void judgesTheChosenSet(Bound bound, double figure, String message) {
    Evaluation evaluation = evaluation(ROWS, 0.25, 100);
    boolean isMinimum = bound.option().startsWith("min");
    Gate.Check met = judge(evaluation, bound, figure);
    assertThat(met.figure(), is(figure));
    assertThat(met.passed(), is(true));
    assertThat(
        met.message(),
        containsString(message + (isMinimum ? " is at least --min" : " is at most --max")));
    double step = bound == Bound.MAX_COPIES ? 1 : 1e-6;
    Gate.Check missed = judge(evaluation, bound, isMinimum ? figure + step : figure - step);
    assertThat(missed.passed(), is(false));
    assertThat(
        missed.message(),
        containsString(message + (isMinimum ? " is below --min" : " is above --max")));
  }

  @ParameterizedTest
  @EnumSource(Bound.class)
  void whatIsNotMeasuredFails(Bound bound) {
    double lax = bound.option().startsWith("min") ? 0 : 0.5;
    Evaluation nothing = new Evaluation(List.of(), List.of(), null, List.of(), Map.of());
    Gate.Check check = judge(nothing, bound, lax);
    assertThat(check.passed(), is(false));
    assertThat(check.figure(), is(nullValue()));
    assertThat(check.message(), containsString(": there is no synthetic set (--"));

    Evaluation onlyOther =
        new Evaluation(
            List.of(ROWS.get(0), ROWS.get(2)),
            List.of(measures(OTHER, 0, 100)),
            GuidanceChoice.of(Purpose.REPLACE, CHOSEN, OTHER, "gru", "reason"),
            List.of(),
            Map.of());
    check = judge(onlyOther, bound, lax);
    assertThat(check.passed(), is(false));
    assertThat(check.message(), containsString("was not measured"));
  }

  @ParameterizedTest
  @EnumSource(Bound.class)
  void whatIsNotDefinedFails(Bound bound) {
    double lax = bound.option().startsWith("min") ? bound == Bound.MIN_TSRTR_GAIN ? -1 : 0 : 0.5;
    List<UtilityRow> rows = new ArrayList<>();
    for (UtilityRow row : ROWS) {
      rows.add(
          row(
              Protocol.valueOf(row.getProtocol()),
              row.getGuidanceRule() == null
                  ? null
                  : row.getGuidanceRule().equals("none") ? CHOSEN : OTHER,
              row.getAlpha(),
              Double.NaN,
              Double.NaN,
              0.5));
    }
    Gate.Check check = judge(evaluation(rows, Double.NaN, 0), bound, lax);
    assertThat(check.message(), check.passed(), is(false));
    assertThat(check.figure(), is(nullValue()));
  }

  @Test
  void aSetWithoutMasksHasNoCoverage() {
    SetMeasures with = measures(CHOSEN, 0.25, 100);
    Fidelity fidelity = new Fidelity(1, 0, 0, 0, 0, 0, null, List.of());
    SetMeasures without =
        new SetMeasures(
            CHOSEN,
            100,
            fidelity,
            List.of(),
            with.plausibility(),
            with.privacy(),
            with.attacks(),
            null,
            null);
    Evaluation evaluation =
        new Evaluation(
            ROWS,
            List.of(without),
            GuidanceChoice.of(Purpose.REPLACE, CHOSEN, OTHER, "gru", "reason"),
            List.of(),
            Map.of());
    assertThat(
        judge(evaluation, Bound.MAX_COVERAGE_DIFFERENCE, 0.02).message(),
        is(
            "largest difference of coverage: the set has no masks, or no value is missing"
                + " (--maxCoverageDifference=0.02)"));
    assertThat(
        judge(evaluation, Bound.MAX_DISCRIMINATIVE, 0.15).message(),
        is("discriminative score: it was not measured (--maxDiscriminative=0.15)"));
  }

  @Test
  void listsWhatFailedInTheMessage() {
    Gate.Result result =
        Gate.none()
            .with(Bound.MAX_COPIES, 0)
            .with(Bound.MIN_TSTR_AUROC, 0.75)
            .with(Bound.MIN_TSTR_AUPRC, 0.1)
            .judge(evaluation(ROWS, 0.25, 100));
    assertThat(
        result.message(),
        is(
            """
            the gate failed for the set none:
              TSTR AUROC 0.7000 is below --minTstrAuroc=0.75
              number of exact copies 3 is above --maxCopies=0\
            """));
  }

  @Test
  void rejectsBoundsThatCannotBe() {
    assertThat(
        assertThrows(
                InvalidSettingException.class, () -> Gate.none().with(Bound.MIN_TSTR_AUROC, 70))
            .getMessage(),
        is("minTstrAuroc must be from 0 to 1, was 70"));
    assertThat(
        assertThrows(
                InvalidSettingException.class,
                () -> Gate.none().with(Bound.MAX_DISCRIMINATIVE, 0.8))
            .getMessage(),
        is("maxDiscriminative must be from 0 to 0.5, was 0.8"));
    assertThrows(InvalidSettingException.class, () -> Gate.none().with(Bound.MAX_KS, Double.NaN));
    assertThrows(InvalidSettingException.class, () -> Gate.none().with(Bound.MAX_COPIES, -1));
  }

  private JsonNode run(Gate gate, boolean withSet) throws Exception {
    Cohort cohort = Fixtures.cohort(directory.resolve("cohort"));
    List<SyntheticSet> sets =
        withSet
            ? List.of(
                Fixtures.write(directory.resolve("none"), "none", 0, Fixtures.likeTrain(cohort, 1)))
            : List.of();
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply("Sets", Create.of(sets).withType(TypeDescriptor.of(SyntheticSet.class)))
        .apply(
            "Evaluate",
            EvaluateSyntheticEhr.against(cohort.directory())
                .withTrainer(new Fixtures.ClassMeans())
                .withConfig(EvaluationConfig.defaults().withModels(List.of("means")).withSeeds(2)))
        .apply("Write", WriteEvaluation.to(directory.toString()).withGate(gate));
    Exception failure = null;
    try {
      pipeline.run().waitUntilFinish();
    } catch (Pipeline.PipelineExecutionException e) {
      failure = e;
    }
    assertThat(Files.exists(directory.resolve("report.html")), is(true));
    assertThat(Files.exists(directory.resolve("manifest.json")), is(true));
    JsonNode metrics =
        new ObjectMapper().readTree(directory.resolve("metrics.json").toFile()).path("gate");
    assertThat(failure == null, is(metrics.isNull() || metrics.path("passed").asBoolean()));
    if (failure != null) {
      assertThat(failure.getCause().getMessage(), containsString(Gate.FAILED));
    }
    return metrics;
  }

  private String table() throws Exception {
    return EvaluationTable.of(Files.readString(directory.resolve("metrics.json")));
  }

  @Test
  void aSetThatMeetsAllBoundsPasses() throws Exception {
    JsonNode gate =
        run(Gate.none().with(Bound.MIN_TSTR_AUROC, 0.6).with(Bound.MAX_COPIES, 0), true);
    assertThat(gate.path("passed").asBoolean(), is(true));
    assertThat(gate.path("checks").path(1).path("name").asText(), is("maxCopies"));
    assertThat(
        table(),
        allOf(containsString("Gate: passed by none"), containsString("passed  TSTR AUROC 0.")));
  }

  @Test
  void thePipelineFailsAfterTheReport() throws Exception {
    JsonNode gate =
        run(Gate.none().with(Bound.MIN_TSTR_AUROC, 0.6).with(Bound.MAX_CLOSER_TO_TRAIN, 0.5), true);
    assertThat(gate.path("passed").asBoolean(), is(false));
    assertThat(gate.path("set").path("guidance_rule").asText(), is("none"));
    assertThat(
        table(),
        allOf(
            containsString("Gate: failed by none"),
            containsString("passed  TSTR AUROC 0."),
            containsString("failed  share of windows closer to train 0.")));
  }

  @Test
  void withoutASetNoGateIsPassed() throws Exception {
    assertThat(
        run(Gate.none().with(Bound.MAX_COPIES, 9), false).path("passed").asBoolean(true),
        is(false));
  }

  @Test
  void withoutBoundsThereIsNoGate() throws Exception {
    assertThat(run(Gate.none(), true).isNull(), is(true));
    assertThat(table(), not(containsString("Gate")));
  }
}
