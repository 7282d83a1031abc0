package io.tardiff.templates;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.cohort.Cohort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of the rows and values of a source, as a person reads it at the end of a run. */
final class ReadingTable {
  private static final String ROWS = "rows";
  private static final String DEAD_LETTERS = "dead letters";
  private static final String DEAD_LETTER = "dead letter: ";

  /** What to do about values that were dropped for a reason, by a word of it. */
  private static final Map<String, String> ADVICE =
      Map.of(
          "decimal comma", "--decimal=, says that the comma is the decimal mark",
          "unknown unit", "unit_spellings and conversions in a file for --concepts add units",
          "no admission", "the ids of stays differ between tables",
          "looks like", "vocabularies in a file for --concepts add codes");

  private final StringBuilder text = new StringBuilder();
  private final JsonNode cohort;

  private ReadingTable(JsonNode cohort) {
    this.cohort = cohort;
  }

  static String of(Cohort cohort) {
    ReadingTable table = new ReadingTable(cohort.json());
    table.read();
    table.values();
    return table.text.toString();
  }

  private void read() {
    JsonNode tables = cohort.path("read");
    if (tables.isEmpty()) {
      return;
    }
    long rows = 0;
    long letters = 0;
    for (JsonNode table : tables) {
      rows += table.path(ROWS).asLong();
      letters += table.path(DEAD_LETTERS).asLong();
    }
    append("%-24s %,13d%n", "rows read", rows);
    append("%-24s %,13d  %s%n", DEAD_LETTERS, letters, percent(letters, Math.max(rows, letters)));
    tables
        .fields()
        .forEachRemaining(
            table ->
                table
                    .getValue()
                    .fields()
                    .forEachRemaining(
                        count -> {
                          String what = count.getKey();
                          if (!what.equals(ROWS) && !what.equals(DEAD_LETTERS)) {
                            append(
                                "  %s: %,d %s%n",
                                table.getKey(),
                                count.getValue().asLong(),
                                what.startsWith(DEAD_LETTER)
                                    ? what.substring(DEAD_LETTER.length())
                                    : what);
                          }
                        }));
  }

  private void values() {
    JsonNode values = cohort.path("values");
    if (values.isEmpty()) {
      return;
    }
    append(
        "%s%-24s %13s  %s%n",
        text.isEmpty() ? "" : System.lineSeparator(), "channel", "values read", "dropped");
    List<String> warnings = new ArrayList<>();
    double warning = cohort.at("/config/dropped_warning").asDouble(1);
    values
        .fields()
        .forEachRemaining(
            channel -> {
              JsonNode counts = channel.getValue();
              double share = counts.path("dropped_share").asDouble();
              append(
                  "%-24s %,13d  %s%s%n",
                  channel.getKey(),
                  counts.path("read").asLong(),
                  percent(share),
                  reasons(counts.path("dropped")));
              if (share > warning) {
                warnings.add(
                    String.format(
                        Locale.ROOT,
                        "WARNING: %s of the values of %s were dropped, more than %s"
                            + " (--droppedWarning)%s",
                        percent(share).strip(),
                        channel.getKey(),
                        percent(warning).strip(),
                        advice(counts.path("dropped"))));
              }
            });
    warnings.forEach(line -> append("%s%n", line));
  }

  private static String reasons(JsonNode dropped) {
    StringBuilder reasons = new StringBuilder();
    dropped
        .fields()
        .forEachRemaining(
            reason ->
                reasons
                    .append(reasons.isEmpty() ? "  " : ", ")
                    .append(
                        String.format(
                            Locale.ROOT, "%,d %s", reason.getValue().asLong(), reason.getKey())));
    return reasons.toString();
  }

  private static String advice(JsonNode dropped) {
    StringBuilder advice = new StringBuilder();
    dropped
        .fieldNames()
        .forEachRemaining(
            reason ->
                ADVICE.forEach(
                    (word, what) -> {
                      if (reason.contains(word)) {
                        advice.append("; ").append(what);
                      }
                    }));
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
