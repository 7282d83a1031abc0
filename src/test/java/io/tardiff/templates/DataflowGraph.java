package io.tardiff.templates;

import com.google.api.services.dataflow.model.DataflowPackage;
import io.tardiff.templates.flink.ClusterLauncher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.dataflow.util.PackageUtil.StagedFile;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Creates the job graph for Dataflow without a network, to check a command line at no cost.
 *
 * <pre>{@code
 * mvn -q test-compile exec:java@dataflow-graph \
 *   -Dgraph="tardiff --source=simulated --output=/tmp/run --accelerator=type:nvidia-l4;count:1"
 * }</pre>
 *
 * <p>Runs {@link ClusterLauncher} with a runner that stages and sends nothing, and prints the
 * steps, each with the resource hints for its workers. The directory then holds {@value #JOB}, the
 * request for the classic runner, and {@value #PIPELINE}, the portable pipeline.
 */
public final class DataflowGraph {
  static final String JOB = "job.json";
  static final String PIPELINE = "pipeline.pb";

  /** Separates command lines. */
  static final String NEXT = "--";

  private final RunnerApi.Pipeline pipeline;

  private DataflowGraph(RunnerApi.Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /**
   * Creates a graph for each command line.
   *
   * @param arguments a directory, a template and its options, repeated after {@value #NEXT}
   */
  public static void main(String[] arguments) throws IOException {
    List<List<String>> lines = new ArrayList<>(List.of(new ArrayList<>()));
    for (String argument : arguments) {
      if (argument.equals(NEXT)) {
        lines.add(new ArrayList<>());
      } else {
        lines.get(lines.size() - 1).add(argument);
      }
    }
    for (List<String> line : lines) {
      if (line.size() < 2) {
        throw new IllegalArgumentException(
            "a directory, a template and its options must be given, were " + line);
      }
      Path directory = Path.of(line.get(0)).toAbsolutePath();
      make(directory, line.subList(1, line.size()));
      System.out.printf("%s%n%s%n", line.get(1), read(directory).table());
    }
  }

  private static void make(Path directory, List<String> arguments) throws IOException {
    Files.createDirectories(directory);
    List<String> all = new ArrayList<>(arguments);
    all.add("--runner=DataflowRunner");
    all.add("--project=project-1");
    all.add("--region=us-central1");
    all.add("--gcpTempLocation=gs://bucket-1/temp");
    all.add("--stagingLocation=gs://bucket-1/staging");
    all.add("--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
    all.add("--pathValidatorClass=" + NoopPathValidator.class.getName());
    all.add("--stagerClass=" + KeepingStager.class.getName());
    all.add("--templateLocation=" + directory.resolve(JOB));
    // Instead of the class path, all of which would be read to hash it, although nothing is staged.
    all.add(
        "--filesToStage=" + Files.writeString(directory.resolve("program.jar"), "not needed here"));
    ClusterLauncher.main(all.toArray(String[]::new));
  }

  /** Reads the graph in {@code directory}. */
  static DataflowGraph read(Path directory) throws IOException {
    return new DataflowGraph(
        RunnerApi.Pipeline.parseFrom(Files.readAllBytes(directory.resolve(PIPELINE))));
  }

  RunnerApi.Pipeline pipeline() {
    return pipeline;
  }

  /** Returns the resource hints of each primitive step, by name. */
  SortedMap<String, SortedMap<String, String>> steps() {
    SortedMap<String, SortedMap<String, String>> steps = new TreeMap<>();
    RunnerApi.Components components = pipeline.getComponents();
    for (RunnerApi.PTransform transform : components.getTransformsMap().values()) {
      if (transform.getSubtransformsCount() > 0) {
        continue;
      }
      SortedMap<String, String> hints = new TreeMap<>();
      components
          .getEnvironmentsOrDefault(
              transform.getEnvironmentId(), RunnerApi.Environment.getDefaultInstance())
          .getResourceHintsMap()
          .forEach((urn, value) -> hints.put(urn, value.toStringUtf8()));
      if (steps.put(transform.getUniqueName(), hints) != null) {
        throw new IllegalStateException("two steps are named " + transform.getUniqueName());
      }
    }
    return steps;
  }

  private String table() {
    StringBuilder table = new StringBuilder();
    for (Map.Entry<String, SortedMap<String, String>> step : steps().entrySet()) {
      table.append("  ").append(step.getKey());
      step.getValue()
          .forEach((hint, value) -> table.append("  ").append(hint).append('=').append(value));
      table.append('\n');
    }
    return table.toString();
  }

  /** Stages nothing, and saves the portable pipeline next to the request. */
  public static final class KeepingStager implements Stager {
    private final Path directory;

    private KeepingStager(Path directory) {
      this.directory = directory;
    }

    /** Called by the runner through reflection. */
    public static KeepingStager fromOptions(PipelineOptions options) {
      String job = options.as(DataflowPipelineOptions.class).getTemplateLocation();
      return new KeepingStager(Path.of(job).getParent());
    }

    @Override
    public List<DataflowPackage> stageFiles(List<StagedFile> files) {
      return List.of();
    }

    @Override
    public DataflowPackage stageToFile(byte[] bytes, String name) {
      try {
        Files.write(directory.resolve(name), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new DataflowPackage().setName(name).setLocation("gs://bucket-1/staging/" + name);
    }
  }
}
