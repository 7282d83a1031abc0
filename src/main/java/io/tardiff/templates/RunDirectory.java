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
import io.tardiff.options.OptionCatalogue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;
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
final class RunDirectory {
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

  private RunDirectory(String path, Run run) {
    this.path = path;
    this.run = run;
  }

  /**
   * Claims the output directory for a run of {@code template}.
   *
   * @throws IllegalArgumentException if the directory holds something else
   */
  static <O extends RunOptions> RunDirectory open(Template<O> template, O options, Clock clock)
      throws IOException {
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
    RunDirectory directory = new RunDirectory(resolve(options.getOutput()), run);
    directory.claim();
    return directory;
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
    return last.apply("Finish run", new FinishRun<>(path, run.runId()));
  }

  void failed() throws IOException {
    write(run.in("failed"));
  }

  private void claim() throws IOException {
    if (AtomicFile.exists(file(FILE))) {
      Run there = read();
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
                difference(there)));
      }
    } else if (!FileSystems.match(path + "**", EmptyMatchTreatment.ALLOW).metadata().isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              "--output=%s must be empty or hold this run %s, but holds other files and no %s;"
                  + " choose another directory",
              path, run.runId(), FILE));
    }
    try {
      write(run);
    } catch (IOException e) {
      throw new IOException(
          String.format("--output=%s cannot be written to: %s", path, e.getMessage()));
    }
  }

  private Run read() throws IOException {
    try {
      return read(path);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          String.format(
              "--output=%s holds a %s that cannot be read; choose another directory", path, FILE),
          e);
    }
  }

  private void write(Run state) throws IOException {
    write(path, state);
  }

  private static Run read(String path) throws IOException {
    return JSON.readValue(AtomicFile.readText(AtomicFile.resolve(path, FILE)), Run.class);
  }

  private static void write(String path, Run state) throws IOException {
    AtomicFile.writeText(AtomicFile.resolve(path, FILE), JSON.writeValueAsString(state) + "\n");
  }

  /** The options in which the run that is there differs. */
  private String difference(Run there) {
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

    FinishRun(String path, String runId) {
      this.path = path;
      this.runId = runId;
    }

    @Override
    public PCollection<String> expand(PCollection<T> last) {
      return last.apply("Wait for all", Count.globally())
          .apply("Note", ParDo.of(new FinishRunFn(path, runId)));
    }
  }

  private static final class FinishRunFn extends DoFn<Long, String> {
    private final String path;
    private final String runId;

    FinishRunFn(String path, String runId) {
      this.path = path;
      this.runId = runId;
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
      out.output(AtomicFile.resolve(path, FILE));
    }
  }
}
