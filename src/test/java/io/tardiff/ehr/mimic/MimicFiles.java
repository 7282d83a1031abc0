package io.tardiff.ehr.mimic;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Writes small files in the layout of the data sets; shared by the MIMIC tests. */
final class MimicFiles {
  private MimicFiles() {}

  static void write(Path directory, String name, String... lines) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(bytes);
    }
  }

  static Pipeline pipeline() {
    // The direct runner's checks of every element would dominate the run time.
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(
                "--enforceImmutability=false", "--enforceEncodability=false")
            .create());
  }

  static Map<String, Long> counters(PipelineResult result, String namespace) {
    Map<String, Long> counts = new TreeMap<>();
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.inNamespace("tardiff.ehr." + namespace))
                .build())
        .getCounters()
        .forEach(
            counter ->
                counts.merge(counter.getName().getName(), counter.getAttempted(), Long::sum));
    return counts;
  }
}
