package io.tardiff.ehr.signals;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.ReadCount;
import io.tardiff.files.Bounds;
import io.tardiff.files.npy.Npy;
import io.tardiff.files.npy.NpyFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;

/** Reads the samples of one subject's file. */
final class ReadFeaturesFn extends DoFn<ReadableFile, LabelledSeries> {
  static final String SOURCE = "feature file";

  private final Pattern name;
  private final Map<Long, MedformerSubject> subjects;
  private final List<String> channels;
  private final Counter samples = Metrics.counter("tardiff.ehr.medformer", "samples");
  private final Counter unused = Metrics.counter("tardiff.ehr.medformer", "subjectsOutsideSplits");
  private final Counter deadLetters = Metrics.counter("tardiff.ehr.medformer", "deadLetters");

  /**
   * @param name pattern of file names, whose first group is the subject
   * @param channels channel names; empty for {@code ch1, ch2, ...}
   */
  ReadFeaturesFn(Pattern name, Map<Long, MedformerSubject> subjects, List<String> channels) {
    this.name = name;
    this.subjects = subjects;
    this.channels = channels;
  }

  @ProcessElement
  public void process(@Element ReadableFile file, MultiOutputReceiver outputs) throws IOException {
    Matcher matcher = name.matcher(String.valueOf(file.getMetadata().resourceId().getFilename()));
    long id = matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    MedformerSubject subject = subjects.get(id);
    if (subject == null) {
      reject(outputs, "feature file has no row in label.npy");
      return;
    }
    if (!subject.used()) {
      unused.inc();
      return;
    }
    if (hasTrailingData(file.getMetadata())) {
      reject(outputs, "file has data after the array that its header declares");
      return;
    }
    try (Npy.Reader reader = Npy.reader(InputFiles.open(file.getMetadata()))) {
      read(reader, id, subject, outputs);
    } catch (NpyFormatException e) {
      reject(outputs, e.getMessage());
    } catch (InputFiles.Damaged e) {
      if (!(e.getCause() instanceof EOFException)) {
        // It is unknown where the corruption begins.
        throw e;
      }
      // The samples before the truncation are intact and have been emitted.
      reject(outputs, "file is truncated");
    }
  }

  /**
   * Returns whether the file has data after the array that its header declares. If so, the shape is
   * damaged and would split the values into the wrong samples, so this is checked before any sample
   * is output.
   */
  private static boolean hasTrailingData(Metadata file) throws IOException {
    try (Npy.Reader reader = Npy.reader(InputFiles.open(file))) {
      return reader.hasMore();
    } catch (NpyFormatException | InputFiles.Damaged e) {
      // Reading the samples reports it.
      return false;
    }
  }

  private void read(
      Npy.Reader reader, long id, MedformerSubject subject, MultiOutputReceiver outputs)
      throws IOException {
    if (reader.rank() != 3) {
      reject(outputs, "array is not [samples, steps, channels]");
      return;
    }
    long count = reader.dimension(0);
    long steps = reader.dimension(1);
    long width = reader.dimension(2);
    if (steps < 1 || width < 1) {
      reject(outputs, "samples are empty");
      return;
    }
    if (steps > Bounds.RECORDING_VALUES || width > Bounds.RECORDING_VALUES / steps) {
      reject(outputs, "samples have more than " + Bounds.RECORDING_VALUES + " values");
      return;
    }
    if (!channels.isEmpty() && channels.size() != width) {
      reject(outputs, "array has a different number of channels than named");
      return;
    }
    List<String> names = channels.isEmpty() ? Medformer.Read.names((int) width) : channels;
    String subjectId = Long.toString(id);
    long rows = 0;
    for (long i = 0; i < count; i++) {
      rows++;
      // The series keeps the array.
      float[] values = new float[(int) (steps * width)];
      if (!reader.read(values)) {
        reject(outputs, "file is truncated");
        break;
      }
      if (hasInfinity(values)) {
        reject(outputs, "sample has an infinite value");
        continue;
      }
      samples.inc();
      outputs
          .get(SeriesTags.series())
          .output(
              new LabelledSeries(
                  subjectId + "/" + i, subjectId, subject.label(), subject.split(), names, values));
    }
    outputs.get(EhrTags.counts()).output(ReadCount.of(SOURCE, ReadCount.ROWS, rows));
  }

  static boolean hasInfinity(float[] values) {
    for (float value : values) {
      if (Float.isInfinite(value)) {
        return true;
      }
    }
    return false;
  }

  private void reject(MultiOutputReceiver outputs, String reason) {
    deadLetters.inc();
    outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(SOURCE, null, reason));
  }
}
