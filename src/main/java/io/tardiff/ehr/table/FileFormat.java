package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/** Formats of the files of a table, recognised by their first bytes instead of their names. */
enum FileFormat {
  TEXT("text", new byte[0]),
  AVRO("Avro", new byte[] {'O', 'b', 'j', 1}),
  PARQUET("Parquet", new byte[] {'P', 'A', 'R', '1'});

  private final String title;
  private final byte[] magic;

  FileFormat(String title, byte[] magic) {
    this.title = title;
    this.magic = magic;
  }

  /** Returns the format of a file. */
  private static FileFormat of(Metadata file) throws IOException {
    try (ReadableByteChannel channel = FileSystems.open(file.resourceId())) {
      byte[] head = Channels.newInputStream(channel).readNBytes(PARQUET.magic.length);
      return Arrays.equals(head, PARQUET.magic)
          ? PARQUET
          : Arrays.equals(head, AVRO.magic) ? AVRO : TEXT;
    }
  }

  /**
   * Returns the format of the files of a table.
   *
   * @throws IllegalArgumentException if they have several
   */
  static FileFormat of(List<Metadata> files) throws IOException {
    FileFormat first = of(files.get(0));
    for (Metadata file : files.subList(1, files.size())) {
      FileFormat other = of(file);
      checkArgument(
          other == first,
          "the files of a table must have one format, but %s is %s and %s is %s",
          files.get(0).resourceId(),
          first.title,
          file.resourceId(),
          other.title);
    }
    return first;
  }

  /**
   * Fails if a text begins like a file of another format: a later one of a table whose first files
   * are text, or one that is compressed as a whole.
   */
  static void checkText(String header, String what) {
    for (FileFormat format : List.of(AVRO, PARQUET)) {
      checkArgument(
          !header.startsWith(new String(format.magic, StandardCharsets.ISO_8859_1)),
          "%s must be a text table, but is %s; set its format, or if it is compressed as a whole,"
              + " unpack it",
          what,
          format.title);
    }
  }
}
