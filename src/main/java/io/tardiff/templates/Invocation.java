package io.tardiff.templates;

import io.tardiff.evaluation.Gate;
import io.tardiff.settings.Problems;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;

/**
 * A valid command line: a template, its options and the job.
 *
 * <p>Shared by {@link Launcher}, which users run, and {@code flink.ClusterLauncher}, which a
 * cluster runs.
 */
public final class Invocation<O extends RunOptions> {
  /** System property for TensorFlow's threads, which are set per process. */
  private static final String THREADS = "tardiff.threads";

  /** Start of the message that a failure could not be recorded in the run directory. */
  static final String NOT_RECORDED = "In addition, the failure could not be recorded in ";

  private final Template<O> template;
  private final O options;
  private final Template.Job job;
  private final boolean isNamed;

  private Invocation(Template<O> template, O options, Template.Job job, boolean isNamed) {
    this.template = template;
    this.options = options;
    this.job = job;
    this.isNamed = isNamed;
  }

  /** Parses and checks {@code arguments}; returns empty if there are {@code problems}. */
  public static <O extends RunOptions> Optional<Invocation<O>> of(
      Template<O> template, List<String> arguments, Problems problems) {
    Optional<O> options = CommandLine.parse(template.optionsType(), arguments, problems);
    options.ifPresent(FileSystems::setDefaultPipelineOptions);
    options.ifPresent(o -> checkRun(o, problems));
    Optional<Template.Job> job = options.map(o -> template.prepare(o, problems));
    if (!problems.isEmpty() || job.isEmpty()) {
      return Optional.empty();
    }
    boolean isNamed = arguments.stream().anyMatch(a -> a.startsWith("--jobName="));
    return Optional.of(new Invocation<>(template, options.get(), job.get(), isNamed));
  }

  private static void checkRun(RunOptions options, Problems problems) {
    if (options.getThreads() != null && options.getThreads() < 1) {
      problems.add("--threads must be at least 1, was %d", options.getThreads());
    }
    if (options.getDetached() && options.getThreads() != null) {
      problems.add(
          "--threads must not be set with --detached, because it applies to this process only;"
              + " for workers, use -D%s=%d",
          THREADS, options.getThreads());
    }
  }

  O options() {
    return options;
  }

  /** Returns whether the output directory holds the finished run. */
  boolean isDone() throws IOException {
    return RunDirectory.isDone(template, options);
  }

  /**
   * Claims the output directory and runs the job to its end, or with {@code --detached} until it is
   * submitted. Prints results to {@code out}. Records in the directory that the run failed if it
   * cannot be submitted or fails before this method returns.
   */
  public void run(Clock clock, PrintStream out) throws Exception {
    if (options.getThreads() != null) {
      System.setProperty(THREADS, options.getThreads().toString());
    }
    try (RunDirectory directory = RunDirectory.open(template, options, clock, out::println)) {
      run(directory, out);
    }
  }

  private void run(RunDirectory directory, PrintStream out) throws Exception {
    if (!isNamed) {
      // One name per run: Beam's default has a random part.
      options.setJobName(template.name() + "-" + directory.runId());
    }
    try {
      Pipeline pipeline = Pipeline.create(options);
      directory.finish(job.addTo(pipeline, directory, out));
      if (options.getDetached()) {
        directory.handOver();
        pipeline.run();
        reportSubmitted(directory, out);
        return;
      }
      PipelineResult result =
          job.isSequential() ? Pipelines.runSequentially(pipeline) : Pipelines.run(pipeline);
      job.report(directory, result, out);
      out.printf("Done. The output is in %s%n", directory.path());
    } catch (Throwable failure) {
      fail(directory, failure);
      if (isGate(failure)) {
        job.reportGate(directory, out);
      }
      throw failure;
    }
  }

  /** Returns whether a job failed, here or on a cluster, because its set did not pass the gate. */
  static boolean isGate(Throwable failure) {
    return Failures.describe(failure).startsWith(Gate.FAILED);
  }

  private void reportSubmitted(RunDirectory directory, PrintStream out) {
    out.printf(
        "Submitted: job %s runs on the cluster.%n%s has the state running until the job is done;"
            + " the cluster's list of jobs shows whether it is still running or has failed.%n",
        options.getJobName(), directory.file(RunDirectory.FILE));
  }

  private static void fail(RunDirectory directory, Throwable failure) {
    try {
      directory.failed();
    } catch (IOException e) {
      failure.addSuppressed(
          new IOException(NOT_RECORDED + directory.path() + ": " + e.getMessage(), e));
    }
  }
}
