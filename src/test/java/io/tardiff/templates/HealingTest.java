package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A damaged file of a finished step does not fail the same command: it runs the step again, which
 * gives the same bytes, and the log names the file.
 */
class HealingTest {
  private static final String SHARD = "cohort/train-00000-of-00008.avro";

  @TempDir static Path shared;
  private static Path ingest;
  private static Path train;
  private static Map<String, byte[]> cohort;
  private static Map<String, byte[]> model;

  @BeforeAll
  static void createRuns() throws IOException {
    ingest = shared.resolve("ingest");
    train = shared.resolve("train");
    ingest();
    train();
    cohort = files(ingest.resolve("cohort"));
    model = files(train.resolve("model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {SHARD, "cohort/cohort.json", "cohort/manifest.json"})
  void truncatedCohortFileIsRebuilt(String file) throws IOException {
    truncate(ingest.resolve(file));

    String log = ingest();

    assertThat(log, containsString(ingest.resolve(file) + " is damaged"));
    assertThat(log, containsString("is run again"));
    assertSame(files(ingest.resolve("cohort")), cohort);
  }

  @Test
  void missingCohortFileIsRebuilt() throws IOException {
    Files.delete(ingest.resolve(SHARD));

    assertThat(ingest(), containsString(ingest.resolve(SHARD) + " is missing"));
    assertSame(files(ingest.resolve("cohort")), cohort);
  }

  @Test
  void undamagedCohortIsKept() throws IOException {
    Object before = Files.getLastModifiedTime(ingest.resolve(SHARD));

    assertThat(ingest(), not(containsString("is run again")));
    assertThat(Files.getLastModifiedTime(ingest.resolve(SHARD)), is(before));
  }

  /** Damages both parts at once, so that one training run repairs them. */
  @Test
  void damagedModelFilesAreRebuilt() throws IOException {
    truncate(train.resolve("model/denoiser.avro"));
    byte[] flipped = Files.readAllBytes(train.resolve("model/guidance-001.avro"));
    flipped[flipped.length - 30] ^= 1;
    Files.write(train.resolve("model/guidance-001.avro"), flipped);

    String log = train();

    assertThat(
        log,
        allOf(
            containsString(train.resolve("model/denoiser.avro") + " is damaged: it has"),
            containsString(train.resolve("model/guidance-001.avro") + " is damaged: its SHA-256")));
    assertSame(files(train.resolve("model")), model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.json", "manifest.json"})
  void truncatedModelDescriptionIsRewritten(String file) throws IOException {
    truncate(train.resolve("model/" + file));
    Object before = Files.getLastModifiedTime(train.resolve("model/denoiser.avro"));

    assertThat(train(), containsString(train.resolve("model/" + file) + " is damaged"));
    assertSame(files(train.resolve("model")), model);
    assertThat(Files.getLastModifiedTime(train.resolve("model/denoiser.avro")), is(before));
  }

  private static String ingest() {
    return run(
        "ingest",
        "--source=simulated",
        "--stays=150",
        "--steps=12",
        "--channels=HR,MAP",
        "--output=" + ingest);
  }

  private static String train() {
    return run(
        "train",
        "--cohort=" + ingest.resolve("cohort"),
        "--denoiser=tiny",
        "--trainingSteps=3",
        "--batchSize=16",
        "--classifierEpochs=1",
        "--output=" + train);
  }

  /** Runs a template, which must succeed, and returns its log. */
  private static String run(String... arguments) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      int status = Commands.run(OutputStream.nullOutputStream(), System.err, arguments);
      assertThat(log.toString(StandardCharsets.UTF_8), status, is(0));
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  private static void truncate(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  /** Returns the files of an artefact, except those that contain times. */
  private static Map<String, byte[]> files(Path artefact) throws IOException {
    Map<String, byte[]> files = new TreeMap<>(io.tardiff.TinyRun.files(artefact));
    files
        .keySet()
        .removeIf(
            name ->
                name.equals("timings.json")
                    || name.startsWith("denoiser.") && name.endsWith("json")
                    || name.startsWith("classifier.") && name.endsWith("json"));
    return files;
  }

  private static void assertSame(Map<String, byte[]> files, Map<String, byte[]> expected) {
    assertThat(files.keySet(), is(expected.keySet()));
    files.forEach((name, bytes) -> assertThat(name, bytes, is(expected.get(name))));
  }
}
