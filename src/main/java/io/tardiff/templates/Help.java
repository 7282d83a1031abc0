package io.tardiff.templates;

import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import io.tardiff.settings.Problems;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.text.WordUtils;

/** Formats the help of the launcher from the templates and their options. */
final class Help {
  private static final String COMMAND = "java -jar " + jar();

  private final int width;

  /**
   * @param width width of the terminal in columns
   */
  Help(int width) {
    this.width = width;
  }

  /** Returns the name of the running jar, or of the jar that users run. */
  private static String jar() {
    return ClassPath.own()
        .filter(Files::isRegularFile)
        .map(jar -> jar.getFileName().toString())
        .orElse("tardiff-beam-" + Version.get() + "-direct.jar");
  }

  /** Returns the list of templates and commands. */
  String overview(List<Template<?>> templates, List<Command> commands) {
    int longest = templates.stream().mapToInt(t -> t.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    text.append(
        wrap(
            "tardiff-beam "
                + Version.get()
                + ": synthetic, labelled EHR time series made to help a given clinical model",
            0));
    text.append("\nUsage: ").append(COMMAND).append(" <template> --option=value ...\n\n");
    text.append("Templates\n");
    for (Template<?> template : templates) {
      String name = template.name() + " ".repeat(longest - template.name().length());
      text.append(wrap("  " + name + "  " + template.summary(), longest + 4));
    }
    text.append("\nCommands\n");
    for (Command command : commands) {
      text.append(
          wrap("  " + command.name() + "  " + command.summary(), command.name().length() + 4));
    }
    text.append("\nExamples\n");
    for (Template<?> template : templates) {
      template.examples().stream().limit(1).forEach(e -> text.append(example(template, e)));
    }
    for (Command command : commands) {
      text.append("  ").append(COMMAND).append(' ').append(command.example()).append('\n');
    }
    return text.append("\n<template> --help prints the options of a template.\n").toString();
  }

  /** Returns what is wrong with the options of a template or command. */
  static String problems(String name, Problems problems) {
    StringBuilder text = new StringBuilder(String.format("Cannot run %s:%n", name));
    problems.list().forEach(problem -> text.append(String.format("  %s%n", problem)));
    return text.append(String.format("%s --help prints its options.%n", name)).toString();
  }

  /** Returns the help of a template with its options. */
  String of(Template<?> template) {
    OptionCatalogue catalogue = OptionCatalogue.of(template.optionsType());
    StringBuilder text = new StringBuilder();
    text.append("Usage: ").append(COMMAND).append(' ').append(template.name());
    text.append(" --option=value ...\n\n").append(wrap(template.summary(), 0));
    catalogue
        .groups()
        .forEach((heading, options) -> appendGroup(text, heading, options, catalogue));
    text.append("\nApache Beam\n");
    text.append(
        wrap(
            "  Options of Beam and of the runners on the class path are passed on, such as"
                + " --runner and --tempLocation. The default is the direct runner, with as much"
                + " parallelism as the machine has cores (--targetParallelism).",
            2));
    text.append("\nExamples\n");
    template.examples().forEach(e -> text.append(example(template, e)));
    return text.toString();
  }

  private void appendGroup(
      StringBuilder text, String heading, List<Option> options, OptionCatalogue catalogue) {
    text.append('\n').append(heading).append('\n');
    for (Option option : options) {
      String remark =
          option.required()
              ? "  (required)"
              : option.defaultValue().map(value -> "  (default: " + value + ")").orElse("");
      text.append("  --").append(option.name()).append('=').append(option.syntax());
      text.append(remark).append('\n');
      text.append(wrap("      " + option.description(), 6));
      if (option.name().equals("preset")) {
        appendPresets(text, catalogue);
      }
    }
  }

  private void appendPresets(StringBuilder text, OptionCatalogue catalogue) {
    for (Preset preset : Preset.values()) {
      String options =
          preset.options().entrySet().stream()
              .filter(entry -> catalogue.find(entry.getKey()).isPresent())
              .map(Help::asOption)
              .collect(Collectors.joining(" "));
      String line = "      " + preset.label() + ": " + preset.purpose();
      text.append(wrap(options.isEmpty() ? line : line + ". Sets " + options, 10));
    }
  }

  private static String asOption(Map.Entry<String, String> entry) {
    return "--" + entry.getKey() + "=" + entry.getValue();
  }

  private static String example(Template<?> template, String options) {
    return "  " + COMMAND + " " + template.name() + " " + options + "\n";
  }

  /**
   * Wraps a paragraph, keeping its indentation and indenting the following lines by {@code
   * hanging}.
   */
  private String wrap(String paragraph, int hanging) {
    String text = paragraph.stripLeading();
    int indentation = paragraph.length() - text.length();
    int room = Math.max(20, width - Math.max(indentation, hanging));
    String newLine = "\n" + " ".repeat(hanging);
    return " ".repeat(indentation) + WordUtils.wrap(text, room, newLine, false) + "\n";
  }
}
