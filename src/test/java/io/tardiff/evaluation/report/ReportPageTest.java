package io.tardiff.evaluation.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.cohort.WindowSpec.Channel;
import io.tardiff.evaluation.Discriminative;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.Evaluations;
import io.tardiff.evaluation.Gate;
import io.tardiff.evaluation.MetricsFile;
import io.tardiff.files.Manifest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  static final String EVIL = "</script><img src=x onerror=alert(1)>{{js}}\"'";
  private static final List<Channel> CHANNELS =
      List.of(Channel.of("HR", "bpm"), Channel.of("MAP", "mmHg"));
  private static final Manifest.Source SOURCE =
      new Manifest.Source(Manifest.Kind.COHORT, "5c1e".repeat(16));

  static String page(Evaluation evaluation) {
    return ReportPage.of(
        evaluation,
        evaluation.metrics(Gate.none()),
        List.of(SOURCE),
        ReportData.of(evaluation).json());
  }

  private static final String WHOLE =
      page(Evaluations.of(CHANNELS, 2, 300, 3, Evaluations.SECTIONS));

  // Without the text of a megabyte when they fail.

  private static void contains(String page, String text) {
    assertThat(text, page.contains(text), is(true));
  }

  private static void lacks(String page, String text) {
    assertThat(text, page.contains(text), is(false));
  }

  private static String withoutScripts(String page) {
    return page.replaceAll("(?s)<script.*?</script>", "");
  }

  private static List<String> scripts(String page) {
    return Pattern.compile("<script(?: [^>]*)?>(.*?)</script>", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  /** Names of channels, units, tasks, rules and splits come from files of others. */
  @Test
  void hostileNamesAreText() {
    List<Channel> channels = List.of(Channel.of(EVIL, EVIL), Channel.of("MAP", "<b>"));
    String json = new ObjectMapper().createObjectNode().put("x", EVIL).path("x").toString();
    Map<String, String> sections =
        Map.of(
            "cohort",
            "{\"task\": %1$s, \"attrition\": [{\"rule\": %1$s, \"dropped\": 3, \"left\": 9}],"
                    .formatted(json)
                + " \"splits\": {%1$s: {\"windows\": 1, \"labels\": [1]}}}".formatted(json),
            "training",
            "{%1$s: %1$s, \"list\": [{%1$s: %1$s}]}".formatted(json));
    Evaluation evaluation = Evaluations.of(channels, 2, 60, 2, sections);
    String page = page(evaluation);
    lacks(withoutScripts(page), "<img");
    lacks(page, "<b>MAP");
    contains(page, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;{{js}}");
    // The data, the library and the page's own script, whole.
    assertThat(scripts(page), hasSize(3));
    lacks(ReportData.of(evaluation).json(), "<");
  }

  @Test
  void allowsOnlyItsOwnScripts() throws Exception {
    contains(WHOLE, "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-");
    List<String> scripts = scripts(WHOLE);
    for (String script : scripts.subList(1, 3)) {
      String text = script.substring("<script>".length(), script.length() - "</script>".length());
      String hash =
          Base64.getEncoder()
              .encodeToString(
                  MessageDigest.getInstance("SHA-256")
                      .digest(text.getBytes(StandardCharsets.UTF_8)));
      contains(WHOLE, "'sha256-" + hash + "'");
    }
  }

  /** Elements that would load something. */
  @Test
  void refersToNothingOutside() {
    String markup = withoutScripts(WHOLE);
    assertThat(
        Pattern.compile("\\b(src|srcset|href|data|action)=\"(?!#)|@import|url\\(")
            .matcher(markup)
            .results()
            .map(MatchResult::group)
            .toList(),
        is(empty()));
  }

  @Test
  void tablesAreCompleteWithoutAScript() {
    String markup = withoutScripts(WHOLE);
    for (String text :
        List.of(
            "Task: in hospital mortality",
            "made from 300 real ones",
            "The baseline is kept.",
            "100 left out: no outcome",
            "class 1: 100 (33.3\u00a0%)",
            "mean_shift 0.01, herding",
            "Memorisation",
            "at most 10.0\u00a0%",
            "median train distance",
            "5c1e5c1e",
            "denoiser seconds",
            "Copyright 2017-2024 The Apache Software Foundation",
            "Mike Bostock")) {
      contains(markup, text);
    }
    lacks(markup, "{{");
  }

  private static Evaluation withGaps(boolean masked) {
    return Evaluations.withGaps(CHANNELS, 2, 300, 1, Evaluations.SECTIONS, masked);
  }

  @Test
  void masksOfTheKeptSetAreShown() throws Exception {
    String markup = withoutScripts(page(withGaps(true)));
    contains(markup, "Mean gap, real");
    contains(markup, "Difference of coverage");
    lacks(markup, "The kept set does not say which of its values were observed");
    JsonNode coverage =
        new ObjectMapper()
            .readTree(ReportData.of(withGaps(true)).json())
            .path("missingness")
            .path("classes")
            .path(0)
            .path("channels");
    // The second of two channels is measured half of the time.
    assertThat(coverage.path(0).path("real_coverage").asDouble(), is(1.0));
    assertThat(coverage.path(1).path("coverage").asDouble(), is(closeTo(0.5, 0.02)));
  }

  @Test
  void setWithoutMasksSaysSo() throws Exception {
    Evaluation evaluation = withGaps(false);
    String markup = withoutScripts(page(evaluation));
    contains(markup, "The kept set does not say which of its values were observed");
    lacks(markup, "Mean gap, real");
    JsonNode data = new ObjectMapper().readTree(ReportData.of(evaluation).json());
    assertThat(data.path("missingness").isNull(), is(true));
    contains(withoutScripts(WHOLE), "All values were observed");
  }

  @Test
  void metricsHaveTheMasksOfSetsThatHaveThem() {
    MetricsFile masked = MetricsFile.read(withGaps(true).metrics(Gate.none()).json());
    MetricsFile.Measured real = masked.measured().get(0);
    MetricsFile.Measured set = masked.measured().get(1);
    assertThat(real.fidelity().missingness().meanCoverageDifference(), is(closeTo(0, 0.03)));
    assertThat(set.fidelity().missingness().channels(), hasSize(2));
    assertThat(set.fidelity().missingness().classes(), hasSize(3));
    assertThat(
        set.discriminative().stream().map(Discriminative::model).toList(),
        is(List.of("forest", "gru")));
    assertThat(set.discriminative().get(0).masks(), is(true));
    String table = EvaluationTable.of(masked.json());
    assertThat(table, containsString("KS observed"));
    assertThat(table, containsString("forest 0."));
    MetricsFile unmasked = MetricsFile.read(withGaps(false).metrics(Gate.none()).json());
    assertThat(unmasked.measured().get(0).fidelity().missingness(), is(notNullValue()));
    assertThat(unmasked.measured().get(1).fidelity().missingness(), is(nullValue()));
    assertThat(unmasked.measured().get(1).discriminative().get(0).masks(), is(false));
  }

  /** Figures that earlier versions did not write are not defined. */
  @Test
  void readsMetricsOfEarlierVersions() throws Exception {
    ObjectNode metrics =
        (ObjectNode) new ObjectMapper().readTree(withGaps(true).metrics(Gate.none()).json());
    for (JsonNode entry : metrics.path("fidelity")) {
      ((ObjectNode) entry).remove(List.of("discriminative", "missingness", "mean_observed_ks"));
      entry
          .path("channels")
          .forEach(channel -> ((ObjectNode) channel).remove(List.of("observed_ks")));
    }
    MetricsFile.Measured set = MetricsFile.read(metrics.toString()).measured().get(1);
    assertThat(set.fidelity().meanObservedKs(), is(Double.NaN));
    assertThat(set.fidelity().channels().get(0).observedKs(), is(Double.NaN));
    assertThat(set.fidelity().missingness(), is(nullValue()));
    assertThat(set.discriminative(), is(empty()));
    EvaluationTable.of(metrics.toString());
  }

  /** Before there were purposes, sets replaced. */
  @Test
  void metricsOfEarlierVersionsReplace() throws Exception {
    ObjectNode metrics =
        (ObjectNode)
            new ObjectMapper()
                .readTree(Evaluations.of(CHANNELS, 2, 60, 1, Map.of()).metrics(Gate.none()).json());
    ((ObjectNode) metrics.path("guidance")).remove(List.of("purpose", "comparison"));
    metrics
        .path("utility")
        .forEach(row -> ((ObjectNode) row).remove(List.of("against_real", "test")));
    MetricsFile file = MetricsFile.read(metrics.toString());
    assertThat(file.guidance().purpose(), is("replace"));
    assertThat(file.guidance().comparison(), is(nullValue()));
    assertThat(file.utility().get(1).getAgainstReal(), is(nullValue()));
    assertThat(file.utility().get(1).getTest(), is("held_out"));
    String table = EvaluationTable.of(metrics.toString());
    assertThat(table, startsWith("Purpose: to replace real windows\n\nUtility, mean"));
  }

  /** What answers the purpose leads, with its interval and what it could have shown. */
  @Test
  void purposeLeads() throws Exception {
    Evaluation replace = Evaluations.of(CHANNELS, 2, 300, 2, Evaluations.SECTIONS);
    Evaluation augment = Evaluations.toAugment(CHANNELS, 2, 300, 2, Evaluations.SECTIONS);
    String replacing = withoutScripts(page(replace));
    String augmenting = withoutScripts(page(augment));
    contains(replacing, "replace real windows");
    contains(replacing, "when it learned from synthetic windows alone, and");
    contains(replacing, "TSTR minus TRTR with gru on held-out windows: AUROC ");
    contains(replacing, "AUROC above chance that remains");
    lacks(replacing, "when added to real windows, lower bound");
    contains(augmenting, "augment real windows");
    contains(augmenting, "when it learned from real windows and 1 times as many synthetic ones");
    contains(augmenting, "TSRTR, alpha 1 minus TRTR with gru on held-out windows: AUROC ");
    contains(augmenting, "Gain in AUPRC when added to real windows, lower bound");
    lacks(augmenting, "above chance that remains");
    for (String page : List.of(replacing, augmenting)) {
      contains(page, "The smallest differences that these patients and seeds could have shown");
    }
    MetricsFile.Comparison compared =
        MetricsFile.read(augment.metrics(Gate.none()).json()).guidance().comparison();
    assertThat(compared.protocol(), is("TSRTR"));
    assertThat(compared.alpha(), is(1.0));
    assertThat(
        compared.auroc().score() - compared.auroc().realAlone(),
        is(closeTo(compared.auroc().difference(), 1e-9)));
    assertThat(
        new ObjectMapper().readTree(ReportData.of(augment).json()).path("purpose").asText(),
        is("augment"));
  }

  @Test
  void gateIsListedWithEveryBound() {
    Evaluation evaluation = Evaluations.of(CHANNELS, 2, 300, 1, Evaluations.SECTIONS);
    Gate gate =
        Gate.none().with(Gate.Bound.MAX_COPIES, 1e6).with(Gate.Bound.MIN_TSTR_AUROC, 0.999999);
    String page =
        ReportPage.of(
            evaluation,
            evaluation.metrics(gate),
            List.of(SOURCE),
            ReportData.of(evaluation).json());
    String markup = withoutScripts(page);
    contains(markup, "Gate: failed");
    contains(markup, "is at most --maxCopies=1000000");
    contains(markup, "is below --minTstrAuroc=0.999999");
    lacks(withoutScripts(WHOLE), "Gate:");
  }

  /** New figures of privacy need no change of the page. */
  @Test
  void everyFigureOfPrivacyHasARow() {
    Evaluation evaluation = Evaluations.of(CHANNELS, 2, 60, 1, Map.of());
    evaluation
        .metrics(Gate.none())
        .privacy()
        .get(0)
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (name.equals("attacks")) {
                contains(page(evaluation), ">attacks.distance.auc</th>");
                contains(page(evaluation), ">attacks.attribute.advantage</th>");
              } else if (!List.of("set", "guidance_rule", "guidance_scale", "selection", "origin")
                  .contains(name)) {
                contains(page(evaluation), ">" + name.replace('_', ' ') + "</th>");
              }
            });
  }

  @Test
  void sameEvaluationGivesTheSameBytes() {
    assertThat(
        page(Evaluations.of(CHANNELS, 2, 300, 3, Evaluations.SECTIONS)).equals(WHOLE), is(true));
  }

  @Test
  void worksForEveryKindOfEvaluation() {
    for (Evaluation evaluation :
        List.of(
            Evaluations.of(CHANNELS, 5, 200, 1, Map.of()),
            Evaluations.of(CHANNELS, 2, 8, 2, Map.of()),
            Evaluations.of(CHANNELS.subList(0, 1), 2, 60, 1, Map.of("cohort", "{\"windows\": 3}")),
            Evaluations.of(CHANNELS, 2, 60, 0, Evaluations.SECTIONS),
            new Evaluation(List.of(), List.of(), null, List.of(), Map.of()))) {
      contains(page(evaluation), "Criteria and thresholds");
    }
  }

  @Test
  void saysWhatIsMissing() {
    String page = page(new Evaluation(List.of(), List.of(), null, List.of(), Map.of()));
    contains(page, "There was no synthetic set to choose from.");
    contains(page, "without the model");
    contains(page, "not measured");
  }

  /** Quantiles of few patients, and windows of real ones, stay out. */
  @Test
  void dataHoldsAggregatesOfRealPatientsOnly() throws Exception {
    JsonNode data =
        new ObjectMapper()
            .readTree(ReportData.of(Evaluations.of(CHANNELS, 2, 36, 1, Map.of())).json());
    JsonNode all = data.path("figures").path("classes").path(0).path("real").path(0);
    assertThat(all.path("quantiles").path(0).path(0).isNull(), is(true));
    assertThat(all.path("quantiles").path(0).path(2).isNumber(), is(true));
    JsonNode ofClass = data.path("figures").path("classes").path(1).path("real").path(0);
    assertThat(ofClass.path("quantiles").size(), is(0));
    assertThat(data.path("figures").path("examples").size(), is(greaterThan(5)));
  }

  @Test
  void weighsLittleMoreThanTheLibrary() {
    assertThat(WHOLE.length(), is(lessThan(1_300_000)));
  }

  @Test
  void rejectsInvalidSections() {
    rejects(Map.of("weather", "{}"), "section must be one of");
    rejects(Map.of("cohort", "[1]"), "section cohort must be a JSON object");
    rejects(Map.of("cohort", "{"), "section cohort must be JSON");
  }

  private static void rejects(Map<String, String> sections, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Evaluation(List.of(), List.of(), null, List.of(), sections));
    assertThat(e.getMessage(), containsString(message));
  }
}
