package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.settings.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

  @TempDir private Path directory;
  private RunDirectory opened;

  private record Named(String name) implements Template<IngestOptions> {
    @Override
    public String summary() {
      return "";
    }

    @Override
    public Class<IngestOptions> optionsType() {
      return IngestOptions.class;
    }

    @Override
    public List<String> examples() {
      return List.of();
    }

    @Override
    public Job prepare(IngestOptions options, Problems problems) {
      throw new UnsupportedOperationException();
    }
  }

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }

  /** Closes the previous run before the next one is opened. */
  private RunDirectory open(String template, String... arguments) throws IOException {
    IngestOptions options = PipelineOptionsFactory.fromArgs(arguments).as(IngestOptions.class);
    options.setOutput(directory.toString());
    close();
    opened = RunDirectory.open(new Named(template), options, CLOCK, line -> {});
    return opened;
  }

  private JsonNode runJson() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("run.json").toFile());
  }

  private String refusal(String template, String... arguments) {
    return assertThrows(IllegalArgumentException.class, () -> open(template, arguments))
        .getMessage();
  }

  @Test
  void writesTheDescriptionOfTheRun() throws IOException {
    RunDirectory run = open("ingest", "--source=simulated", "--stays=10");
    JsonNode json = runJson();
    assertThat(json.get("template").asText(), is("ingest"));
    assertThat(json.get("run_id").asText(), is(run.runId()));
    assertThat(json.get("version").asText(), is(Version.get()));
    assertThat(json.get("started").asText(), is("2026-01-02T03:04:05Z"));
    assertThat(json.get("state").asText(), is("running"));
    assertThat(json.get("options").get("stays").asText(), is("10"));
    assertThat(json.get("options").get("split").asText(), is("60,20,20"));
    run.failed();
    assertThat(runJson().get("state").asText(), is("failed"));
  }

  @Test
  void pipelineRecordsThatTheRunIsDone() throws IOException {
    RunDirectory run = open("ingest");
    Pipeline pipeline = Pipeline.create();
    PCollection<Integer> last = pipeline.apply(Create.of(1, 2, 3));
    PAssert.that(run.finish(last)).containsInAnyOrder(run.file(RunDirectory.FILE));
    assertThat(runJson().get("state").asText(), is("running"));
    pipeline.run().waitUntilFinish();
    assertThat(runJson().get("state").asText(), is("done"));
    assertThat(runJson().get("run_id").asText(), is(run.runId()));
  }

  @Test
  void runWithAnEmptyLastStepIsDone() throws IOException {
    RunDirectory run = open("ingest");
    Pipeline pipeline = Pipeline.create();
    run.finish(pipeline.apply(Create.empty(StringUtf8Coder.of())));
    pipeline.run().waitUntilFinish();
    assertThat(runJson().get("state").asText(), is("done"));
  }

  @Test
  void failedRunIsNotDone() throws IOException {
    RunDirectory run = open("ingest");
    Pipeline pipeline = Pipeline.create();
    run.finish(
        pipeline
            .apply(Create.of(0))
            .apply(MapElements.into(TypeDescriptors.integers()).via(zero -> 1 / zero)));
    assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(runJson().get("state").asText(), is("running"));
  }

  @Test
  void directoryClaimedByAnotherRunMeanwhileIsReportedAndNotChanged() throws IOException {
    RunDirectory run = open("ingest", "--seed=1");
    Pipeline pipeline = Pipeline.create();
    run.finish(pipeline.apply(Create.of(1)));
    Files.delete(directory.resolve("run.json"));
    String other = open("ingest", "--seed=2").runId();
    assertThat(
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish()).getMessage(),
        containsString(
            "was claimed by run "
                + other
                + " of ingest while run "
                + run.runId()
                + " wrote to it"));
    assertThat(runJson().get("state").asText(), is("running"));
  }

  @Test
  void sameRunResumesWithOtherOperationalOptions() throws IOException {
    RunDirectory first = open("ingest", "--seed=1", "--threads=1");
    first.failed();
    Files.writeString(directory.resolve("checkpoint"), "half way");
    RunDirectory again = open("ingest", "--seed=1", "--threads=2", "--targetParallelism=3");
    assertThat(again.runId(), is(first.runId()));
    assertThat(runJson().get("state").asText(), is("running"));
    assertThat(Files.readString(directory.resolve("checkpoint")), is("half way"));
  }

  @Test
  void secondProcessOnTheSameRunIsRejected() throws IOException {
    RunDirectory first = open("ingest");
    IngestOptions options = PipelineOptionsFactory.create().as(IngestOptions.class);
    options.setOutput(directory.toString());
    String refusal =
        assertThrows(
                IllegalStateException.class,
                () -> RunDirectory.open(new Named("ingest"), options, CLOCK, line -> {}))
            .getMessage();
    assertThat(refusal, containsString(directory + "/ is in use by process "));
    first.close();
    open("ingest");
  }

  @Test
  void claimOfASubmittedJobIsDeletedWhenTheJobIsDone() throws IOException {
    RunDirectory run = open("ingest");
    run.handOver();
    run.close();
    assertThat(claims(), hasSize(1));
    Pipeline pipeline = Pipeline.create();
    run.finish(pipeline.apply(Create.of(1)));
    pipeline.run().waitUntilFinish();
    assertThat(claims(), is(empty()));
    open("ingest");
  }

  @Test
  void claimOfAFailedJobIsDeletedAtOnce() throws IOException {
    RunDirectory run = open("ingest");
    run.handOver();
    run.failed();
    run.close();
    assertThat(claims(), is(empty()));
  }

  private List<String> claims() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("run.lease-"))
          .toList();
    }
  }

  @Test
  void optionsOfRunnerAndMachineAreNotWritten() throws IOException {
    open("ingest", "--threads=2", "--tempLocation=/secret", "--debug=true", "--detached=true");
    assertThat(
        Files.readString(directory.resolve("run.json")),
        not(allOf(containsString("secret"), containsString("threads"), containsString("debug"))));
    assertThat(runJson().get("options").has("detached"), is(false));
    assertThat(runJson().get("options").has("output"), is(false));
    assertThat(runJson().get("options").has("threads"), is(false));
    assertThat(runJson().toString(), not(containsString("secret")));
  }

  @Test
  void anotherRunIsRejectedAndTheExistingOneNotChanged() throws IOException {
    String there = open("ingest", "--seed=1").runId();
    String before = Files.readString(directory.resolve("run.json"));
    assertThat(
        refusal("ingest", "--seed=2"),
        allOf(
            containsString("--output=" + directory),
            containsString("already holds run " + there + " of ingest (running), not this run "),
            containsString("--seed was 1 there and is 2 here")));
    assertThat(Files.readString(directory.resolve("run.json")), is(before));
  }

  @Test
  void runOfAnotherTemplateIsRejected() throws IOException {
    open("ingest");
    assertThat(refusal("other"), containsString("that was ingest " + Version.get()));
  }

  @Test
  void directoryWithOtherFilesIsRejected() throws IOException {
    Files.createDirectories(directory.resolve("photos"));
    Files.writeString(directory.resolve("photos/cat.txt"), "cat");
    assertThat(refusal("ingest"), containsString("holds other files and no run.json"));
    assertThat(Files.exists(directory.resolve("run.json")), is(false));
  }

  @Test
  void unreadableRunJsonIsRejected() throws IOException {
    Files.writeString(directory.resolve("run.json"), "{\"template\": ");
    assertThat(refusal("ingest"), containsString("holds a run.json that cannot be read"));
  }

  @Test
  void namesTheFilesOfTheRun() throws IOException {
    RunDirectory run = open("ingest");
    assertThat(run.file("metrics.json"), is(directory.resolve("metrics.json").toString()));
    assertThat(run.directory("windows"), is(directory.resolve("windows") + "/"));
  }

  @Test
  void outputThatIsAFileIsRejected() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "something");
    IngestOptions options = PipelineOptionsFactory.as(IngestOptions.class);
    options.setOutput(file.toString());
    assertThat(
        assertThrows(
                IOException.class,
                () -> RunDirectory.open(new Named("ingest"), options, CLOCK, line -> {}))
            .getMessage(),
        containsString("--output=" + file + "/ cannot be written to: "));
    assertThat(Files.readString(file), is("something"));
  }

  @Test
  void outputThatCannotBeADirectoryIsRejected() {
    IngestOptions options = PipelineOptionsFactory.as(IngestOptions.class);
    for (String output : List.of("out/*", "nosuchscheme://bucket/out")) {
      options.setOutput(output);
      assertThat(
          assertThrows(
                  IllegalArgumentException.class,
                  () -> RunDirectory.open(new Named("ingest"), options, CLOCK, line -> {}))
              .getMessage(),
          allOf(containsString("--output"), containsString(output)));
    }
  }
}
