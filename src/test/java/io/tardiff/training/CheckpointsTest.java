package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.tensorflow.Weights;
import io.tardiff.tensorflow.Weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
  @TempDir Path directory;

  private Checkpoints checkpoints() {
    return new Checkpoints(directory.toString(), "run");
  }

  private static DenoiserTrainer.Checkpoint at(long step) {
    Weights any = Weights.of(List.of(new Weight("w", new long[] {1}, new float[] {step})));
    return new DenoiserTrainer.Checkpoint(
        step, 1, new DenoiserGraph.DenoiserState(any, any, any), List.of(), null);
  }

  private Path file(long step, String ending) {
    return directory.resolve(String.format("denoiser-run.checkpoint-%012d%s", step, ending));
  }

  @Test
  void latestTwoAreKept() throws IOException {
    for (long step : new long[] {10, 20, 30}) {
      checkpoints().write(at(step));
    }

    assertThat(checkpoints().latest().step(), is(30L));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(
          files.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList(),
          is(
              List.of(
                  file(20, ".avro"),
                  file(20, ".manifest.json"),
                  file(30, ".avro"),
                  file(30, ".manifest.json"))));
    }
    checkpoints().delete();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(f -> f.toString().contains("checkpoint")).toList(), is(empty()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"truncated", "flipped", "empty", "missing", "truncated manifest", "no manifest"})
  void damagedCheckpointFallsBackToThePreviousOne(String fault) throws IOException {
    checkpoints().write(at(20));
    checkpoints().write(at(30));
    Path latest = fault.endsWith("manifest") ? file(30, ".manifest.json") : file(30, ".avro");
    byte[] bytes = Files.readAllBytes(latest);
    switch (fault) {
      case "truncated", "truncated manifest" ->
          Files.write(latest, Arrays.copyOf(bytes, bytes.length / 2));
      case "flipped" -> {
        bytes[bytes.length - 20] ^= 1;
        Files.write(latest, bytes);
      }
      case "empty" -> Files.write(latest, new byte[0]);
      default -> Files.delete(latest);
    }

    assertThat(checkpoints().latest().step(), is(20L));

    // Training continues, and its next checkpoint is the latest again.
    checkpoints().write(at(25));
    assertThat(checkpoints().latest().step(), is(25L));
  }

  @Test
  void trainingStartsOverIfAllCheckpointsAreDamaged() throws IOException {
    for (long step : new long[] {20, 30}) {
      checkpoints().write(at(step));
      Files.write(file(step, ".avro"), new byte[] {1, 2, 3});
    }

    assertThat(checkpoints().latest(), is(nullValue()));
  }
}
