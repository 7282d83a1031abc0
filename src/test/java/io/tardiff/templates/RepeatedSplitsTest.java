package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.settings.Problems;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeatedSplitsTest {
  /** As little as makes a whole run. */
  private static final List<String> SMALL =
      List.of(
          "--source=simulated",
          "--stays=300",
          "--steps=6",
          "--denoiser=tiny",
          "--trainingSteps=2",
          "--classifierEpochs=1",
          "--samplingSteps=2",
          "--guidanceRules=none",
          "--selection=none",
          "--evaluationModels=logistic",
          "--evaluationSeeds=1",
          "--alphas=0.2",
          "--discriminators=none");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void eachSplitHasACommandLineAndADirectory() {
    RepeatedSplits repeated =
        RepeatedSplits.of(
                List.of("--splits=3", "--source=simulated", "--output=out/", "--splitSeed=7"),
                Problems.ofOptions())
            .orElseThrow();
    assertThat(
        repeated.lines().stream().map(RepeatedSplits.Line::arguments).toList(),
        contains(
            List.of("--source=simulated", "--splitSeed=7", "--output=out/split-7"),
            List.of("--source=simulated", "--splitSeed=8", "--output=out/split-8"),
            List.of("--source=simulated", "--splitSeed=9", "--output=out/split-9")));
  }

  @Test
  void oneSplitIsAnOrdinaryRun() {
    for (String splits : List.of("--splits=1", "--splits=0", "--splits=many", "--threads=1")) {
      assertThat(
          RepeatedSplits.of(List.of(splits, "--output=out"), Problems.ofOptions()).isPresent(),
          is(false));
    }
  }

  @Test
  void whatMakesNoSenseIsRejected(@TempDir Path directory) {
    String output = "--output=" + directory.resolve("run");
    assertThat(run(List.of(output, "--splits=0")), is(Launcher.USAGE));
    assertThat(err(), containsString("--splits must be at least 1, was 0"));
    assertThat(run(List.of(output, "--splits=2", "--detached")), is(Launcher.USAGE));
    assertThat(err(), containsString("--splits must be 1 with --detached"));
    assertThat(run(List.of(output, "--splits=2000")), is(Launcher.USAGE));
    assertThat(err(), containsString("--splits must be at most 1000, was 2000"));
    assertThat(
        Commands.run(out, err, List.of("tardiff", output, "--splits=2", "--splits=3")),
        is(Launcher.USAGE));
    assertThat(err(), containsString("--splits must be given only once"));
    assertThat(run(List.of(output, "--splits=2", "--trainingSteps=x")), is(Launcher.USAGE));
    assertThat(Files.exists(directory.resolve("run")), is(false));
  }

  @Test
  void splitsAreRunAndSummarised(@TempDir Path directory) throws IOException {
    Path output = directory.resolve("runs");
    assertThat(err(), run(List.of("--output=" + output, "--splits=2")), is(Launcher.DONE));
    JsonNode summary = json(output.resolve("summary.json"));
    assertThat(summary.path("runs").asInt(), is(2));
    assertThat(summary.path("splits").asInt(), is(2));
    double mean = 0;
    for (int split = 0; split < 2; split++) {
      JsonNode real =
          json(output.resolve("split-" + split + "/metrics.json")).path("utility").get(0);
      assertThat(real.path("protocol").asText(), is("TRTR"));
      mean += real.path("auroc").path("mean").asDouble() / 2;
    }
    JsonNode real = summary.path("rows").get(0);
    assertThat(real.path("protocol").asText(), is("TRTR"));
    assertThat(real.path("auroc").path("value").asDouble(), closeTo(mean, 1e-9));
    assertThat(
        text(),
        allOf(
            containsString("Split 2 of 2: --splitSeed=1"),
            containsString("Purpose: to replace real windows. Runs: 2, of 2 splits"),
            not(containsString("Done before"))));

    // What is done is not repeated, and may be summarised again.
    out.reset();
    assertThat(run(List.of("--output=" + output, "--splits=2")), is(Launcher.DONE));
    assertThat(text(), containsString("Done before. The output is in " + output + "/split-1"));
    Path again = directory.resolve("again");
    assertThat(
        Commands.run(out, err, List.of("summarise", "--runs=" + output, "--output=" + again)),
        is(Launcher.DONE));
    assertThat(json(again.resolve("summary.json")), is(summary));

    String run = output.resolve("split-0").toString();
    assertThat(
        Commands.run(out, err, List.of("summarise", "--runs=" + run + "," + run)),
        is(Launcher.FAILURE));
    assertThat(err(), containsString("runs must be different, but " + run));
    assertThat(
        Commands.run(out, err, List.of("summarise", "--runs=" + directory)), is(Launcher.FAILURE));
    assertThat(err(), containsString("it is missing or holds no metrics.json"));
    assertThat(Commands.run(out, err, List.of("summarise", "--rnus=x")), is(Launcher.USAGE));
    assertThat(
        err(),
        allOf(
            containsString("unknown option --rnus; did you mean runs?"),
            containsString("--runs=directory,directory,... is required")));
  }

  private int run(List<String> more) {
    err.reset();
    List<String> arguments = new ArrayList<>(List.of("tardiff"));
    arguments.addAll(SMALL);
    for (String argument : more) {
      // What is given replaces what is usual.
      String option = argument.replaceFirst("=.*", "=");
      arguments.removeIf(usual -> usual.startsWith(option));
      arguments.add(argument);
    }
    return Commands.run(out, err, arguments);
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
