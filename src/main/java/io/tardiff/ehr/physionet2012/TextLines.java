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
 * @param complete whether the last line has a line end; if not, it may be truncated
 */
record TextLines(List<String> lines, boolean complete) {

  /** Reason for the dead letter of a file that is too large. */
  static final String TOO_LARGE = "file is larger than " + Bounds.CHALLENGE_FILE_BYTES + " bytes";

  /**
   * Reads the lines of a file; null if the file is too large to belong to the data set.
   *
   * @throws InputFiles.Damaged if its compressed content is truncated or corrupt
   * @throws InputFiles.Refused if it is an archive or decompresses beyond {@link
   *     Bounds#UNPACK_RATIO}
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

  /**
   * Splits a line into fields without surrounding blanks and quotes; an empty field has no value.
   */
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

  /** The configured delimiter, else the first one that occurs in the header. */
  static char delimiter(String header, TextFormat format) {
    Character configured = format.delimiter();
    if (configured != null) {
      return configured;
    }
    for (char candidate : new char[] {',', ';', '\t', '|'}) {
      if (header.indexOf(candidate) >= 0) {
        return candidate;
      }
    }
    return ',';
  }
}
