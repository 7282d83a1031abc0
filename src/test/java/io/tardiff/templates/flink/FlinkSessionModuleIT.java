package io.tardiff.templates.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.templates.Terraform;
import io.tardiff.templates.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Terraform module {@code flink-session} and its example, on a real session cluster. */
@Tag("cluster")
class FlinkSessionModuleIT {
  private static final String EXAMPLE = "terraform/examples/flink-session";
  private static final Path JAR = Path.of("target/tardiff-beam-" + Version.get() + "-flink.jar");

  @TempDir private static Path directory;

  private static FlinkCluster cluster;

  private Terraform terraform;

  @BeforeAll
  static void startCluster() throws IOException {
    Terraform.assumeIsThere();
    assumeTrue(Files.exists(JAR), JAR + " is not there: mvn package makes it");
    cluster = new FlinkCluster(directory.resolve("cluster"), FlinkCluster.TENSORFLOW.toString(), 1);
  }

  @AfterAll
  static void stopCluster() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** A job left by a failed test would keep its slots. */
  @AfterEach
  void cancelJobs() throws IOException {
    for (FlinkRest.Job job : cluster.rest().jobs()) {
      if (!job.isOver()) {
        cluster.rest().cancel(job.id());
      }
    }
  }

  private void copy(String name) throws IOException, InterruptedException {
    terraform = new Terraform(Files.createDirectories(directory.resolve(name)));
    Terraform.Result modules = terraform.run(EXAMPLE, "get", "-no-color");
    assertThat(modules.output(), modules.status(), is(0));
  }

  private Terraform.Result run(String command, String run, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "-no-color",
                "-input=false",
                "-var=cluster=" + cluster.url(),
                "-var=jar=" + JAR.toAbsolutePath(),
                "-var=storage=" + directory.resolve("runs"),
                "-var=run=" + run));
    arguments.addAll(List.of(more));
    return terraform.run(EXAMPLE, arguments.toArray(String[]::new));
  }

  private JsonNode jobs() throws IOException, InterruptedException {
    Terraform.Result result = terraform.run(EXAMPLE, "output", "-json", "jobs");
    assertThat(result.output(), result.status(), is(0));
    return new ObjectMapper().readTree(result.results());
  }

  private List<FlinkRest.Job> known(String name) throws IOException {
    return cluster.rest().jobs().stream().filter(job -> job.name().equals(name)).toList();
  }

  @Test
  void oneApplyRunsTheFourSteps() throws IOException, InterruptedException {
    copy("four-steps");
    String[] small = {
      "-var=source_parameters={source=\"simulated\",stays=150,simulationSeed=1,steps=12,"
          + "channels=\"HR,MAP,Urine\"}",
      "-var=training_parameters={denoiser=\"tiny\",trainingSteps=4,batchSize=16,classifierEpochs=2}",
      "-var=sampling_parameters={guidanceRules=\"mean_shift\",guidanceScales=\"0.02\","
          + "samplingSteps=3,samplingBatch=32}",
      "-var=evaluation_parameters={evaluationSeeds=1,evaluationModels=\"gru\",alphas=\"0.5\"}"
    };
    String[] apply = concat(small, "-auto-approve");
    Terraform.Result applied = run("apply", "small", apply);
    assertThat(applied.output(), applied.status(), is(0));
    assertThat(jobs().size(), is(4));
    for (JsonNode job : jobs()) {
      assertThat(job.toString(), job.get("state").asText(), is("FINISHED"));
      assertThat(
          Files.readString(Path.of(job.get("output").asText(), "run.json")),
          containsString("\"state\" : \"done\""));
    }
    assertThat(Files.exists(directory.resolve("runs/small/evaluate/metrics.json")), is(true));

    // 2 would mean that there are changes.
    Terraform.Result again = run("plan", "small", concat(small, "-detailed-exitcode"));
    assertThat(again.output(), again.status(), is(0));
    // Ended jobs and their outputs are not changed.
    Terraform.Result destroyed = run("destroy", "small", apply);
    assertThat(destroyed.output(), destroyed.status(), is(0));
    assertThat(known("small-ingest"), hasSize(1));
    assertThat(known("small-ingest").get(0).state(), is("FINISHED"));
    assertThat(Files.exists(directory.resolve("runs/small/evaluate/metrics.json")), is(true));
  }

  private static String[] concat(String[] first, String... more) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void destroyCancelsARunningJob() throws IOException, InterruptedException {
    copy("long");
    String[] endless = {
      "-var=in_one_job=true", "-var=source_parameters={source=\"simulated\",stays=5000000}",
    };
    Terraform.Result applied = run("apply", "long", concat(endless, "-auto-approve"));
    assertThat(applied.output(), applied.status(), is(0));
    assertThat(jobs().size(), is(1));
    assertThat(jobs().get(0).get("state").asText(), not(is("FAILED")));
    List<FlinkRest.Job> running = known("long-tardiff");
    assertThat(running, hasSize(1));
    assertThat(jobs().get(0).get("job_id").asText(), is(running.get(0).id()));
    assertThat(running.get(0).isOver(), is(false));

    Terraform.Result again = run("plan", "long", concat(endless, "-detailed-exitcode"));
    assertThat(again.output(), again.status(), is(0));
    Terraform.Result reapplied = run("apply", "long", concat(endless, "-auto-approve"));
    assertThat(reapplied.output(), reapplied.status(), is(0));
    assertThat(known("long-tardiff"), hasSize(1));

    Terraform.Result destroyed = run("destroy", "long", concat(endless, "-auto-approve"));
    assertThat(destroyed.output(), destroyed.status(), is(0));
    assertThat(known("long-tardiff").get(0).state(), is("CANCELED"));
  }

  @Test
  void outputOfAnotherRunFailsTheApply() throws IOException, InterruptedException {
    copy("taken");
    Path run = Files.createDirectories(directory.resolve("runs/taken/ingest"));
    Files.writeString(run.resolve("notes.txt"), "mine");
    Terraform.Result applied = run("apply", "taken", "-auto-approve");
    assertThat(applied.status(), is(1));
    assertThat(
        unwrapped(applied.output()),
        allOf(
            containsString("--output=" + run),
            containsString("must be empty or hold this run"),
            containsString("holds other files")));
    assertThat(known("taken-ingest"), is(empty()));
    // A job that was never submitted need not be cancelled.
    Terraform.Result destroyed = run("destroy", "taken", "-auto-approve");
    assertThat(destroyed.output(), destroyed.status(), is(0));
  }

  @Test
  void unreachableClusterFailsTheApply() throws IOException, InterruptedException {
    copy("nowhere");
    Terraform.Result applied =
        run("apply", "nowhere", "-var=cluster=http://127.0.0.1:9", "-auto-approve");
    assertThat(applied.status(), is(1));
    assertThat(
        unwrapped(applied.output()),
        containsString("--cluster=http://127.0.0.1:9 cannot be reached"));
  }

  /** Undoes Terraform's line breaks and the bar before each line of an error. */
  private static String unwrapped(String output) {
    return output.replaceAll("[\\s│]+", " ");
  }
}
