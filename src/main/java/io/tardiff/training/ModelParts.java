package io.tardiff.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tardiff.cohort.Cohort;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Json;
import io.tardiff.files.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the parts of an unfinished model: a JSON file with the run id, the weights it
 * describes, and a manifest of both, which is written last.
 */
final class ModelParts {
  private static final Logger LOG = LoggerFactory.getLogger(ModelParts.class);

  private ModelParts() {}

  /**
   * Returns whether a part of a run is complete and undamaged. Logs a warning if it is damaged.
   *
   * @throws IllegalStateException if the part belongs to another run, which is never overwritten
   */
  static boolean isDone(String directory, String part, String runId, Cohort cohort)
      throws IOException {
    if (!AtomicFile.exists(AtomicFile.resolve(directory, part))) {
      return false;
    }
    try {
      checkOwner(directory, part, runId);
      Optional<Manifest> manifest = Manifest.readFile(manifestFile(directory, part));
      if (manifest.isPresent()) {
        ArtefactDirectory files =
            ArtefactDirectory.of(directory, Manifest.Kind.MODEL_PART, manifest.get());
        files.checkMadeFrom(cohort.files());
        files.verify();
        return true;
      }
      return isOfEarlierVersion(directory);
    } catch (DamagedFileException e) {
      LOG.warn("{}. The finished step that wrote it is run again", e.getMessage());
      return false;
    }
  }

  /** Returns whether an earlier version, which wrote no manifests, finished the model. */
  static boolean isOfEarlierVersion(String directory) throws IOException {
    return AtomicFile.exists(AtomicFile.resolve(directory, TarDiffModel.FILE))
        && !AtomicFile.exists(AtomicFile.resolve(directory, Manifest.FILE))
        && !AtomicFile.exists(manifestFile(directory, TrainDenoiserFn.PART));
  }

  private static void checkOwner(String directory, String part, String runId) {
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
  }

  static <R> R read(String directory, String part, Class<R> type) {
    String path = AtomicFile.resolve(directory, part);
    try {
      return Json.record(Json.MAPPER.readTree(AtomicFile.readText(path)), type);
    } catch (JsonProcessingException e) {
      throw DamagedFileException.damaged(path, "it is not JSON", e);
    } catch (IllegalArgumentException e) {
      throw DamagedFileException.damaged(path, e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /**
   * Finishes a part by writing its JSON file and then its manifest.
   *
   * @param weights entries of the weight files, which are already written
   */
  static void finish(
      String directory, String part, Record content, List<Manifest.Entry> weights, Cohort cohort)
      throws IOException {
    List<Manifest.Entry> files = new ArrayList<>(weights);
    files.add(Manifest.Entry.writeText(AtomicFile.resolve(directory, part), text(content)));
    AtomicFile.writeText(
        manifestFile(directory, part),
        Manifest.of(Manifest.Kind.MODEL_PART, cohort.files().lineage(), files).text());
  }

  /** Returns the entries of the weight files of a finished part. */
  static List<Manifest.Entry> weights(String directory, String part) {
    return Manifest.readFile(manifestFile(directory, part))
        .orElseThrow(() -> DamagedFileException.missing(manifestFile(directory, part)))
        .files()
        .stream()
        .filter(entry -> !entry.file().equals(part))
        .toList();
  }

  private static String manifestFile(String directory, String part) {
    return AtomicFile.resolve(directory, part.replace(".json", ".manifest.json"));
  }

  static String text(Record content) {
    return Json.pretty(content) + System.lineSeparator();
  }

  static void delete(List<String> paths) throws IOException {
    FileSystems.delete(
        paths.stream()
            .map(path -> FileSystems.matchNewResource(path, /* isDirectory= */ false))
            .toList(),
        StandardMoveOptions.IGNORE_MISSING_FILES);
  }
}
