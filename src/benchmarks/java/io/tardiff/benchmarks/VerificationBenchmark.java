package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import io.tardiff.files.CloseableIterator;
import io.tardiff.files.Manifest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What it costs that every byte of a cohort is checked as it is read: processor time of opening it,
 * of reading all windows with its manifest and of the same without one, and of hashing alone.
 *
 * <p>Argument: the directory of a cohort with a manifest, on this machine.
 */
public final class VerificationBenchmark {
  private static final int WARM_UP = 4;
  private static final int REPEATS = 8;

  private VerificationBenchmark() {}

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  public static void main(String[] arguments) throws IOException {
    checkArgument(arguments.length == 1, "one argument must be given, the directory of a cohort");
    Cohort checked = Cohort.open(arguments[0]);
    List<Manifest.Entry> files = checked.files().manifest().orElseThrow().files();
    Path copy = Files.createTempDirectory("verification");
    for (Manifest.Entry file : files) {
      Files.copy(Path.of(arguments[0], file.file()), copy.resolve(file.file()));
    }
    Cohort unchecked = Cohort.open(copy.toString());

    ObjectNode json = Benchmarks.report();
    json.put("bytes", files.stream().mapToLong(Manifest.Entry::bytes).sum());
    json.put("open_seconds", seconds(() -> Cohort.open(arguments[0])));
    json.put("read_checked_seconds", seconds(() -> read(checked)));
    json.put("read_unchecked_seconds", seconds(() -> read(unchecked)));
    json.put(
        "hash_seconds",
        seconds(() -> files.forEach(file -> checked.files().verify(List.of(file.file())))));
    Benchmarks.finish(json);
  }

  private static void read(Cohort cohort) {
    for (Split split : Split.values()) {
      for (String shard : cohort.shards(split)) {
        try (CloseableIterator<EhrWindow> windows = cohort.read(shard)) {
          windows.forEachRemaining(window -> {});
        }
      }
    }
  }

  /** Mean processor time of this thread: others may use the machine too. */
  private static double seconds(Work work) throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      work.run();
    }
    long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < REPEATS; i++) {
      work.run();
    }
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin) / 1e9 / REPEATS;
  }
}
