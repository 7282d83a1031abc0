package io.tardiff.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.evaluation.ChannelProfile;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.Fidelity;
import io.tardiff.evaluation.Gate;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.MetricsFile;
import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.Missingness;
import io.tardiff.evaluation.Privacy;
import io.tardiff.evaluation.SetMeasures;
import io.tardiff.evaluation.UtilityRow;
import io.tardiff.evaluation.UtilityRow.Score;
import io.tardiff.evaluation.report.Html.Row;
import io.tardiff.evaluation.report.TrafficLights.Kept;
import io.tardiff.evaluation.report.TrafficLights.Light;
import io.tardiff.evaluation.report.TrafficLights.Reading;
import io.tardiff.files.Manifest;
import io.tardiff.influence.Purpose;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.SyntheticSet;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The text and the tables of the page, which are complete without a script. */
final class ReportSections {
  private static final String NOT_DEFINED = "not defined";

  private final Evaluation evaluation;
  private final MetricsFile metrics;
  private final List<Manifest.Source> madeFrom;
  private final Optional<Kept> kept;

  ReportSections(Evaluation evaluation, MetricsFile metrics, List<Manifest.Source> madeFrom) {
    this.evaluation = evaluation;
    this.metrics = metrics;
    this.madeFrom = madeFrom;
    this.kept = TrafficLights.kept(evaluation);
  }

  // Summary.

  String title() {
    return "Evaluation of synthetic patients";
  }

  /** The task, as far as the cohort names one. */
  String task() {
    String task = evaluation.section("cohort").path("task").asText("");
    return task.isEmpty() ? "Synthetic health records" : "Task: " + task.replace('_', ' ');
  }

  /** What was made, and what came of it, in a sentence or two. */
  String lead() {
    GuidanceChoice choice = evaluation.choice();
    if (choice == null || kept.isEmpty()) {
      return "There was no synthetic set to choose from.";
    }
    SetMeasures set = kept.get().measures();
    StringBuilder lead = new StringBuilder();
    lead.append(
        String.format(
            Locale.ROOT,
            "The kept set holds %,d synthetic windows of %d %s over %s, made from %,d real ones.",
            set.windows(),
            choice.getChosen().spec().channels().size(),
            choice.getChosen().spec().channels().size() == 1 ? "channel" : "channels",
            span(choice.getChosen()),
            trainWindows()));
    evaluation
        .comparison()
        .ifPresent(
            compared ->
                lead.append(
                    String.format(
                        Locale.ROOT,
                        " On real patients that it never saw, a %s model reaches an AUROC of %.2f"
                            + " when it learned from %s, and %.2f when it learned from real ones"
                            + "%s.",
                        compared.model(),
                        compared.auroc().score(),
                        compared.alpha() == null
                            ? "synthetic windows alone"
                            : "real windows and "
                                + TextList.plain(compared.alpha())
                                + " times as many synthetic ones",
                        compared.auroc().realAlone(),
                        compared.alpha() == null ? "" : " alone")));
    return lead.toString();
  }

  private long trainWindows() {
    return kept.map(k -> k.measures().figures())
        .map(figures -> (long) figures.classes().get(0).realWindows())
        .orElseGet(
            () ->
                evaluation.section("cohort").path("splits").path("train").path("windows").asLong());
  }

  /** The length of a window, in the unit that suits it. */
  private static String span(SyntheticSet set) {
    double minutes = set.spec().steps() * set.spec().stepMinutes();
    DecimalFormat number = new DecimalFormat("#.##", DecimalFormatSymbols.getInstance(Locale.ROOT));
    return minutes < 2
        ? number.format(60 * minutes) + " seconds"
        : minutes < 120
            ? number.format(minutes) + " minutes"
            : number.format(minutes / 60) + " hours";
  }

  Html summary() {
    Html html = new Html();
    List<Light> lights = TrafficLights.of(evaluation);
    html.open("ul", "class", "lights");
    for (Light light : lights) {
      html.open("li", "class", "light " + light.level().label()).open("h3");
      html.text(light.question().title());
      html.element("span", light.level().answer(), "class", "verdict " + light.level().label());
      html.close("h3")
          .element("p", light.question().text(evaluation.purpose()), "class", "question");
      html.element("p", why(light));
      html.close("li");
    }
    html.close("ul");
    GuidanceChoice choice = evaluation.choice();
    if (choice != null) {
      facts(html, choice);
      comparison(html);
      html.open("p").element("strong", "Why this set is kept.").text(" " + choice.getReason());
      html.text(
          " The choice uses only the tuning split. Guidance uses tuning windows too, as selection"
              + " may, so tuning scores favour both: rely on held-out scores.");
      html.close("p");
    }
    gate(html);
    html.open("details", "open", "").element("summary", "Criteria and thresholds");
    html.open(
        "div",
        "class",
        "scroll",
        "tabindex",
        "0",
        "role",
        "region",
        "aria-label",
        "Criteria and thresholds");
    html.open("table", "class", "criteria");
    html.caption(
        "Each light is the worst of its criteria. The thresholds are conventions; what a use of the"
            + " data needs may be stricter. Real tuning windows, measured like a synthetic set,"
            + " show what chance does.");
    html.open("thead").open("tr");
    for (String column :
        List.of("Question", "Criterion", "Kept set", "Real", "Verdict", "Green", "Amber")) {
      html.element("th", column, "scope", "col");
    }
    html.close("tr").close("thead").open("tbody");
    for (Light light : lights) {
      for (Reading reading : light.readings()) {
        html.open("tr").element("th", light.question().title(), "scope", "row");
        html.open("td", "class", "wrap").element("div", reading.criterion().name());
        html.element("div", reading.criterion().why(), "class", "note").close("td");
        labelled(html, "Kept set", reading.criterion().unit().text(reading.value()));
        labelled(
            html,
            "Real",
            Double.isFinite(reading.real()) ? reading.criterion().unit().text(reading.real()) : "");
        html.open("td", "class", "verdict-of")
            .element(
                "span",
                reading.level().ofCriterion(),
                "class",
                "verdict " + reading.level().label());
        html.close("td");
        labelled(html, "Green", reading.criterion().threshold(reading.criterion().green()));
        labelled(html, "Amber", reading.criterion().threshold(reading.criterion().amber()));
        html.close("tr");
      }
    }
    return html.close("tbody").close("table").close("div").close("details");
  }

  /** The kept set against real windows alone, and what this comparison could have shown. */
  private void comparison(Html html) {
    html.open("p").element("strong", "Against real windows alone.").text(" ");
    Optional<MetricsFile.Comparison> compared = evaluation.comparison();
    compared.ifPresentOrElse(
        c ->
            html.text(
                    EvaluationTable.protocol(c)
                        + " minus TRTR with "
                        + c.model()
                        + " on held-out windows: "
                        + text("AUROC", c.auroc())
                        + ", "
                        + text("AUPRC", c.auprc())
                        + " (95 % intervals over held-out patients). ")
                .text(
                    String.format(
                        Locale.ROOT,
                        "The smallest differences that these patients and seeds could have shown"
                            + " with a power of 80 %% are %.3f in AUROC and %.3f in AUPRC.",
                        c.auroc().smallestDetectable(),
                        c.auprc().smallestDetectable())),
        () ->
            html.text(
                "Not measured: it needs TRTR and "
                    + (evaluation.purpose() == Purpose.AUGMENT ? "TSRTR." : "TSTR.")));
    html.close("p");
    evaluation
        .againstBaseline()
        .ifPresent(
            best ->
                html.open("p")
                    .element("strong", "Against other uses of real windows.")
                    .text(" " + EvaluationTable.sentence(best))
                    .close("p"));
  }

  private static String text(String metric, MetricsFile.Difference difference) {
    return String.format(
        Locale.ROOT,
        "%s %+.3f (%+.3f to %+.3f)",
        metric,
        difference.difference(),
        difference.low(),
        difference.high());
  }

  /** The bounds that the kept set had to meet, if there were any. */
  private void gate(Html html) {
    Gate.Result gate = metrics.gate();
    if (gate == null) {
      return;
    }
    html.element("h3", gate.passed() ? "Gate: passed" : "Gate: failed");
    html.open("ul", "class", "gate");
    for (Gate.Check check : gate.checks()) {
      TrafficLights.Level level =
          check.passed() ? TrafficLights.Level.GREEN : TrafficLights.Level.RED;
      html.open("li")
          .element("span", level.ofCriterion(), "class", "verdict " + level.label())
          .text(" " + check.message())
          .close("li");
    }
    html.close("ul");
  }

  /** A cell that says what it holds, where a narrow screen shows no header. */
  private static void labelled(Html html, String label, String text) {
    html.element("td", text, text.isEmpty() ? new String[0] : new String[] {"data-label", label});
  }

  private static String why(Light light) {
    return light
        .decisive()
        .filter(reading -> light.level() != TrafficLights.Level.UNKNOWN)
        .map(
            reading -> {
              TrafficLights.Criterion criterion = reading.criterion();
              long met =
                  light.readings().stream()
                      .filter(r -> r.level() == TrafficLights.Level.GREEN)
                      .count();
              long measured =
                  light.readings().stream()
                      .filter(r -> r.level() != TrafficLights.Level.UNKNOWN)
                      .count();
              return String.format(
                  Locale.ROOT,
                  "%s: %s (green: %s). %d of %d criteria met.",
                  criterion.name(),
                  criterion.unit().text(reading.value()),
                  criterion.threshold(criterion.green()),
                  met,
                  measured);
            })
        .orElse("None of the criteria was measured in this run.");
  }

  private void facts(Html html, GuidanceChoice choice) {
    html.open("dl", "class", "facts");
    fact(
        html,
        "Purpose",
        choice.getPurpose() == Purpose.AUGMENT ? "augment real windows" : "replace real windows");
    fact(html, "Kept set", ReportPage.name(choice.getChosen()));
    fact(
        html,
        "Synthetic windows",
        kept.map(k -> String.format(Locale.ROOT, "%,d", k.measures().windows())).orElse(""));
    fact(html, "Real train windows", String.format(Locale.ROOT, "%,d", trainWindows()));
    fact(html, "Channels", String.valueOf(choice.getChosen().spec().channels().size()));
    fact(html, "Length of a window", span(choice.getChosen()));
    fact(html, "Classes", String.valueOf(choice.getChosen().spec().classes()));
    html.close("dl");
  }

  private static void fact(Html html, String name, String value) {
    html.open("div").element("dt", name).element("dd", value).close("div");
  }

  // Cohort.

  Html cohort() {
    Html html = new Html();
    JsonNode section = evaluation.section("cohort");
    flow(html, section.path("attrition"));
    unlabelled(html, section.path("unlabelled"));
    splits(html, section.path("splits"));
    if (section.isEmpty()) {
      html.element(
          "p", "This evaluation was written without figures of the cohort.", "class", "note");
    } else {
      keyValues(html, "Cohort", without(section, "splits", "attrition", "spec", "unlabelled"));
    }
    return html;
  }

  private static void flow(Html html, JsonNode attrition) {
    if (attrition.isEmpty() || !attrition.path(0).isObject()) {
      return;
    }
    html.element("h3", "From stays to windows");
    html.open("ol", "class", "flow");
    long left =
        attrition.path(0).path("left").asLong() + attrition.path(0).path("dropped").asLong();
    boolean first = true;
    for (JsonNode rule : attrition) {
      long dropped = rule.path("dropped").asLong();
      if (first) {
        box(html, rule.path("rule").asText(), left);
      }
      // A rule that drops nobody is listed in the table.
      if (dropped > 0) {
        html.open("li").open("div", "class", "drop").close("div");
        html.open("div", "class", "out");
        html.text(
            String.format(Locale.ROOT, "%,d left out: %s", dropped, rule.path("rule").asText()));
        html.close("div").close("li");
      }
      first = false;
    }
    JsonNode last = attrition.path(attrition.size() - 1);
    html.open("li").open("div", "class", "step").close("div").close("li");
    box(html, "windows of the cohort", last.path("left").asLong());
    html.close("ol");
    List<Row> rows = new ArrayList<>();
    for (JsonNode rule : attrition) {
      rows.add(
          Row.of(
              rule.path("rule").asText(),
              String.format(Locale.ROOT, "%,d", rule.path("dropped").asLong()),
              String.format(Locale.ROOT, "%,d", rule.path("left").asLong()),
              counts(rule.path("dropped_labels")),
              counts(rule.path("left_labels"))));
    }
    html.open("details").element("summary", "All rules");
    html.table(
        "Rules in their order, with what they drop and leave, also by class as far as it is known.",
        List.of("Rule", "Dropped", "Left", "Dropped by class", "Left by class"),
        rows);
    html.close("details");
  }

  /** Says what became of windows without a label, if the cohort kept them. */
  private static void unlabelled(Html html, JsonNode unlabelled) {
    if (!unlabelled.isObject()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Of the windows left out for lack of an outcome, %,d train the denoiser without a label.",
            unlabelled.path("windows").asLong()));
    unlabelled
        .path("dropped")
        .fields()
        .forEachRemaining(
            reason ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        " %,d do not: %s.",
                        reason.getValue().asLong(),
                        reason.getKey())));
    html.element("p", text.toString());
  }

  private static void box(Html html, String text, long count) {
    html.open("li").open("div", "class", "box");
    html.element("b", String.format(Locale.ROOT, "%,d", count)).text(" " + text);
    html.close("div").close("li");
  }

  private static String counts(JsonNode labels) {
    List<String> counts = new ArrayList<>();
    labels.forEach(count -> counts.add(String.format(Locale.ROOT, "%,d", count.asLong())));
    return String.join(" / ", counts);
  }

  private static void splits(Html html, JsonNode splits) {
    if (splits.isEmpty()) {
      return;
    }
    html.open("ul", "class", "splits");
    splits
        .fields()
        .forEachRemaining(
            split -> {
              long windows = split.getValue().path("windows").asLong();
              List<String> classes = new ArrayList<>();
              int label = 0;
              for (JsonNode count : split.getValue().path("labels")) {
                classes.add(
                    String.format(
                        Locale.ROOT,
                        "class %d: %,d (%.1f\u00a0%%)",
                        label++,
                        count.asLong(),
                        100.0 * count.asLong() / Math.max(1, windows)));
              }
              html.open("li").text(split.getKey().replace('_', '-'));
              html.element("b", String.format(Locale.ROOT, "%,d", windows));
              html.element("span", String.join(", ", classes)).close("li");
            });
    html.close("ul");
  }

  // Training.

  Html training() {
    Html html = new Html();
    JsonNode section = evaluation.section("training");
    if (section.isEmpty()) {
      return html.element(
          "p",
          "This evaluation was run without the model, so there is nothing on its training.",
          "class",
          "note");
    }
    return html;
  }

  // Utility.

  Html utility() {
    Html html = new Html();
    List<Row> rows = new ArrayList<>();
    for (UtilityRow row : evaluation.utility()) {
      UtilityRow.Gain gain = row.getGain();
      UtilityRow.Gain real = row.getAgainstReal();
      UtilityRow.Gain baseline = row.getAgainstBaseline();
      rows.add(
          Row.of(
              isKept(row),
              List.of(
                  row.getProtocol(),
                  row.getTest().replace('_', '-'),
                  row.getBaseline() == null
                      ? ReportPage.name(SetName.of(row))
                      : row.getBaseline().replace('_', ' '),
                  row.getAlpha() == null ? "" : row.getAlpha().toString(),
                  row.getModel(),
                  String.format(Locale.ROOT, "%,d", row.getTrainWindows()),
                  text(row.getAuroc()),
                  text(row.getAuprc()),
                  text(row.getTuningAuprc()),
                  real == null ? "" : text(real.getAuroc()),
                  real == null ? "" : text(real.getAuprc()),
                  baseline == null ? "" : text(baseline.getAuprc()),
                  gain == null ? "" : text(gain.getAuroc()),
                  gain == null ? "" : text(gain.getAuprc()))));
    }
    html.element("h3", "All models");
    return html.table(
        "Mean and standard deviation over seeds. Test: held-out windows, or a whole test cohort,"
            + " which the choice of a set never uses. Against real:"
            + " minus the same model of real windows alone (TRTR). Against baseline: minus the"
            + " same model with the baseline that is best on the test, where baselines were"
            + " measured."
            + " Gains are of guided or selected"
            + " sets over the set without either. Both with 95 % intervals from a paired bootstrap"
            + " over the subjects of the test. The kept set is bold.",
        List.of(
            "Protocol",
            "Test",
            "Set",
            "Alpha",
            "Model",
            "Train windows",
            "AUROC",
            "AUPRC",
            "AUPRC on tuning",
            "AUROC against real",
            "AUPRC against real",
            "AUPRC against baseline",
            "AUROC gain",
            "AUPRC gain"),
        rows);
  }

  private boolean isKept(UtilityRow row) {
    GuidanceChoice choice = evaluation.choice();
    return choice != null
        && row.getProtocol().equals(choice.protocol().name())
        && SetName.of(choice.getChosen()).equals(SetName.of(row));
  }

  // Fidelity.

  Html fidelity() {
    Html html = new Html();
    List<Row> rows = new ArrayList<>();
    for (SetMeasures set : evaluation.measures()) {
      rows.add(
          Row.of(
              isKept(set),
              List.of(
                  ReportPage.name(set.set()),
                  String.format(Locale.ROOT, "%,d", set.windows()),
                  number(set.fidelity().meanSdRatio()),
                  number(set.fidelity().meanKs()),
                  number(set.fidelity().meanObservedKs()),
                  number(set.fidelity().meanWasserstein()),
                  number(set.fidelity().meanCorrelationDifference()),
                  number(set.fidelity().meanAutocorrelationDifference()),
                  discriminative(set),
                  percent(set.plausibility().systolicAboveDiastolic()),
                  percent(set.plausibility().meanBetween()))));
    }
    html.element("h3", "All sets");
    html.table(
        "Each set compared with the real train windows, mean over channels. Ideal is an SD ratio of"
            + " 1 and a difference of 0. No set can be expected to do better than real tuning"
            + " windows. The kept set is bold. Observed values: without filled ones; a set without"
            + " masks does not tell them apart, so all its values are compared with the observed"
            + " real ones. Discriminative score: how far the accuracy of a classifier that tells"
            + " synthetic from real windows is from 0.5; 0 if it cannot.",
        List.of(
            "Set",
            "Windows",
            "SD ratio",
            "Kolmogorov-Smirnov",
            "Kolmogorov-Smirnov, observed values",
            "Wasserstein-1",
            "Correlation difference",
            "Lag-1 autocorrelation difference",
            "Discriminative score",
            "SBP above DBP",
            "MAP between DBP and SBP"),
        rows);
    kept.ifPresent(k -> byChannel(html, k.measures()));
    html.element("h3", "What was measured, and when");
    measured(html);
    return html;
  }

  private static String discriminative(SetMeasures set) {
    return set.discriminative().isEmpty()
        ? "not measured"
        : set.discriminative().stream()
            .map(told -> told.model() + " " + number(told.score()))
            .collect(Collectors.joining(", "));
  }

  /** The masks of all sets, and those of the kept set by channel. */
  private void measured(Html html) {
    List<Row> rows = new ArrayList<>();
    for (SetMeasures set : evaluation.measures()) {
      Missingness missingness = set.fidelity().missingness();
      if (missingness != null) {
        rows.add(
            Row.of(
                isKept(set),
                List.of(
                    ReportPage.name(set.set()),
                    percent(missingness.meanCoverageDifference()),
                    percent(missingness.maxCoverageDifference()),
                    percent(missingness.meanNeverObservedDifference()),
                    number(missingness.meanRunKs()),
                    number(missingness.meanGapKs()),
                    percent(missingness.meanJointDifference()),
                    number(missingness.meanPhiDifference()))));
      }
    }
    Missingness ofKept = kept.map(k -> k.measures().fidelity().missingness()).orElse(null);
    if (ofKept == null) {
      html.element(
          "p",
          rows.isEmpty()
              ? "All values were observed, or too few windows are there to compare."
              : "The kept set does not say which of its values were observed and which filled, so"
                  + " what was measured, and when, cannot be compared with real patients. Train"
                  + " with --missingness=masks to generate it.",
          "class",
          "note");
    }
    if (rows.isEmpty()) {
      return;
    }
    html.table(
        "Absolute differences to the real train windows; sets without masks are left out. Coverage:"
            + " share of steps with an observation, by channel and class. Never observed: share of"
            + " windows in which a channel has no observation. Runs and gaps: Kolmogorov-Smirnov"
            + " statistic of the lengths of runs of observed steps and of steps without an"
            + " observation, mean over channels. Together: share of steps in which two channels are"
            + " observed, and the correlation of their masks (phi), mean over pairs.",
        List.of(
            "Set",
            "Coverage",
            "Coverage, largest",
            "Never observed",
            "Runs",
            "Gaps",
            "Together",
            "Together, phi"),
        rows);
    if (ofKept == null) {
      return;
    }
    List<Row> byChannel = new ArrayList<>();
    for (int c = 0; c < ofKept.channels().size(); c++) {
      Missingness.Channel channel = ofKept.channels().get(c);
      Missingness.ChannelCoverage coverage = ofKept.classes().get(0).channels().get(c);
      byChannel.add(
          Row.ofChannel(
              c,
              List.of(
                  channel.channel(),
                  percent(coverage.realCoverage()),
                  percent(coverage.coverage()),
                  percent(coverage.realNeverObserved()),
                  percent(coverage.neverObserved()),
                  number(channel.realMeanRun()),
                  number(channel.meanRun()),
                  number(channel.realMeanGap()),
                  number(channel.meanGap()))));
    }
    html.table(
        "The masks of the kept set by channel, all classes. Mean lengths of runs and gaps are in"
            + " steps. Figures of fewer than "
            + ChannelProfile.MINIMUM
            + " windows are not shown.",
        List.of(
            "Channel",
            "Coverage, real",
            "Coverage",
            "Never observed, real",
            "Never observed",
            "Mean run, real",
            "Mean run",
            "Mean gap, real",
            "Mean gap"),
        byChannel);
  }

  private static void byChannel(Html html, SetMeasures set) {
    List<Row> rows = new ArrayList<>();
    for (int c = 0; c < set.fidelity().channels().size(); c++) {
      Fidelity.Channel channel = set.fidelity().channels().get(c);
      rows.add(
          Row.ofChannel(
              c,
              List.of(
                  channel.channel(),
                  number(channel.sdRatio()),
                  number(channel.ks()),
                  number(channel.observedKs()),
                  number(channel.wasserstein()),
                  number(channel.autocorrelation()),
                  number(channel.realAutocorrelation()),
                  percent(set.plausibility().channels().get(c).insideRange()))));
    }
    html.element("h3", "The kept set by channel");
    html.table(
        "Of " + ReportPage.name(set.set()) + ", in network units.",
        List.of(
            "Channel",
            "SD ratio",
            "Kolmogorov-Smirnov",
            "Kolmogorov-Smirnov, observed values",
            "Wasserstein-1",
            "Lag-1 autocorrelation",
            "Lag-1 autocorrelation, real",
            "Inside the valid range"),
        rows);
  }

  // Privacy.

  /** A row per figure of {@link Privacy}, a column per set. */
  Html privacy() {
    Html html = new Html();
    Map<String, List<String>> figures = new LinkedHashMap<>();
    List<String> header = new ArrayList<>(List.of("Figure"));
    for (SetMeasures set : evaluation.measures()) {
      header.add(ReportPage.name(set.set()));
    }
    int sets = 0;
    for (JsonNode entry : metrics.privacy()) {
      // A figure that the sets before do not have.
      List<String> none = Collections.nCopies(sets++, "");
      Map<String, String> scalars = new LinkedHashMap<>();
      flatten("", entry, scalars, new LinkedHashMap<>());
      scalars
          .keySet()
          .removeAll(List.of("set", "guidance rule", "guidance scale", "selection", "origin"));
      scalars.forEach((key, value) -> figures.computeIfAbsent(key, k -> new ArrayList<>(none)));
      figures.forEach((key, values) -> values.add(scalars.getOrDefault(key, "")));
    }
    List<Row> rows = new ArrayList<>();
    figures.forEach(
        (key, values) ->
            rows.add(
                Row.of(Stream.concat(Stream.of(key), values.stream()).toArray(String[]::new))));
    html.element("h3", "All figures");
    return html.table(
        "Figures of the section privacy of metrics.json. Closer to train: share of windows nearer"
            + " to a train than to a held-out window, of equally many of each; half is chance."
            + " Closer if copied: what copies would score. Near copies: windows nearer to a train"
            + " window than 99 % of real held-out windows are. Distances are root mean squares in"
            + " standard deviations. Attacks: AUC of telling train patients from held-out ones, by"
            + " distance and by density ratio; half is chance. Advantage: by how much a hidden"
            + " channel is predicted better for train patients than for held-out ones; 0 is"
            + " chance.",
        header, rows);
  }

  private boolean isKept(SetMeasures set) {
    GuidanceChoice choice = evaluation.choice();
    return choice != null && choice.getChosen().equals(set.set());
  }

  // Provenance.

  Html provenance() {
    Html html = new Html();
    html.element(
        "p",
        "What this report was made of. The same inputs and seed give the same windows and scores,"
            + " on any runner; only times differ. metrics.json has all figures for programs.");
    Map<String, String> sources = new TreeMap<>();
    madeFrom.forEach(source -> sources.put(source.sha256(), source.kind().label()));
    if (!sources.isEmpty()) {
      List<Row> rows = new ArrayList<>();
      sources.forEach((sha256, kind) -> rows.add(Row.of(kind, sha256)));
      html.table(
          "SHA-256 of the manifests of what was evaluated.", List.of("Artefact", "SHA-256"), rows);
    }
    keyValues(
        html,
        "Training",
        without(evaluation.section("training"), "denoiser_history", "classifier_epochs"));
    keyValues(html, "Timings", evaluation.section("timings"));
    keyValues(html, "Throughput", evaluation.section("throughput"));
    return html;
  }

  // Sections supplied by other steps.

  /** Returns a section without the fields that figures show. */
  private static ObjectNode without(JsonNode section, String... fields) {
    ObjectNode rest = section.deepCopy();
    return rest.remove(List.of(fields));
  }

  /**
   * Shows scalars in one table, with nested objects flattened, and each list of objects as a table.
   */
  private static void keyValues(Html html, String caption, JsonNode object) {
    Map<String, String> scalars = new LinkedHashMap<>();
    Map<String, JsonNode> tables = new LinkedHashMap<>();
    flatten("", object, scalars, tables);
    if (!scalars.isEmpty()) {
      List<Row> rows = new ArrayList<>();
      scalars.forEach((key, value) -> rows.add(Row.of(key, value)));
      html.table(caption + ".", List.of("What", "Value"), rows);
    }
    tables.forEach((name, rows) -> listTable(html, name, rows));
  }

  private static void flatten(
      String prefix, JsonNode object, Map<String, String> scalars, Map<String, JsonNode> tables) {
    object
        .fields()
        .forEachRemaining(
            field -> {
              String key = (prefix + field.getKey()).replace('_', ' ');
              JsonNode value = field.getValue();
              if (value.isObject()) {
                flatten(prefix + field.getKey() + ".", value, scalars, tables);
              } else if (value.isArray() && value.path(0).isObject()) {
                tables.put(key, value);
              } else if (value.isArray()) {
                List<String> items = new ArrayList<>();
                value.forEach(item -> items.add(scalar(item)));
                scalars.put(key, String.join(", ", items));
              } else {
                scalars.put(key, scalar(value));
              }
            });
  }

  private static void listTable(Html html, String caption, JsonNode list) {
    List<String> columns = new ArrayList<>();
    list.path(0).fieldNames().forEachRemaining(columns::add);
    List<Row> rows = new ArrayList<>();
    for (JsonNode item : list) {
      rows.add(
          Row.of(columns.stream().map(column -> scalar(item.path(column))).toArray(String[]::new)));
    }
    html.table(
        caption + ".", columns.stream().map(column -> column.replace('_', ' ')).toList(), rows);
  }

  private static String scalar(JsonNode value) {
    if (value.isFloatingPointNumber()) {
      return number(value.asDouble());
    }
    if (value.isNull()) {
      return NOT_DEFINED;
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private static String text(Score score) {
    return Double.isFinite(score.getSd())
        ? String.format(Locale.ROOT, "%.3f ± %.3f", score.getMean(), score.getSd())
        : String.format(Locale.ROOT, "%.3f", score.getMean());
  }

  private static String text(UtilityRow.Interval interval) {
    return String.format(
        Locale.ROOT,
        "%+.3f (%+.3f to %+.3f)",
        interval.getDifference(),
        interval.getLow(),
        interval.getHigh());
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : NOT_DEFINED;
  }

  private static String percent(@Nullable Double share) {
    return share == null || !Double.isFinite(share)
        ? NOT_DEFINED
        : String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * share);
  }
}
