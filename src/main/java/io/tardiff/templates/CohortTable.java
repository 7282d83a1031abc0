package io.tardiff.templates;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import java.util.Arrays;
import java.util.Locale;

/** Formats a cohort for the terminal: attrition, splits and coverage. */
final class CohortTable {
  private CohortTable() {}

  static String of(Cohort cohort) {
    StringBuilder table = new StringBuilder();
    for (Cohort.Attrition row : cohort.attrition()) {
      if (row.dropped() == 0 && table.length() > 0) {
        continue;
      }
      append(
          table,
          "%-56s %,9d%n",
          row.dropped() == 0 ? row.rule() : "left after: " + row.rule(),
          row.left());
    }
    table.append(cohort.describeUnlabelled());
    cohort.warnings().forEach(warning -> append(table, "%nWarning: %s%n", warning));
    append(table, "%n%-10s %9s  %s%n", "split", "windows", "share of each label");
    for (Split split : Split.values()) {
      long[] labels = cohort.labelCounts(split);
      long windows = cohort.count(split);
      append(table, "%-10s %,9d ", split.label(), windows);
      Arrays.stream(labels)
          .forEach(count -> append(table, " %6.2f %%", 100.0 * count / Math.max(1, windows)));
      append(table, "%n");
    }
    append(table, "%n%-10s %9s%n", "channel", "observed");
    cohort
        .coverage(Split.TRAIN)
        .forEach(
            (channel, share) ->
                append(table, "%-10s %7.1f %% of the steps in train%n", channel, 100 * share));
    return table.toString();
  }

  private static void append(StringBuilder table, String format, Object... arguments) {
    table.append(String.format(Locale.ROOT, format, arguments));
  }
}
