package io.tardiff.schematransforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The samples for other languages, checked without Beam's Python: this library's transforms are
 * expanded with the configuration in the samples, and Beam's must be known by name.
 */
class SamplesTest {
  private static final Path YAML = Path.of("samples/yaml");
  private static final Path PYTHON = Path.of("samples/python/tardiff_pipeline.py");
  private static final Set<String> OF_BEAM =
      Set.of("Create", "Flatten", "MapToFields", "ReadFromCsv", "WriteToJson", "WriteToParquet");
  private static final Pattern JAR =
      Pattern.compile("target/tardiff-beam-[0-9.]+-expansion-service\\.jar");

  @TempDir static Path directory;

  static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(YAML)) {
      return files.sorted().toList();
    }
  }

  @Test
  void thereIsASampleForEveryStep() throws IOException {
    assertThat(
        samples().stream().map(file -> file.getFileName().toString()).toList(),
        is(List.of("etl.yaml", "evaluate.yaml", "generate.yaml", "ingest.yaml", "train.yaml")));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void transformsOfTheSampleCanBeExpanded(Path file) throws IOException {
    expand(new YAMLMapper().readTree(file.toFile()));
  }

  /** Expands this library's transforms of a Beam YAML pipeline, with their inputs. */
  private static void expand(JsonNode yaml) throws IOException {
    JsonNode provider = yaml.required("providers").get(0);
    assertThat(provider.required("type").asText(), is("javaJar"));
    assertThat(JAR.matcher(provider.at("/config/jar").asText()).matches(), is(true));
    Map<String, String> ours =
        new ObjectMapper().convertValue(provider.required("transforms"), new TypeReference<>() {});
    Set<String> used = new HashSet<>();
    Pipeline pipeline = Pipeline.create();
    Map<String, PCollection<Row>> outputs = new HashMap<>();
    for (JsonNode transform : yaml.at("/pipeline/transforms")) {
      String type = transform.required("type").asText();
      String name = transform.required("name").asText();
      Map<String, Object> config =
          new ObjectMapper()
              .convertValue(
                  transform.has("config")
                      ? transform.get("config")
                      : new ObjectMapper().createObjectNode(),
                  new TypeReference<>() {});
      List<PCollection<Row>> inputs = new ArrayList<>();
      JsonNode named = transform.path("input");
      for (JsonNode input : named.isArray() ? named : List.of(named)) {
        if (!input.isMissingNode()) {
          assertThat(outputs.keySet(), hasItem(input.asText()));
          inputs.add(outputs.get(input.asText()));
        }
      }
      assertThat(name + " is there once", outputs.get(name), is(nullValue()));
      if (ours.containsKey(type)) {
        used.add(type);
        ofOurs(pipeline, name, ours.get(type), config, inputs)
            .getAll()
            .forEach(
                (tag, output) -> {
                  outputs.put(name + "." + tag, output);
                  if (tag.equals("output")) {
                    outputs.put(name, output);
                  }
                });
      } else {
        assertThat(OF_BEAM, hasItem(type));
        outputs.put(name, ofBeam(pipeline, name, type, config, inputs));
      }
    }
    assertThat("transforms that are used", used, is(ours.keySet()));
  }

  private static PCollectionRowTuple ofOurs(
      Pipeline pipeline,
      String name,
      String urn,
      Map<String, Object> config,
      List<PCollection<Row>> inputs)
      throws IOException {
    Provider<?> provider =
        ReferencePage.providers().stream()
            .filter(p -> p.identifier().equals(urn))
            .findFirst()
            .orElseThrow(() -> new AssertionError("there is no " + urn));
    assertThat(name, inputs.size(), is(provider.inputCollectionNames().size()));
    if (config.containsKey("input")) {
      config.put("input", physioNet2012());
    }
    PCollectionRowTuple input =
        inputs.isEmpty()
            ? PCollectionRowTuple.empty(pipeline)
            : PCollectionRowTuple.of("input", inputs.get(0));
    return input.apply(name, provider.from(Given.row(provider.configurationSchema(), config)));
  }

  /**
   * Creates a directory in the layout of the challenge, because readers check it before a pipeline
   * runs.
   */
  private static String physioNet2012() throws IOException {
    Path set = Files.createDirectories(directory.resolve("set-a"));
    Files.writeString(set.resolve("1.txt"), "Time,Parameter,Value\n00:00,RecordID,1\n");
    Files.writeString(directory.resolve("Outcomes-a.txt"), "RecordID,In-hospital_death\n");
    return directory.toString();
  }

  /** Returns an empty collection with the columns that one of Beam's transforms would output. */
  private static PCollection<Row> ofBeam(
      Pipeline pipeline,
      String name,
      String type,
      Map<String, Object> config,
      List<PCollection<Row>> inputs) {
    if (type.equals("Flatten")) {
      inputs.forEach(input -> assertThat(input.getSchema(), is(inputs.get(0).getSchema())));
      return inputs.get(0);
    }
    assertThat(name, inputs.size(), is(type.equals("Create") || type.startsWith("Read") ? 0 : 1));
    Schema.Builder schema = Schema.builder();
    if (type.equals("Create")) {
      ((Map<?, ?>) ((List<?>) config.get("elements")).get(0))
          .keySet()
          .forEach(column -> schema.addStringField((String) column));
    } else if (type.equals("MapToFields")) {
      ((Map<?, ?>) config.get("fields"))
          .forEach(
              (column, field) -> {
                String to = (String) ((Map<?, ?>) field).get("output_type");
                assertThat(to, is(in(List.of("string", "number"))));
                if (to.equals("string")) {
                  schema.addStringField((String) column);
                } else {
                  schema.addDoubleField((String) column);
                }
              });
    } else {
      assertThat(config.keySet(), is(Set.of("path")));
    }
    Schema columns = schema.build();
    return pipeline.apply(name, Create.empty(columns)).setRowSchema(columns);
  }

  @Test
  void mistakeInASampleIsFound() throws IOException {
    String good = Files.readString(YAML.resolve("etl.yaml"));
    for (String[] slip :
        List.of(
            new String[] {"        vocabulary: own_names", "        vocabluary: own_names"},
            new String[] {"channels: [HR, SBP, RR]", "channels: [HR, HR]"},
            new String[] {"input: Evaluate.chosen", "input: Evaluate.choosen"},
            new String[] {"type: Flatten", "type: Flaten"},
            new String[] {"io.tardiff:train:v1", "io.tardiff:training:v1"},
            new String[] {"          code: ", "          kode: "})) {
      String bad = good.replace(slip[0], slip[1]);
      assertThat(bad, is(not(good)));
      JsonNode yaml = new YAMLMapper().readTree(bad);
      assertThrows(Throwable.class, () -> expand(yaml), slip[1]);
    }
  }

  @Test
  void namesInThePythonSampleExist() throws IOException {
    String text = Files.readString(PYTHON);
    assertThat(JAR.matcher(text).find(), is(true));
    Map<String, Provider<?>> names = new HashMap<>();
    Matcher urns =
        Pattern.compile("(\\w+) = tardiff\\.get_urn\\(URN % \"(\\w+)\"\\)").matcher(text);
    while (urns.find()) {
      names.put(urns.group(1), Given.provider(urns.group(2)));
    }
    assertThat(names.size(), greaterThan(5));
    for (Map.Entry<String, Provider<?>> name : names.entrySet()) {
      Matcher call =
          Pattern.compile(">>\\s+" + name.getKey() + "\\(((?:[^()]|\\([^()]*\\))*)\\)")
              .matcher(text);
      assertThat(name.getKey() + " is used", call.find(), is(true));
      Schema schema = name.getValue().configurationSchema();
      Set<String> given = new TreeSet<>();
      Matcher arguments = Pattern.compile("(\\w+)=").matcher(call.group(1));
      while (arguments.find()) {
        given.add(arguments.group(1));
      }
      assertThat(given, everyItem(is(in(schema.getFieldNames()))));
      for (Schema.Field field : schema.getFields()) {
        if (!field.getType().getNullable()) {
          assertThat(name.getKey(), given, hasItem(field.getName()));
        }
      }
    }
  }

  @Test
  void pythonParsesThePythonSample() throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  "import ast, sys; ast.parse(open(sys.argv[1]).read())",
                  PYTHON.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "python3 is not there");
      return;
    }
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(output, process.waitFor(), is(0));
  }
}
