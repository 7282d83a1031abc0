package io.tardiff.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.influence.Guidance;
import io.tardiff.synthetic.SelectionMethod;
import java.util.Locale;

/**
 * The results as text for a terminal, from the {@code metrics.json} of a run.
 *
 * <pre>{@code
 * System.out.print(EvaluationTable.of(new ObjectMapper().readTree(metricsJson)));
 * }</pre>
 */
public final class EvaluationTable {
  private static final String NONE = "-";

  private EvaluationTable() {}

  /**
   * Tables of utility, fidelity and privacy, and the choice of guidance with its reason.
   *
   * @param metrics content of {@code metrics.json}
   */
  public static String of(JsonNode metrics) {
    return "Utility on held_out, mean and sd over seeds\n"
        + utility(metrics.path("utility"))
        + "\nFidelity to the train windows, plausibility and privacy\n"
        + sets(metrics)
        + "\nKept: "
        + set(metrics.path("guidance").path("choice"))
        + ". "
        + metrics.path("guidance").path("reason").asText()
        + "\n";
  }

  private static String utility(JsonNode rows) {
    TextTable table =
        new TextTable(
            "protocol",
            "guidance",
            "alpha",
            "model",
            "train",
            "AUROC",
            "AUPRC",
            "tuning AUPRC",
            "AUPRC over plain (95 %)");
    for (JsonNode row : rows) {
      table.add(
          row.path("protocol").asText(),
          set(row),
          row.path("alpha").isNull() ? NONE : row.path("alpha").asText(),
          row.path("model").asText(),
          String.format(Locale.ROOT, "%,d", row.path("train_windows").asInt()),
          score(row.path("auroc")),
          score(row.path("auprc")),
          score(row.path("tuning_auprc")),
          gain(row.path("gain").path("auprc")));
    }
    return table.render();
  }

  private static String sets(JsonNode metrics) {
    TextTable table =
        new TextTable(
            "set",
            "SD ratio",
            "KS",
            "W1",
            "correlation",
            "lag 1",
            "SBP > DBP",
            "DBP <= MAP <= SBP",
            "closer to train",
            "copies");
    for (int i = 0; i < metrics.path("fidelity").size(); i++) {
      JsonNode fidelity = metrics.path("fidelity").path(i);
      JsonNode plausibility = metrics.path("plausibility").path(i);
      JsonNode privacy = metrics.path("privacy").path(i);
      table.add(
          fidelity.path("set").asText().equals("real_tuning") ? "real tuning" : set(fidelity),
          number(fidelity.path("mean_sd_ratio"), "%.3f"),
          number(fidelity.path("mean_ks"), "%.3f"),
          number(fidelity.path("mean_wasserstein"), "%.3f"),
          number(fidelity.path("mean_correlation_difference"), "%.3f"),
          number(fidelity.path("mean_autocorrelation_difference"), "%.3f"),
          number(plausibility.path("systolic_above_diastolic"), "%.4f"),
          number(plausibility.path("mean_between"), "%.4f"),
          number(privacy.path("closer_to_train"), "%.3f"),
          privacy.path("exact_copies").asText());
    }
    return table.render();
  }

  private static String set(JsonNode row) {
    if (!row.hasNonNull("guidance_rule")) {
      return NONE;
    }
    double scale = row.path("guidance_scale").asDouble();
    String selection = row.path("selection").asText(SelectionMethod.NONE.label());
    return row.path("guidance_rule").asText()
        + (scale == 0 ? "" : " " + Guidance.plain(scale))
        + (selection.equals(SelectionMethod.NONE.label()) ? "" : ", " + selection);
  }

  private static String score(JsonNode score) {
    String mean = number(score.path("mean"), "%.3f");
    return score.path("sd").isNumber() ? mean + number(score.path("sd"), " ± %.3f") : mean;
  }

  private static String gain(JsonNode interval) {
    return interval.isObject()
        ? number(interval.path("difference"), "%+.3f")
            + number(interval.path("low"), " (%+.3f")
            + number(interval.path("high"), " to %+.3f)")
        : NONE;
  }

  private static String number(JsonNode number, String format) {
    return number.isNumber() ? String.format(Locale.ROOT, format, number.asDouble()) : NONE;
  }
}
