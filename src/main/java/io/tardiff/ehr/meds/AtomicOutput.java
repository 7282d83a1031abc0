package io.tardiff.ehr.meds;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;

/** Files that are there whole or not at all, however often a bundle is tried. */
final class AtomicOutput {
  private AtomicOutput() {}

  /** Writes and closes the channel. */
  interface Writer {
    void write(WritableByteChannel channel) throws IOException;
  }

  static void write(String file, Writer writer) throws IOException {
    ResourceId target = FileSystems.matchNewResource(file, /* isDirectory= */ false);
    // Its ending keeps it out of every pattern of files to read.
    ResourceId draft = FileSystems.matchNewResource(file + "." + UUID.randomUUID() + ".tmp", false);
    try {
      try (WritableByteChannel channel = FileSystems.create(draft, MimeTypes.BINARY)) {
        writer.write(channel);
      }
      FileSystems.rename(List.of(draft), List.of(target));
    } catch (IOException | RuntimeException e) {
      FileSystems.delete(List.of(draft), StandardMoveOptions.IGNORE_MISSING_FILES);
      throw e;
    }
  }
}
