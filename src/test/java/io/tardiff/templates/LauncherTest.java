package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.evaluation.Gate;
import io.tardiff.options.OptionCatalogue;
import io.tardiff.settings.InvalidSettingException;
import io.tardiff.settings.Problems;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
  private static final int WIDTH = 72;

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ProbeTemplate probe = new ProbeTemplate();
  private Launcher launcher;
  private String output;

  /** A template with all options that records what it was run with. */
  private static final class ProbeTemplate implements Template<TarDiffOptions> {
    private TarDiffOptions ran;
    private Exception failure;

    @Override
    public String name() {
      return "probe";
    }

    @Override
    public String summary() {
      return "Keeps the options it is run with.";
    }

    @Override
    public Class<TarDiffOptions> optionsType() {
      return TarDiffOptions.class;
    }

    @Override
    public List<String> examples() {
      return List.of("--source=simulated --output=out");
    }

    @Override
    public Job prepare(TarDiffOptions options, Problems problems) {
      problems.apply(
          "steps",
          1,
          steps -> {
            if (options.getSteps() != null && options.getSteps() < 1) {
              throw new InvalidSettingException("steps", "must be at least 1", options.getSteps());
            }
            return options.getSteps();
          });
      problems.apply(
          "emaDecay",
          1.0,
          decay -> {
            if (options.getEmaDecay() != null && options.getEmaDecay() > 1) {
              throw new InvalidSettingException("decay", "must be 0 to 1", options.getEmaDecay());
            }
            return options.getEmaDecay();
          });
      return new Job() {
        @Override
        public PCollection<?> addTo(Pipeline pipeline, RunDirectory run, PrintStream out)
            throws Exception {
          ran = options;
          if (failure != null) {
            throw failure;
          }
          return pipeline.apply("Last", Create.of("one", "two"));
        }

        @Override
        public void report(RunDirectory run, PipelineResult result, PrintStream out) {
          out.println("a table");
        }

        @Override
        public void reportGate(RunDirectory run, PrintStream out) {
          out.println("a table before the gate");
        }
      };
    }
  }

  @BeforeEach
  void launcher() {
    launcher =
        new Launcher(
            List.of(probe),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Clock.systemUTC(),
            WIDTH);
    output = "--output=" + directory.resolve("run");
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void listsTheTemplatesWithoutArgumentsOrForHelp() {
    assertThat(launcher.run(), is(0));
    String nothing = out();
    out.reset();
    assertThat(launcher.run("help"), is(0));
    assertThat(out(), is(nothing));
    out.reset();
    assertThat(launcher.run("--help"), is(0));
    assertThat(out(), is(nothing));
    assertThat(nothing, containsString("  probe  Keeps the options it is run with.\n"));
    assertThat(nothing, containsString("probe --source=simulated --output=out"));
    assertThat(err(), is(emptyString()));
  }

  @Test
  void helpOfATemplateShowsItsOptionsInGroups() {
    assertThat(launcher.run("probe", "--help"), is(0));
    String help = out();
    assertThat(
        help,
        allOf(
            containsString(
                "\n"
                    + "Source\n"
                    + "  --source=simulated|physionet2012|mimic3|mimic4|eicu|fhir|omop|meds|ricu|tables|medformer|ucr_uea"
                    + "  (required)\n"),
            containsString("\nCohort\n"),
            containsString(
                "  --steps=integer\n      Steps per window. Default: that of the task, or"),
            containsString(
                "  --normalisation=z_score|min_max|robust|quantile  (default: z_score)\n"),
            containsString("  --guidanceRules=mean_shift,interpolation,moment,candidates,none"),
            containsString("  --learningRate=number  (default: 0.0005)\n"),
            containsString("  --classWeighting=true|false  (default: false)\n"),
            containsString("  --count=integer\n"),
            containsString(
                "  --sampleLabels=as_train, balanced or 0=100,1=50  (default: as_train)\n"),
            containsString("quickstart: every step in minutes"),
            containsString("--denoiser=tiny")));
    assertThat(probe.ran, is(nullValue()));
  }

  @Test
  void helpIsWrappedToTheTerminal() {
    launcher.run("help", "probe");
    List<Integer> proseWidths =
        out().lines().filter(line -> line.startsWith("      ")).map(String::length).toList();
    assertThat(proseWidths, everyItem(lessThanOrEqualTo(WIDTH)));
    assertThat(proseWidths.size() > 40, is(true));
  }

  @Test
  void runsTheTemplateWithItsOptions() {
    assertThat(
        launcher.run("probe", "--source=simulated", output, "--steps=24", "--classWeighting"),
        is(0));
    assertThat(probe.ran.getSteps(), is(24));
    assertThat(probe.ran.getClassWeighting(), is(true));
    assertThat(probe.ran.getEmaDecay(), is(nullValue()));
    assertThat(probe.ran.getEta(), is(nullValue()));
    assertThat(probe.ran.getThreads(), is(nullValue()));
    assertThat(out(), startsWith("a table\nDone. The output is in " + directory.resolve("run")));
    assertThat(err(), is(emptyString()));
  }

  @Test
  void optionsOverrideThePreset() {
    launcher.run("probe", "--source=simulated", output, "--preset=quickstart", "--denoiser=paper");
    assertThat(probe.ran.getDenoiser(), is("paper"));
    assertThat(probe.ran.getTrainingSteps(), is(600));
  }

  @Test
  void presetsNameExistingOptionsWithValidValues() {
    OptionCatalogue catalogue = OptionCatalogue.of(TarDiffOptions.class);
    for (Preset preset : Preset.values()) {
      preset
          .options()
          .forEach(
              (name, value) ->
                  assertThat(
                      preset + " " + name,
                      catalogue.find(name).orElseThrow().reject(value).orElse("accepted"),
                      is("accepted")));
    }
  }

  @Test
  void directRunnerUsesAllCoresAndDoesNotCheckDoFns() {
    launcher.run("probe", "--source=simulated", output);
    DirectOptions direct = probe.ran.as(DirectOptions.class);
    assertThat(probe.ran.getRunner(), is((Object) DirectRunner.class));
    assertThat(direct.getTargetParallelism(), is(Runtime.getRuntime().availableProcessors()));
    assertThat(direct.isEnforceImmutability(), is(false));
    assertThat(direct.isEnforceEncodability(), is(false));
  }

  @Test
  void runnerOptionsArePassedOn() {
    launcher.run(
        "probe",
        "--source=simulated",
        output,
        "--runner=DirectRunner",
        "--targetParallelism=7",
        "--enforceImmutability=true",
        "--jobName=mine");
    DirectOptions direct = probe.ran.as(DirectOptions.class);
    assertThat(direct.getTargetParallelism(), is(7));
    assertThat(direct.isEnforceImmutability(), is(true));
    assertThat(direct.isEnforceEncodability(), is(false));
    assertThat(probe.ran.getJobName(), is("mine"));
  }

  @Test
  void flinkRunnerIsNotGivenOptionsOfTheDirectRunner() {
    probe.failure = new IllegalStateException("far enough");
    launcher.run(
        "probe", "--source=simulated", output, "--runner=FlinkRunner", "--flinkMaster=[local]");
    assertThat(probe.ran.getRunner().getSimpleName(), is("FlinkRunner"));
    assertThat(
        probe.ran.as(DirectOptions.class).isEnforceImmutability(),
        is(/* Beam's own default */ true));
    assertThat(probe.ran.as(FlinkPipelineOptions.class).getUseDataStreamForBatch(), is(true));
  }

  @Test
  void unreachableFlinkClusterIsReportedBeforeAnythingRuns() throws IOException {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    String master = "127.0.0.1:" + closedPort;
    assertThat(
        launcher.run(
            "probe",
            "--source=simulated",
            output,
            "--runner=FlinkRunner",
            "--flinkMaster=" + master),
        is(2));
    assertThat(
        err(),
        allOf(
            startsWith("Cannot run probe:\n  --flinkMaster=" + master + " cannot be reached ("),
            containsString("it must be the host and port of a running Flink JobManager's REST")));
    assertThat(probe.ran, is(nullValue()));
    assertThat(Files.exists(directory.resolve("run")), is(false));
  }

  @Test
  void jobNameIsThatOfTheRunUnlessGiven() throws IOException {
    launcher.run("probe", "--source=simulated", output);
    String runId =
        new ObjectMapper()
            .readTree(directory.resolve("run/run.json").toFile())
            .get("run_id")
            .asText();
    assertThat(probe.ran.getJobName(), is("probe-" + runId));
  }

  @Test
  void aDetachedRunIsSubmittedAndFinishesByItself() throws IOException {
    HeldRunner.HELD.clear();
    assertThat(
        launcher.run(
            "probe",
            "--source=simulated",
            output,
            "--detached",
            "--runner=" + HeldRunner.class.getName()),
        is(0));
    assertThat(
        out(),
        allOf(
            startsWith("Submitted: job probe-"),
            containsString(directory.resolve("run/run.json").toString()),
            not(containsString("a table")),
            not(containsString("Done"))));
    assertThat(state(), is("running"));

    HeldRunner.release();
    assertThat(state(), is("done"));
  }

  @Test
  void jobThatCannotBeSubmittedIsRecordedAsFailed() throws IOException {
    HeldRunner.HELD.clear();
    HeldRunner.refuse("the cluster is unreachable");
    assertThat(
        launcher.run(
            "probe",
            "--source=simulated",
            output,
            "--detached",
            "--runner=" + HeldRunner.class.getName()),
        is(1));
    assertThat(err(), startsWith("Failed: the cluster is unreachable\n"));
    assertThat(state(), is("failed"));
  }

  @Test
  void detachedIsRejectedIfTheJobWouldEndWithTheProgram() {
    assertThat(
        launcher.run("probe", "--source=simulated", output, "--detached", "--threads=2"), is(2));
    assertThat(
        err().lines().toList(),
        is(
            List.of(
                "Cannot run probe:",
                "  --detached needs a cluster, such as --runner=FlinkRunner"
                    + " --flinkMaster=host:port: the direct runner ends with this program",
                "probe --help prints its options.")));
    assertThat(
        launcher.run(
            "probe",
            "--source=simulated",
            output,
            "--detached",
            "--runner=FlinkRunner",
            "--flinkMaster=[local]",
            "--attachedMode=true"),
        is(2));
    assertThat(
        err(),
        allOf(
            containsString("--flinkMaster=[local] ends with this program"),
            containsString("--attachedMode must not be true with --detached")));
    assertThat(
        launcher.run(
            "probe",
            "--source=simulated",
            output,
            "--detached",
            "--threads=2",
            "--runner=" + HeldRunner.class.getName()),
        is(2));
    assertThat(
        err(),
        containsString(
            "--threads must not be set with --detached, because it applies to this process only;"
                + " for workers, use -Dtardiff.threads=2"));
    assertThat(Files.exists(directory.resolve("run")), is(false));
  }

  private String state() throws IOException {
    return new ObjectMapper()
        .readTree(directory.resolve("run/run.json").toFile())
        .get("state")
        .asText();
  }

  /** Launchers of clusters repeat options. */
  @Test
  void listsOfBeamMayBeRepeated() {
    launcher.run("probe", "--source=simulated", output, "--experiments=a,b", "--experiments=c");
    assertThat(
        probe.ran.as(ExperimentalOptions.class).getExperiments(), is(List.of("a", "b", "c")));
    assertThat(
        launcher.run("probe", "--source=simulated", output, "--jobName=a", "--jobName=b"), is(2));
    assertThat(err(), containsString("--jobName must be given only once, was given again with b"));
  }

  @Test
  void suggestsASimilarTemplate() {
    assertThat(launcher.run("prob", "--source=simulated"), is(2));
    assertThat(
        err(),
        is(
            "Unknown template prob; did you mean probe?\n"
                + "Templates and commands: probe, verify, replay, summarise\n"));
  }

  @Test
  void suggestsASimilarOption() {
    assertThat(launcher.run("probe", "--source=simulated", output, "--guidanceScale=1"), is(2));
    assertThat(
        err(), containsString("unknown option --guidanceScale; did you mean guidanceScales?"));
  }

  @Test
  void reportsEveryProblemAtOnce() {
    int status =
        launcher.run(
            "probe",
            "--source=simulate",
            "--steps=abc",
            "--stays",
            "--eta=NaN",
            "--classWeighting=yes",
            "--guidanceRules=mean_shift,meanshift",
            "--seed=1",
            "--seed=2",
            "--zzzzzzzz=1",
            "--splitSeed=",
            "48");
    assertThat(status, is(2));
    assertThat(
        err().lines().toList(),
        is(
            List.of(
                "Cannot run probe:",
                "  --source must be one of simulated, physionet2012, mimic3, mimic4, eicu, fhir,"
                    + " omop, meds, ricu, tables, medformer, ucr_uea, was simulate; did you mean"
                    + " simulated?",
                "  --steps must be an integer, was abc",
                "  --stays needs a value: --stays=integer",
                "  --eta must be a finite number, was NaN",
                "  --classWeighting must be true or false, was yes",
                "  --guidanceRules must name one or more of mean_shift, interpolation, moment, candidates, none, was"
                    + " mean_shift,meanshift; did you mean mean_shift?",
                "  --seed must be given only once, was given again with 2",
                "  unknown option --zzzzzzzz",
                "  --splitSeed must not be empty",
                "  48 is not an option; write options as --name=value",
                "  --output=directory is required",
                "probe --help prints its options.")));
    assertThat(probe.ran, is(nullValue()));
    assertThat(out(), is(emptyString()));
  }

  @Test
  void reportsEveryProblemOfTheConfigurations() {
    assertThat(
        launcher.run("probe", "--source=simulated", output, "--steps=0", "--emaDecay=2"), is(2));
    assertThat(
        err(),
        allOf(
            containsString("  --steps must be at least 1, was 0\n"),
            containsString("  --emaDecay must be 0 to 1, was 2.0\n")));
    assertThat(probe.ran, is(nullValue()));
    assertThat(Files.exists(directory.resolve("run")), is(false));
  }

  @Test
  void invalidValueOfABeamOptionIsReported() {
    assertThat(
        launcher.run("probe", "--source=simulated", output, "--targetParallelism=many"), is(2));
    assertThat(err(), containsString("  --targetParallelism=many is invalid: "));
  }

  @Test
  void aFailureIsOneLineAboutItsCause() throws IOException {
    probe.failure =
        new RuntimeException(
            "wrapped", new IllegalArgumentException("train must hold 2 classes, held 1"));
    assertThat(launcher.run("probe", "--source=simulated", output), is(1));
    assertThat(
        err(), is("Failed: train must hold 2 classes, held 1\nUse --debug for the stack trace.\n"));
    assertThat(out(), not(containsString("Done")));
    assertThat(
        Files.readString(directory.resolve("run/run.json")),
        containsString("\"state\" : \"failed\""));
  }

  @Test
  void failureOfAnotherLibraryIsReportedWithItsClass() {
    probe.failure = new ArrayIndexOutOfBoundsException("Index 3 out of bounds for length 3");
    assertThat(launcher.run("probe", "--source=simulated", output), is(1));
    assertThat(err(), startsWith("Failed: java.lang.ArrayIndexOutOfBoundsException: Index 3 out"));
  }

  @Test
  void debugShowsTheStackTrace() {
    probe.failure = new IllegalStateException("loss is NaN");
    assertThat(launcher.run("probe", "--source=simulated", output, "--debug"), is(1));
    assertThat(
        err(),
        allOf(
            containsString("loss is NaN"), containsString("at io.tardiff.templates.LauncherTest")));
  }

  @Test
  void aGateThatIsNotPassedHasAStatusOfItsOwn() {
    probe.failure =
        new IllegalStateException(Gate.FAILED + " for the set none:\n  a figure is too low");
    assertThat(launcher.run("probe", "--source=simulated", output), is(Launcher.GATE));
    assertThat(out(), containsString("a table before the gate"));
    assertThat(
        err(), containsString("Failed: the gate failed for the set none:\n  a figure is too low"));
  }
}
