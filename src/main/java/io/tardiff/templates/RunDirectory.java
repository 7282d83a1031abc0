package io.tardiff.templates;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.base.CharMatcher;
import com.google.common.collect.Sets;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Lease;
import io.tardiff.options.OptionCatalogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * The output directory of a run, on any Beam file system.
 *
 * <p>One directory holds one run. Its {@value #FILE} says which:
 *
 * <pre>{@code
 * {
 *   "template" : "tardiff",
 *   "run_id" : "4f0c7d21a9be",
 *   "version" : "0.1.0",
 *   "options" : { "seed" : "0", "source" : "simulated", ... },
 *   "started" : "2026-11-22T20:15:00Z",
 *   "state" : "running"
 * }
 * }</pre>
 *
 * <p>The run id is a hash of the template, the version and the options that decide what is
 * computed; how and where it is computed (runner, threads, the directory itself) is neither hashed
 * nor written. Opening a directory that holds the same run resumes it; a directory that holds
 * another run, or files of something else, is refused and left as it is.
 *
 * <p>The state is {@code running}, {@code done} or {@code failed}. The pipeline itself notes that
 * it is done, as its last step; that it failed is noted by the program where it waits for the end.
 * A job that failed after its program has left is {@code running} for ever here: ask the cluster.
 */
final class RunDirectory implements AutoCloseable {
  static final String FILE = "run.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** What {@value #FILE} holds. */
  @JsonPropertyOrder({"template", "run_id", "version", "options", "started", "state"})
  record Run(
      String template,
      @JsonProperty("run_id") String runId,
      String version,
      SortedMap<String, String> options,
      String started,
      String state) {

    private Run in(String newState) {
      return new Run(template, runId, version, options, started, newState);
    }
  }

  private final String path;
  private final Run run;
  private final Lease lease;
  private boolean submitted;

  private RunDirectory(String path, Run run, Lease lease) {
    this.path = path;
    this.run = run;
    this.lease = lease;
  }

  /**
   * Claims the output directory for a run of {@code template}, to be closed when the run has ended.
   *
   * @param out is given a line where it must wait to see whether another process is at work there
   * @throws IllegalArgumentException if the directory holds something else
   * @throws IllegalStateException if another process is at work in it
   */
  static <O extends RunOptions> RunDirectory open(
      Template<O> template, O options, Clock clock, Consumer<String> out) throws IOException {
    SortedMap<String, String> values =
        OptionCatalogue.of(template.optionsType()).values(options, /* operational= */ false);
    String version = Version.get();
    Run run =
        new Run(
            template.name(),
            runId(template.name(), version, values),
            version,
            values,
            clock.instant().toString(),
            "running");
    String path = resolve(options.getOutput());
    // Before the lease, so that a directory of something else is left as it is.
    check(path, run);
    Lease lease = take(path, out);
    try {
      check(path, run);
      write(path, run);
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
    return new RunDirectory(path, run, lease);
  }

  private static Lease take(String path, Consumer<String> out) throws IOException {
    try {
      return Lease.take(path, out);
    } catch (IOException e) {
      throw new IOException(
          String.format("--output=%s cannot be written to: %s", path, e.getMessage()), e);
    }
  }

  private static String resolve(String output) {
    checkArgument(
        CharMatcher.anyOf("*?[]{}").matchesNoneOf(output),
        "--output must hold none of the wildcards *?[]{}, was %s",
        output);
    try {
      return FileSystems.matchNewResource(output, /* isDirectory= */ true).toString();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.format("--output=%s cannot be used: %s", output, e.getMessage()));
    }
  }

  /** The directory, ending with a separator. */
  String path() {
    return path;
  }

  String runId() {
    return run.runId();
  }

  /** A file of the run. */
  String file(String name) {
    return AtomicFile.resolve(path, name);
  }

  /** A directory of the run. */
  String directory(String name) {
    return FileSystems.matchNewResource(path, /* isDirectory= */ true)
        .resolve(name, StandardResolveOptions.RESOLVE_DIRECTORY)
        .toString();
  }

  /**
   * Adds the last step of a run, which notes that it is done when all of {@code last} is there. It
   * is a step of the pipeline, so that this is right too where nobody waits for the pipeline's end.
   */
  PCollection<String> finish(PCollection<?> last) {
    return finishAfter(last);
  }

  private <T> PCollection<String> finishAfter(PCollection<T> last) {
    return last.apply("Finish run", new FinishRun<>(path, run.runId(), lease.path()));
  }

  /** Leaves the directory to a job that goes on when this process has ended. */
  void handOver() throws IOException {
    lease.handOver();
    submitted = true;
  }

  void failed() throws IOException {
    write(path, run.in("failed"));
    if (submitted) {
      Lease.end(lease.path());
    }
  }

  /** Gives the directory back, unless a job has it. */
  @Override
  public void close() {
    lease.close();
  }

  private static void check(String path, Run run) throws IOException {
    if (AtomicFile.exists(AtomicFile.resolve(path, FILE))) {
      Run there = readOrRefuse(path);
      if (!run.runId().equals(there.runId())) {
        throw new IllegalArgumentException(
            String.format(
                "--output=%s already holds run %s of %s (%s), not this run %s of %s: %s; choose"
                    + " another directory or delete that one",
                path,
                there.runId(),
                there.template(),
                there.state(),
                run.runId(),
                run.template(),
                difference(there, run)));
      }
    } else if (holdsFiles(path)) {
      throw new IllegalArgumentException(
          String.format(
              "--output=%s must be empty or hold this run %s, but holds other files and no %s;"
                  + " choose another directory",
              path, run.runId(), FILE));
    }
  }

  private static boolean holdsFiles(String path) throws IOException {
    return FileSystems.match(path + "**", EmptyMatchTreatment.ALLOW).metadata().stream()
        .anyMatch(file -> !Lease.isClaim(file.resourceId().getFilename()));
  }

  private static Run readOrRefuse(String path) throws IOException {
    try {
      return read(path);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          String.format(
              "--output=%s holds a %s that cannot be read; choose another directory", path, FILE),
          e);
    }
  }

  private static Run read(String path) throws IOException {
    return JSON.readValue(AtomicFile.readText(AtomicFile.resolve(path, FILE)), Run.class);
  }

  private static void write(String path, Run state) throws IOException {
    AtomicFile.writeText(AtomicFile.resolve(path, FILE), JSON.writeValueAsString(state) + "\n");
  }

  /** The options in which the run that is there differs. */
  private static String difference(Run there, Run run) {
    if (!there.template().equals(run.template()) || !there.version().equals(run.version())) {
      return String.format("that was %s %s", there.template(), there.version());
    }
    return new TreeSet<>(Sets.union(there.options().keySet(), run.options().keySet()))
        .stream()
            .filter(name -> !Objects.equals(there.options().get(name), run.options().get(name)))
            .map(
                name ->
                    String.format(
                        "--%s was %s there and is %s here",
                        name,
                        there.options().getOrDefault(name, "not set"),
                        run.options().getOrDefault(name, "not set")))
            .collect(Collectors.joining(", "));
  }

  private static String runId(String template, String version, SortedMap<String, String> options) {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putString(template + "\n" + version + "\n", StandardCharsets.UTF_8);
    options.forEach(
        (name, value) -> hasher.putString(name + "=" + value + "\n", StandardCharsets.UTF_8));
    return hasher.hash().toString().substring(0, 12);
  }

  /** Notes that a run is done when its input is complete; the path of its file comes out. */
  private static final class FinishRun<T> extends PTransform<PCollection<T>, PCollection<String>> {
    private final String path;
    private final String runId;
    private final String lease;

    FinishRun(String path, String runId, String lease) {
      this.path = path;
      this.runId = runId;
      this.lease = lease;
    }

    @Override
    public PCollection<String> expand(PCollection<T> last) {
      return last.apply("Wait for all", Count.globally())
          .apply("Note", ParDo.of(new FinishRunFn(path, runId, lease)));
    }
  }

  private static final class FinishRunFn extends DoFn<Long, String> {
    private final String path;
    private final String runId;
    private final String lease;

    FinishRunFn(String path, String runId, String lease) {
      this.path = path;
      this.runId = runId;
      this.lease = lease;
    }

    @ProcessElement
    public void process(OutputReceiver<String> out) throws IOException {
      Run run = read(path);
      if (!run.runId().equals(runId)) {
        throw new IllegalStateException(
            String.format(
                "%s was given to run %s of %s while run %s wrote to it: what it holds is not to be"
                    + " trusted",
                path, run.runId(), run.template(), runId));
      }
      write(path, run.in("done"));
      Lease.endIfSubmitted(lease);
      out.output(AtomicFile.resolve(path, FILE));
    }
  }
}
