package io.tardiff.templates;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/** Runs commands in this process like the command line does. */
final class Commands {
  private static final int WIDTH = 100;

  private Commands() {}

  /** Runs a template with its options and returns the exit status. */
  static int run(OutputStream out, OutputStream err, List<String> arguments) {
    return new Launcher(
            Launcher.TEMPLATES,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Clock.systemUTC(),
            WIDTH)
        .run(arguments.toArray(String[]::new));
  }

  static int run(OutputStream out, OutputStream err, String... arguments) {
    return run(out, err, List.of(arguments));
  }
}
