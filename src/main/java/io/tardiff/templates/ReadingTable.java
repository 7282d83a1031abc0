package io.tardiff.templates;

import static java.util.stream.Collectors.joining;

import io.tardiff.cohort.Cohort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Formats what happened to the rows and values of a source for the terminal. */
final class ReadingTable {
  private static final String ROWS = "rows";
  private static final String DEAD_LETTERS = "dead letters";
  private static final String DEAD_LETTER = "dead letter: ";

  /** Advice on dropped values, by a phrase of the reason. */
  private static final Map<String, String> ADVICE =
      Map.of(
          "decimal comma", "--decimal=, reads the comma as the decimal mark",
          "unknown unit", "unit_spellings and conversions in a file for --concepts add units",
          "no admission", "the ids of stays differ between tables",
          "looks like", "vocabularies in a file for --concepts add codes");

  private final StringBuilder text = new StringBuilder();

  private ReadingTable() {}

  static String of(Cohort cohort) {
    ReadingTable table = new ReadingTable();
    if (!cohort.read().isEmpty()) {
      table.read(cohort.read());
    }
    if (!cohort.values().isEmpty()) {
      table.values(cohort);
    }
    return table.text.toString();
  }

  private void read(Map<String, Map<String, Long>> tables) {
    long rows = sum(tables, ROWS);
    long letters = sum(tables, DEAD_LETTERS);
    append("%-24s %,13d%n", "rows read", rows);
    append("%-24s %,13d  %s%n", DEAD_LETTERS, letters, percent(letters, Math.max(rows, letters)));
    tables.forEach(
        (table, counts) ->
            counts.forEach(
                (what, count) -> {
                  if (!what.equals(ROWS) && !what.equals(DEAD_LETTERS)) {
                    append(
                        "  %s: %,d %s%n",
                        table,
                        count,
                        what.startsWith(DEAD_LETTER) ? what.substring(DEAD_LETTER.length()) : what);
                  }
                }));
  }

  private static long sum(Map<String, Map<String, Long>> tables, String what) {
    return tables.values().stream().mapToLong(counts -> counts.getOrDefault(what, 0L)).sum();
  }

  private void values(Cohort cohort) {
    append(
        "%s%-24s %13s  %s%n",
        text.isEmpty() ? "" : System.lineSeparator(), "channel", "values read", "dropped");
    List<String> warnings = new ArrayList<>();
    double warning = cohort.droppedWarning();
    cohort
        .values()
        .forEach(
            (channel, values) -> {
              append(
                  "%-24s %,13d  %s%s%n",
                  channel,
                  values.read() == null ? 0 : values.read(),
                  percent(values.droppedShare()),
                  reasons(values.dropped()));
              if (values.droppedShare() > warning) {
                warnings.add(
                    String.format(
                        Locale.ROOT,
                        "WARNING: %s of the values of %s were dropped, above %s"
                            + " (--droppedWarning)%s",
                        percent(values.droppedShare()).strip(),
                        channel,
                        percent(warning).strip(),
                        advice(values.dropped())));
              }
            });
    warnings.forEach(line -> append("%s%n", line));
  }

  private static String reasons(Map<String, Long> dropped) {
    return dropped.isEmpty()
        ? ""
        : dropped.entrySet().stream()
            .map(reason -> String.format(Locale.ROOT, "%,d %s", reason.getValue(), reason.getKey()))
            .collect(joining(", ", "  ", ""));
  }

  private static String advice(Map<String, Long> dropped) {
    StringBuilder advice = new StringBuilder();
    for (String reason : dropped.keySet()) {
      ADVICE.forEach(
          (word, what) -> {
            if (reason.contains(word)) {
              advice.append("; ").append(what);
            }
          });
    }
    return advice.toString();
  }

  private static String percent(long part, long whole) {
    return percent(whole == 0 ? 0 : part / (double) whole);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%6.2f %%", 100 * share);
  }

  private void append(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments));
  }
}
