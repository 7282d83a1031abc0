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
 * Writes the metadata of the Dataflow Flex Templates: one JSON file per template, which names its
 * parameters and what each may be.
 *
 * <pre>{@code
 * mvn -q compile exec:java@flex-templates
 * }</pre>
 *
 * <p>writes them into {@code templates/dataflow}, where they are kept. A parameter is an option: a
 * job with the parameter {@code trainingSteps} of value {@code 100} runs with {@code
 * --trainingSteps=100}. Parameters are checked twice. Dataflow compares them with the expressions
 * written here and refuses a job before a machine is started; what an expression cannot tell, such
 * as the largest value, the template checks as on any command line.
 *
 * <p>Options that a {@link Preset} may set have no default here, so that a form filled in with
 * defaults does not override the preset. Options that only say how this process behaves are left
 * out.
 */
public final class FlexTemplates {
  private static final String INTEGER = "-?[0-9]{1,10}";
  private static final String LONG = "-?[0-9]{1,19}";
  private static final String NUMBER = "-?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?";
  private static final String NUMBERS = listOf(NUMBER);

  /** On Dataflow nothing but Cloud Storage is there; wildcards cannot be used in directories. */
  private static final String ON_GCS = "gs://[^*?\\[\\]{}]+";

  /** They speak of the process that reads the command line, or are decided by the entry point. */
  static final Set<String> LEFT_OUT = Set.of("threads", "debug", "detached");

  private static final Set<String> WRITTEN = Set.of("output");

  /** What is told by a {@link Values#form} and not by the Java type. */
  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          Map.entry("directory", new Form("GCS_READ_FOLDER", ON_GCS)),
          Map.entry("file", new Form("GCS_READ_FILE", ON_GCS)),
          Map.entry("file.yaml", new Form("GCS_READ_FILE", ON_GCS)),
          Map.entry("name", new Form("TEXT", ".+")),
          Map.entry("name or file.yaml", new Form("TEXT", ".+")),
          Map.entry("task or directory", new Form("TEXT", ".+")),
          Map.entry("name,name,...", new Form("TEXT", listOf("[^,]+"))),
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

  /** Writes {@code <template>.json} for every template into the directory that is named. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException(
          "one argument must be given, the directory to write to; were "
              + Arrays.toString(arguments));
    }
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    for (Template<?> template : Launcher.TEMPLATES) {
      Files.writeString(directory.resolve(template.name() + ".json"), metadata(template));
    }
  }

  /** The metadata file of a template. */
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
                    .filter(option -> !LEFT_OUT.contains(option.name()))
                    .forEach(option -> parameters.add(parameter(group, option))));
    return writer().writeValueAsString(json) + "\n";
  }

  private static ObjectWriter writer() {
    // One line a value, the same on every system.
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    return JSON.writer(
        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
  }

  private static ObjectNode parameter(String group, Option option) {
    boolean byPreset =
        Arrays.stream(Preset.values()).anyMatch(p -> p.options().containsKey(option.name()));
    boolean hasDefault = option.defaultValue().isPresent() && !byPreset && !option.conditional();
    Form form = form(option);
    // A form without a default would fill in one of its own: 0, false, the first word.
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
                "--%s is written as %s, of which the templates do not know what it matches",
                option.name(), option.form()));
      }
      return WRITTEN.contains(option.name()) ? new Form("GCS_WRITE_FOLDER", form.regex()) : form;
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

  /** {@code trainingSteps} to {@code Training steps}. */
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
      text.append(" As the preset says (").append(presets(option.name()));
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
