package io.tardiff.templates;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Generates the page of the manual that lists all options of the templates.
 *
 * <pre>{@code
 * mvn -q compile exec:java@options
 * }</pre>
 *
 * <p>writes it to {@code src/site/markdown/options.md}. A test fails if the page differs from the
 * declarations.
 */
public final class OptionsPage {
  private static final String HEAD =
      """
      # Options

      The options of all templates, by group. `<template> --help` prints those of one template. This page is
      generated from their declarations: `mvn -q compile exec:java@options`.

      - Write options with `=`, such as `--seed=1`. All errors of a command line are reported at once, before anything runs.
      - Options marked with \\* say how a run is executed, not what it computes. They may differ when a run is
        resumed.
      - Options of Apache Beam and its runners are passed on, such as `--runner`, `--tempLocation` or
        `--targetParallelism`. The default is the direct runner, with as much parallelism as the machine has cores.
      - A [preset](#preset) replaces the default; an explicit option wins.
      """;

  private OptionsPage() {}

  /** Writes the page to the file given as the only argument. */
  public static void main(String[] arguments) throws IOException {
    checkArgument(
        arguments.length == 1,
        "expected one argument, the file to write, were %s",
        List.of(arguments));
    Files.writeString(Path.of(arguments[0]), page(Launcher.TEMPLATES));
  }

  static String page(List<Template<?>> templates) {
    // By heading and group of options: the templates that have the group.
    Map<String, Map<List<Option>, List<String>>> headings = new LinkedHashMap<>();
    for (Template<?> template : templates) {
      OptionCatalogue.of(template.optionsType())
          .groups()
          .forEach(
              (heading, options) ->
                  headings
                      .computeIfAbsent(heading, key -> new LinkedHashMap<>())
                      .computeIfAbsent(options, key -> new ArrayList<>())
                      .add(template.name()));
    }
    StringBuilder page = new StringBuilder(HEAD);
    headings.forEach(
        (heading, groups) -> {
          page.append("\n## ").append(heading).append('\n');
          groups.forEach((options, names) -> appendGroup(page, options, names));
          if (heading.equals("Preset")) {
            appendPresets(page);
          }
        });
    return page.toString();
  }

  private static void appendGroup(
      StringBuilder page, List<Option> options, List<String> templates) {
    page.append("\nIn ").append(code(templates)).append(".\n\n");
    page.append("| option | value | default | meaning |\n|---|---|---|---|\n");
    for (Option option : options) {
      page.append("| ").append(code("--" + option.name()));
      page.append(option.operational() ? " \\*" : "");
      page.append(" | ").append(value(option));
      page.append(" | ").append(defaultValue(option));
      page.append(" | ").append(option.description()).append(" |\n");
    }
  }

  private static String value(Option option) {
    return option.words().isEmpty()
        ? code(option.syntax().split("\\|", -1))
        : (option.isList() ? "one or more of " : "") + code(option.words());
  }

  private static String defaultValue(Option option) {
    if (option.required()) {
      return "required";
    }
    List<String> values = new ArrayList<>();
    option.defaultValue().ifPresent(value -> values.add(code(value)));
    for (Preset preset : Preset.values()) {
      String value = preset.options().get(option.name());
      if (value != null) {
        values.add(preset.label() + ": " + code(value));
      }
    }
    return String.join("; ", values);
  }

  private static void appendPresets(StringBuilder page) {
    page.append("\n| preset | purpose | sets |\n|---|---|---|\n");
    for (Preset preset : Preset.values()) {
      String options =
          preset.options().entrySet().stream()
              .map(entry -> code("--" + entry.getKey() + "=" + entry.getValue()))
              .collect(Collectors.joining(" "));
      page.append("| ").append(code(preset.label())).append(" | ").append(preset.purpose());
      page.append(" | ").append(options).append(" |\n");
    }
  }

  private static String code(Collection<String> texts) {
    return texts.stream().map(OptionsPage::code).collect(Collectors.joining(", "));
  }

  private static String code(String... texts) {
    return Arrays.stream(texts).map(text -> "`" + text + "`").collect(Collectors.joining(", "));
  }
}
