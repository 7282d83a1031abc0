package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tardiff.templates.flink.FlinkCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full, and files that the user may not read or write, fail the run with one line.
 * Once that is mended, the same command gives the files of an undisturbed run.
 */
class DiskTest {
  /** The disk before the first run, and how much of what the run writes fits in it later. */
  private static final List<Double> SIZES = List.of(0.2, 0.7);

  @TempDir private Path directory;
  private Path undisturbed;

  private record Result(int status, String error) {}

  private static Result run(List<String> command, Path output) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> arguments = new ArrayList<>(command);
    arguments.add("--output=" + output);
    int status = Commands.run(OutputStream.nullOutputStream(), err, arguments);
    return new Result(status, err.toString(StandardCharsets.UTF_8));
  }

  private void succeed(List<String> command, Path output) {
    Result result = run(command, output);
    assertThat(result.error(), result.status(), is(Launcher.DONE));
  }

  private static void assertFailsInOneLine(Result result, Path output, String reason) {
    assertThat(result.error(), result.status(), is(Launcher.FAILURE));
    String failure =
        result
            .error()
            .lines()
            .filter(line -> line.startsWith("Failed: "))
            .findFirst()
            .orElse(result.error());
    assertThat(failure, startsWith("Failed: "));
    assertThat(failure, containsString(output.toString()));
    assertThat(failure, containsString(reason));
    assertThat(result.error(), not(containsString("\tat ")));
  }

  @BeforeEach
  void setOutput() {
    undisturbed = directory.resolve("undisturbed");
  }

  private static boolean succeeds(String... command) {
    try {
      return FlinkCluster.run(Map.of(), List.of(command)).status() == 0;
    } catch (java.io.UncheckedIOException e) {
      return false;
    }
  }

  @Test
  void fullDiskFailsTheRunAndTheSameCommandContinues() throws IOException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()),
        "a small disk cannot be mounted, which needs root");
    try {
      succeed(FaultsTest.RUN, undisturbed);
      long bytes = 0;
      for (byte[] file : io.tardiff.TinyRun.files(undisturbed).values()) {
        bytes += file.length;
      }
      Path output = disk.resolve("run");
      for (double part : SIZES) {
        assertThat(succeeds(resize(disk, (long) (part * bytes))), is(true));
        assertFailsInOneLine(run(FaultsTest.RUN, output), output, "No space left on device");
      }
      assertThat(succeeds(resize(disk, 4 * bytes)), is(true));
      succeed(FaultsTest.RUN, output);
      assertThat(FaultsTest.files(output), is(FaultsTest.files(undisturbed)));
    } finally {
      succeeds("umount", disk.toString());
    }
  }

  private static String[] resize(Path disk, long bytes) {
    return new String[] {"mount", "-o", "remount,size=" + bytes, disk.toString()};
  }

  /** Runs in a process of its own, without root's right to read and write everything. */
  private Result runAsUser(List<String> command, Path output) {
    List<String> all = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      String rights = "-dac_override,-dac_read_search";
      all.addAll(List.of("setpriv", "--bounding-set=" + rights));
      List<String> check = new ArrayList<>(all);
      check.add("true");
      assumeTrue(
          succeeds(check.toArray(String[]::new)), "setpriv cannot take rights away from root");
    }
    all.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            System.getProperty("java.class.path"),
            Launcher.class.getName()));
    all.addAll(command);
    all.add("--output=" + output);
    FlinkCluster.Outcome outcome = FlinkCluster.run(Map.of(), all);
    return new Result(outcome.status(), outcome.output());
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void missingPermissionFailsTheRunAndTheSameCommandContinues() throws IOException {
    List<String> ingest =
        List.of("ingest", "--source=simulated", "--stays=60", "--steps=6", "--windowShards=1");
    succeed(ingest, undisturbed);
    Path output = directory.resolve("run");
    Path cohort = Files.createDirectories(output.resolve("cohort"));
    permit(cohort, "r-xr-xr-x");
    try {
      assertFailsInOneLine(runAsUser(ingest, output), cohort, "Permission denied");
    } finally {
      permit(cohort, "rwxr-xr-x");
    }
    succeed(ingest, output);
    assertThat(FaultsTest.files(output), is(FaultsTest.files(undisturbed)));

    Path shard = cohort.resolve("train-00000-of-00001.avro");
    permit(shard, "-w-------");
    Result result =
        runAsUser(
            List.of("train", "--cohort=" + cohort, "--trainingSteps=2", "--denoiser=tiny"),
            directory.resolve("train"));
    assertFailsInOneLine(result, shard, "Permission denied");
  }
}
