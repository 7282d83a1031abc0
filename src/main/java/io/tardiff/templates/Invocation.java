package io.tardiff.templates;

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
 * A command line that was found right: a template, its options and the job they make.
 *
 * <p>Shared by {@link Launcher}, which a person runs, and {@code flink.ClusterLauncher}, which an
 * engine runs.
 */
public final class Invocation<O extends RunOptions> {
  /** TensorFlow's threads are a property of the process. */
  private static final String THREADS = "tardiff.threads";

  /** How a message begins that tells of a failure which could not be noted. */
  static final String NOT_NOTED = "Nor could the failure be noted in ";

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

  /** What {@code arguments} ask for; empty where {@code problems} tells why not. */
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
          "--threads must be left out with --detached, as it is of this process; workers have"
              + " -D%s=%d",
          THREADS, options.getThreads());
    }
  }

  O options() {
    return options;
  }

  /**
   * Claims the output directory and runs the job: to its end, or until it is submitted where {@code
   * --detached} says so. Results are told on {@code out}. A run that fails while it is waited for,
   * or cannot be submitted, is noted as failed.
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
      // One name for one run: Beam's own has a random part.
      options.setJobName(template.name() + "-" + directory.runId());
    }
    try {
      Pipeline pipeline = Pipeline.create(options);
      directory.finish(job.addTo(pipeline, directory, out));
      if (options.getDetached()) {
        directory.handOver();
        pipeline.run();
        tellSubmitted(directory, out);
        return;
      }
      PipelineResult result =
          job.isOneByOne() ? Pipelines.runOneByOne(pipeline) : Pipelines.run(pipeline);
      job.tell(directory, result, out);
      out.printf("Done. The output is in %s%n", directory.path());
    } catch (Throwable failure) {
      fail(directory, failure);
      throw failure;
    }
  }

  private void tellSubmitted(RunDirectory directory, PrintStream out) {
    out.printf(
        "Submitted: job %s goes on by itself.%n"
            + "%s says running until it is done; whether it still runs or has failed is told where"
            + " the jobs of the cluster are listed.%n",
        options.getJobName(), directory.file(RunDirectory.FILE));
  }

  private static void fail(RunDirectory directory, Throwable failure) {
    try {
      directory.failed();
    } catch (IOException e) {
      failure.addSuppressed(
          new IOException(NOT_NOTED + directory.path() + ": " + e.getMessage(), e));
    }
  }
}
