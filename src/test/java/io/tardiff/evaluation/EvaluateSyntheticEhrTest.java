package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Streams;
import io.tardiff.cohort.Cohort;
import io.tardiff.evaluation.report.EvaluationTable;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.influence.Purpose;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestPipelineExtension.class)
class EvaluateSyntheticEhrTest {
  private static final EvaluationConfig CONFIG =
      EvaluationConfig.defaults()
          .withModels(List.of("means", "jittered_means"))
          .withSeeds(List.of(1L, 2L))
          .withAlphas(List.of(0.5, 1.0))
          .withDiscriminators(EvaluationConfig.Discriminators.NONE);

  @TempDir static Path directory;
  private static Cohort cohort;
  private static SyntheticSet unguided;
  private static SyntheticSet harmful;

  @BeforeAll
  static void writeSets() {
    cohort = Fixtures.cohort(directory.resolve("cohort"));
    List<SyntheticWindow> windows = Fixtures.likeTrain(cohort, 1);
    unguided = Fixtures.write(directory.resolve("none"), "none", 0, windows);
    harmful =
        Fixtures.write(
            directory.resolve("mean_shift"), "mean_shift", 0.5, Fixtures.mislabelled(windows));
  }

  private static EvaluateSyntheticEhr evaluate() {
    return EvaluateSyntheticEhr.against(cohort.directory())
        .withTrainer(new Fixtures.ClassMeans())
        .withConfig(CONFIG);
  }

  @Test
  void scoresAndChoosesSets(TestPipeline pipeline) {
    PCollectionTuple evaluated =
        pipeline.apply(Create.of(unguided, harmful)).apply("Evaluate", evaluate());
    PAssert.thatSingleton(evaluated.get(EvaluateSyntheticEhr.CHOICE))
        .satisfies(
            choice -> {
              assertThat(choice.getChosen(), is(unguided));
              assertThat(choice.getBestGuided(), is(harmful));
              return null;
            });
    PAssert.that(evaluated.get(EvaluateSyntheticEhr.UTILITY))
        .satisfies(
            unsorted -> {
              List<UtilityRow> rows =
                  Streams.stream(unsorted).sorted(UtilitySummary.ORDER).toList();
              // Per model: TRTR, two sets in TSTR, two sets with two alphas in TSRTR.
              assertThat(rows, hasSize(2 * (1 + 2 + 4)));
              UtilityRow real = rows.get(0);
              assertThat(real.getProtocol(), is("TRTR"));
              assertThat(real.getGuidanceRule(), nullValue());
              assertThat(real.getAuroc().getMean(), greaterThan(0.6));
              List<UtilityRow> tstr =
                  rows.stream()
                      .filter(r -> r.getProtocol().equals("TSTR") && r.getModel().equals("means"))
                      .toList();
              assertThat(tstr.get(0).getAuroc().getMean(), greaterThan(0.6));
              assertThat(tstr.get(0).getGain(), nullValue());
              assertThat(tstr.get(1).getGuidanceRule(), is("mean_shift"));
              assertThat(tstr.get(1).getAuroc().getMean(), lessThan(0.4));
              assertThat(tstr.get(1).getGain().getAuroc().getHigh(), lessThan(0.0));
              UtilityRow half =
                  rows.stream()
                      .filter(r -> Double.valueOf(0.5).equals(r.getAlpha()))
                      .findFirst()
                      .get();
              assertThat(
                  half.getTrainWindows(), is((int) Math.round(1.5 * real.getTrainWindows())));
              return null;
            });
    PAssert.that(evaluated.get(EvaluateSyntheticEhr.MEASURES))
        .satisfies(
            measures -> {
              assertThat(Streams.stream(measures).toList(), hasSize(3));
              for (SetMeasures measured : measures) {
                // The sets are train windows with a little noise, so they are very close to train.
                assertThat(
                    measured.privacy().closerToTrain(),
                    measured.set() == null ? lessThan(0.6) : greaterThan(0.64));
              }
              return null;
            });
    pipeline.run();
  }

  @Test
  void writesResults(TestPipeline pipeline, @TempDir Path output) throws IOException {
    PCollectionView<Map<String, String>> sections =
        pipeline
            .apply(
                "Sections",
                Create.of(
                    Map.of(
                        "cohort",
                        "{\"task\": \"<mortality>\", \"windows\": 300}",
                        "guidance_signal",
                        "{\"cosine\": 0.04, \"by_epoch\": [{\"epoch\": 1, \"cosine\": 0.8},"
                            + " {\"epoch\": 2, \"cosine\": 0.04}]}")))
            .apply(View.asMap());
    pipeline
        .apply("Sets", Create.of(unguided, harmful))
        .apply(
            "Evaluate",
            evaluate()
                .withConfig(CONFIG.withDiscriminators(EvaluationConfig.Discriminators.FOREST)))
        .apply(
            "Write",
            WriteEvaluation.to(output.toString())
                .withChosenIn(directory.toString())
                .withSections(sections));
    pipeline.run().waitUntilFinish();

    JsonNode metrics = new ObjectMapper().readTree(output.resolve("metrics.json").toFile());
    List<String> keys = new ArrayList<>();
    metrics.fieldNames().forEachRemaining(keys::add);
    assertThat(
        keys,
        is(
            List.of(
                "cohort",
                "training",
                "utility",
                "fidelity",
                "privacy",
                "plausibility",
                "guidance",
                "gate",
                "timings",
                "throughput")));
    JsonNode row = metrics.path("utility").path(0);
    for (String key :
        List.of(
            "protocol",
            "guidance_scale",
            "guidance_rule",
            "alpha",
            "model",
            "auroc",
            "auprc",
            "seeds")) {
      assertThat(key, row.has(key), is(true));
    }
    assertThat(row.path("auroc").path("mean").isNumber(), is(true));
    assertThat(metrics.path("guidance").path("choice").path("guidance_rule").asText(), is("none"));
    assertThat(metrics.path("guidance").path("signal").path("cosine").asDouble(), is(0.04));
    assertThat(metrics.path("fidelity").path(0).path("set").asText(), is("real_tuning"));
    assertThat(metrics.path("fidelity").path(1).path("mean_sd_ratio").isNumber(), is(true));

    // All values were observed.
    JsonNode fidelity = metrics.path("fidelity").path(1);
    assertThat(fidelity.path("missingness").isNull(), is(true));
    assertThat(
        fidelity.path("mean_observed_ks").asDouble(), is(fidelity.path("mean_ks").asDouble()));
    assertThat(fidelity.path("discriminative").size(), is(1));
    assertThat(fidelity.path("discriminative").path(0).path("model").asText(), is("forest"));
    assertThat(fidelity.path("discriminative").path(0).path("score").isNumber(), is(true));

    JsonNode chosen = new ObjectMapper().readTree(directory.resolve("chosen.json").toFile());
    assertThat(chosen.path("name").asText(), is("none"));
    assertThat(chosen.path("guidance_scale").asDouble(-1), is(0.0));
    Path set = directory.resolve(chosen.path("path").asText());
    assertThat(set, is(directory.resolve("none")));
    assertThat(Files.exists(set.resolve(SyntheticSet.FILE)), is(true));
    assertThat(chosen.path("reason"), is(metrics.path("guidance").path("reason")));
    assertThat(chosen.path("model").asText(), is("means"));
    assertThat(chosen.path("tuning").size(), is(2));
    JsonNode better = chosen.path("tuning").path(0);
    JsonNode worse = chosen.path("tuning").path(1);
    assertThat(worse.path("name").asText(), is("mean_shift-0.5"));
    assertThat(
        better.path("auprc").path("mean").asDouble(),
        greaterThan(worse.path("auprc").path("mean").asDouble()));

    String table = EvaluationTable.of(Files.readString(output.resolve("metrics.json")));
    assertThat(table, containsString("mean_shift 0.5"));
    assertThat(table, containsString("Kept: none."));
    assertThat(table, startsWith("Purpose: to replace real windows\n"));
    assertThat(metrics.path("guidance").path("purpose").asText(), is("replace"));
    JsonNode comparison = metrics.path("guidance").path("comparison");
    assertThat(comparison.path("protocol").asText(), is("TSTR"));
    assertThat(comparison.path("alpha").isNull(), is(true));
    assertThat(comparison.path("auroc").path("smallest_detectable").isNumber(), is(true));
    assertThat(chosen.path("purpose").asText(), is("replace"));
    assertThat(chosen.has("alpha"), is(false));

    String report = Files.readString(output.resolve("report.html"));
    assertThat(report, containsString("&lt;mortality&gt;"));
    assertThat(report, not(containsString("<mortality>")));

    JsonNode data = new ObjectMapper().readTree(output.resolve("report.json").toFile());
    assertThat(data.path("guidance_signal").path("by_epoch").size(), is(2));
    // Two models; TRTR and two sets in TSTR.
    assertThat(data.path("curves").size(), is(2 * 3));
    JsonNode curve = data.path("curves").path(0).path("classes").path(0);
    assertThat(curve.path("roc").path("value").size(), is(CurveBands.GRID));
    assertThat(data.path("figures").path("classes").size(), is(3));
    assertThat(data.path("figures").path("distances").path("near").isNumber(), is(true));
  }

  /** The set that is poor alone helps when added, and the other way round. */
  @Test
  void toAugmentTheChoiceLooksAtRealAndSyntheticWindows(TestPipeline pipeline, @TempDir Path output)
      throws IOException {
    PCollectionTuple evaluated =
        pipeline
            .apply(Create.of(unguided, harmful))
            .apply(
                "Evaluate",
                evaluate()
                    .withTrainer(new Fixtures.Opposites())
                    .withExpectedSets(2)
                    .withConfig(
                        CONFIG
                            .withModels(List.of("opposites", "others"))
                            .withPurpose(Purpose.AUGMENT)));
    PAssert.thatSingleton(evaluated.get(EvaluateSyntheticEhr.CHOICE))
        .satisfies(
            choice -> {
              assertThat(choice.getPurpose(), is(Purpose.AUGMENT));
              assertThat(choice.getChosen(), is(harmful));
              assertThat(choice.getBestGuided(), is(harmful));
              assertThat(choice.getReason(), containsString("improves on real windows alone"));
              return null;
            });
    evaluated.apply("Write", WriteEvaluation.to(output.toString()));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    MetricsFile metrics = MetricsFile.read(Files.readString(output.resolve("metrics.json")));
    // Per model: TRTR, two sets in TSTR, two sets with two alphas in TSRTR.
    assertThat(metrics.utility(), hasSize(2 * (1 + 2 + 4)));
    assertThat(fits(result), is(2L * 2 * (1 + 2 + 4)));
    assertThat(metrics.guidance().purpose(), is("augment"));
    MetricsFile.Comparison compared = metrics.guidance().comparison();
    assertThat(compared.protocol(), is("TSRTR"));
    assertThat(compared.model(), is("opposites"));
    assertThat(compared.auprc().difference(), greaterThan(0.0));
    assertThat(
        compared.auprc().smallestDetectable(),
        closeTo((compared.auprc().high() - compared.auprc().low()) / 2 * 2.8 / 1.96, 1e-9));
    JsonNode chosen = new ObjectMapper().readTree(output.resolve("chosen.json").toFile());
    assertThat(chosen.path("purpose").asText(), is("augment"));
    assertThat(chosen.path("alpha").asDouble(), is(compared.alpha()));
    assertThat(chosen.path("tuning").size(), is(1 + 4));
    assertThat(chosen.path("tuning").path(0).path("name").asText(), is("real"));
    assertThat(chosen.path("tuning").path(1).path("alpha").asDouble(), is(0.5));
    String table = EvaluationTable.of(Files.readString(output.resolve("metrics.json")));
    assertThat(table, startsWith("Purpose: to augment real windows\n"));
    assertThat(table, containsString("mean_shift 0.5, opposites on held_out  TSRTR, alpha "));
  }

  /** Rows of another hospital lie beside those of held_out, and change nothing else. */
  @Test
  void scoresOnTestCohorts(TestPipeline pipeline, @TempDir Path output) throws IOException {
    Path elsewhere = output.resolve("hirid").resolve("cohort");
    Fixtures.cohort(elsewhere, 9, 240, List.of("HR", "SBP", "DBP", "MAP"));
    EvaluationConfig config = CONFIG.withModels(List.of("means")).withAlphas(List.of(1.0));
    PCollection<SyntheticSet> sets = pipeline.apply(Create.of(unguided, harmful));
    PCollectionTuple without = sets.apply("Without", evaluate().withConfig(config));
    PCollectionTuple with =
        sets.apply(
            "With", evaluate().withConfig(config).withTestCohorts(List.of(elsewhere.toString())));
    PAssert.thatSingleton(with.get(EvaluateSyntheticEhr.CHOICE))
        .satisfies(
            choice -> {
              assertThat(choice.getChosen(), is(unguided));
              return null;
            });
    without.apply("Write without", WriteEvaluation.to(output.resolve("without").toString()));
    with.apply("Write with", WriteEvaluation.to(output.resolve("with").toString()));
    pipeline.run().waitUntilFinish();

    MetricsFile before = MetricsFile.read(Files.readString(output.resolve("without/metrics.json")));
    String json = Files.readString(output.resolve("with/metrics.json"));
    MetricsFile after = MetricsFile.read(json);
    assertThat(before.utility(), hasSize(1 + 2 + 2));
    assertThat(after.utility(), hasSize(2 * (1 + 2 + 2)));
    assertThat(after.guidance(), is(before.guidance()));
    for (int i = 0; i < after.utility().size(); i += 2) {
      UtilityRow heldOut = after.utility().get(i);
      UtilityRow hirid = after.utility().get(i + 1);
      assertThat(heldOut.getTest(), is("held_out"));
      assertThat(heldOut.getAuroc(), is(before.utility().get(i / 2).getAuroc()));
      assertThat(heldOut.getAgainstReal(), is(before.utility().get(i / 2).getAgainstReal()));
      assertThat(hirid.getTest(), is("hirid"));
      assertThat(hirid.getProtocol(), is(heldOut.getProtocol()));
      assertThat(hirid.getAuroc(), is(not(heldOut.getAuroc())));
      assertThat(hirid.getTuningAuprc(), is(heldOut.getTuningAuprc()));
    }
    UtilityRow harmfulThere = after.utility().get(5);
    assertThat(harmfulThere.getGuidanceRule(), is("mean_shift"));
    assertThat(harmfulThere.getAgainstReal().getAuroc().getHigh(), lessThan(0.0));
    assertThat(harmfulThere.getGain().getAuroc().getHigh(), lessThan(0.0));
    assertThat(EvaluationTable.of(json), containsString("TSTR      hirid     none"));
    assertThat(Files.readString(output.resolve("with/report.html")), containsString(">hirid</td>"));
    JsonNode data = new ObjectMapper().readTree(output.resolve("with/report.json").toFile());
    assertThat(data.path("utility").size(), is(1 + 2 + 2));
  }

  /**
   * Baselines are rows of their own, and what is added to real windows is compared with the best.
   */
  @Test
  void baselinesLieBesideRealWindows(TestPipeline pipeline, @TempDir Path output)
      throws IOException {
    EvaluationConfig config =
        CONFIG
            .withModels(List.of("means"))
            .withAlphas(List.of(1.0))
            .withBaselines(List.of(Baseline.GUIDANCE_SET, Baseline.JITTER));
    PCollectionTuple evaluated =
        pipeline
            .apply(Create.of(unguided, harmful))
            .apply("Evaluate", evaluate().withConfig(config));
    evaluated.apply("Write", WriteEvaluation.to(output.toString()));
    pipeline.run().waitUntilFinish();

    String json = Files.readString(output.resolve("metrics.json"));
    List<UtilityRow> rows = MetricsFile.read(json).utility();
    assertThat(rows, hasSize(1 + 2 + 2 + 2));
    List<UtilityRow> baselines =
        rows.stream().filter(row -> row.getProtocol().equals("BASELINE")).toList();
    assertThat(
        baselines.stream().map(UtilityRow::getBaseline).toList(),
        is(List.of("guidance_set", "jitter")));
    UtilityRow real = rows.get(0);
    UtilityRow best =
        baselines.stream().max(Comparator.comparing(row -> row.getAuprc().getMean())).orElseThrow();
    assertThat(baselines.get(0).getTrainWindows(), greaterThan(real.getTrainWindows()));
    assertThat(baselines.get(1).getTrainWindows(), is(2 * real.getTrainWindows()));
    for (UtilityRow row : rows) {
      assertThat(row.getAgainstReal() == null, is(row.getProtocol().equals("TRTR")));
      assertThat(row.getAgainstBaseline() != null, is(row.getProtocol().equals("TSRTR")));
      if (row.getAgainstBaseline() != null) {
        assertThat(
            row.getAgainstBaseline().getAuroc().getDifference(),
            closeTo(row.getAuroc().getMean() - best.getAuroc().getMean(), 1e-9));
      }
    }
    assertThat(EvaluationTable.of(json), containsString("BASELINE  held_out  jitter"));
    String report = Files.readString(output.resolve("report.html"));
    assertThat(report, containsString(">guidance set</td>"));
    MetricsFile.AgainstBaseline kept = MetricsFile.read(json).guidance().baseline();
    assertThat(kept.baseline(), is(best.getBaseline()));
    assertThat(kept.isBetter(), is(kept.auprc().getLow() > 0));
    String said =
        "Real windows and 1 times as many of this set "
            + (kept.isBetter() ? "do more than" : "do not show more than")
            + " the best baseline ("
            + best.getBaseline();
    assertThat(EvaluationTable.of(json), containsString(said));
    assertThat(report, containsString(said));
  }

  private static long fits(PipelineResult result) {
    long fits = 0;
    for (MetricResult<Long> ofStep :
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(MetricNameFilter.named("tardiff.evaluation", "fits"))
                    .build())
            .getCounters()) {
      fits += ofStep.getAttempted();
    }
    return fits;
  }

  @Test
  void toReplaceTheChoiceLooksAtSyntheticWindowsAlone(TestPipeline pipeline) {
    PCollectionTuple evaluated =
        pipeline
            .apply(Create.of(unguided, harmful))
            .apply(
                "Evaluate",
                evaluate()
                    .withTrainer(new Fixtures.Opposites())
                    .withConfig(CONFIG.withModels(List.of("opposites"))));
    PAssert.thatSingleton(evaluated.get(EvaluateSyntheticEhr.CHOICE))
        .satisfies(
            choice -> {
              assertThat(choice.getPurpose(), is(Purpose.REPLACE));
              assertThat(choice.getChosen(), is(unguided));
              return null;
            });
    pipeline.run();
  }

  @Test
  void withoutSetsThereIsNoChoiceToAugment(TestPipeline pipeline) {
    PCollectionTuple evaluated =
        pipeline
            .apply("Sets", Create.empty(TypeDescriptor.of(SyntheticSet.class)))
            .apply("Evaluate", evaluate().withConfig(CONFIG.withPurpose(Purpose.AUGMENT)));
    PAssert.that(evaluated.get(EvaluateSyntheticEhr.CHOICE)).empty();
    pipeline.run();
  }

  @Test
  void withoutSetsThereIsNoChoice(TestPipeline pipeline, @TempDir Path output) throws IOException {
    pipeline
        .apply("Sets", Create.empty(TypeDescriptor.of(SyntheticSet.class)))
        .apply("Evaluate", evaluate())
        .apply("Write", WriteEvaluation.to(output.toString()));
    pipeline.run().waitUntilFinish();
    JsonNode metrics = new ObjectMapper().readTree(output.resolve("metrics.json").toFile());
    assertThat(metrics.path("guidance").path("choice").isNull(), is(true));
    assertThat(metrics.path("utility").path(0).path("protocol").asText(), is("TRTR"));
    assertThat(Files.exists(output.resolve("chosen.json")), is(false));
  }

  @Test
  void namesAValueThatIsNotFinite() {
    List<SyntheticWindow> windows = new ArrayList<>(Fixtures.likeTrain(cohort, 1));
    windows.get(7).values()[10] = Float.NaN;
    fails(
        Fixtures.write(directory.resolve("nan"), "none", 0, windows),
        containsString("values must be finite, sample 7 held NaN at step 2 of DBP"));
  }

  @Test
  void rejectsASetTooSmallForTheLargestAlpha() {
    fails(
        Fixtures.write(
            directory.resolve("small"), "none", 0, Fixtures.likeTrain(cohort, 1).subList(0, 80)),
        containsString("holds 80 windows to"));
  }

  @Test
  void rejectsASetWithoutAClass() {
    fails(
        Fixtures.write(
            directory.resolve("survivors"),
            "none",
            0,
            Fixtures.likeTrain(cohort, 1).stream().filter(w -> w.label() == 0).toList()),
        containsString("must hold windows of every class, held none of class 1"));
  }

  @Test
  void rejectsASetOfAnotherShape() {
    fails(
        Fixtures.write(
            directory.resolve("shape"),
            "none",
            0,
            List.of(new SyntheticWindow(3, 1, new float[] {1, 2, 3}))),
        allOf(containsString("sample 3 must hold 48 values"), containsString("held 3")));
  }

  @Test
  void rejectsUnknownModelsWhenThePipelineIsBuilt(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                pipeline
                    .apply(Create.of(unguided))
                    .apply(evaluate().withConfig(CONFIG.withModels(List.of("lstm")))));
    assertThat(
        e.getMessage(),
        containsString("models must be among [means, jittered_means], were [lstm]"));
  }

  private static void fails(SyntheticSet set, Matcher<String> message) {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(Create.of(set)).apply("Evaluate", evaluate());
    Pipeline.PipelineExecutionException e =
        assertThrows(
            Pipeline.PipelineExecutionException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(e.getCause().getMessage(), message);
  }
}
