package io.tardiff.templates;

import io.tardiff.options.Nearest;
import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import io.tardiff.settings.Problems;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.PipelineRunnerRegistrar;
import org.apache.beam.sdk.util.common.ReflectHelpers;

/**
 * Parses {@code --option=value ...} into the options of a template.
 *
 * <p>Options that are not given are taken from the preset, then from the launcher's defaults for
 * the runner, then from the declared defaults. All errors are reported, not just the first.
 */
final class CommandLine {
  private static final String DIRECT_RUNNER = "DirectRunner";
  private static final String FLINK_RUNNER = "FlinkRunner";

  private static final String FLINK = "org.apache.flink.configuration.Configuration";

  /** Values of {@code --flinkMaster} that run Flink in this process. */
  private static final Set<String> EMBEDDED = Set.of("[local]", "[collection]");

  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:https?://)?([^\\[\\]/:]+|\\[[0-9a-fA-F:]+\\]):(\\d+)");
  private static final int CONNECT_MILLIS = 20_000;

  private final OptionCatalogue catalogue;
  private final SortedMap<String, Method> beamOptions = OptionCatalogue.beamOptions();
  private final Problems problems;
  private final Map<String, String> values = new LinkedHashMap<>();

  private CommandLine(OptionCatalogue catalogue, Problems problems) {
    this.catalogue = catalogue;
    this.problems = problems;
  }

  /** Parses {@code arguments}; returns empty if there are {@code problems}. */
  static <O extends RunOptions> Optional<O> parse(
      Class<O> type, List<String> arguments, Problems problems) {
    CommandLine line = new CommandLine(OptionCatalogue.of(type), problems);
    arguments.forEach(line::read);
    line.addPreset();
    line.checkRequired();
    line.addRunner();
    line.addDirectRunnerDefaults();
    line.addFlinkRunnerDefaults();
    line.checkFlinkMaster();
    line.checkDetached();
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(PipelineOptionsFactory.fromArgs(line.toArguments()).as(type));
  }

  private void read(String argument) {
    if (!argument.startsWith("--") || argument.length() == 2) {
      problems.add("%s is not an option; write options as --name=value", argument);
      return;
    }
    int equals = argument.indexOf('=');
    String name = argument.substring(2, equals < 0 ? argument.length() : equals);
    Optional<Option> option = catalogue.find(name);
    if (option.isEmpty() && !beamOptions.containsKey(name)) {
      problems.add("unknown option --%s%s", name, Nearest.suggestion(name, names()));
      return;
    }
    boolean isSwitch = option.map(Option::type).orElse(Boolean.class) == Boolean.class;
    if (equals < 0 && !isSwitch) {
      problems.add("--%s needs a value: --%s=%s", name, name, option.orElseThrow().syntax());
      return;
    }
    String value = equals < 0 ? "true" : argument.substring(equals + 1);
    option
        .map(o -> o.reject(value).map(reason -> problems.name(name) + " " + reason))
        .orElseGet(() -> rejectByBeam(name, value))
        .ifPresent(reason -> problems.add("%s", reason));
    String before = values.put(name, value);
    if (before != null && isBeamList(name)) {
      // Launchers repeat some list options, such as --experiments; Beam accepts both forms.
      values.put(name, before + "," + value);
    } else if (before != null) {
      problems.add("--%s must be given only once, was given again with %s", name, value);
    }
  }

  private boolean isBeamList(String name) {
    return catalogue.find(name).isEmpty()
        && Collection.class.isAssignableFrom(beamOptions.get(name).getReturnType());
  }

  private static Optional<String> rejectByBeam(String name, String value) {
    String argument = "--" + name + "=" + value;
    try {
      PipelineOptionsFactory.fromArgs(argument).create();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(argument + " is invalid: " + e.getMessage());
    }
  }

  private void addPreset() {
    if (catalogue.find("preset").isEmpty()) {
      return;
    }
    String chosen = values.getOrDefault("preset", Preset.SMALL.label());
    Arrays.stream(Preset.values())
        .filter(preset -> preset.label().equals(chosen))
        .flatMap(preset -> preset.options().entrySet().stream())
        .filter(entry -> catalogue.find(entry.getKey()).isPresent())
        .forEach(entry -> values.putIfAbsent(entry.getKey(), entry.getValue()));
  }

  private void checkRequired() {
    catalogue.all().stream()
        .filter(option -> option.required() && !values.containsKey(option.name()))
        .forEach(option -> problems.add("--%s=%s is required", option.name(), option.syntax()));
  }

  /**
   * Sets the default of {@code --runner}: the direct runner, or the only runner of a jar without
   * it, such as that of a cluster.
   */
  private void addRunner() {
    if (values.containsKey("runner")) {
      return;
    }
    SortedSet<String> runners = runners();
    if (runners.contains(DIRECT_RUNNER)) {
      values.put("runner", DIRECT_RUNNER);
    } else if (runners.size() == 1) {
      values.put("runner", runners.first());
    } else {
      problems.add(
          "--runner is required because this program has %s",
          runners.isEmpty() ? "none" : "several: " + String.join(", ", runners));
    }
  }

  /** Returns the runners on the class path, except those for tests. */
  private static SortedSet<String> runners() {
    SortedSet<String> names = new TreeSet<>();
    for (PipelineRunnerRegistrar registrar :
        ServiceLoader.load(PipelineRunnerRegistrar.class, ReflectHelpers.findClassLoader())) {
      for (Class<?> runner : registrar.getPipelineRunners()) {
        if (!runner.getSimpleName().startsWith("Test")) {
          names.add(runner.getSimpleName());
        }
      }
    }
    return names;
  }

  private boolean runsOn(String runner) {
    return values.getOrDefault("runner", "").endsWith(runner);
  }

  /**
   * Uses as much parallelism as the machine has cores, and disables the direct runner's checks of
   * DoFns, which are for tests.
   */
  private void addDirectRunnerDefaults() {
    if (runsOn(DIRECT_RUNNER) && beamOptions.containsKey("enforceImmutability")) {
      values.putIfAbsent(
          "targetParallelism", String.valueOf(Runtime.getRuntime().availableProcessors()));
      values.putIfAbsent("enforceImmutability", "false");
      values.putIfAbsent("enforceEncodability", "false");
    }
  }

  /** Beam's default is the DataSet API, which Flink has deprecated. */
  private void addFlinkRunnerDefaults() {
    if (runsOn(FLINK_RUNNER) && !ClassPath.has(FLINK)) {
      problems.add(
          "--runner=%s needs Flink's own jars on the class path: use flink run, or"
              + " templates/flink/submit.sh, or add the jars of Flink's lib",
          values.get("runner"));
    }
    if (runsOn(FLINK_RUNNER) && beamOptions.containsKey("useDataStreamForBatch")) {
      values.putIfAbsent("useDataStreamForBatch", "true");
      if (isFlinkMasterAnAddress() && beamOptions.containsKey("filesToStage")) {
        ownJar().ifPresent(jar -> values.putIfAbsent("filesToStage", jar));
      }
    }
  }

  private boolean isFlinkMasterAnAddress() {
    return HOST_AND_PORT.matcher(values.getOrDefault("flinkMaster", "")).matches();
  }

  /**
   * Returns the jar this program runs from, if any. By default Beam would stage the whole class
   * path, with Flink itself and a second TensorFlow.
   */
  private static Optional<String> ownJar() {
    return ClassPath.own().filter(Files::isRegularFile).map(Path::toString);
  }

  /**
   * Fails early, because Flink's client retries for minutes before it reports an unreachable
   * cluster.
   */
  private void checkFlinkMaster() {
    Matcher master = HOST_AND_PORT.matcher(values.getOrDefault("flinkMaster", ""));
    if (!runsOn(FLINK_RUNNER) || !master.matches()) {
      return;
    }
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(master.group(1), Integer.parseInt(master.group(2))),
          CONNECT_MILLIS);
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          "--flinkMaster=%s cannot be reached (%s): it must be the host and port of a running Flink"
              + " JobManager's REST interface",
          values.get("flinkMaster"), e.getMessage());
    }
  }

  private void checkDetached() {
    if (!values.getOrDefault("detached", "false").equals("true")) {
      return;
    }
    if (runsOn(DIRECT_RUNNER) || EMBEDDED.contains(values.getOrDefault("flinkMaster", ""))) {
      problems.add(
          "--detached needs a cluster, such as --runner=FlinkRunner --flinkMaster=host:port: %s"
              + " ends with this program",
          runsOn(DIRECT_RUNNER)
              ? "the direct runner"
              : "--flinkMaster=" + values.get("flinkMaster"));
    }
    if (runsOn(FLINK_RUNNER) && beamOptions.containsKey("attachedMode")) {
      if (values.getOrDefault("attachedMode", "false").equals("true")) {
        problems.add("--attachedMode must not be true with --detached");
      }
      values.put("attachedMode", "false");
    }
  }

  private Collection<String> names() {
    List<String> names = new ArrayList<>(beamOptions.keySet());
    catalogue.all().forEach(option -> names.add(option.name()));
    return names;
  }

  private String[] toArguments() {
    return values.entrySet().stream()
        .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
        .toArray(String[]::new);
  }
}
