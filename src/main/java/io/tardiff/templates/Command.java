package io.tardiff.templates;

import io.tardiff.settings.Problems;
import java.util.List;

/** What the launcher does without a pipeline: {@code <command> --option=value ...}. */
interface Command {
  String name();

  /** Returns what it does, in one sentence. */
  String summary();

  /** Returns a command line, without the name of the program. */
  String example();

  String help();

  /** Returns what is wrong with the options, for people. */
  default String problems(Problems problems) {
    StringBuilder text = new StringBuilder(String.format("Cannot run %s:%n", name()));
    problems.list().forEach(problem -> text.append(String.format("  %s%n", problem)));
    return text.append(String.format("%s --help prints its options.%n", name())).toString();
  }

  /** Runs the command with its options and returns the exit status. */
  int run(List<String> arguments);
}
