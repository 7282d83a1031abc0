package io.tardiff.templates;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Reads {@code --option=value ...} into the options of a template.
 *
 * <p>Options not given are filled in from the preset, then from the defaults the launcher has for
 * the direct runner, then from the defaults the options declare. All that is wrong is reported, not
 * the first thing only.
 */
final class CommandLine {
  private static final String DIRECT_RUNNER = "DirectRunner";

  private final OptionCatalogue catalogue;
  private final SortedMap<String, Method> beamOptions = OptionCatalogue.beamOptions();
  private final OptionProblems problems;
  private final Map<String, String> values = new LinkedHashMap<>();

  private CommandLine(OptionCatalogue catalogue, OptionProblems problems) {
    this.catalogue = catalogue;
    this.problems = problems;
  }

  /** The options {@code arguments} ask for; empty where {@code problems} tells why not. */
  static <O extends RunOptions> Optional<O> parse(
      Class<O> type, List<String> arguments, OptionProblems problems) {
    CommandLine line = new CommandLine(OptionCatalogue.of(type), problems);
    arguments.forEach(line::read);
    line.addPreset();
    line.requireRequired();
    line.addDirectRunnerDefaults();
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(PipelineOptionsFactory.fromArgs(line.toArguments()).as(type));
  }

  private void read(String argument) {
    if (!argument.startsWith("--") || argument.length() == 2) {
      problems.add("%s is not an option; options are written --name=value", argument);
      return;
    }
    int equals = argument.indexOf('=');
    String name = argument.substring(2, equals < 0 ? argument.length() : equals);
    Optional<OptionCatalogue.Option> option = catalogue.find(name);
    if (option.isEmpty() && !beamOptions.containsKey(name)) {
      problems.add("there is no option --%s%s", name, Nearest.suggestion(name, names()));
      return;
    }
    boolean isSwitch =
        option.map(OptionCatalogue.Option::type).orElse(Boolean.class) == Boolean.class;
    if (equals < 0 && !isSwitch) {
      problems.add(
          "--%s needs a value, written --%s=%s", name, name, option.orElseThrow().syntax());
      return;
    }
    String value = equals < 0 ? "true" : argument.substring(equals + 1);
    option
        .map(o -> o.reject(value))
        .orElseGet(() -> rejectByBeam(name, value))
        .ifPresent(reason -> problems.add("%s", reason));
    if (values.put(name, value) != null) {
      problems.add("--%s must be given once, was given again with %s", name, value);
    }
  }

  private static Optional<String> rejectByBeam(String name, String value) {
    String argument = "--" + name + "=" + value;
    try {
      PipelineOptionsFactory.fromArgs(argument).create();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(argument + " is not valid: " + e.getMessage());
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

  private void requireRequired() {
    catalogue.all().stream()
        .filter(option -> option.required() && !values.containsKey(option.name()))
        .forEach(option -> problems.add("--%s=%s is required", option.name(), option.syntax()));
  }

  /**
   * One machine runs the job as wide as it has cores, and without the checks of the direct runner
   * on DoFns, which are for tests.
   */
  private void addDirectRunnerDefaults() {
    if (values.getOrDefault("runner", DIRECT_RUNNER).endsWith(DIRECT_RUNNER)
        && beamOptions.containsKey("enforceImmutability")) {
      values.putIfAbsent(
          "targetParallelism", String.valueOf(Runtime.getRuntime().availableProcessors()));
      values.putIfAbsent("enforceImmutability", "false");
      values.putIfAbsent("enforceEncodability", "false");
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
