package io.tardiff.templates;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import io.tardiff.options.EhrSource;
import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Flex Template files match the options and reject invalid values. */
class FlexTemplatesTest {
  private static final Path DIRECTORY = Path.of("templates/dataflow");
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Template<?>> templates() {
    return Launcher.TEMPLATES;
  }

  private static Template<?> template(String name) {
    return Launcher.TEMPLATES.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private static Map<String, JsonNode> parameters(Template<?> template) throws IOException {
    Map<String, JsonNode> parameters = new LinkedHashMap<>();
    for (JsonNode p : JSON.readTree(FlexTemplates.metadata(template)).get("parameters")) {
      parameters.put(p.get("name").asText(), p);
    }
    return parameters;
  }

  private static boolean accepts(JsonNode parameter, String value) {
    // Dataflow requires every expression to match.
    for (JsonNode regex : parameter.get("regexes")) {
      if (!Pattern.matches(regex.asText(), value)) {
        return false;
      }
    }
    return true;
  }

  @ParameterizedTest
  @MethodSource("templates")
  void theFilesAgreeWithTheOptions(Template<?> template) throws IOException {
    Path file = DIRECTORY.resolve(template.name() + ".json");
    String reason =
        file
            + " differs from the options of "
            + template.name()
            + "; write it anew with: mvn -q compile exec:java@flex-templates";
    assertThat(reason, Files.exists(file) ? Files.readString(file) : "", is(metadata(template)));
  }

  private static String metadata(Template<?> template) throws IOException {
    return FlexTemplates.metadata(template);
  }

  @Test
  void mainWritesOneFilePerTemplate(@TempDir Path directory) throws IOException {
    FlexTemplates.main(new String[] {directory.resolve("new").toString()});
    for (Template<?> template : Launcher.TEMPLATES) {
      assertThat(
          Files.readString(directory.resolve("new/" + template.name() + ".json")),
          is(metadata(template)));
    }
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> FlexTemplates.main(new String[] {"a", "b"}));
    assertThat(e.getMessage(), containsString("expected one argument"));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void everyOptionIsAParameterUnlessItConcernsTheProcess(Template<?> template) throws IOException {
    Map<String, JsonNode> parameters = parameters(template);
    List<String> missing = new ArrayList<>();
    for (Option option : OptionCatalogue.of(template.optionsType()).all()) {
      if (!parameters.containsKey(option.name())) {
        missing.add(option.name());
      } else {
        assertThat(
            option.name(),
            parameters.get(option.name()).get("isOptional").asBoolean(),
            is(!option.required()));
      }
    }
    assertThat(missing, everyItem(is(in(FlexTemplates.OMITTED))));
    // Dataflow's launcher passes --labels and other options of its own to main.
    Set<String> beamOptions = OptionCatalogue.beamOptions().keySet();
    List<String> taken = parameters.keySet().stream().filter(beamOptions::contains).toList();
    assertThat(beamOptions, hasItem("labels"));
    assertThat("names that Beam has too", taken, is(empty()));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void defaultsAndTheValuesOfPresetsAreAccepted(Template<?> template) throws IOException {
    Map<String, JsonNode> parameters = parameters(template);
    for (Option option : OptionCatalogue.of(template.optionsType()).all()) {
      JsonNode parameter = parameters.get(option.name());
      if (parameter != null && option.defaultValue().isPresent()) {
        assertThat(option.name(), accepts(parameter, option.defaultValue().get()), is(true));
      }
    }
    for (Preset preset : Preset.values()) {
      preset
          .options()
          .forEach(
              (name, value) -> {
                if (parameters.containsKey(name)) {
                  assertThat(preset + " " + name, accepts(parameters.get(name), value), is(true));
                  assertThat(parameters.get(name).has("defaultValue"), is(false));
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void theExamplesOfTheHelpAreAccepted(Template<?> template) throws IOException {
    Map<String, JsonNode> parameters = parameters(template);
    for (String example : template.examples()) {
      for (String argument : Splitter.on(' ').split(example)) {
        int equals = argument.indexOf('=');
        String name = argument.substring(2, equals);
        String value = argument.substring(equals + 1);
        assertThat(parameters, hasKey(name));
        boolean directory = parameters.get(name).get("paramType").asText().startsWith("GCS_");
        assertThat(
            argument,
            accepts(parameters.get(name), directory ? "gs://bucket/" + value : value),
            is(true));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tardiff|trainingSteps|many",
        "tardiff|trainingSteps|1.5",
        "tardiff|seed|0x10",
        "tardiff|learningRate|fast",
        "tardiff|learningRate|NaN",
        "tardiff|source|mimic5",
        "tardiff|source|mimic",
        "tardiff|denoiser|huge",
        "tardiff|classWeighting|yes",
        "tardiff|varianceCorrection|1",
        "tardiff|evaluationModels|gru,mlp",
        "tardiff|evaluationModels|gru,",
        "tardiff|guidanceScales|0.1;0.2",
        "tardiff|guidanceAt|0",
        "tardiff|sampleLabels|0:100",
        "tardiff|output|/data/out",
        "tardiff|output|gs://bucket/out-*",
        "tardiff|input|s3://bucket/data",
        "tardiff|workerMemory|16",
        "tardiff|accelerator|nvidia-l4",
        "train|cohort|cohort",
        "generate|model|",
        "evaluate|alphas|all"
      })
  void invalidValueIsRejected(String template, String name, String value) throws IOException {
    JsonNode parameter = parameters(template(template)).get(name);
    assertThat(accepts(parameter, value == null ? "" : value), is(false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tardiff|learningRate|5e-4",
        "tardiff|learningRate|.5",
        "tardiff|seed|-9223372036854775808",
        "tardiff|evaluationModels|gru,cnn",
        "tardiff|alphas|0.2, 0.6, 1",
        "tardiff|sampleLabels|0=100,1=50",
        "tardiff|guidanceAt|12",
        "tardiff|task|gs://bucket/task.yaml",
        "tardiff|output|gs://bucket/run 1/out",
        "tardiff|workerMemory|16GB",
        "tardiff|accelerator|type:nvidia-l4;count:1;install-nvidia-driver"
      })
  void validValueIsAccepted(String template, String name, String value) throws IOException {
    assertThat(accepts(parameters(template(template)).get(name), value), is(true));
  }

  @Test
  void typedFieldIsNotFilledInByTheConsole() throws IOException {
    Map<String, JsonNode> parameters = parameters(template("tardiff"));
    // Neither a default nor required: the console would fill in false or 0.
    assertThat(parameters.get("varianceCorrection").get("paramType").asText(), is("TEXT"));
    assertThat(parameters.get("steps").get("paramType").asText(), is("TEXT"));
    assertThat(parameters.get("trainingSteps").get("paramType").asText(), is("TEXT"));
    assertThat(parameters.get("checkpointSeconds").get("paramType").asText(), is("NUMBER"));
    assertThat(parameters.get("checkpointSeconds").get("defaultValue").asText(), is("60"));
    assertThat(parameters.get("source").get("paramType").asText(), is("ENUM"));
    assertThat(parameters.get("source").get("enumOptions").size(), is(EhrSource.values().length));
    assertThat(
        parameters.get("trainingSteps").get("helpText").asText(),
        containsString("Default by preset (quickstart: 600, paper: 60000; otherwise 4000)."));
  }

  /** Google's own tool reads the files and creates container specs from them. */
  @ParameterizedTest
  @MethodSource("templates")
  void gcloudAcceptsTheFiles(Template<?> template, @TempDir Path directory)
      throws IOException, InterruptedException {
    assumeTrue(
        isOnPath("gcloud"), "gcloud is not on the PATH: its reading of the files is not tested");
    Path out = directory.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(
                "gcloud",
                "dataflow",
                "flex-template",
                "build",
                "gs://bucket/templates/" + template.name() + ".json",
                "--image=registry.example/tardiff:0",
                "--sdk-language=JAVA",
                "--metadata-file=" + DIRECTORY.resolve(template.name() + ".json"),
                "--print-only",
                "--project=project-1",
                "--quiet")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    // No account, no network, nothing written to the home directory.
    builder.environment().put("CLOUDSDK_CONFIG", directory.resolve("config").toString());
    builder.environment().put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
    builder.environment().put("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true");
    Process process = builder.start();
    assertThat("gcloud ended", process.waitFor(120, SECONDS), is(true));
    String output = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(output, process.exitValue(), is(0));
    for (String name : parameters(template).keySet()) {
      assertThat(output, containsString("\"name\": \"" + name + "\""));
    }
  }

  private static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
