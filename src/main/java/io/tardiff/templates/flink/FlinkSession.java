package io.tardiff.templates.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.tardiff.options.Nearest;
import io.tardiff.settings.Problems;
import io.tardiff.templates.ClassPath;
import io.tardiff.templates.Console;
import io.tardiff.templates.Failures;
import io.tardiff.templates.Launcher;
import io.tardiff.templates.Template;
import io.tardiff.templates.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Submits jobs to a Flink session cluster through its REST interface and monitors them.
 *
 * <pre>{@code
 * java -cp tardiff-beam-<version>-flink.jar io.tardiff.templates.flink.FlinkSession \
 *   submit --cluster=http://localhost:8081 --wait tardiff --source=simulated --output=/data/run
 * }</pre>
 *
 * <table>
 * <caption>Commands</caption>
 * <tr><td>{@code submit [options] <template> --option=value ...}</td><td>Uploads the job jar, unless
 * the cluster has it, and runs the template there ({@link ClusterLauncher}). Prints the job's id;
 * with {@code --wait}, follows the job to its end.</td></tr>
 * <tr><td>{@code status [--cluster=url] <job>}</td><td>Prints the state of a job.</td></tr>
 * <tr><td>{@code wait [--cluster=url] <job>}</td><td>Follows a job to its end.</td></tr>
 * <tr><td>{@code metrics [--cluster=url] <job>}</td><td>Prints the metrics of the
 * finished steps of a job, a name and a value per line.</td></tr>
 * <tr><td>{@code cancel [--cluster=url] <job>}</td><td>Cancels a job, unless it has
 * ended.</td></tr>
 * </table>
 *
 * <p>A job is given by its id or name. The name is the template's {@code --jobName}, else derived
 * from the template, {@code --output} and the other options. Repeating a command while its job runs
 * prints the job's id and submits nothing; another command that writes to the same output is
 * rejected.
 *
 * <table>
 * <caption>Options of {@code submit}, written before the template</caption>
 * <tr><td>{@code --cluster=url}</td><td>default: {@code http://localhost:8081}</td></tr>
 * <tr><td>{@code --jar=file}</td><td>the job jar; default: the jar this program runs
 * from</td></tr>
 * <tr><td>{@code --parallelism=n}</td><td>default: the number of the cluster's task slots;
 * a larger number is rejected, because the job would wait for slots</td></tr>
 * <tr><td>{@code --elastic}</td><td>the cluster starts TaskManagers as jobs need them:
 * {@code --parallelism} is required and not compared with the current slots</td></tr>
 * <tr><td>{@code --restarts=n}</td><td>how often Flink restarts the job's tasks after a
 * failure, such as a lost TaskManager; default: as the cluster is configured, else 3</td></tr>
 * <tr><td>{@code --wait}</td><td>follow the job to its end, also if the JobManager restarts
 * meanwhile</td></tr>
 * </table>
 *
 * <p>Results for scripts (an id, a state) go to standard output, everything else to standard error.
 * The exit status is 0 on success, {@value Launcher#USAGE} if the command line is invalid, and
 * {@value Launcher#FAILURE} if the cluster or the job failed.
 */
public final class FlinkSession {
  /** The main class of the job jar. */
  private static final String ENTRY = ClusterLauncher.class.getName();

  private static final String DEFAULT_CLUSTER = "http://localhost:8081";
  private static final String DEFAULT_RESTARTS = "3";
  private static final String RESTART_STRATEGY = "restart-strategy.type";
  private static final long POLL_MILLIS = 1000;

  /** How long a job is followed while its JobManager does not answer, because it restarts. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String USAGE =
      """
      Usage: submit [--cluster=url] [--jar=file] [--parallelism=n] [--elastic] [--restarts=n] \
      [--wait] <template> --option=value ...
             status|wait|metrics|cancel [--cluster=url] <job id or name>
      """;

  private static final Map<String, List<String>> OPTIONS =
      Map.of(
          "submit", List.of("cluster", "jar", "parallelism", "restarts", "elastic", "wait"),
          "status", List.of("cluster"),
          "wait", List.of("cluster"),
          "metrics", List.of("cluster"),
          "cancel", List.of("cluster"));

  private final PrintStream out;
  private final PrintStream err;
  private final Duration patience;

  FlinkSession(PrintStream out, PrintStream err) {
    this(out, err, PATIENCE);
  }

  FlinkSession(PrintStream out, PrintStream err, Duration patience) {
    this.out = out;
    this.err = err;
    this.patience = patience;
  }

  public static void main(String[] arguments) {
    System.exit(new FlinkSession(Console.out(), Console.err()).run(arguments));
  }

  /** Runs the command of {@code arguments} and returns the exit status. */
  int run(String... arguments) {
    if (arguments.length == 0 || !OPTIONS.containsKey(arguments[0])) {
      if (arguments.length > 0) {
        err.printf(
            "unknown command %s%s%n",
            arguments[0], Nearest.suggestion(arguments[0], OPTIONS.keySet()));
      }
      err.print(USAGE);
      return Launcher.USAGE;
    }
    String command = arguments[0];
    Problems problems = Problems.ofOptions();
    Arguments read =
        Arguments.of(command, List.of(arguments).subList(1, arguments.length), problems);
    if (!problems.isEmpty()) {
      err.printf("Cannot %s:%n", command);
      problems.list().forEach(problem -> err.printf("  %s%n", problem));
      err.print(USAGE);
      return Launcher.USAGE;
    }
    try {
      FlinkRest cluster = new FlinkRest(read.cluster());
      return switch (command) {
        case "submit" -> submit(cluster, read);
        case "status" -> status(cluster, read.rest().get(0));
        case "wait" -> follow(cluster, find(cluster, read.rest().get(0)).id());
        case "metrics" -> metrics(cluster, read.rest().get(0));
        default -> cancel(cluster, read.rest().get(0));
      };
    } catch (IOException | IllegalStateException e) {
      err.printf("Failed: %s%n", e.getMessage());
      return Launcher.FAILURE;
    }
  }

  /**
   * The options of a command and the arguments after them.
   *
   * @param rest a template with its options, or a job
   */
  private record Arguments(Map<String, String> options, List<String> rest, URI cluster) {

    static Arguments of(String command, List<String> arguments, Problems problems) {
      Map<String, String> options = new LinkedHashMap<>();
      List<String> rest = new ArrayList<>();
      for (String argument : arguments) {
        // After the template, options are those of the template.
        if (!argument.startsWith("--") || (command.equals("submit") && !rest.isEmpty())) {
          rest.add(argument);
          continue;
        }
        int equals = argument.indexOf('=');
        String name = argument.substring(2, equals < 0 ? argument.length() : equals);
        boolean isSwitch = name.equals("wait") || name.equals("elastic");
        if (!OPTIONS.get(command).contains(name)) {
          problems.add(
              "unknown option --%s of %s%s",
              name, command, Nearest.suggestion(name, OPTIONS.get(command)));
        } else if (isSwitch == (equals >= 0)) {
          problems.add(isSwitch ? "--%s takes no value" : "--%s needs a value: --%<s=value", name);
        } else if (options.put(name, argument.substring(equals + 1)) != null) {
          problems.add("--%s must be given only once", name);
        }
      }
      checkRest(command, rest, problems);
      for (String number : List.of("parallelism", "restarts")) {
        checkNumber(number, options.get(number), number.equals("restarts") ? 0 : 1, problems);
      }
      if (options.containsKey("elastic") && !options.containsKey("parallelism")) {
        problems.add("--parallelism=n is required with --elastic");
      }
      return new Arguments(
          options,
          List.copyOf(rest),
          address(options.getOrDefault("cluster", DEFAULT_CLUSTER), problems));
    }

    private static void checkRest(String command, List<String> rest, Problems problems) {
      if (!command.equals("submit")) {
        if (rest.size() != 1) {
          problems.add("%s needs one job, by id or name, was given %d", command, rest.size());
        }
        return;
      }
      List<String> templates = Launcher.TEMPLATES.stream().<String>map(Template::name).toList();
      if (rest.isEmpty()) {
        problems.add("a template is required: %s", String.join(", ", templates));
      } else if (!templates.contains(rest.get(0))) {
        problems.add(
            "unknown template %s%s", rest.get(0), Nearest.suggestion(rest.get(0), templates));
      }
      if (value(rest, "output").isEmpty()) {
        problems.add("--output=directory is required after the template");
      }
    }

    private static void checkNumber(String name, String value, int least, Problems problems) {
      try {
        if (value != null && Integer.parseInt(value) < least) {
          problems.add("--%s must be at least %d, was %s", name, least, value);
        }
      } catch (NumberFormatException e) {
        problems.add("--%s must be an integer, was %s", name, value);
      }
    }

    private static URI address(String text, Problems problems) {
      URI address = null;
      try {
        address = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      } catch (URISyntaxException e) {
        // Reported below.
      }
      boolean isAddress =
          address != null
              && address.getHost() != null
              && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()));
      if (!isAddress) {
        problems.add("--cluster must be a URL such as %s, was %s", DEFAULT_CLUSTER, text);
      } else if (address.getUserInfo() != null) {
        problems.add("--cluster must not contain a user or password");
      }
      return address;
    }

    /** Returns the value of an option of the template. */
    static Optional<String> value(List<String> rest, String option) {
      String prefix = "--" + option + "=";
      return rest.stream()
          .filter(argument -> argument.startsWith(prefix))
          .map(argument -> argument.substring(prefix.length()))
          .filter(value -> !value.isBlank())
          .findFirst();
    }
  }

  private int submit(FlinkRest cluster, Arguments arguments) throws IOException {
    Path jar = jar(arguments.options().get("jar"));
    int parallelism = parallelism(cluster, arguments);
    List<String> program = new ArrayList<>(arguments.rest());
    String name = Arguments.value(program, "jobName").orElseGet(() -> name(program));
    Optional<FlinkRest.Job> running = running(cluster, name, prefix(program) + "-");
    String id;
    if (running.isPresent()) {
      id = running.get().id();
      err.printf("Job %s is already running and was not submitted again.%n", name);
    } else {
      if (Arguments.value(program, "jobName").isEmpty()) {
        program.add("--jobName=" + name);
      }
      if (Arguments.value(program, "parallelism").isEmpty()) {
        program.add("--parallelism=" + parallelism);
      }
      String jarId = upload(cluster, jar);
      id =
          cluster.run(
              jarId,
              ENTRY,
              program,
              parallelism,
              configuration(cluster, arguments.options().get("restarts")));
      err.printf("Submitted job %s with parallelism %d.%n", name, parallelism);
    }
    out.println(id);
    out.flush();
    return arguments.options().containsKey("wait") ? follow(cluster, id) : Launcher.DONE;
  }

  private static Path jar(String given) {
    Path jar =
        Optional.ofNullable(given)
            .map(Path::of)
            .or(ClassPath::own)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "--jar=file is required because the location of this program is unknown"));
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          String.format(
              "--jar must be the job jar tardiff-beam-%s-flink.jar built by mvn package, was %s,"
                  + " which is not a file",
              Version.get(), jar));
    }
    return jar;
  }

  /** Returns the requested parallelism, or the number of slots. */
  private static int parallelism(FlinkRest cluster, Arguments arguments) throws IOException {
    String requested =
        Arguments.value(arguments.rest(), "parallelism")
            .orElse(arguments.options().get("parallelism"));
    if (arguments.options().containsKey("elastic")) {
      return Integer.parseInt(requested);
    }
    JsonNode overview = cluster.overview();
    int slots = overview.path("slots-total").asInt();
    String there =
        String.format(
            "the cluster has %d task slots in %d TaskManagers",
            slots, overview.path("taskmanagers").asInt());
    if (slots == 0) {
      throw new IllegalStateException(
          there + ": start TaskManagers, or use --elastic if the cluster starts them itself");
    }
    int parallelism = requested == null ? slots : Integer.parseInt(requested);
    if (parallelism > slots) {
      throw new IllegalStateException(
          String.format(
              "--parallelism=%d needs as many task slots, but %s: reduce it or start more"
                  + " TaskManagers",
              parallelism, there));
    }
    return parallelism;
  }

  /**
   * Returns the name of a command's job. Commands with the same output share its prefix, because a
   * directory holds one run.
   */
  private static String name(List<String> program) {
    return prefix(program)
        + "-"
        + hash(program.stream().sorted().collect(Collectors.joining("\n")));
  }

  private static String prefix(List<String> program) {
    return program.get(0) + "-" + hash(Arguments.value(program, "output").orElseThrow());
  }

  private static String hash(String text) {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString().substring(0, 8);
  }

  /**
   * Returns the running job of that name, if any. Throws if another running job writes to the same
   * output.
   */
  private static Optional<FlinkRest.Job> running(FlinkRest cluster, String name, String sameOutput)
      throws IOException {
    List<FlinkRest.Job> running = cluster.jobs().stream().filter(job -> !job.isOver()).toList();
    for (FlinkRest.Job job : running) {
      if (job.name().startsWith(sameOutput) && !job.name().equals(name)) {
        throw new IllegalStateException(
            String.format(
                "job %s (%s) of another command is writing to this --output: wait for it or cancel"
                    + " it",
                job.name(), job.id()));
      }
    }
    return running.stream().filter(job -> job.name().equals(name)).findFirst();
  }

  private String upload(FlinkRest cluster, Path jar) throws IOException {
    // The name includes a hash, because a rebuilt jar has the same name and version.
    String content = MoreFiles.asByteSource(jar).hash(Hashing.sha256()).toString();
    String name =
        String.format("tardiff-beam-%s-flink-%s.jar", Version.get(), content.substring(0, 16));
    Optional<String> there = cluster.uploaded(name);
    if (there.isPresent()) {
      return there.get();
    }
    err.printf("Uploading %s (%d MB).%n", jar.getFileName(), Files.size(jar) >> 20);
    return cluster.upload(jar, name);
  }

  private static Map<String, String> configuration(FlinkRest cluster, String restarts)
      throws IOException {
    Map<String, String> configuration = new LinkedHashMap<>();
    // Otherwise Flink chooses the parallelism of each step itself, mostly 1.
    configuration.put("execution.batch.adaptive.auto-parallelism.enabled", "false");
    if (restarts == null && cluster.configured(RESTART_STRATEGY).isPresent()) {
      return configuration;
    }
    String attempts = restarts == null ? DEFAULT_RESTARTS : restarts;
    if (attempts.equals("0")) {
      configuration.put(RESTART_STRATEGY, "none");
    } else {
      // A lost TaskManager fails its tasks one by one. This strategy counts all failures before the
      // next restart as one; fixed-delay counts each.
      configuration.put(RESTART_STRATEGY, "exponential-delay");
      configuration.put(
          "restart-strategy.exponential-delay.attempts-before-reset-backoff", attempts);
      configuration.put("restart-strategy.exponential-delay.initial-backoff", "5 s");
    }
    return configuration;
  }

  private int status(FlinkRest cluster, String job) throws IOException {
    FlinkRest.Job found = find(cluster, job);
    out.printf("%s %s %s%n", found.id(), found.state(), found.name());
    return ended(cluster, found.id(), found.state());
  }

  private int metrics(FlinkRest cluster, String job) throws IOException {
    FlinkMetrics.of(cluster.metrics(find(cluster, job).id()))
        .forEach((name, value) -> out.printf("%s %s%n", name, value));
    return Launcher.DONE;
  }

  private int cancel(FlinkRest cluster, String job) throws IOException {
    FlinkRest.Job found = find(cluster, job);
    if (!found.isOver()) {
      cluster.cancel(found.id());
      while (!find(cluster, found.id()).isOver()) {
        pause();
      }
    }
    out.printf("%s %s %s%n", found.id(), find(cluster, found.id()).state(), found.name());
    return Launcher.DONE;
  }

  /** Returns the job with that id, or the latest with that name. */
  private static FlinkRest.Job find(FlinkRest cluster, String job) throws IOException {
    List<FlinkRest.Job> jobs = cluster.jobs();
    return jobs.stream()
        .filter(there -> there.id().equals(job))
        .findFirst()
        .or(() -> jobs.stream().filter(there -> there.name().equals(job)).findFirst())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the cluster knows no job "
                        + job
                        + Nearest.suggestion(
                            job, jobs.stream().map(FlinkRest.Job::name).toList())));
  }

  private int follow(FlinkRest cluster, String id) throws IOException {
    String last = "";
    while (true) {
      JsonNode job = job(cluster, id);
      String progress = new FlinkProgress(job).toString();
      if (!progress.equals(last)) {
        err.println(progress);
        last = progress;
      }
      String state = job.path("state").asText();
      if (FlinkRest.isOver(state)) {
        return ended(cluster, id, state);
      }
      pause();
    }
  }

  /** Returns a job, after waiting for its JobManager if that is being restarted. */
  private JsonNode job(FlinkRest cluster, String id) throws IOException {
    long begin = System.nanoTime();
    boolean isFirst = true;
    while (true) {
      try {
        return cluster.job(id);
      } catch (IOException e) {
        if (System.nanoTime() - begin > patience.toNanos()) {
          throw new IOException(
              String.format(
                  "%s; no other answer for %d s. Run the same command again, which resumes the run",
                  e.getMessage(), patience.toSeconds()),
              e);
        }
        if (isFirst) {
          err.printf("%s; trying again for up to %d s.%n", e.getMessage(), patience.toSeconds());
          isFirst = false;
        }
      }
      pause();
    }
  }

  private int ended(FlinkRest cluster, String id, String state) throws IOException {
    if (state.equals("FAILED")) {
      err.printf("Failed: %s%n", Failures.describe(cluster.failure(id)));
      return Launcher.FAILURE;
    }
    return state.equals("CANCELED") ? Launcher.FAILURE : Launcher.DONE;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted; the job continues", e);
    }
  }
}
