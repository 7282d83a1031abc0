package io.tardiff.templates;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.evaluation.MetricsFile;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.files.AtomicFile;
import io.tardiff.settings.Problems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The command lines of {@code --splits}: the same run once for each split of the subjects, in a
 * directory of its own.
 *
 * @param output the directory of all runs
 * @param lines a command line for each split
 */
record RepeatedSplits(String output, List<Line> lines) {
  private static final int MOST = 1000;

  /** A command line: the arguments of a template, and the directory that it writes to. */
  record Line(long splitSeed, String output, List<String> arguments) {}

  /**
   * Returns the command lines if {@code arguments} ask for several splits; otherwise empty, and
   * whatever is wrong with them is found where they are parsed.
   */
  static Optional<RepeatedSplits> of(List<String> arguments, Problems problems) {
    for (String option : List.of("splits", "splitSeed", "output")) {
      if (arguments.stream().filter(a -> a.startsWith("--" + option + "=")).count() > 1) {
        return Optional.empty();
      }
    }
    Long splits = number(value(arguments, "splits"));
    String output = value(arguments, "output");
    String first = value(arguments, "splitSeed");
    Long firstSeed = first == null ? Long.valueOf(0) : number(first);
    if (splits == null || splits <= 1 || output == null || firstSeed == null) {
      return Optional.empty();
    }
    if (splits > MOST) {
      problems.add("{splits} must be at most %s, was %s", MOST, splits);
    }
    String detached = value(arguments, "detached");
    if (arguments.contains("--detached") || "true".equals(detached)) {
      problems.add(
          "{splits} must be 1 with --detached: launch a run with each --splitSeed, and summarise"
              + " them when they are done");
    }
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    List<String> same =
        arguments.stream()
            .filter(a -> !a.startsWith("--splits="))
            .filter(a -> !a.startsWith("--splitSeed="))
            .filter(a -> !a.startsWith("--output="))
            .toList();
    List<Line> lines = new ArrayList<>();
    for (long seed = firstSeed; seed < firstSeed + splits; seed++) {
      String own = output + (output.endsWith("/") ? "" : "/") + "split-" + seed;
      List<String> line = new ArrayList<>(same);
      line.add("--splitSeed=" + seed);
      line.add("--output=" + own);
      lines.add(new Line(seed, own, List.copyOf(line)));
    }
    return Optional.of(new RepeatedSplits(output, List.copyOf(lines)));
  }

  /**
   * Checks, once two runs are done, that their splits differ.
   *
   * @throws IllegalArgumentException if they do not
   */
  void checkDiffer() throws IOException {
    checkArgument(
        !cohort(lines.get(0)).equals(cohort(lines.get(1))),
        "--splits must be 1 for this source: it publishes a split, so --splitSeed changes nothing");
  }

  private static String cohort(Line line) throws IOException {
    return MetricsFile.read(
            AtomicFile.readText(AtomicFile.resolve(line.output(), WriteEvaluation.METRICS)))
        .cohort()
        .path("hash")
        .asText();
  }

  private static @Nullable String value(List<String> arguments, String option) {
    String start = "--" + option + "=";
    return arguments.stream()
        .filter(argument -> argument.startsWith(start))
        .map(argument -> argument.substring(start.length()))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
