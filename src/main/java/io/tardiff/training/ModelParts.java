package io.tardiff.training;

import io.tardiff.files.AtomicFile;
import io.tardiff.files.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;

/**
 * Reads and writes the parts of an unfinished model: JSON files that name the run they belong to.
 */
final class ModelParts {
  private ModelParts() {}

  /**
   * Whether a part of a run exists.
   *
   * @throws IllegalStateException if the part belongs to another run, which is never overwritten
   */
  static boolean isDone(String directory, String part, String runId) throws IOException {
    if (!AtomicFile.exists(AtomicFile.resolve(directory, part))) {
      return false;
    }
    String other = read(directory, part, ModelFile.Owner.class).runId();
    if (!other.equals(runId)) {
      throw new IllegalStateException(
          directory
              + " already holds the model of another run ("
              + other
              + ", this one is "
              + runId
              + "): choose another directory or remove it");
    }
    return true;
  }

  static <R> R read(String directory, String part, Class<R> type) {
    try {
      String text = AtomicFile.readText(AtomicFile.resolve(directory, part));
      return Json.record(Json.MAPPER.readTree(text), type);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + part + " of " + directory, e);
    }
  }

  /** Writes a part and returns its text. */
  static String write(String directory, String part, Record content) throws IOException {
    String text = Json.pretty(content) + System.lineSeparator();
    AtomicFile.writeText(AtomicFile.resolve(directory, part), text);
    return text;
  }

  static void delete(String path) throws IOException {
    FileSystems.delete(
        List.of(FileSystems.matchNewResource(path, /* isDirectory= */ false)),
        StandardMoveOptions.IGNORE_MISSING_FILES);
  }
}
