package io.tardiff.templates;

import java.util.List;

/** What the launcher does without a pipeline: {@code <command> --option=value ...}. */
interface Command {
  String name();

  /** Returns what it does, in one sentence. */
  String summary();

  /** Returns a command line, without the name of the program. */
  String example();

  String help();

  /** Runs the command with its options and returns the exit status. */
  int run(List<String> arguments);
}
