package io.tardiff.ehr.physionet2012;

import com.google.common.base.Splitter;
import com.google.common.io.ByteStreams;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.table.TextFormat;
import io.tardiff.files.Bounds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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

  /** Why a file that is larger than those of the data set is a dead letter. */
  static final String TOO_LARGE = "file is larger than " + Bounds.CHALLENGE_FILE_BYTES + " bytes";

  /**
   * Null where the file is too large to be one of the data set.
   *
   * @throws InputFiles.Damaged where it is compressed and breaks off
   * @throws InputFiles.Refused where it is an archive, or unpacks to far more than data does
   */
  static @Nullable TextLines of(ReadableFile file, TextFormat format) throws IOException {
    byte[] bytes;
    try (InputStream in = InputFiles.open(file.getMetadata())) {
      bytes = ByteStreams.limit(in, Bounds.CHALLENGE_FILE_BYTES + 1L).readAllBytes();
    }
    if (bytes.length > Bounds.CHALLENGE_FILE_BYTES) {
      return null;
    }
    String text = decode(bytes, format);
    List<String> lines = text.lines().toList();
    boolean complete = text.isEmpty() || text.endsWith("\n") || text.endsWith("\r");
    return new TextLines(lines, complete);
  }

  private static String decode(byte[] bytes, TextFormat format) {
    String text;
    if (format.charset() != null) {
      text = new String(bytes, format.charset());
    } else if (startsWith(bytes, 0xff, 0xfe)) {
      text = new String(bytes, StandardCharsets.UTF_16LE);
    } else if (startsWith(bytes, 0xfe, 0xff)) {
      text = new String(bytes, StandardCharsets.UTF_16BE);
    } else {
      try {
        text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        text = new String(bytes, StandardCharsets.ISO_8859_1);
      }
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static boolean startsWith(byte[] bytes, int first, int second) {
    return bytes.length >= 2 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
  }

  /** The fields of a line, without blanks and quotes around them; empty for no value. */
  static List<String> fields(String line, char delimiter, TextFormat format) {
    return Splitter.on(delimiter)
        .splitToStream(line)
        .map(field -> field.strip())
        .map(
            field ->
                field.length() >= 2 && field.startsWith("\"") && field.endsWith("\"")
                    ? field.substring(1, field.length() - 1).strip()
                    : field)
        .map(field -> format.text(field) == null ? "" : field)
        .toList();
  }

  /** The delimiter of a file: the one that is said, else whichever splits its header. */
  static char delimiter(String header, TextFormat format) {
    Character said = format.delimiter();
    if (said != null) {
      return said;
    }
    for (char other : new char[] {',', ';', '\t', '|'}) {
      if (header.indexOf(other) >= 0) {
        return other;
      }
    }
    return ',';
  }
}
