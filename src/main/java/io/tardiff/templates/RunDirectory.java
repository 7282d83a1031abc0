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
 * <p>A directory holds one run, described by {@value #FILE}:
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
 * <p>The run id is a hash of the template, the version and the options that determine the results.
 * Options for how and where they are computed (runner, threads, the directory itself) are neither
 * hashed nor written. Opening a directory that holds the same run resumes it. A directory that
 * holds another run or other files is rejected and not changed.
 *
 * <p>The state is {@code running}, {@code done} or {@code failed}. The last step of the pipeline
 * writes {@code done}; the program writes {@code failed} if it waits for the end. A detached job
 * that failed therefore stays {@code running} here: ask the cluster for its state.
 */
final class RunDirectory implements AutoCloseable {
  static final String FILE = "run.json";

  private static final String DONE = "done";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** The content of {@value #FILE}. */
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
   * Claims the output directory for a run of {@code template}. The caller closes it when the run
   * has ended.
   *
   * @param out receives a line before waiting to see whether another process uses the directory
   * @throws IllegalArgumentException if the directory holds another run or other files
   * @throws IllegalStateException if another process uses the directory
   */
  static <O extends RunOptions> RunDirectory open(
      Template<O> template, O options, Clock clock, Consumer<String> out) throws IOException {
    Run run = run(template, options, clock);
    String path = resolve(options.getOutput());
    // Check before taking the lease, so that a directory of another run is not touched.
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

  /** Returns whether the output directory holds this run and the run is done. */
  static <O extends RunOptions> boolean isDone(Template<O> template, O options) throws IOException {
    String path = resolve(options.getOutput());
    if (!AtomicFile.exists(AtomicFile.resolve(path, FILE))) {
      return false;
    }
    Run there = readOrRefuse(path);
    return there.state().equals(DONE)
        && there.runId().equals(run(template, options, Clock.systemUTC()).runId());
  }

  private static <O extends RunOptions> Run run(Template<O> template, O options, Clock clock) {
    SortedMap<String, String> values =
        OptionCatalogue.of(template.optionsType()).values(options, /* operational= */ false);
    String version = Version.get();
    return new Run(
        template.name(),
        runId(template.name(), version, values),
        version,
        values,
        clock.instant().toString(),
        "running");
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
        "--output must not contain the wildcards *?[]{}, was %s",
        output);
    try {
      return FileSystems.matchNewResource(output, /* isDirectory= */ true).toString();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.format("--output=%s cannot be used: %s", output, e.getMessage()));
    }
  }

  /** Returns the path of the directory, ending with a separator. */
  String path() {
    return path;
  }

  String runId() {
    return run.runId();
  }

  /** Returns the path of a file of the run. */
  String file(String name) {
    return AtomicFile.resolve(path, name);
  }

  /** Returns the path of a subdirectory of the run, ending with a separator. */
  String directory(String name) {
    return FileSystems.matchNewResource(path, /* isDirectory= */ true)
        .resolve(name, StandardResolveOptions.RESOLVE_DIRECTORY)
        .toString();
  }

  /**
   * Adds the last step of a run, which records that it is done once {@code last} is complete. It is
   * a step of the pipeline so that it also works if no program waits for the end.
   */
  PCollection<String> finish(PCollection<?> last) {
    return finishAfter(last);
  }

  private <T> PCollection<String> finishAfter(PCollection<T> last) {
    return last.apply("Finish run", new FinishRun<>(path, run.runId(), lease.path()));
  }

  /** Hands the directory over to a job that continues after this process exits. */
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

  /** Releases the directory, unless it was handed over to a job. */
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

  /** Returns how the run in the directory differs from this one. */
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

  /** Records that a run is done once its input is complete; outputs the path of its file. */
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
                "%s was claimed by run %s of %s while run %s wrote to it: its content cannot be"
                    + " trusted",
                path, run.runId(), run.template(), runId));
      }
      write(path, run.in(DONE));
      Lease.endIfSubmitted(lease);
      out.output(AtomicFile.resolve(path, FILE));
    }
  }
}
