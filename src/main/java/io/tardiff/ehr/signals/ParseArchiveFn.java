package io.tardiff.ehr.signals;

import com.google.common.collect.Lists;
import com.google.common.hash.Hashing;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.SplitNames;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Parses an archive file into series. */
final class ParseArchiveFn extends DoFn<ReadableFile, LabelledSeries> {
  private static final double HASHES = 1L << 32;

  private final TimeSeriesArchive.Format format;
  private final ArchiveFormat.Shape shape;
  private final List<String> channels;
  private final @Nullable List<String> classes;
  private final boolean declared;
  private final @Nullable PCollectionView<Iterable<String>> found;
  private final double tuningShare;
  private final Counter series = Metrics.counter("tardiff.ehr.ucr_uea", "series");
  private final Counter deadLetters = Metrics.counter("tardiff.ehr.ucr_uea", "deadLetters");

  /**
   * @param classes class keys in label order; null to take them from {@code found}
   * @param declared whether the files declare their classes
   */
  ParseArchiveFn(
      TimeSeriesArchive.Format format,
      ArchiveFormat.Shape shape,
      List<String> channels,
      @Nullable List<String> classes,
      boolean declared,
      @Nullable PCollectionView<Iterable<String>> found,
      double tuningShare) {
    this.format = format;
    this.shape = shape;
    this.channels = channels;
    this.classes = classes;
    this.declared = declared;
    this.found = found;
    this.tuningShare = tuningShare;
  }

  @ProcessElement
  public void process(ProcessContext context, MultiOutputReceiver outputs) throws IOException {
    List<String> keys =
        classes != null
            ? classes
            : ArchiveFormat.order(Lists.newArrayList(context.sideInput(found)));
    ReadableFile file = context.element();
    String name = String.valueOf(file.getMetadata().resourceId().getFilename());
    boolean train = name.toUpperCase(Locale.ROOT).contains("_TRAIN.TS");
    long number = 0;
    try (BoundedLines lines = new BoundedLines(InputFiles.open(file.getMetadata()))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (ArchiveFormat.isComment(line) || ArchiveFormat.isTag(line)) {
          continue;
        }
        number++;
        String id = name + ":" + lines.number();
        String split = train ? trainOrTuning(number) : SplitNames.HELD_OUT;
        try {
          ArchiveFormat.Row row = ArchiveFormat.row(line, format);
          if (!lines.terminated() && !isComplete(row, keys)) {
            throw new ArchiveFormat.BadSeriesException(
                "file is truncated: its last line is incomplete");
          }
          int label = keys.indexOf(ArchiveFormat.key(row.label()));
          if (label < 0) {
            throw new ArchiveFormat.BadSeriesException("class is unknown");
          }
          float[] values = ArchiveFormat.values(row, format, shape);
          series.inc();
          outputs
              .get(SeriesTags.series())
              .output(new LabelledSeries(id, id, label, split, channels, values));
        } catch (ArchiveFormat.BadSeriesException e) {
          reject(outputs, name, lines.number(), e.getMessage());
        }
      }
      if (lines.tooLong()) {
        reject(outputs, name, lines.number() + 1, "line is too long for a series");
      }
    } catch (InputFiles.Damaged e) {
      if (!(e.getCause() instanceof EOFException)) {
        // It is unknown where the corruption begins.
        throw e;
      }
      reject(outputs, name, null, "file is truncated");
    }
    outputs.get(EhrTags.counts()).output(ReadCount.of(name, ReadCount.ROWS, number));
  }

  /**
   * Whether an unterminated line is complete: it ends in a class that is not a prefix of another.
   */
  private boolean isComplete(ArchiveFormat.Row row, List<String> keys) {
    String key = ArchiveFormat.key(row.label());
    return declared
        && format == TimeSeriesArchive.Format.TS
        && keys.contains(key)
        && keys.stream().noneMatch(other -> !other.equals(key) && other.startsWith(row.label()));
  }

  /** Hashes the number, because files are often sorted by class. */
  private String trainOrTuning(long number) {
    long hash = Integer.toUnsignedLong(Hashing.murmur3_32_fixed().hashLong(number).asInt());
    return hash / HASHES < tuningShare ? SplitNames.TUNING : SplitNames.TRAIN;
  }

  private void reject(
      MultiOutputReceiver outputs, String source, @Nullable Long line, String reason) {
    deadLetters.inc();
    outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(source, line, reason));
  }
}
