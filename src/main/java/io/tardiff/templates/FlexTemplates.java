package io.tardiff.templates;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.base.CaseFormat;
import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Generates the metadata of the Dataflow Flex Templates: one JSON file per template, with its
 * parameters and their valid values.
 *
 * <pre>{@code
 * mvn -q compile exec:java@flex-templates
 * }</pre>
 *
 * <p>writes them to {@code templates/dataflow}. A parameter is an option: a job with the parameter
 * {@code trainingSteps} of value {@code 100} runs with {@code --trainingSteps=100}. Dataflow
 * matches parameters against the regular expressions written here and rejects a job before it
 * starts a machine. The template then checks all else, such as maximum values, as on any command
 * line.
 *
 * <p>Options that a {@link Preset} may set have no default here, so that a form filled in with
 * defaults does not override the preset. Options that only concern the launching process are
 * omitted.
 */
public final class FlexTemplates {
  private static final String INTEGER = "-?[0-9]{1,10}";
  private static final String LONG = "-?[0-9]{1,19}";
  private static final String NUMBER = "-?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?";
  private static final String NUMBERS = listOf(NUMBER);

  /** Dataflow workers can reach only Cloud Storage. Directories must hold no wildcards. */
  private static final String ON_GCS = "gs://[^*?\\[\\]{}]+";

  /** Options that concern the launching process, or are set by the entry point. */
  static final Set<String> OMITTED = Set.of("threads", "debug", "detached", "splits");

  private static final Set<String> OUTPUT_DIRECTORIES = Set.of("output");

  /** Parameter types of the options that declare a {@link Values#form}. */
  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          Map.entry("directory", new Form("GCS_READ_FOLDER", ON_GCS)),
          Map.entry("file", new Form("GCS_READ_FILE", ON_GCS)),
          Map.entry("directory or file", new Form("GCS_READ_FOLDER", ON_GCS)),
          Map.entry("file.yaml", new Form("GCS_READ_FILE", ON_GCS)),
          Map.entry("name", new Form("TEXT", ".+")),
          Map.entry("name or file.yaml", new Form("TEXT", ".+")),
          Map.entry("task or directory", new Form("TEXT", ".+")),
          Map.entry("name,name,...", new Form("TEXT", listOf("[^,]+"))),
          Map.entry("directory,directory,...", new Form("TEXT", listOf("[^,]+"))),
          Map.entry("id,id,...", new Form("TEXT", listOf("[0-9]+"))),
          Map.entry("number,number,...", new Form("TEXT", NUMBERS)),
          Map.entry("train,tuning,held_out", new Form("TEXT", NUMBERS)),
          Map.entry("best or an epoch, from 1", new Form("TEXT", "best|[1-9][0-9]*")),
          Map.entry(
              "as_train, balanced or 0=100,1=50",
              new Form("TEXT", "as_train|balanced|" + listOf("[0-9]+=[0-9]+"))),
          Map.entry("type:TYPE;count:NUMBER;...", new Form("TEXT", "type:.+;count:[0-9]+(;.+)?")),
          Map.entry("character or tab", new Form("TEXT", ".|tab")),
          Map.entry(". or ,", new Form("TEXT", "[.,]")),
          Map.entry("pattern", new Form("TEXT", ".+")),
          Map.entry("word,word,...", new Form("TEXT", listOf("[^,]+"))),
          Map.entry("16GB", new Form("TEXT", "[0-9.]+[MGT]i?B")));

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Form(String paramType, String regex) {}

  private FlexTemplates() {}

  /**
   * Writes {@code <template>.json} for every template to the directory given as the only argument.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException(
          "expected one argument, the directory to write to, were " + Arrays.toString(arguments));
    }
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    for (Template<?> template : Launcher.TEMPLATES) {
      Files.writeString(directory.resolve(template.name() + ".json"), metadata(template));
    }
  }

  /** Returns the content of a template's metadata file. */
  static String metadata(Template<?> template) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", "tardiff-beam " + template.name());
    json.put("description", template.summary());
    ArrayNode parameters = json.putArray("parameters");
    OptionCatalogue.of(template.optionsType())
        .groups()
        .forEach(
            (group, options) ->
                options.stream()
                    .filter(option -> !OMITTED.contains(option.name()))
                    .forEach(option -> parameters.add(parameter(group, option))));
    return writer().writeValueAsString(json) + "\n";
  }

  private static ObjectWriter writer() {
    // One line per value, with the same line separator on every system.
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    return JSON.writer(
        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
  }

  private static ObjectNode parameter(String group, Option option) {
    boolean byPreset =
        Arrays.stream(Preset.values()).anyMatch(p -> p.options().containsKey(option.name()));
    boolean hasDefault = option.defaultValue().isPresent() && !byPreset && !option.conditional();
    Form form = form(option);
    // For a typed field without a default, the console would fill in 0, false or the first word.
    boolean typed = hasDefault || option.required() || form.paramType().startsWith("GCS_");
    ObjectNode json = JSON.createObjectNode();
    json.put("name", option.name());
    json.put("label", label(option.name()));
    json.put("helpText", help(option, byPreset));
    json.put("isOptional", !option.required());
    json.put("groupName", group);
    json.put("paramType", typed ? form.paramType() : "TEXT");
    json.putArray("regexes").add("^(" + form.regex() + ")$");
    if (typed && form.paramType().equals("ENUM")) {
      ArrayNode words = json.putArray("enumOptions");
      option.words().forEach(word -> words.addObject().put("value", word).put("label", word));
    }
    if (hasDefault) {
      json.put("defaultValue", option.defaultValue().get());
    }
    return json;
  }

  private static Form form(Option option) {
    if (!option.words().isEmpty()) {
      String words = String.join("|", option.words());
      return option.isList()
          ? new Form("TEXT", listOf("(" + words + ")"))
          : new Form("ENUM", words);
    }
    if (!option.form().isEmpty()) {
      Form form = FORMS.get(option.form());
      if (form == null) {
        throw new IllegalStateException(
            String.format(
                "--%s has the form %s, for which FlexTemplates has no regular expression",
                option.name(), option.form()));
      }
      return OUTPUT_DIRECTORIES.contains(option.name())
          ? new Form("GCS_WRITE_FOLDER", form.regex())
          : form;
    }
    if (option.type() == Boolean.class) {
      return new Form("BOOLEAN", "true|false");
    }
    if (option.type() == Integer.class) {
      return new Form("NUMBER", INTEGER);
    }
    if (option.type() == Long.class) {
      return new Form("NUMBER", LONG);
    }
    return option.type() == Double.class ? new Form("NUMBER", NUMBER) : new Form("TEXT", ".+");
  }

  private static String listOf(String part) {
    return " *" + part + " *(, *" + part + " *)*";
  }

  /** Converts {@code trainingSteps} to {@code Training steps}. */
  private static String label(String name) {
    String words = CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name).replace('_', ' ');
    return Ascii.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String help(Option option, boolean byPreset) {
    StringBuilder text = new StringBuilder(option.description());
    if (!option.form().isEmpty() && form(option).paramType().equals("TEXT")) {
      text.append(" Written as ").append(option.form()).append('.');
    }
    if (!option.words().isEmpty()) {
      text.append(option.isList() ? " One or more of " : " One of ")
          .append(String.join(", ", option.words()))
          .append('.');
    }
    if (option.conditional()) {
      option.defaultValue().ifPresent(value -> text.append(" Default: ").append(value).append('.'));
    }
    if (byPreset) {
      text.append(" Default by preset (").append(presets(option.name()));
      text.append("; otherwise ").append(option.defaultValue().orElse("not set")).append(").");
    }
    return text.toString();
  }

  private static String presets(String name) {
    return Arrays.stream(Preset.values())
        .filter(preset -> preset.options().containsKey(name))
        .map(preset -> preset.label() + ": " + preset.options().get(name))
        .collect(Collectors.joining(", "));
  }
}
