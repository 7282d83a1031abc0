package io.tardiff.templates;

import io.tardiff.options.Nearest;
import io.tardiff.settings.Problems;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The command line of tardiff-beam: {@code <template> --option=value ...}.
 *
 * <p>{@code help} lists the templates and {@code <template> --help} its options; {@code verify
 * --dir=...} checks what they wrote, {@code replay --set=...} draws samples again, and {@code
 * summarise --runs=...} compares runs together. All errors of a command line are reported in one
 * message before anything runs. The exit status is 0 when the job is done, {@value #USAGE} when the
 * command line is wrong, {@value #FAILURE} when the job failed, {@value #GATE} when it is done but
 * its set did not pass the gate; a failure is reported in one line, or with {@code --debug} as a
 * stack trace.
 *
 * <p>With {@code --detached} the launcher exits once the job is submitted. Clusters that start the
 * program themselves use {@code flink.ClusterLauncher}.
 */
public final class Launcher {
  public static final int DONE = 0;
  public static final int FAILURE = 1;
  public static final int USAGE = 2;
  public static final int GATE = 3;

  private static final Set<String> HELP = Set.of("help", "--help", "-h");
  public static final List<Template<?>> TEMPLATES =
      List.of(
          new TarDiffTemplate(),
          new IngestTemplate(),
          new TrainTemplate(),
          new GenerateTemplate(),
          new EvaluateTemplate());

  private static final int DEFAULT_WIDTH = 100;

  private final List<Template<?>> templates;
  private final List<Command> commands;
  private final PrintStream out;
  private final PrintStream err;
  private final Clock clock;
  private final Help help;

  Launcher(List<Template<?>> templates, PrintStream out, PrintStream err, Clock clock, int width) {
    this.templates = templates;
    this.commands =
        List.of(new Verify(out, err), new ReplayCommand(out, err), new SummariseCommand(out, err));
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.help = new Help(width);
  }

  public static void main(String[] arguments) {
    Launcher launcher =
        new Launcher(TEMPLATES, Console.out(), Console.err(), Clock.systemUTC(), terminalWidth());
    Console.guardLogs();
    int status = launcher.run(arguments);
    // Maven may run the launcher in its own JVM, which must not exit after a success.
    if (status != DONE) {
      System.exit(status);
    }
  }

  /** Runs the command of {@code arguments} and returns the exit status. */
  int run(String... arguments) {
    boolean wantsHelp = arguments.length == 0;
    List<String> rest = new ArrayList<>();
    for (String argument : arguments) {
      if (HELP.contains(argument)) {
        wantsHelp = true;
      } else {
        rest.add(argument);
      }
    }
    if (rest.isEmpty()) {
      out.print(help.overview(templates, commands));
      return DONE;
    }
    for (Command command : commands) {
      if (rest.get(0).equals(command.name())) {
        rest.remove(0);
        if (wantsHelp) {
          out.print(command.help());
          return DONE;
        }
        return command.run(rest);
      }
    }
    Optional<Template<?>> template = find(rest.remove(0));
    if (template.isEmpty()) {
      return USAGE;
    }
    if (wantsHelp) {
      out.print(help.of(template.get()));
      return DONE;
    }
    return run(template.get(), rest);
  }

  private Optional<Template<?>> find(String name) {
    List<String> names =
        Stream.concat(templates.stream().map(Template::name), commands.stream().map(Command::name))
            .toList();
    Optional<Template<?>> found =
        templates.stream().filter(template -> template.name().equals(name)).findFirst();
    if (found.isEmpty()) {
      err.printf(
          "Unknown template %s%s%nTemplates and commands: %s%n",
          name, Nearest.suggestion(name, names), String.join(", ", names));
    }
    return found;
  }

  private <O extends RunOptions> int run(Template<O> template, List<String> arguments) {
    Problems problems = Problems.ofOptions();
    Optional<RepeatedSplits> repeated =
        RepetitionOptions.class.isAssignableFrom(template.optionsType())
            ? RepeatedSplits.of(arguments, problems)
            : Optional.empty();
    if (repeated.isPresent()) {
      return run(template, repeated.get());
    }
    return invocation(template, arguments, problems).map(this::run).orElse(USAGE);
  }

  /** Parses a command line; prints what is wrong with it if it returns empty. */
  private <O extends RunOptions> Optional<Invocation<O>> invocation(
      Template<O> template, List<String> arguments, Problems problems) {
    Optional<Invocation<O>> invocation = Invocation.of(template, arguments, problems);
    if (invocation.isEmpty()) {
      err.print(Help.problems(template.name(), problems));
    }
    return invocation;
  }

  private int run(Invocation<?> invocation) {
    try {
      invocation.run(clock, out);
      return DONE;
    } catch (Throwable failure) {
      report(failure, invocation.options().getDebug());
      return Invocation.isGate(failure) ? GATE : FAILURE;
    }
  }

  /** Runs a template once for each split, and summarises the runs. */
  private <O extends RunOptions> int run(Template<O> template, RepeatedSplits repeated) {
    int status = DONE;
    List<RepeatedSplits.Line> lines = repeated.lines();
    for (int i = 0; i < lines.size(); i++) {
      RepeatedSplits.Line line = lines.get(i);
      Optional<Invocation<O>> invocation =
          invocation(template, line.arguments(), Problems.ofOptions());
      if (invocation.isEmpty()) {
        return USAGE;
      }
      out.printf("Split %d of %d: --splitSeed=%d%n", i + 1, lines.size(), line.splitSeed());
      try {
        if (invocation.get().isDone()) {
          out.printf("Done before. The output is in %s%n", line.output());
        } else {
          int own = run(invocation.get());
          if (own != DONE && own != GATE) {
            return own;
          }
          status = Math.max(status, own);
        }
        if (i == 1) {
          repeated.checkDiffer();
        }
      } catch (IOException | RuntimeException e) {
        report(e, invocation.get().options().getDebug());
        return FAILURE;
      }
    }
    try {
      SummariseCommand.summarise(
          lines.stream().map(RepeatedSplits.Line::output).toList(), repeated.output(), out);
      return status;
    } catch (IOException | RuntimeException e) {
      report(e, false);
      return FAILURE;
    }
  }

  private void report(Throwable failure, boolean withStackTrace) {
    if (withStackTrace) {
      failure.printStackTrace(err);
      return;
    }
    err.printf("Failed: %s%n", Failures.describe(failure));
    for (Throwable also : failure.getSuppressed()) {
      if (also.getMessage() != null && also.getMessage().startsWith(Invocation.NOT_RECORDED)) {
        err.println(also.getMessage());
      }
    }
    err.println("Use --debug for the stack trace.");
  }

  private static int terminalWidth() {
    if (System.console() == null) {
      return DEFAULT_WIDTH;
    }
    try (Terminal terminal = TerminalBuilder.builder().dumb(true).build()) {
      return terminal.getWidth() > 0 ? terminal.getWidth() : DEFAULT_WIDTH;
    } catch (IOException e) {
      return DEFAULT_WIDTH;
    }
  }
}
