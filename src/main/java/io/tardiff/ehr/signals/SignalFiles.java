package io.tardiff.ehr.signals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/** Files of signals, opened before the pipeline runs. */
final class SignalFiles {
  private SignalFiles() {}

  /** The content of a file, uncompressed by the ending of its name. */
  static InputStream open(Metadata file) throws IOException {
    Compression compression = Compression.detect(String.valueOf(file.resourceId().getFilename()));
    return Channels.newInputStream(
        compression.readDecompressed(FileSystems.open(file.resourceId())));
  }
}
