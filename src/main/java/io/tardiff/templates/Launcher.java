package io.tardiff.templates;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.io.FileSystems;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The command line of tardiff-beam: {@code <template> --option=value ...}.
 *
 * <p>{@code help} lists the templates and {@code <template> --help} its options. Everything wrong
 * with a command line is told in one message before anything runs. The exit status is 0 when the
 * job is done, {@value #USAGE} when the command line is wrong, {@value #FAILURE} when the job
 * failed; a failure is told in one line, with its stack trace under {@code --debug}.
 */
public final class Launcher {
  static final int DONE = 0;
  static final int FAILURE = 1;
  static final int USAGE = 2;

  private static final Set<String> HELP = Set.of("help", "--help", "-h");
  private static final List<Template<?>> TEMPLATES =
      List.of(
          new TarDiffTemplate(),
          new IngestTemplate(),
          new TrainTemplate(),
          new GenerateTemplate(),
          new EvaluateTemplate());

  /** TensorFlow's threads are a property of the process. */
  private static final String THREADS = "tardiff.threads";

  private static final int DEFAULT_WIDTH = 100;

  private final List<Template<?>> templates;
  private final PrintStream out;
  private final PrintStream err;
  private final Clock clock;
  private final Help help;

  Launcher(List<Template<?>> templates, PrintStream out, PrintStream err, Clock clock, int width) {
    this.templates = templates;
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.help = new Help(width);
  }

  public static void main(String[] arguments) {
    Launcher launcher =
        new Launcher(TEMPLATES, System.out, System.err, Clock.systemUTC(), terminalWidth());
    int status = launcher.run(arguments);
    // Where Maven runs the launcher in its own JVM, that JVM has work left when all went well.
    if (status != DONE) {
      System.exit(status);
    }
  }

  /** Does what {@code arguments} ask for and returns the exit status. */
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
      out.print(help.overview(templates));
      return DONE;
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
    List<String> names = templates.stream().<String>map(Template::name).toList();
    Optional<Template<?>> found =
        templates.stream().filter(template -> template.name().equals(name)).findFirst();
    if (found.isEmpty()) {
      err.printf(
          "There is no template %s%s%nTemplates: %s%n",
          name, Nearest.suggestion(name, names), String.join(", ", names));
    }
    return found;
  }

  private <O extends RunOptions> int run(Template<O> template, List<String> arguments) {
    OptionProblems problems = new OptionProblems();
    Optional<O> options = CommandLine.parse(template.optionsType(), arguments, problems);
    options.ifPresent(FileSystems::setDefaultPipelineOptions);
    options
        .map(RunOptions::getThreads)
        .filter(threads -> threads < 1)
        .ifPresent(threads -> problems.add("--threads must be at least 1, was %d", threads));
    Optional<Template.Job> job = options.map(o -> template.prepare(o, problems));
    if (!problems.isEmpty() || job.isEmpty()) {
      err.printf("Cannot run %s:%n", template.name());
      problems.list().forEach(problem -> err.printf("  %s%n", problem));
      err.printf("%s --help shows its options.%n", template.name());
      return USAGE;
    }
    return run(template, options.get(), job.get());
  }

  private <O extends RunOptions> int run(Template<O> template, O options, Template.Job job) {
    RunDirectory directory = null;
    try {
      if (options.getThreads() != null) {
        System.setProperty(THREADS, options.getThreads().toString());
      }
      directory = RunDirectory.open(template, options, clock);
      job.run(directory, out);
      directory.done();
      out.printf("Done. The output is in %s%n", directory.path());
      return DONE;
    } catch (Throwable failure) {
      tell(failure, options.getDebug());
      if (directory != null) {
        fail(directory);
      }
      return FAILURE;
    }
  }

  private void tell(Throwable failure, boolean withStackTrace) {
    if (withStackTrace) {
      failure.printStackTrace(err);
      return;
    }
    Throwable cause = Throwables.getRootCause(failure);
    // These are how the program tells a person what is wrong; of others the class says more.
    boolean speaksForItself =
        cause.getMessage() != null
            && (cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException
                || cause.getClass() == IOException.class
                || cause.getClass() == RuntimeException.class);
    err.printf("Failed: %s%n", speaksForItself ? cause.getMessage() : cause);
    err.println("--debug shows where.");
  }

  private void fail(RunDirectory directory) {
    try {
      directory.failed();
    } catch (IOException e) {
      err.printf("Nor could the failure be noted in %s: %s%n", directory.path(), e.getMessage());
    }
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
