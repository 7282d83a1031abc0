package io.tardiff.evaluation.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.evaluation.AttributeDisclosure;
import io.tardiff.evaluation.ChannelProfile;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.Fidelity;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.MembershipInference;
import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.Privacy;
import io.tardiff.evaluation.Protocol;
import io.tardiff.evaluation.Range;
import io.tardiff.evaluation.SetMeasures;
import io.tardiff.evaluation.SetMeasures.Profiles;
import io.tardiff.evaluation.UtilityRow;
import io.tardiff.evaluation.UtilityRow.Score;
import io.tardiff.evaluation.report.SvgChart.Axis;
import io.tardiff.files.Json;
import io.tardiff.synthetic.SyntheticSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The report for people: a self-contained HTML file with inline styles and charts, without scripts
 * or network requests, that shows only aggregates.
 */
final class HtmlReport {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --text: #1d2430; --soft: #5c6675; --page: #ffffff;
        --rule: #d8dde4; --real: #1f63b5; --set: #b8500f; }
      @media (prefers-color-scheme: dark) { :root { --text: #e4e8ee; --soft: #9fa9b7;
        --page: #14181e; --rule: #353d48; --real: #74b1ff; --set: #ffab70; } }
      body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
        max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
      h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; margin: 1rem 0; font-size: .875rem; font-variant-numeric: tabular-nums; }
      caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
      th, td { border-bottom: 1px solid var(--rule); padding: .3rem .8rem .3rem 0;
        text-align: left; vertical-align: top; white-space: nowrap; }
      thead th { white-space: normal; vertical-align: bottom; }
      tr.kept { font-weight: 600; }
      .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr));
        gap: 1rem; }
      figure { margin: 0; } figcaption { color: var(--soft); font-size: .9rem; }
      svg { width: 100%; height: auto; }
      svg text { font: 11px system-ui, sans-serif; fill: var(--soft); text-anchor: middle; }
      svg text.end { text-anchor: end; }
      .grid { stroke: var(--rule); stroke-width: 1; }
      .line { fill: none; stroke-width: 2; } .band { opacity: .22; }
      .line.real { stroke: var(--real); } .line.set { stroke: var(--set); }
      .band.real, .dot.real { fill: var(--real); } .band.set, .dot.set { fill: var(--set); }
      .line.dashed { stroke-dasharray: 6 4; }
      .key-real { color: var(--real); font-weight: 600; }
      .key-set { color: var(--set); font-weight: 600; }
      """;

  /** Indices of the quantiles of a profile that are drawn. */
  private static final int MEDIAN = 2;

  private static final int LOWEST = 0;
  private static final int HIGHEST = ChannelProfile.QUANTILES.length - 1;

  private final Evaluation evaluation;
  private final Html html = new Html();

  private HtmlReport(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /** Returns the HTML of an evaluation. */
  static String of(Evaluation evaluation) {
    return "<!doctype html>\n" + new HtmlReport(evaluation).page();
  }

  private Html page() {
    html.open("html", "lang", "en").open("head").open("meta", "charset", "utf-8");
    html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.open(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'");
    html.element("title", "Synthetic EHR evaluation");
    html.open("style").text(STYLE).close("style").close("head").open("body").open("main");
    html.element("h1", "Synthetic EHR evaluation");
    choice();
    section("Cohort", "cohort");
    utility();
    guidanceSignal();
    fidelity();
    distributions();
    privacy();
    section("Training", "training");
    section("Timings", "timings");
    section("Throughput", "throughput");
    return html.close("main").close("body").close("html");
  }

  private void choice() {
    html.element("h2", "What was kept");
    GuidanceChoice choice = evaluation.choice();
    if (choice == null) {
      html.element("p", "There was no synthetic set to choose from.");
      return;
    }
    html.open("p").element("strong", name(choice.getChosen())).close("p");
    html.element("p", choice.getReason());
    html.element(
        "p",
        "The choice uses only the tuning split; the held_out figures below did not affect it."
            + " Guidance also uses tuning windows, as selection may, so tuning scores favour both:"
            + " rely on their gain on held_out.");
  }

  // Utility.

  private void utility() {
    html.element("h2", "Utility");
    html.element(
        "p",
        "Downstream models trained on real windows (TRTR), on synthetic windows (TSTR), and on all"
            + " real windows and alpha times as many synthetic ones (TSRTR), all scored on real"
            + " held_out windows.");
    startTable(
        "Mean and standard deviation over seeds. Gains are of guided or selected sets over the"
            + " baseline without either, with 95 % intervals from a paired bootstrap over held_out"
            + " subjects.",
        "Protocol",
        "Guidance",
        "Alpha",
        "Model",
        "Train windows",
        "AUROC",
        "AUPRC",
        "AUPRC on tuning",
        "AUROC gain",
        "AUPRC gain");
    for (UtilityRow row : evaluation.utility()) {
      UtilityRow.Gain gain = row.getGain();
      row(
          isKept(row) ? "kept" : "",
          row.getProtocol(),
          name(row),
          row.getAlpha() == null ? "" : row.getAlpha().toString(),
          row.getModel(),
          String.format(Locale.ROOT, "%,d", row.getTrainWindows()),
          text(row.getAuroc()),
          text(row.getAuprc()),
          text(row.getTuningAuprc()),
          gain == null ? "" : text(gain.getAuroc()),
          gain == null ? "" : text(gain.getAuprc()));
    }
    endTable();
    Map<String, List<UtilityRow>> byModel =
        evaluation.utility().stream()
            .collect(groupingBy(UtilityRow::getModel, LinkedHashMap::new, toList()));
    html.open("div", "class", "charts");
    byModel.forEach(this::utilityByGuidance);
    byModel.forEach(this::utilityByAlpha);
    html.close("div");
  }

  private void utilityByGuidance(String model, List<UtilityRow> rows) {
    List<UtilityRow> tstr = ofProtocol(rows, Protocol.TSTR);
    if (tstr.isEmpty()) {
      return;
    }
    Optional<UtilityRow> trtr = ofProtocol(rows, Protocol.TRTR).stream().findFirst();
    SvgChart chart =
        new SvgChart(
                "AUPRC by set, " + model,
                describe(tstr, HtmlReport::name),
                "guidance and selection of the training set",
                new Axis(-0.5, tstr.size() - 0.5),
                "AUPRC on held_out",
                scoreAxis(rows))
            .withCategories(tstr.stream().map(HtmlReport::name).toList());
    trtr.ifPresent(row -> level(chart, -0.5, tstr.size() - 0.5, row));
    for (int i = 0; i < tstr.size(); i++) {
      Score auprc = tstr.get(i).getAuprc();
      chart.dot(i, auprc.getMean(), auprc.getSd(), "set");
    }
    figure(chart, "TSTR with " + model + ": means and standard deviations. Dashed: TRTR.");
  }

  private void utilityByAlpha(String model, List<UtilityRow> rows) {
    List<UtilityRow> tsrtr = ofProtocol(rows, Protocol.TSRTR);
    Map<String, List<UtilityRow>> bySet =
        tsrtr.stream().collect(groupingBy(HtmlReport::name, TreeMap::new, toList()));
    Optional<UtilityRow> trtr = ofProtocol(rows, Protocol.TRTR).stream().findFirst();
    bySet.forEach(
        (set, ofSet) -> {
          Axis alphas = Axis.around(column(ofSet, UtilityRow::getAlpha));
          SvgChart chart =
              new SvgChart(
                  "AUPRC by alpha, " + model + ", " + set,
                  describe(ofSet, row -> "alpha " + row.getAlpha()),
                  "synthetic windows per real one (alpha)",
                  alphas,
                  "AUPRC on held_out",
                  scoreAxis(rows));
          trtr.ifPresent(row -> level(chart, alphas.low(), alphas.high(), row));
          for (UtilityRow row : ofSet) {
            chart.dot(row.getAlpha(), row.getAuprc().getMean(), row.getAuprc().getSd(), "set");
          }
          figure(chart, "TSRTR with " + model + ", synthetic windows: " + set + ". Dashed: TRTR.");
        });
  }

  private static void level(SvgChart chart, double from, double to, UtilityRow row) {
    double mean = row.getAuprc().getMean();
    chart.line(new double[] {from, to}, new double[] {mean, mean}, "real dashed");
  }

  private static Axis scoreAxis(List<UtilityRow> rows) {
    return Axis.around(
        rows.stream()
            .map(UtilityRow::getAuprc)
            .flatMapToDouble(
                score -> {
                  double sd = Double.isFinite(score.getSd()) ? score.getSd() : 0;
                  return DoubleStream.of(score.getMean() - sd, score.getMean() + sd);
                })
            .toArray());
  }

  private static String describe(List<UtilityRow> rows, Function<UtilityRow, String> label) {
    return String.join(
        "; ", rows.stream().map(row -> label.apply(row) + ": " + text(row.getAuprc())).toList());
  }

  private static List<UtilityRow> ofProtocol(List<UtilityRow> rows, Protocol protocol) {
    return rows.stream().filter(row -> row.getProtocol().equals(protocol.name())).toList();
  }

  private boolean isKept(UtilityRow row) {
    GuidanceChoice choice = evaluation.choice();
    return choice != null
        && row.getProtocol().equals(Protocol.TSTR.name())
        && SetName.of(choice.getChosen()).equals(SetName.of(row));
  }

  // Guidance signal.

  /** The supplied signal, with a chart by epoch. */
  private void guidanceSignal() {
    JsonNode signal = evaluation.section("guidance_signal");
    if (signal.isEmpty()) {
      return;
    }
    html.element("h2", "Guidance signal");
    html.element(
        "p",
        "Cosine between the guidance directions of two random halves of the guidance set: near 1"
            + " the direction is reliable; near 0 it is noise, and guidance cannot help.");
    List<GuidanceSignal.AtEpoch> epochs = Json.record(signal, GuidanceSignal.class).byEpoch();
    if (epochs != null && !epochs.isEmpty()) {
      double[] xs = epochs.stream().mapToDouble(GuidanceSignal.AtEpoch::epoch).toArray();
      double[] ys = epochs.stream().mapToDouble(GuidanceSignal.AtEpoch::cosine).toArray();
      html.open("div", "class", "charts");
      figure(
          new SvgChart(
                  "Guidance signal by epoch",
                  "From "
                      + String.format(Locale.ROOT, "%.2f", ys[0])
                      + " to "
                      + String.format(Locale.ROOT, "%.2f", ys[ys.length - 1]),
                  "epoch of the target classifier",
                  Axis.around(xs),
                  "cosine of two halves",
                  Axis.around(
                      DoubleStream.concat(Arrays.stream(ys), DoubleStream.of(0, 1)).toArray()))
              .line(xs, ys, "set"),
          "Cosine of two halves after each epoch.");
      html.close("div");
    }
    keyValues("Guidance signal", signal);
  }

  // Fidelity, plausibility, privacy.

  private void fidelity() {
    html.element("h2", "Fidelity and plausibility");
    html.element(
        "p",
        "Each set compared with the real train windows, in network units, averaged over channels."
            + " The first row compares real tuning windows in the same way: no set can be expected"
            + " to do better.");
    startTable(
        "SD ratio: 1 is ideal, below 1 too little variation. All differences: 0 is ideal.",
        "Set",
        "Windows",
        "SD ratio",
        "Kolmogorov-Smirnov",
        "Wasserstein-1",
        "Correlation difference",
        "Lag-1 autocorrelation difference",
        "SBP above DBP",
        "MAP between DBP and SBP");
    for (SetMeasures set : evaluation.measures()) {
      row(
          isKept(set) ? "kept" : "",
          name(set.set()),
          String.format(Locale.ROOT, "%,d", set.windows()),
          number(set.fidelity().meanSdRatio()),
          number(set.fidelity().meanKs()),
          number(set.fidelity().meanWasserstein()),
          number(set.fidelity().meanCorrelationDifference()),
          number(set.fidelity().meanAutocorrelationDifference()),
          percent(set.plausibility().systolicAboveDiastolic()),
          percent(set.plausibility().meanBetween()));
    }
    endTable();
    evaluation.measures().stream().filter(this::isKept).forEach(this::fidelityByChannel);
  }

  private void fidelityByChannel(SetMeasures set) {
    startTable(
        "The kept set by channel: " + name(set.set()) + ".",
        "Channel",
        "SD ratio",
        "Kolmogorov-Smirnov",
        "Wasserstein-1",
        "Lag-1 autocorrelation",
        "Lag-1 autocorrelation, real",
        "Inside the valid range");
    for (int c = 0; c < set.fidelity().channels().size(); c++) {
      Fidelity.Channel channel = set.fidelity().channels().get(c);
      row(
          "",
          channel.channel(),
          number(channel.sdRatio()),
          number(channel.ks()),
          number(channel.wasserstein()),
          number(channel.autocorrelation()),
          number(channel.realAutocorrelation()),
          percent(set.plausibility().channels().get(c).insideRange()));
    }
    endTable();
  }

  private void distributions() {
    evaluation.measures().stream()
        .filter(this::isKept)
        .map(SetMeasures::profiles)
        .forEach(this::distributions);
  }

  private void distributions(Profiles profiles) {
    html.element("h2", "Real and synthetic distributions");
    html.open("p").element("span", "Real train windows", "class", "key-real").text(" and ");
    html.element("span", "the kept synthetic set", "class", "key-set");
    html.text(
        ": median and 10 % to 90 % band over windows at each step, and histogram over all steps"
            + " between the 1 % and 99 % quantiles. No figure depends on fewer than "
            + ChannelProfile.MINIMUM
            + " windows.");
    html.close("p");
    for (int c = 0; c < profiles.real().size(); c++) {
      ChannelProfile real = profiles.real().get(c);
      ChannelProfile set = profiles.set().get(c);
      html.element("h3", real.channel()).open("div", "class", "charts");
      if (!real.quantiles().isEmpty() && !set.quantiles().isEmpty()) {
        bands(profiles.stepMinutes(), real, set);
      }
      histogram(profiles.ranges().get(c), real, set);
      html.close("div");
    }
  }

  private void bands(double stepMinutes, ChannelProfile real, ChannelProfile set) {
    double[] hours =
        IntStream.range(0, real.quantiles().size())
            .mapToDouble(t -> t * stepMinutes / 60.0)
            .toArray();
    Axis y =
        Axis.around(
            DoubleStream.of(
                    Arrays.stream(quantile(real, LOWEST)).min().orElseThrow(),
                    Arrays.stream(quantile(real, HIGHEST)).max().orElseThrow(),
                    Arrays.stream(quantile(set, LOWEST)).min().orElseThrow(),
                    Arrays.stream(quantile(set, HIGHEST)).max().orElseThrow())
                .toArray());
    SvgChart chart =
        new SvgChart(
            real.channel() + " over time",
            String.format(
                Locale.ROOT,
                "Median at the middle of the window: real %.1f, synthetic %.1f",
                quantile(real, MEDIAN)[hours.length / 2],
                quantile(set, MEDIAN)[hours.length / 2]),
            "hours since the start of the window",
            Axis.around(hours),
            real.channel() + " (" + real.unit() + ")",
            y);
    for (ChannelProfile profile : List.of(real, set)) {
      String cssClass = profile.equals(real) ? "real" : "set";
      chart.band(hours, quantile(profile, LOWEST), quantile(profile, HIGHEST), cssClass);
      chart.line(hours, quantile(profile, MEDIAN), cssClass);
    }
    figure(chart, real.channel() + " by hour.");
  }

  private static double[] quantile(ChannelProfile profile, int level) {
    return profile.quantiles().stream().mapToDouble(step -> step.get(level)).toArray();
  }

  private void histogram(Range range, ChannelProfile real, ChannelProfile set) {
    double width = (range.high() - range.low()) / ChannelProfile.BINS;
    // Two points per bin draw a step function.
    double[] edges =
        IntStream.range(0, 2 * ChannelProfile.BINS)
            .map(i -> (i + 1) / 2)
            .mapToDouble(edge -> range.low() + width * edge)
            .toArray();
    double[] realSteps = steps(real);
    double[] setSteps = steps(set);
    SvgChart chart =
        new SvgChart(
            real.channel() + " histogram",
            "Share of steps in " + ChannelProfile.BINS + " bins, real and synthetic",
            real.channel() + " (" + real.unit() + ")",
            Axis.around(edges),
            "share of steps",
            Axis.around(
                DoubleStream.concat(Arrays.stream(realSteps), Arrays.stream(setSteps)).toArray()));
    figure(
        chart.line(edges, realSteps, "real").line(edges, setSteps, "set"),
        real.channel() + " over all steps.");
  }

  private static double[] steps(ChannelProfile profile) {
    return profile.histogram().stream()
        .flatMapToDouble(share -> DoubleStream.of(share, share))
        .toArray();
  }

  private void privacy() {
    html.element("h2", "Privacy");
    html.element(
        "p",
        "Distances of synthetic windows to the nearest real ones. Samples of a generator that"
            + " memorised nobody are as often nearer to a held_out window, which it never saw, as"
            + " to a train window: 50 %. The next column shows what copies of train windows would"
            + " score. Near copies are nearer to a train window than 99 % of the held_out windows"
            + " are: about 1 % by chance. These figures detect memorisation; they do not prove"
            + " anonymity.");
    startTable(
        "Root-mean-square distance over steps and channels, in network units.",
        "Set",
        "Nearer to train",
        "Copies would be",
        "Median distance to train",
        "Median distance to held_out",
        "Nearest over second nearest",
        "Near copies",
        "Exact copies",
        "Membership inference AUC",
        "By density ratio",
        "Hidden channel: advantage",
        "Windows compared");
    for (SetMeasures set : evaluation.measures()) {
      Privacy privacy = set.privacy();
      row(
          isKept(set) ? "kept" : "",
          name(set.set()),
          percent(privacy.closerToTrain()),
          percent(privacy.closerIfCopied()),
          number(privacy.medianTrainDistance()),
          number(privacy.medianHeldOutDistance()),
          number(privacy.medianDistanceRatio()),
          String.valueOf(privacy.nearCopies()),
          String.valueOf(privacy.exactCopies()),
          membership(set.attacks().distance()),
          membership(set.attacks().densityRatio()),
          advantage(set.attacks().attribute()),
          String.format(
              Locale.ROOT,
              "%,d with %,d train and %,d held_out",
              privacy.windows(),
              privacy.trainWindows(),
              privacy.heldOutWindows()));
    }
    endTable();
  }

  private static String membership(MembershipInference attack) {
    return Double.isFinite(attack.auc())
        ? String.format(
            Locale.ROOT,
            "%.3f (%.3f to %.3f), copies: %.3f",
            attack.auc(),
            attack.aucLow(),
            attack.aucHigh(),
            attack.aucIfCopied())
        : "not defined";
  }

  private static String advantage(@Nullable AttributeDisclosure attribute) {
    return attribute == null
        ? "not defined"
        : String.format(
            Locale.ROOT,
            "%+.3f (%+.3f to %+.3f)",
            attribute.advantage(),
            attribute.advantageLow(),
            attribute.advantageHigh());
  }

  private boolean isKept(SetMeasures set) {
    GuidanceChoice choice = evaluation.choice();
    return choice != null && choice.getChosen().equals(set.set());
  }

  // Sections supplied by other steps.

  private void section(String heading, String name) {
    JsonNode section = evaluation.section(name);
    if (!section.isEmpty()) {
      html.element("h2", heading);
      keyValues(heading, section);
    }
  }

  /**
   * Shows scalars in one table, with nested objects flattened, and each list of objects as a table.
   */
  private void keyValues(String caption, JsonNode object) {
    Map<String, String> scalars = new LinkedHashMap<>();
    Map<String, JsonNode> tables = new LinkedHashMap<>();
    flatten("", object, scalars, tables);
    if (!scalars.isEmpty()) {
      startTable(caption + ".", "What", "Value");
      scalars.forEach((key, value) -> row("", key, value));
      endTable();
    }
    tables.forEach(this::listTable);
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

  private void listTable(String caption, JsonNode rows) {
    List<String> columns = new ArrayList<>();
    rows.path(0).fieldNames().forEachRemaining(columns::add);
    startTable(
        caption + ".",
        columns.stream().map(column -> column.replace('_', ' ')).toArray(String[]::new));
    for (Iterator<JsonNode> each = rows.elements(); each.hasNext(); ) {
      JsonNode item = each.next();
      row("", columns.stream().map(column -> scalar(item.path(column))).toArray(String[]::new));
    }
    endTable();
  }

  private static String scalar(JsonNode value) {
    if (value.isFloatingPointNumber()) {
      return number(value.asDouble());
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  // Building blocks.

  private void startTable(String caption, String... header) {
    html.open("div", "class", "scroll", "tabindex", "0").open("table");
    html.element("caption", caption).open("thead").open("tr");
    for (String column : header) {
      html.element("th", column, "scope", "col");
    }
    html.close("tr").close("thead").open("tbody");
  }

  private void row(String cssClass, String... cells) {
    html.open("tr", "class", cssClass).element("th", cells[0], "scope", "row");
    for (int c = 1; c < cells.length; c++) {
      html.element("td", cells[c]);
    }
    html.close("tr");
  }

  private void endTable() {
    html.close("tbody").close("table").close("div");
  }

  private void figure(SvgChart chart, String caption) {
    html.open("figure").add(chart.render()).element("figcaption", caption).close("figure");
  }

  private static String name(@Nullable SyntheticSet set) {
    return set == null ? "real tuning windows" : set.title();
  }

  private static String name(UtilityRow row) {
    return SetName.of(row).title();
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
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "not defined";
  }

  private static String percent(@Nullable Double share) {
    return share == null || !Double.isFinite(share)
        ? "not defined"
        : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static double[] column(List<UtilityRow> rows, ToDoubleFunction<UtilityRow> column) {
    return rows.stream().mapToDouble(column).toArray();
  }
}
