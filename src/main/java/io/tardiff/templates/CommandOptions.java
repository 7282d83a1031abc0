package io.tardiff.templates;

import io.tardiff.options.Nearest;
import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import io.tardiff.settings.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Parses the options of a {@link Command}, and prints them. */
final class CommandOptions {
  private CommandOptions() {}

  /**
   * Parses {@code arguments}, which may have options of Beam's file systems too; returns empty if
   * there are {@code problems}.
   */
  static <O extends PipelineOptions> Optional<O> parse(
      Class<O> type, List<String> arguments, Problems problems) {
    OptionCatalogue catalogue = OptionCatalogue.of(type);
    List<String> names = catalogue.all().stream().map(Option::name).toList();
    Map<String, String> given = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String name = argument.replaceFirst("^--", "").replaceFirst("=.*", "");
      Optional<Option> option = catalogue.find(name);
      if (!argument.startsWith("--") || equals < 0) {
        problems.add("%s is not an option; write options as --name=value", argument);
      } else if (option.isEmpty() && !OptionCatalogue.beamOptions().containsKey(name)) {
        problems.add("unknown option --%s%s", name, Nearest.suggestion(name, names));
      } else if (given.put(name, argument) != null) {
        problems.add("--%s must be given only once", name);
      } else {
        option
            .flatMap(o -> o.reject(argument.substring(equals + 1)))
            .ifPresent(reason -> problems.add("--%s %s", name, reason));
      }
    }
    catalogue.all().stream()
        .filter(option -> option.required() && !given.containsKey(option.name()))
        .forEach(option -> problems.add("--%s=%s is required", option.name(), option.syntax()));
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          PipelineOptionsFactory.fromArgs(given.values().toArray(String[]::new)).as(type));
    } catch (IllegalArgumentException e) {
      problems.addAsIs(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Returns the options with their descriptions. */
  static String help(Class<? extends PipelineOptions> type) {
    StringBuilder options = new StringBuilder();
    for (Option option : OptionCatalogue.of(type).all()) {
      options.append(
          String.format(
              "  --%s=%s%s%n      %s%n",
              option.name(),
              option.syntax(),
              option.required() ? "  (required)" : "",
              option.description()));
    }
    return options.toString();
  }
}
