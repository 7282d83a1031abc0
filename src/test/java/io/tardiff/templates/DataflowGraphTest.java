package io.tardiff.templates;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.WindowSpecs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.sdk.util.construction.graph.PipelineValidator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Job graphs for Dataflow, created without a network in a separate JVM without TensorFlow, which a
 * launcher does not need.
 */
class DataflowGraphTest {
  private static final String GPU = "type:nvidia-l4;count:1;install-nvidia-driver";
  private static final String ACCELERATOR = "beam:resources:accelerator:v1";
  private static final String MEMORY = "beam:resources:min_ram_bytes:v1";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;

  /** The output of the child process. */
  private static String output;

  static List<String> templates() {
    return Launcher.TEMPLATES.stream().<String>map(Template::name).toList();
  }

  private static Path graph(String template, String kind) {
    return directory.resolve(kind).resolve(template);
  }

  @BeforeAll
  static void makeGraphs() throws IOException, InterruptedException {
    String cohort = TinyRun.cohort(directory.resolve("cohort"));
    String model = TinyRun.model(directory.resolve("model"));
    Path synthetic = directory.resolve("synthetic");
    Files.createDirectories(synthetic.resolve("none"));
    Files.writeString(
        synthetic.resolve("none/set.json"),
        JSON.createObjectNode()
            .put("guidance_rule", "none")
            .put("guidance_scale", 0.0)
            .put("samples", 10)
            .set("spec", WindowSpecs.toJson(Cohort.open(cohort).spec()))
            .toString());
    Map<String, List<String>> inputs =
        Map.of(
            "tardiff", List.of("--source=simulated", "--trainingRounds=2", "--selection=herding"),
            "ingest", List.of("--source=physionet2012", "--input=" + physionet2012()),
            "train", List.of("--cohort=" + cohort, "--trainingRounds=2"),
            "generate", List.of("--model=" + model, "--selection=herding", "--cohort=" + cohort),
            "evaluate", List.of("--cohort=" + cohort, "--synthetic=" + synthetic));
    List<String> arguments = new ArrayList<>();
    for (String template : templates()) {
      boolean computesNetworks = !template.equals("ingest");
      List<String> resources =
          computesNetworks ? List.of("--accelerator=" + GPU, "--workerMemory=16GB") : List.of();
      // Options that the launcher of Flex Templates adds.
      List<String> flex =
          List.of(
              "--jobName=job-1",
              "--labels={\"team\":\"icu\"}",
              "--experiments=a",
              "--experiments=b");
      add(arguments, template, "classic", inputs.get(template), resources, flex);
      add(
          arguments,
          template,
          "v2",
          inputs.get(template),
          resources,
          List.of("--experiments=use_runner_v2"));
    }
    add(arguments, "tardiff", "plain", inputs.get("tardiff"));
    output = run(arguments);
  }

  /** Writes one stay in the layout of the source. */
  private static Path physionet2012() throws IOException {
    Path set = Files.createDirectories(directory.resolve("physionet2012/set-a"));
    Files.writeString(set.resolve("1.txt"), "Time,Parameter,Value\n00:00,RecordID,1\n");
    Files.writeString(
        directory.resolve("physionet2012/Outcomes-a.txt"),
        "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death\n1,6,1,5,-1,0\n");
    return directory.resolve("physionet2012");
  }

  @SafeVarargs
  private static void add(
      List<String> arguments, String template, String kind, List<String>... options) {
    if (!arguments.isEmpty()) {
      arguments.add(DataflowGraph.NEXT);
    }
    arguments.add(graph(template, kind).toString());
    arguments.add(template);
    arguments.add("--output=" + directory.resolve("output").resolve(kind).resolve(template));
    Arrays.stream(options).forEach(arguments::addAll);
  }

  private static String run(List<String> arguments) throws IOException, InterruptedException {
    // Surefire keeps the class path in this property if it passes it in a manifest.
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String withoutTensorFlow =
        Arrays.stream(classPath.split(File.pathSeparator))
            .filter(
                entry ->
                    !Path.of(entry)
                        .getFileName()
                        .toString()
                        .matches("(tensorflow|javacpp|ndarray)-.*"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(withoutTensorFlow, is(not(classPath)));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            withoutTensorFlow,
            DataflowGraph.class.getName()));
    command.addAll(arguments);
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(5, MINUTES);
    process.destroyForcibly();
    String output = Files.readString(out);
    assertThat("ended within 5 minutes:\n" + output, ended, is(true));
    assertThat(output, process.exitValue(), is(0));
    return output;
  }

  private static Set<String> stepsOfNetworks(String template) {
    Map<String, List<String>> steps =
        Map.of(
            "train",
                List.of(
                    "Train/Train denoiser/Round 1",
                    "Train/Train denoiser/Round 2",
                    "Train/Train target classifier"),
            "generate",
                List.of("Generate/Sample", "Select/Features of real", "Select/Features of pools"),
            "evaluate",
                List.of("Evaluate/TRTR/Score", "Evaluate/TSTR/Score", "Evaluate/TSRTR/Score"));
    Set<String> all = new HashSet<>(steps.getOrDefault(template, List.of()));
    if (template.equals("tardiff")) {
      steps.values().forEach(all::addAll);
    }
    return all;
  }

  private static boolean isOfNetworks(String template, String step) {
    return stepsOfNetworks(template).stream()
        .anyMatch(prefix -> step.startsWith(prefix + "/") || step.equals(prefix));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void theGraphIsValidAndBounded(String template) throws IOException {
    for (String kind : List.of("classic", "v2")) {
      RunnerApi.Pipeline pipeline = DataflowGraph.read(graph(template, kind)).pipeline();
      PipelineValidator.validate(pipeline);
      List<String> unbounded =
          pipeline.getComponents().getPcollectionsMap().values().stream()
              .filter(c -> c.getIsBounded() != RunnerApi.IsBounded.Enum.BOUNDED)
              .map(RunnerApi.PCollection::getUniqueName)
              .toList();
      assertThat(unbounded, is(empty()));
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void onlyStepsOfNetworksHaveHints(String template) throws IOException {
    Map<String, String> wanted = Map.of(ACCELERATOR, GPU, MEMORY, "16000000000");
    for (String kind : List.of("classic", "v2")) {
      SortedMap<String, SortedMap<String, String>> steps =
          DataflowGraph.read(graph(template, kind)).steps();
      Set<String> found = new HashSet<>();
      steps.forEach(
          (step, hints) -> {
            assertThat(
                kind + " " + step,
                hints,
                is(isOfNetworks(template, step) ? wanted : Map.<String, String>of()));
            stepsOfNetworks(template).stream().filter(step::startsWith).forEach(found::add);
          });
      assertThat(found, is(stepsOfNetworks(template)));
    }
  }

  @Test
  void withoutTheOptionsNoStepHasHints() throws IOException {
    DataflowGraph.read(graph("tardiff", "plain"))
        .steps()
        .forEach((step, hints) -> assertThat(step, hints, is(Map.of())));
  }

  /** The request for the classic runner holds the hints of the steps too. */
  @ParameterizedTest
  @MethodSource("templates")
  void theRequestOfTheClassicRunnerHasTheHints(String template) throws IOException {
    SortedMap<String, JsonNode> hints = new TreeMap<>();
    for (JsonNode step : job(template, "classic").get("steps")) {
      JsonNode properties = step.get("properties");
      String name = properties.at("/user_name/value").asText();
      if (properties.has("resource_hints")) {
        hints.put(name, properties.get("resource_hints"));
      } else {
        assertThat(name + " has no hints", isOfNetworks(template, name), is(false));
      }
    }
    hints.forEach(
        (step, values) -> {
          assertThat(step, isOfNetworks(template, step), is(true));
          assertThat(values.get(ACCELERATOR).asText(), is(GPU));
        });
    assertThat(hints.isEmpty(), is(stepsOfNetworks(template).isEmpty()));
  }

  private static JsonNode job(String template, String kind) throws IOException {
    return JSON.readTree(graph(template, kind).resolve(DataflowGraph.JOB).toFile());
  }

  @ParameterizedTest
  @MethodSource("templates")
  void requestIsForTheRequestedRunner(String template) throws IOException {
    assertThat(
        job(template, "classic").at("/environment/experiments").toString(),
        not(containsString("use_runner_v2")));
    assertThat(
        job(template, "v2").at("/environment/experiments").toString(),
        containsString("use_runner_v2"));
    assertThat(job(template, "classic").get("type").asText(), is("JOB_TYPE_BATCH"));
    assertThat(job(template, "v2").get("type").asText(), is("JOB_TYPE_BATCH"));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void optionsOfTheFlexTemplatesLauncherReachTheJob(String template) throws IOException {
    JsonNode job = job(template, "classic");
    assertThat(job.get("name").asText(), is("job-1"));
    assertThat(job.at("/labels/team").asText(), is("icu"));
    List<String> experiments = new ArrayList<>();
    job.at("/environment/experiments").forEach(e -> experiments.add(e.asText()));
    assertThat(experiments, hasItems("a", "b"));
  }

  /**
   * Users find steps by name, and runners match them by name. If a change is intended, put the
   * steps that the test prints into the file. Steps inside Beam's own transforms are ignored.
   */
  @ParameterizedTest
  @MethodSource("templates")
  void theStepsKeepTheirNames(String template) throws IOException {
    List<String> names = names(template, "classic");
    Path file = Path.of("src/test/resources/dataflow/" + template + ".txt");
    String text = String.join("\n", names) + "\n";
    assertThat(text, Files.exists(file) ? Files.readString(file) : "", is(text));
    assertThat(names(template, "v2"), is(names));
  }

  private static List<String> names(String template, String kind) throws IOException {
    return DataflowGraph.read(graph(template, kind)).steps().keySet().stream()
        .map(step -> step.split("/"))
        .map(parts -> parts[0] + (parts.length > 1 ? "/" + parts[1] : ""))
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void runIsClaimedAndStaysRunning() throws IOException {
    for (String template : templates()) {
      String run =
          Files.readString(directory.resolve("output/v2").resolve(template).resolve("run.json"));
      assertThat(run, containsString("\"state\" : \"running\""));
    }
    assertThat(output, containsString("Submitted: job job-1"));
    assertThat(output.lines().toList(), hasItem("train"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tardiff", "train", "generate", "evaluate"})
  void lastStepRecordsThatTheRunIsDone(String template) throws IOException {
    assertThat(
        DataflowGraph.read(graph(template, "v2")).steps().keySet().stream()
            .filter(step -> step.startsWith("Finish run"))
            .toList(),
        is(not(empty())));
  }
}
