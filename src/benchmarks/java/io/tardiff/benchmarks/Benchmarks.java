package io.tardiff.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Pipelines and JSON output of the benchmarks. */
final class Benchmarks {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Benchmarks() {}

  /** Creates a pipeline with the options that follow the first {@code skipped} arguments. */
  static Pipeline pipeline(String[] arguments, int skipped) {
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(Arrays.copyOfRange(arguments, skipped, arguments.length))
            .withoutStrictParsing()
            .create());
  }

  /** Starts a report with the properties of the machine. */
  static ObjectNode report() {
    return MAPPER
        .createObjectNode()
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("max_heap_mib", Runtime.getRuntime().maxMemory() >> 20);
  }

  /** Adds the peak memory of this process to a report, prints it and exits. */
  static void finish(ObjectNode report) throws JsonProcessingException {
    report.put("peak_memory_mib", peakMemoryMib());
    System.out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report));
    System.exit(0); // TensorFlow's threads are not daemons.
  }

  /**
   * Returns the peak resident memory of this process, including native libraries, or 0 if unknown.
   */
  static long peakMemoryMib() {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
