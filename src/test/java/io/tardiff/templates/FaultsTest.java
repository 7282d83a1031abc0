package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.TinyRun;
import io.tardiff.files.FaultyFileSystem;
import io.tardiff.files.FaultyFileSystem.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs all steps on a file system on which one operation fails. The run either gives the same files
 * as an undisturbed one or fails with a clear error, after which the same command gives them.
 *
 * <p>{@code -Dtardiff.faults=20} tries 20 operations per kind of fault instead of {@value
 * #SAMPLED}; {@code -Dtardiff.faults=all} tries all of them.
 */
class FaultsTest {
  private static final Logger LOG = LoggerFactory.getLogger(FaultsTest.class);

  private static final int SAMPLED = 1;

  /** All steps, with few and small networks. */
  static final List<String> RUN =
      List.of(
          "tardiff",
          "--source=simulated",
          "--stays=150",
          "--simulationSeed=1",
          "--steps=12",
          "--windowShards=2",
          "--channels=HR,MAP,Urine",
          "--denoiser=tiny",
          "--trainingSteps=4",
          "--batchSize=16",
          "--classifierEpochs=2",
          "--guidanceRules=mean_shift",
          "--guidanceScales=0.02",
          "--samplingSteps=3",
          "--samplingBatch=32",
          "--selection=herding",
          "--poolFactor=1.5",
          "--fourierFeatures=64",
          "--evaluationSeeds=1",
          "--evaluationModels=gru",
          "--alphas=0.5",
          "--targetParallelism=1");

  @TempDir private Path directory;

  /** The exit status and error output of a run. */
  private record Result(int status, String error) {}

  private static Result run(Path output) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> arguments = new ArrayList<>(RUN);
    arguments.add("--output=" + FaultyFileSystem.SCHEME + "://" + output);
    int status = Commands.run(OutputStream.nullOutputStream(), err, arguments);
    return new Result(status, err.toString(StandardCharsets.UTF_8));
  }

  /** Returns the content of a run's files, without times. */
  static Map<String, String> files(Path output) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Map.Entry<String, byte[]> file : TinyRun.files(output).entrySet()) {
      files.put(file.getKey(), new String(file.getValue(), StandardCharsets.ISO_8859_1));
    }
    files.computeIfPresent("run.json", (name, text) -> without(text, "started"));
    files.computeIfPresent("metrics.json", (name, text) -> without(text, "timings", "throughput"));
    // These contain times, or hashes of files that do.
    files.keySet().removeAll(Set.of("report.html", "manifest.json", "model/timings.json"));
    files
        .keySet()
        .removeIf(name -> name.matches("model/(classifier|denoiser)(\\.manifest)?\\.json"));
    return files;
  }

  private static String without(String text, String... fields) {
    try {
      return ((ObjectNode) new ObjectMapper().readTree(text))
          .remove(List.of(fields))
          .toString()
          .replaceAll("\"fit_seconds\":[^,}]*", "");
    } catch (IOException e) {
      return text;
    }
  }

  @Test
  void runSurvivesAFaultInAnyOperation() throws IOException {
    Path undisturbed = directory.resolve("undisturbed");
    FaultyFileSystem.arm(Fault.NONE, 0);
    Result result = run(undisturbed);
    assertThat(result.error(), result.status(), is(0));
    Map<String, String> expected = files(undisturbed);
    List<String> wrong = new ArrayList<>();
    Map<Fault, Iterator<Long>> samples = new EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      if (fault != Fault.NONE) {
        samples.put(fault, sample(FaultyFileSystem.count(fault), fault).iterator());
      }
    }
    // In turn, so that a test that is ended early has tried all kinds.
    while (samples.values().stream().anyMatch(Iterator::hasNext)) {
      for (Map.Entry<Fault, Iterator<Long>> kind : samples.entrySet()) {
        if (kind.getValue().hasNext()) {
          check(kind.getKey(), kind.getValue().next(), expected, wrong);
        }
      }
    }
    assertThat(String.join("\n", wrong), wrong, is(empty()));
  }

  private void check(Fault fault, long n, Map<String, String> expected, List<String> wrong)
      throws IOException {
    int before = wrong.size();
    run(fault, n, expected, wrong);
    wrong.subList(before, wrong.size()).forEach(LOG::error);
  }

  private void run(Fault fault, long n, Map<String, String> expected, List<String> wrong)
      throws IOException {
    Path output = directory.resolve(fault + "-" + n);
    FaultyFileSystem.arm(fault, n);
    Result result = run(output);
    FaultyFileSystem.disarm();
    String what =
        fault + " of operation " + n + " (" + FaultyFileSystem.struck() + ") ended with " + result;
    LOG.info("{}", what);
    if (result.status() != 0) {
      if (!result.error().startsWith("Failed: ") || result.error().lines().count() > 2) {
        wrong.add("no one-line failure: " + what);
      }
      if (!result.error().contains(FaultyFileSystem.SCHEME + "://")) {
        wrong.add("no file named: " + what);
      }
      result = run(output);
      if (result.status() != 0) {
        wrong.add("not repaired by the same command, " + result + ": " + what);
        return;
      }
    }
    if (!files(output).equals(expected)) {
      wrong.add("different files " + difference(expected, files(output)) + ": " + what);
    }
  }

  private static List<String> difference(Map<String, String> expected, Map<String, String> files) {
    List<String> names = new ArrayList<>();
    expected.forEach(
        (name, text) -> {
          if (!text.equals(files.get(name))) {
            names.add((files.containsKey(name) ? "" : "no ") + name);
          }
        });
    files.keySet().stream().filter(name -> !expected.containsKey(name)).forEach(names::add);
    return names;
  }

  private static List<Long> sample(long operations, Fault fault) {
    String count = System.getProperty("tardiff.faults", Integer.toString(SAMPLED));
    return count.equals("all")
        ? LongStream.rangeClosed(1, operations).boxed().toList()
        : new Random(fault.ordinal())
            .longs(1, operations + 1)
            .distinct()
            .limit(Math.min(operations, Integer.parseInt(count)))
            .boxed()
            .toList();
  }
}
