package io.tardiff.templates.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.templates.HeldRunner;
import io.tardiff.templates.Launcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterLauncherTest {
  private static final String RUNNER = "--runner=" + HeldRunner.class.getName();

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private String output;

  @BeforeEach
  void output() {
    output = "--output=" + directory.resolve("run");
    HeldRunner.HELD.clear();
  }

  private void submit(String... arguments) {
    new ClusterLauncher(
            Launcher.TEMPLATES,
            environment,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            Clock.systemUTC())
        .submit(arguments);
  }

  private String refusal(String... arguments) {
    return assertThrows(IllegalArgumentException.class, () -> submit(arguments)).getMessage();
  }

  private String runJson() throws IOException {
    return Files.readString(directory.resolve("run/run.json"));
  }

  @Test
  void submitsAndReturns() throws IOException {
    submit("ingest", "--source=simulated", "--stays=60", "--steps=4", output, RUNNER);
    assertThat(HeldRunner.HELD, hasSize(1));
    assertThat(out.toString(StandardCharsets.UTF_8), startsWith("Submitted: job ingest-"));
    assertThat(runJson(), containsString("\"state\" : \"running\""));

    HeldRunner.release();
    assertThat(runJson(), containsString("\"state\" : \"done\""));
    assertThat(Files.exists(directory.resolve("run/cohort/cohort.json")), is(true));
  }

  @Test
  void theEnvironmentMayNameTheTemplate() throws IOException {
    environment.put("TARDIFF_TEMPLATE", "ingest");
    submit("--source=simulated", "--stays=60", "--detached", output, RUNNER);
    assertThat(HeldRunner.HELD, hasSize(1));
    assertThat(runJson(), containsString("\"template\" : \"ingest\""));
  }

  @Test
  void firstArgumentOverridesTheEnvironment() throws IOException {
    environment.put("TARDIFF_TEMPLATE", "train");
    submit("ingest", "--source=simulated", output, RUNNER);
    assertThat(runJson(), containsString("\"template\" : \"ingest\""));
  }

  @Test
  void reportsEveryProblemInOneMessage() {
    assertThat(
        refusal("ingest", "--source=simulate", "--stays=many", "--steps=0", "--detached=false"),
        is(
            """
            Cannot run ingest:
              --detached must not be false, because the cluster runs this program
              --source must be one of simulated, physionet2012, mimic3, mimic4, eicu, fhir, omop, \
            meds, ricu, tables, medformer, ucr_uea, was simulate; did you mean simulated?
              --stays must be an integer, was many
              --output=directory is required
              --detached needs a cluster, such as --runner=FlinkRunner --flinkMaster=host:port: \
            the direct runner ends with this program\
            """));
    assertThat(HeldRunner.HELD, hasSize(0));
    assertThat(Files.exists(directory.resolve("run")), is(false));
  }

  @Test
  void unknownOrMissingTemplateIsReported() {
    assertThat(
        refusal("ingst", "--source=simulated"),
        is(
            "unknown template ingst; did you mean ingest?; templates: tardiff, ingest, train,"
                + " generate, evaluate"));
    assertThat(
        refusal("--source=simulated"),
        is(
            "the first argument or the environment variable TARDIFF_TEMPLATE must name a template:"
                + " tardiff, ingest, train, generate, evaluate"));
    assertThat(refusal(), startsWith("the first argument or the environment variable"));
  }

  @Test
  void outputOfAnotherRunIsRejected() throws IOException {
    submit("ingest", "--source=simulated", "--seed=1", output, RUNNER);
    String before = runJson();
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> submit("ingest", "--source=simulated", "--seed=2", output, RUNNER));
    assertThat(
        thrown.getMessage(),
        allOf(
            startsWith("Cannot submit ingest: --output=" + directory.resolve("run")),
            containsString("--seed was 1 there and is 2 here")));
    assertThat(runJson(), is(before));
    assertThat(HeldRunner.HELD, hasSize(1));
  }

  @Test
  void jobRejectedByTheClusterIsRecordedAsFailed() throws IOException {
    HeldRunner.refuse("no slots");
    assertThat(
        assertThrows(
                IllegalStateException.class,
                () -> submit("ingest", "--source=simulated", output, RUNNER))
            .getMessage(),
        is("Cannot submit ingest: no slots"));
    assertThat(runJson(), containsString("\"state\" : \"failed\""));
  }
}
