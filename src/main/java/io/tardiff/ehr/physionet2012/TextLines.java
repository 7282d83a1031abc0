package io.tardiff.ehr.physionet2012;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The lines of a small file.
 *
 * @param lines without line ends
 * @param complete whether the last line ends in a line end; where it does not the file may have
 *     been cut off within it
 */
record TextLines(List<String> lines, boolean complete) {

  /** Far above any file of the data set: what is larger is something else. */
  private static final long LIMIT = 64L << 20;

  /** Null where the file is too large to be one of the data set. */
  static @Nullable TextLines of(ReadableFile file) throws IOException {
    if (file.getMetadata().sizeBytes() > LIMIT) {
      return null;
    }
    String text = new String(file.readFullyAsBytes(), StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    boolean complete = text.isEmpty() || text.endsWith("\n") || text.endsWith("\r");
    return new TextLines(lines, complete);
  }
}
