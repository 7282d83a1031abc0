package io.tardiff.ehr.signals;

import io.tardiff.ehr.InputFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.DoFn;

/** Emits the class of every readable series of a file. */
final class FindClassesFn extends DoFn<ReadableFile, String> {
  private final TimeSeriesArchive.Format format;
  private final ArchiveFormat.Shape shape;

  FindClassesFn(TimeSeriesArchive.Format format, ArchiveFormat.Shape shape) {
    this.format = format;
    this.shape = shape;
  }

  @ProcessElement
  public void process(@Element ReadableFile file, OutputReceiver<String> classes)
      throws IOException {
    classes(InputFiles.open(file.getMetadata()), format, shape).forEach(classes::output);
  }

  /** Returns the classes of a file, sorted as text. */
  static Set<String> classes(
      Metadata file, TimeSeriesArchive.Format format, ArchiveFormat.Shape shape) {
    try {
      return classes(InputFiles.open(file), format, shape);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file.resourceId(), e);
    }
  }

  private static Set<String> classes(
      InputStream in, TimeSeriesArchive.Format format, ArchiveFormat.Shape shape)
      throws IOException {
    Set<String> found = new TreeSet<>();
    try (BoundedLines lines = new BoundedLines(in)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (ArchiveFormat.isComment(line) || ArchiveFormat.isTag(line) || !lines.terminated()) {
          continue;
        }
        try {
          ArchiveFormat.Row row = ArchiveFormat.row(line, format);
          ArchiveFormat.values(row, format, shape);
          found.add(ArchiveFormat.key(row.label()));
        } catch (ArchiveFormat.BadSeriesException e) {
          // Becomes a dead letter when the series are read; its class may be corrupt as well.
        }
      }
    }
    return found;
  }
}
