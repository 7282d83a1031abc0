package io.tardiff.training;

import com.google.common.collect.Lists;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Manifest;
import io.tardiff.tensorflow.Weights;
import io.tardiff.tensorflow.Weights.Weight;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints of a run's denoiser. Keeps the latest two, so that training can resume from the
 * previous one if the latest is damaged.
 *
 * <p>Each is a file of weights with the step in its name and a manifest next to it; a file without
 * a manifest is ignored. Training is deterministic, so resuming from any checkpoint leads to the
 * same weights.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  /** Number of checkpoints to keep. */
  private static final int KEPT = 2;

  /** Integers of up to this many bits are exact as floats. */
  private static final int BITS = 24;

  /** Numbers in a row of the history: the step, as two, and both losses. */
  private static final int HISTORY = 4;

  private static final String MANIFEST = ".manifest.json";
  private static final Pattern STEP =
      Pattern.compile(".*\\.checkpoint-(\\d+)" + Pattern.quote(MANIFEST));

  private final String directory;
  private final String prefix;

  /** The checkpoints of a run with one trainer. */
  Checkpoints(String directory, String runId) {
    this(directory, runId, "");
  }

  private Checkpoints(String directory, String runId, String trainer) {
    this.directory = directory;
    this.prefix = "denoiser-" + runId + trainer + ".checkpoint";
  }

  /** The checkpoints of one of several trainers. */
  static Checkpoints ofTrainer(String directory, String runId, int index) {
    return new Checkpoints(
        directory, runId, String.format(Locale.ROOT, ".trainer-%04d", index + 1));
  }

  /** Writes a checkpoint and deletes those that are no longer needed. */
  void write(DenoiserTrainer.Checkpoint checkpoint) {
    String name = name(checkpoint.step());
    try {
      Manifest.Entry written =
          Manifest.Entry.write(
              AtomicFile.resolve(directory, name + ".avro"), pack(checkpoint)::write);
      AtomicFile.writeText(
          AtomicFile.resolve(directory, name + MANIFEST),
          Manifest.of(Manifest.Kind.MODEL_PART, List.of(), List.of(written)).text());
      List<Long> before = Lists.reverse(steps());
      before.removeIf(step -> step >= checkpoint.step());
      for (long step : before.subList(Math.min(KEPT - 1, before.size()), before.size())) {
        delete(step);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write the checkpoint " + AtomicFile.resolve(directory, name), e);
    }
  }

  /** Returns the step of the latest checkpoint, damaged or not; 0 if there is none. */
  long latestStep() throws IOException {
    List<Long> steps = steps();
    return steps.isEmpty() ? 0 : steps.get(steps.size() - 1);
  }

  /** Returns the latest undamaged checkpoint; null if there is none. Deletes damaged ones. */
  DenoiserTrainer.@Nullable Checkpoint latest() throws IOException {
    return latest(Long.MAX_VALUE);
  }

  /** Like {@link #latest()}, of those after at most the given number of steps. */
  DenoiserTrainer.@Nullable Checkpoint latest(long most) throws IOException {
    for (long step : Lists.reverse(steps())) {
      if (step > most) {
        continue;
      }
      String file = name(step) + ".avro";
      String path = AtomicFile.resolve(directory, file);
      try {
        Manifest manifest =
            Manifest.readFile(AtomicFile.resolve(directory, name(step) + MANIFEST))
                .orElseThrow(() -> DamagedFileException.missing(path));
        byte[] bytes =
            ArtefactDirectory.of(directory, Manifest.Kind.MODEL_PART, manifest).bytes(file);
        return read(path, new ByteArrayInputStream(bytes));
      } catch (DamagedFileException e) {
        LOG.warn(
            "{}. Training resumes from the previous checkpoint, if there is one", e.getMessage());
        delete(step);
      }
    }
    return null;
  }

  private static DenoiserTrainer.Checkpoint read(String path, InputStream in) {
    try {
      return unpack(Weights.read(in));
    } catch (IOException | RuntimeException e) {
      throw DamagedFileException.damaged(path, "it is not a checkpoint", e);
    }
  }

  /** Deletes all checkpoints, once training is done. */
  void delete() throws IOException {
    List<String> all = new ArrayList<>();
    for (MatchResult.Metadata file : match()) {
      all.add(file.resourceId().toString());
    }
    ModelParts.delete(all);
  }

  private void delete(long step) throws IOException {
    // The manifest first, because a checkpoint without one is ignored.
    ModelParts.delete(List.of(AtomicFile.resolve(directory, name(step) + MANIFEST)));
    ModelParts.delete(List.of(AtomicFile.resolve(directory, name(step) + ".avro")));
  }

  private String name(long step) {
    return String.format(Locale.ROOT, "%s-%012d", prefix, step);
  }

  /** Returns the steps of the checkpoints with a manifest, in ascending order. */
  private List<Long> steps() throws IOException {
    List<Long> steps = new ArrayList<>();
    for (MatchResult.Metadata file : match()) {
      Matcher matcher = STEP.matcher(file.resourceId().getFilename());
      if (matcher.matches()) {
        steps.add(Long.valueOf(matcher.group(1)));
      }
    }
    steps.sort(null);
    return steps;
  }

  private List<MatchResult.Metadata> match() throws IOException {
    return FileSystems.match(AtomicFile.resolve(directory, prefix + "*"), EmptyMatchTreatment.ALLOW)
        .metadata();
  }

  /**
   * Encodes the entire state, including step and history, as weights, so that it fits in one file.
   */
  static Weights pack(DenoiserTrainer.Checkpoint checkpoint) {
    List<Weight> all = new ArrayList<>();
    all.add(new Weight("step", new long[] {2}, exact(checkpoint.step())));
    all.add(new Weight("seconds", new long[] {1}, new float[] {(float) checkpoint.seconds()}));
    int size = checkpoint.history().size();
    float[] history = new float[HISTORY * size];
    for (int i = 0; i < size; i++) {
      TarDiffModel.DenoiserLoss point = checkpoint.history().get(i);
      System.arraycopy(exact(point.step()), 0, history, HISTORY * i, 2);
      history[HISTORY * i + 2] = point.trainLoss();
      history[HISTORY * i + 3] = point.tuningLoss();
    }
    all.add(new Weight("history", new long[] {size, HISTORY}, history));
    addPrefixed(all, "weights:", checkpoint.state().weights());
    addPrefixed(all, "average:", checkpoint.state().average());
    addPrefixed(all, "slots:", checkpoint.state().slots());
    if (checkpoint.common() != null) {
      addPrefixed(all, "common:", checkpoint.common().values());
      addPrefixed(all, "velocity:", checkpoint.common().velocity());
    }
    return Weights.of(all);
  }

  /** Splits a number into two floats that are exact: the high bits and the low 24 bits. */
  private static float[] exact(long number) {
    return new float[] {number >>> BITS, number & ((1L << BITS) - 1)};
  }

  private static long exact(float[] parts) {
    return ((long) parts[0] << BITS) + (long) parts[1];
  }

  private static void addPrefixed(List<Weight> all, String prefix, Weights weights) {
    weights.all().forEach(w -> all.add(new Weight(prefix + w.name(), w.shape(), w.values())));
  }

  static DenoiserTrainer.Checkpoint unpack(Weights all) {
    float[] rows = all.get("history").values();
    List<TarDiffModel.DenoiserLoss> history = new ArrayList<>();
    for (int i = 0; i < rows.length; i += HISTORY) {
      long step = exact(Arrays.copyOfRange(rows, i, i + 2));
      history.add(new TarDiffModel.DenoiserLoss(step, rows[i + 2], rows[i + 3]));
    }
    Weights common = prefixed(all, "common:");
    return new DenoiserTrainer.Checkpoint(
        exact(all.get("step").values()),
        all.get("seconds").values()[0],
        new DenoiserGraph.DenoiserState(
            prefixed(all, "weights:"), prefixed(all, "average:"), prefixed(all, "slots:")),
        history,
        common.all().isEmpty()
            ? null
            : new DenoiserTrainer.Common(common, prefixed(all, "velocity:")));
  }

  private static Weights prefixed(Weights all, String prefix) {
    return Weights.of(
        all.all().stream()
            .filter(w -> w.name().startsWith(prefix))
            .map(w -> new Weight(w.name().substring(prefix.length()), w.shape(), w.values()))
            .toList());
  }
}
