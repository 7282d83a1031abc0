package io.tardiff.templates;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.evaluation.MetricsFile;
import io.tardiff.evaluation.RunSummary;
import io.tardiff.evaluation.ScoresFile;
import io.tardiff.evaluation.report.SummaryTable;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Manifest;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * The command {@code summarise}: the utility of several runs together, such as of several splits,
 * with intervals over splits, runs, seeds and patients.
 */
final class SummariseCommand implements Command {
  static final String FILE = "summary.json";

  private final PrintStream out;
  private final PrintStream err;

  SummariseCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public String name() {
    return "summarise";
  }

  @Override
  public String summary() {
    return "Summarise the utility of several runs, with intervals over splits, runs, seeds and"
        + " patients.";
  }

  @Override
  public String example() {
    return "summarise --runs=out/split-0,out/split-1,out/split-2 --output=out/summary";
  }

  @Override
  public String help() {
    return """
    Usage: summarise --runs=directory,directory,... [--output=directory]

    %s

    %s
    Runs of one cohort are runs of one split; their intervals are wider with several, because models and sets
    differ. Options of Beam's file systems are passed on.
    """
        .formatted(summary(), CommandOptions.help(SummariseOptions.class));
  }

  @Override
  public int run(List<String> arguments) {
    Problems problems = Problems.ofOptions();
    Optional<SummariseOptions> options =
        CommandOptions.parse(SummariseOptions.class, arguments, problems);
    if (options.isEmpty()) {
      err.print(Help.problems(name(), problems));
      return Launcher.USAGE;
    }
    FileSystems.setDefaultPipelineOptions(options.get());
    try {
      List<String> runs = new ArrayList<>();
      for (String directory : TextList.words(options.get().getRuns())) {
        runs.addAll(runs(directory));
      }
      summarise(runs, options.get().getOutput(), out);
      return Launcher.DONE;
    } catch (IOException | RuntimeException e) {
      err.printf("Failed: %s%n", Failures.describe(e));
      return Launcher.FAILURE;
    }
  }

  /** Prints the summary of runs, and writes it if {@code output} is not null. */
  static void summarise(List<String> directories, String output, PrintStream out)
      throws IOException {
    Map<String, String> seen = new HashMap<>();
    List<RunSummary.Run> runs = new ArrayList<>();
    for (String directory : directories) {
      ArtefactDirectory files = ArtefactDirectory.open(directory, Manifest.Kind.EVALUATION);
      String other = seen.put(scores(files).sha256(), directory);
      checkArgument(
          other == null,
          "runs must be different, but %s and %s hold the same: was one given twice, or does"
              + " the source publish its split, so that --splitSeed changes nothing?",
          other,
          directory);
      runs.add(read(files));
    }
    RunSummary summary = RunSummary.of(runs);
    out.println(SummaryTable.of(summary));
    if (output != null) {
      String path =
          AtomicFile.resolve(
              FileSystems.matchNewResource(output, /* isDirectory= */ true).toString(), FILE);
      AtomicFile.writeText(path, summary.json());
      out.printf("The summary is in %s%n", path);
    }
  }

  /** Returns a directory if it is a run, otherwise the runs in its subdirectories. */
  private static List<String> runs(String directory) throws IOException {
    String root = FileSystems.matchNewResource(directory, /* isDirectory= */ true).toString();
    if (AtomicFile.exists(root + WriteEvaluation.METRICS)) {
      return List.of(root);
    }
    List<String> runs =
        FileSystems.match(root + "*/" + WriteEvaluation.METRICS, EmptyMatchTreatment.ALLOW)
            .metadata()
            .stream()
            .map(MatchResult.Metadata::resourceId)
            .map(file -> file.getCurrentDirectory().toString())
            .sorted()
            .toList();
    checkArgument(
        !runs.isEmpty(),
        "--runs must be directories of runs of tardiff or evaluate, or directories that hold such"
            + " runs, was %s: it is missing or holds no %s",
        directory,
        WriteEvaluation.METRICS);
    return runs;
  }

  private static Manifest.Entry scores(ArtefactDirectory run) {
    return run.manifest().stream()
        .flatMap(manifest -> manifest.files().stream())
        .filter(file -> file.file().equals(ScoresFile.FILE))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        "run %s has no %s, which earlier versions did not write: evaluate its sets"
                            + " again",
                        run.path(), ScoresFile.FILE)));
  }

  private static RunSummary.Run read(ArtefactDirectory run) throws IOException {
    MetricsFile metrics = MetricsFile.read(run.text(WriteEvaluation.METRICS));
    checkArgument(
        metrics.guidance().purpose() != null, "run %s has no synthetic set to compare", run.path());
    return new RunSummary.Run(
        run.path(),
        metrics.cohort().path("hash").asText(),
        metrics.guidance().purpose(),
        metrics.guidance().choice(),
        ScoresFile.read(run));
  }
}
