package io.tardiff.evaluation.report;

import io.tardiff.evaluation.AttributeDisclosure;
import io.tardiff.evaluation.Discriminative;
import io.tardiff.evaluation.Fidelity;
import io.tardiff.evaluation.Gate;
import io.tardiff.evaluation.MembershipInference;
import io.tardiff.evaluation.MetricsFile;
import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.Missingness;
import io.tardiff.evaluation.PrivacyAttacks;
import io.tardiff.evaluation.UtilityRow;
import io.tardiff.settings.TextList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The results as text for a terminal, from the {@code metrics.json} of a run.
 *
 * <pre>{@code
 * System.out.print(EvaluationTable.of(metricsJson));
 * }</pre>
 */
public final class EvaluationTable {
  static final String NONE = "-";

  private EvaluationTable() {}

  /**
   * Returns tables of utility, fidelity and privacy, and the choice with its reason.
   *
   * @param json content of {@code metrics.json}
   * @throws IllegalArgumentException if it is damaged
   */
  public static String of(String json) {
    MetricsFile metrics = MetricsFile.read(json);
    return comparison(metrics.guidance())
        + "Utility, mean and sd over seeds\n"
        + utility(metrics.utility())
        + "\nFidelity to the train windows, plausibility and privacy\n"
        + sets(metrics)
        + "\nAttacks on the privacy of train patients (chance: AUC 0.5, advantage 0)\n"
        + attacks(metrics)
        + "\nKept: "
        + set(metrics.guidance().choice())
        + ". "
        + metrics.guidance().reason()
        + "\n"
        + gate(metrics.gate());
  }

  /** What the sets are for, and the comparison that answers it. */
  private static String comparison(MetricsFile.Kept kept) {
    if (kept.purpose() == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append("Purpose: to ").append(kept.purpose()).append(" real windows\n");
    MetricsFile.Comparison compared = kept.comparison();
    if (compared != null) {
      TextTable table =
          new TextTable(
              set(kept.choice()) + ", " + compared.model() + " on held_out",
              protocol(compared),
              "real alone",
              "difference (95 %)",
              "smallest detectable (power 80 %)");
      table.add(difference("AUROC", compared.auroc()));
      table.add(difference("AUPRC", compared.auprc()));
      text.append(table.render());
    }
    MetricsFile.AgainstBaseline baseline = kept.baseline();
    if (baseline != null) {
      text.append("  ").append(sentence(baseline)).append('\n');
    }
    return text.append('\n').toString();
  }

  /** Says whether real and synthetic windows do more than real ones used in another way. */
  static String sentence(MetricsFile.AgainstBaseline compared) {
    return String.format(
        Locale.ROOT,
        "Real windows and %s times as many of this set %s the best baseline (%s, by its AUPRC here):"
            + " %s on held_out, AUROC %s, AUPRC %s.",
        TextList.plain(compared.alpha()),
        compared.isBetter() ? "do more than" : "do not show more than",
        compared.baseline(),
        compared.model(),
        gain(compared.auroc()),
        gain(compared.auprc()));
  }

  private static String[] difference(String metric, MetricsFile.Difference difference) {
    return new String[] {
      metric,
      number(difference.score(), "%.3f"),
      number(difference.realAlone(), "%.3f"),
      number(difference.difference(), "%+.3f")
          + number(difference.low(), " (%+.3f")
          + number(difference.high(), " to %+.3f)"),
      number(difference.smallestDetectable(), "%.3f")
    };
  }

  /** Returns the protocol with its alpha, such as {@code TSRTR, alpha 0.6}. */
  static String protocol(MetricsFile.Comparison compared) {
    return compared.protocol()
        + (compared.alpha() == null ? "" : ", alpha " + TextList.plain(compared.alpha()));
  }

  private static String gate(Gate.@Nullable Result gate) {
    if (gate == null) {
      return "";
    }
    StringBuilder text = new StringBuilder("\nGate: ");
    text.append(gate.passed() ? "passed" : "failed").append(" by ").append(set(gate.set()));
    for (Gate.Check check : gate.checks()) {
      text.append(check.passed() ? "\n  passed  " : "\n  failed  ").append(check.message());
    }
    return text.append('\n').toString();
  }

  private static String utility(List<UtilityRow> rows) {
    TextTable table =
        new TextTable(
            "protocol",
            "test",
            "guidance",
            "alpha",
            "model",
            "train",
            "AUROC",
            "AUPRC",
            "tuning AUPRC",
            "AUPRC against real (95 %)",
            "against baseline (95 %)",
            "AUPRC gain (95 %)");
    for (UtilityRow row : rows) {
      table.add(
          row.getProtocol(),
          row.getTest(),
          row.getBaseline() == null ? set(SetName.of(row)) : row.getBaseline(),
          row.getAlpha() == null ? NONE : row.getAlpha().toString(),
          row.getModel(),
          String.format(Locale.ROOT, "%,d", row.getTrainWindows()),
          score(row.getAuroc()),
          score(row.getAuprc()),
          score(row.getTuningAuprc()),
          row.getAgainstReal() == null ? NONE : gain(row.getAgainstReal().getAuprc()),
          row.getAgainstBaseline() == null ? NONE : gain(row.getAgainstBaseline().getAuprc()),
          row.getGain() == null ? NONE : gain(row.getGain().getAuprc()));
    }
    return table.render();
  }

  private static String sets(MetricsFile metrics) {
    TextTable table =
        new TextTable(
            "set",
            "SD ratio",
            "KS",
            "KS observed",
            "W1",
            "correlation",
            "lag 1",
            "coverage",
            "discriminative",
            "SBP > DBP",
            "DBP <= MAP <= SBP",
            "closer to train",
            "copies");
    for (MetricsFile.Measured set : metrics.measured()) {
      Fidelity fidelity = set.fidelity();
      Missingness missingness = fidelity.missingness();
      table.add(
          set.isReal() ? "real tuning" : set(set.name()),
          number(fidelity.meanSdRatio(), "%.3f"),
          number(fidelity.meanKs(), "%.3f"),
          number(fidelity.meanObservedKs(), "%.3f"),
          number(fidelity.meanWasserstein(), "%.3f"),
          number(fidelity.meanCorrelationDifference(), "%.3f"),
          number(fidelity.meanAutocorrelationDifference(), "%.3f"),
          number(missingness == null ? null : missingness.meanCoverageDifference(), "%.3f"),
          discriminative(set.discriminative()),
          number(set.plausibility().systolicAboveDiastolic(), "%.4f"),
          number(set.plausibility().meanBetween(), "%.4f"),
          number(set.privacy().closerToTrain(), "%.3f"),
          String.valueOf(set.privacy().exactCopies()));
    }
    return table.render();
  }

  private static String discriminative(List<Discriminative> scores) {
    return scores.isEmpty()
        ? NONE
        : scores.stream()
            .map(score -> score.model() + " " + number(score.score(), "%.3f"))
            .collect(Collectors.joining(", "));
  }

  private static String attacks(MetricsFile metrics) {
    TextTable table =
        new TextTable(
            "set",
            "membership AUC (95 %)",
            "TPR at 1 %, 10 % FPR",
            "AUC of copies",
            "by density ratio (95 %)",
            "TPR at 1 %, 10 % FPR",
            "AUC of copies",
            "hidden channel: error on train",
            "on held_out",
            "of class mean",
            "advantage (95 %)");
    for (MetricsFile.Measured set : metrics.measured()) {
      List<String> row = new ArrayList<>();
      row.add(set.isReal() ? "real tuning" : set(set.name()));
      PrivacyAttacks attacks = set.attacks();
      row.addAll(membership(attacks == null ? null : attacks.distance()));
      row.addAll(membership(attacks == null ? null : attacks.densityRatio()));
      AttributeDisclosure attribute = attacks == null ? null : attacks.attribute();
      if (attribute == null) {
        row.addAll(List.of(NONE, NONE, NONE, NONE));
      } else {
        row.add(number(attribute.trainError(), "%.3f"));
        row.add(number(attribute.heldOutError(), "%.3f"));
        row.add(number(attribute.baselineError(), "%.3f"));
        row.add(
            number(attribute.advantage(), "%+.3f")
                + number(attribute.advantageLow(), " (%+.3f")
                + number(attribute.advantageHigh(), " to %+.3f)"));
      }
      table.add(row.toArray(String[]::new));
    }
    return table.render();
  }

  private static List<String> membership(@Nullable MembershipInference attack) {
    if (attack == null || !Double.isFinite(attack.auc())) {
      return List.of(NONE, NONE, NONE);
    }
    return List.of(
        number(attack.auc(), "%.3f")
            + number(attack.aucLow(), " (%.3f")
            + number(attack.aucHigh(), " to %.3f)"),
        number(attack.tprAt1(), "%.3f") + number(attack.tprAt10(), ", %.3f"),
        number(attack.aucIfCopied(), "%.3f"));
  }

  private static String set(@Nullable SetName set) {
    return set == null || set.title().isEmpty() ? NONE : set.title();
  }

  private static String score(UtilityRow.Score score) {
    String mean = number(score.getMean(), "%.3f");
    return Double.isFinite(score.getSd()) ? mean + number(score.getSd(), " ± %.3f") : mean;
  }

  private static String gain(UtilityRow.Interval interval) {
    return number(interval.getDifference(), "%+.3f")
        + number(interval.getLow(), " (%+.3f")
        + number(interval.getHigh(), " to %+.3f)");
  }

  static String number(@Nullable Double number, String format) {
    return number != null && Double.isFinite(number)
        ? String.format(Locale.ROOT, format, number)
        : NONE;
  }
}
