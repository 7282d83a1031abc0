package io.tardiff.ehr.signals;

import java.io.IOException;
import java.nio.channels.Channels;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.transforms.DoFn;

/** The classes of the series of a file that can be read, once per series. */
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
    try (BoundedLines lines = new BoundedLines(Channels.newInputStream(file.open()))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (ArchiveFormat.isComment(line) || ArchiveFormat.isTag(line) || !lines.ended()) {
          continue;
        }
        try {
          ArchiveFormat.Row row = ArchiveFormat.row(line, format);
          ArchiveFormat.values(row, format, shape);
          classes.output(ArchiveFormat.key(row.label()));
        } catch (ArchiveFormat.BadSeriesException e) {
          // A dead letter when the series are read; its class may be as damaged.
          continue;
        }
      }
    }
  }
}
