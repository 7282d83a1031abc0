package io.tardiff.ehr.signals;

import com.google.common.collect.Lists;
import com.google.common.hash.Hashing;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.TextLines;
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

/** A file of the archives to its series. */
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
   * @param classes keys in the order of their numbers, null where {@code found} tells them
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
    List<String> known =
        classes != null
            ? classes
            : ArchiveFormat.order(Lists.newArrayList(context.sideInput(found)));
    ReadableFile file = context.element();
    String name = String.valueOf(file.getMetadata().resourceId().getFilename());
    boolean train = name.toUpperCase(Locale.ROOT).contains("_TRAIN.TS");
    long number = 0;
    try (TextLines lines = TextLines.open(file.getMetadata(), null)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (lines.isTooLong()) {
          number++;
          reject(outputs, name, lines.number(), lines.tooLong());
          continue;
        }
        if (ArchiveFormat.isComment(line) || ArchiveFormat.isTag(line)) {
          continue;
        }
        number++;
        String id = name + ":" + lines.number();
        String split = train ? trainOrTuning(number) : Medformer.Splits.HELD_OUT;
        try {
          ArchiveFormat.Row row = ArchiveFormat.row(line, format);
          if (!lines.ended() && !isWhole(row, known)) {
            throw new ArchiveFormat.BadSeriesException("file breaks off: its last line has no end");
          }
          int label = known.indexOf(ArchiveFormat.key(row.label()));
          if (label < 0) {
            throw new ArchiveFormat.BadSeriesException("class is not one that is known");
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
    } catch (InputFiles.Damaged e) {
      if (!(e.getCause() instanceof EOFException)) {
        // Nothing tells where the damage begins.
        throw e;
      }
      reject(outputs, name, null, "file breaks off");
    }
  }

  /** Whether a line without an end is complete: it ends in a class, and in no beginning of one. */
  private boolean isWhole(ArchiveFormat.Row row, List<String> known) {
    String key = ArchiveFormat.key(row.label());
    return declared
        && format == TimeSeriesArchive.Format.TS
        && known.contains(key)
        && known.stream().noneMatch(other -> !other.equals(key) && other.startsWith(row.label()));
  }

  /** A hash, so that the order of the file, often by class, does not show. */
  private String trainOrTuning(long number) {
    long hash = Integer.toUnsignedLong(Hashing.murmur3_32_fixed().hashLong(number).asInt());
    return hash / HASHES < tuningShare ? Medformer.Splits.TUNING : Medformer.Splits.TRAIN;
  }

  private void reject(
      MultiOutputReceiver outputs, String source, @Nullable Long line, String reason) {
    deadLetters.inc();
    outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(source, line, reason));
  }
}
