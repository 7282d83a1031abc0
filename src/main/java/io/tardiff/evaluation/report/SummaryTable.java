package io.tardiff.evaluation.report;

import io.tardiff.evaluation.RunSummary;
import io.tardiff.evaluation.RunSummary.Difference;
import io.tardiff.evaluation.RunSummary.Estimate;
import io.tardiff.evaluation.RunSummary.Row;
import io.tardiff.settings.TextList;
import java.util.Locale;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The summary of several runs as text for a terminal. */
@Internal
public final class SummaryTable {
  private static final String NONE = "-";

  private SummaryTable() {}

  /** Returns a table of scores and one of differences. */
  public static String of(RunSummary summary) {
    TextTable scores =
        new TextTable(
            "test",
            "model",
            "protocol",
            "set",
            "alpha",
            "runs",
            "fits",
            "AUROC (95 %)",
            "AUPRC (95 %)");
    TextTable differences =
        new TextTable(
            "test",
            "model",
            "protocol",
            "set",
            "alpha",
            "over",
            "AUROC (95 %)",
            "AUPRC (95 %)",
            "smallest detectable");
    for (Row row : summary.rows()) {
      scores.add(
          row.test(),
          row.model(),
          row.protocol().name(),
          set(row),
          alpha(row),
          String.valueOf(row.runs()),
          String.valueOf(row.fits()),
          estimate(row.auroc(), "%.3f"),
          estimate(row.auprc(), "%.3f"));
      add(differences, row, row.againstReal());
      add(differences, row, row.againstUnguided());
      add(differences, row, row.againstBaseline());
    }
    return String.format(
            "Purpose: to %s real windows. Runs: %d, of %d split%s%n",
            summary.purpose(), summary.runs(), summary.splits(), summary.splits() == 1 ? "" : "s")
        + "\nUtility, mean over splits, runs and seeds\n"
        + scores.render()
        + "\nDifferences\n"
        + differences.render();
  }

  private static void add(TextTable table, Row row, @Nullable Difference difference) {
    if (difference != null) {
      table.add(
          row.test(),
          row.model(),
          row.protocol().name(),
          set(row),
          alpha(row),
          difference.to(),
          estimate(difference.auroc(), "%+.3f"),
          estimate(difference.auprc(), "%+.3f"),
          String.format(
              Locale.ROOT,
              "%.3f, %.3f",
              difference.auroc().smallestDetectable(),
              difference.auprc().smallestDetectable()));
    }
  }

  private static String set(Row row) {
    return row.set() == null ? NONE : row.set();
  }

  private static String alpha(Row row) {
    return row.alpha() == null ? NONE : TextList.plain(row.alpha());
  }

  private static String estimate(Estimate estimate, String format) {
    return String.format(
        Locale.ROOT,
        format + " (" + format + " to " + format + ")",
        estimate.value(),
        estimate.low(),
        estimate.high());
  }
}
