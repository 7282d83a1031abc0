package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Splitter;
import io.tardiff.evaluation.StudyCohort.Replicates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Pipelines, arguments and JSON output of the benchmarks. */
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

  /**
   * Returns arguments of the form {@code name=value} by their names.
   *
   * @param names the valid names
   */
  static Map<String, String> options(Collection<String> names, String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      List<String> parts = Splitter.on('=').limit(2).splitToList(argument);
      checkArgument(parts.size() == 2, "arguments must be name=value, was %s", argument);
      checkArgument(
          names.contains(parts.get(0)), "argument must be one of %s, was %s", names, parts.get(0));
      options.put(parts.get(0), parts.get(1));
    }
    return options;
  }

  /** Starts a report with the properties of the machine. */
  static ObjectNode report() {
    return MAPPER
        .createObjectNode()
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("max_heap_mib", Runtime.getRuntime().maxMemory() >> 20);
  }

  /** Puts AUROC and AUPRC, or their differences to those of {@code base}, with 95 % intervals. */
  static void put(ObjectNode row, Replicates score, @Nullable Replicates base) {
    row.set("auroc", interval(score, base, Replicates::auroc, Replicates::replicatedAuroc));
    row.set("auprc", interval(score, base, Replicates::auprc, Replicates::replicatedAuprc));
  }

  private static ObjectNode interval(
      Replicates score,
      @Nullable Replicates base,
      ToDoubleFunction<Replicates> metric,
      Function<Replicates, double[]> replicated) {
    double value = metric.applyAsDouble(score);
    double[] drawn = replicated.apply(score).clone();
    if (base != null) {
      value -= metric.applyAsDouble(base);
      for (int r = 0; r < drawn.length; r++) {
        drawn[r] -= replicated.apply(base)[r];
      }
    }
    Percentile percentile = new Percentile();
    percentile.setData(drawn);
    return MAPPER
        .createObjectNode()
        .put("value", value)
        .put("low", percentile.evaluate(2.5))
        .put("high", percentile.evaluate(97.5));
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
