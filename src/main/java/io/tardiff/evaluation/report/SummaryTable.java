package io.tardiff.evaluation.report;

import io.tardiff.evaluation.RunSummary;
import io.tardiff.evaluation.RunSummary.Difference;
import io.tardiff.evaluation.RunSummary.Estimate;
import io.tardiff.evaluation.RunSummary.Row;
import io.tardiff.settings.TextList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The summary of several runs as text for a terminal. */
@Internal
public final class SummaryTable {
  /** What names a row. */
  private static final List<String> ROW = List.of("test", "model", "protocol", "set", "alpha");

  private SummaryTable() {}

  /** Returns a table of scores and one of differences. */
  public static String of(RunSummary summary) {
    TextTable scores = new TextTable(with(ROW, "runs", "fits", "AUROC (95 %)", "AUPRC (95 %)"));
    TextTable differences =
        new TextTable(with(ROW, "over", "AUROC (95 %)", "AUPRC (95 %)", "smallest detectable"));
    for (Row row : summary.rows()) {
      scores.add(
          with(
              name(row),
              String.valueOf(row.runs()),
              String.valueOf(row.fits()),
              estimate(row.auroc(), "%.3f"),
              estimate(row.auprc(), "%.3f")));
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
          with(
              name(row),
              difference.to(),
              estimate(difference.auroc(), "%+.3f"),
              estimate(difference.auprc(), "%+.3f"),
              EvaluationTable.number(difference.auroc().smallestDetectable(), "%.3f, ")
                  + EvaluationTable.number(difference.auprc().smallestDetectable(), "%.3f")));
    }
  }

  private static List<String> name(Row row) {
    return List.of(
        row.test(),
        row.model(),
        row.protocol().name(),
        row.set() == null ? EvaluationTable.NONE : row.set(),
        row.alpha() == null ? EvaluationTable.NONE : TextList.plain(row.alpha()));
  }

  private static String[] with(List<String> name, String... figures) {
    return Stream.concat(name.stream(), Arrays.stream(figures)).toArray(String[]::new);
  }

  private static String estimate(Estimate estimate, String format) {
    return EvaluationTable.number(estimate.value(), format)
        + EvaluationTable.number(estimate.low(), " (" + format)
        + EvaluationTable.number(estimate.high(), " to " + format + ")");
  }
}
