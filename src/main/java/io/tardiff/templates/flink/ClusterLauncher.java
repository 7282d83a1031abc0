package io.tardiff.templates.flink;

import io.tardiff.options.Nearest;
import io.tardiff.settings.Problems;
import io.tardiff.templates.ClassPath;
import io.tardiff.templates.Failures;
import io.tardiff.templates.Invocation;
import io.tardiff.templates.Launcher;
import io.tardiff.templates.RunOptions;
import io.tardiff.templates.Template;
import io.tardiff.templates.Version;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The entry point for clusters that run {@code main} themselves: Flink, with the job jar submitted
 * through its REST interface or by {@code flink run}, and the launcher of Dataflow's Flex
 * Templates.
 *
 * <pre>{@code
 * ClusterLauncher tardiff --source=simulated --output=s3://bucket/run --parallelism=4
 * }</pre>
 *
 * <p>Arguments, checks and messages are those of {@link Launcher}, except that
 *
 * <ul>
 *   <li>it returns once the job is submitted, as with {@code --detached}; {@code run.json} shows
 *       when the run is done;
 *   <li>without {@code --runner}, it uses the runner in the jar;
 *   <li>the environment variable {@value #TEMPLATE} may name the template instead of the first
 *       argument, for clusters that pass only options;
 *   <li>it never exits the process, which may be the cluster's own, but throws one exception that
 *       lists all errors.
 * </ul>
 */
public final class ClusterLauncher {
  /** Environment variable that names the template if the first argument does not. */
  static final String TEMPLATE = "TARDIFF_TEMPLATE";

  private final List<Template<?>> templates;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final Clock clock;

  ClusterLauncher(
      List<Template<?>> templates, Map<String, String> environment, PrintStream out, Clock clock) {
    this.templates = templates;
    this.environment = environment;
    this.out = out;
    this.clock = clock;
  }

  /**
   * Submits a job.
   *
   * @throws IllegalArgumentException if the command line is invalid, listing all errors
   * @throws IllegalStateException if the job cannot be submitted
   */
  public static void main(String[] arguments) {
    if (!ClassPath.has("org.slf4j.LoggerFactory")) {
      throw new IllegalStateException(
          "this jar is the job jar for a cluster, which provides the rest of its class path: use it"
              + " with flink run or templates/flink/submit.sh; tardiff-beam-"
              + Version.get()
              + "-direct.jar runs on its own");
    }
    new ClusterLauncher(Launcher.TEMPLATES, System.getenv(), System.out, Clock.systemUTC())
        .submit(arguments);
  }

  void submit(String... arguments) {
    List<String> rest = new ArrayList<>(List.of(arguments));
    String name =
        rest.isEmpty() || rest.get(0).startsWith("-")
            ? environment.getOrDefault(TEMPLATE, "")
            : rest.remove(0);
    submit(find(name), rest);
  }

  private Template<?> find(String name) {
    List<String> names = templates.stream().<String>map(Template::name).toList();
    return templates.stream()
        .filter(template -> template.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    name.isEmpty()
                        ? String.format(
                            "the first argument or the environment variable %s must name a"
                                + " template: %s",
                            TEMPLATE, String.join(", ", names))
                        : String.format(
                            "unknown template %s%s; templates: %s",
                            name, Nearest.suggestion(name, names), String.join(", ", names))));
  }

  private <O extends RunOptions> void submit(Template<O> template, List<String> arguments) {
    Problems problems = Problems.ofOptions();
    if (arguments.removeIf("--detached=false"::equals)) {
      problems.add("--detached must not be false, because the cluster runs this program");
    }
    if (!arguments.contains("--detached") && !arguments.contains("--detached=true")) {
      arguments.add("--detached=true");
    }
    Optional<Invocation<O>> invocation = Invocation.of(template, arguments, problems);
    if (invocation.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot run " + template.name() + ":\n  " + String.join("\n  ", problems.list()));
    }
    try {
      invocation.get().run(clock, out);
    } catch (Exception e) {
      throw new IllegalStateException(
          "Cannot submit " + template.name() + ": " + Failures.describe(e), e);
    }
  }
}
