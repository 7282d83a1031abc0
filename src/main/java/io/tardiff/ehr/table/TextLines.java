package io.tardiff.ehr.table;

import io.tardiff.ehr.InputFiles;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the lines of a text file, or those that begin within a range of bytes. A line ends in a
 * line feed, a carriage return or both.
 *
 * <p>The character set is that of the byte order mark, else that of the format, else UTF-8. In the
 * last case, lines that are not UTF-8 are decoded as ISO 8859-1, which accepts any byte, and
 * counted.
 */
final class TextLines implements Closeable {
  /** Far longer than any row of a table. */
  private static final int LINE_LIMIT = 1 << 26;

  private static final int HEAD = 4;
  private static final int BUFFER = 1 << 16;

  /** A character set, the length of its byte order mark, and whether to fall back to ISO 8859-1. */
  private record Encoding(Charset charset, int mark, boolean lenient) {
    /** Whether line ends are single bytes as in ASCII. */
    boolean hasAsciiLineEnds() {
      return Arrays.equals("a\r\n".getBytes(charset), new byte[] {'a', '\r', '\n'});
    }
  }

  private final String name;
  private final Encoding encoding;
  private final InputStream in;

  /** Decodes character sets without ASCII line ends; null for all others. */
  private final @Nullable BufferedReader reader;

  private final long end;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int limit;

  /** Offset of the buffer in the file. */
  private long base;

  private long latin1;

  private TextLines(
      String name,
      Encoding encoding,
      InputStream in,
      @Nullable BufferedReader reader,
      long base,
      long end) {
    this.name = name;
    this.encoding = encoding;
    this.in = in;
    this.reader = reader;
    this.base = base;
    this.end = end;
  }

  /** Opens a file, decompressed if necessary. */
  static TextLines open(Metadata file, TextFormat format) throws IOException {
    return open(file.resourceId().toString(), InputFiles.open(file), format);
  }

  /**
   * Opens a stream, which is closed with the lines.
   *
   * @param name name of the file, for messages
   */
  static TextLines open(String name, InputStream raw, TextFormat format) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    try {
      in.mark(HEAD);
      Encoding encoding = encoding(in.readNBytes(HEAD), format);
      in.reset();
      in.skipNBytes(encoding.mark());
      BufferedReader reader =
          encoding.hasAsciiLineEnds()
              ? null
              : new BufferedReader(
                  new InputStreamReader(
                      in,
                      encoding
                          .charset()
                          .newDecoder()
                          .onMalformedInput(CodingErrorAction.REPORT)
                          .onUnmappableCharacter(CodingErrorAction.REPORT)));
      return new TextLines(name, encoding, in, reader, encoding.mark(), Long.MAX_VALUE);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Opens the lines that begin within a range of bytes, after the header.
   *
   * @param from first byte, after the byte order mark
   */
  static TextLines open(Metadata file, TextFormat format, long from, long to) throws IOException {
    String name = file.resourceId().toString();
    ReadableByteChannel channel = FileSystems.open(file.resourceId());
    try {
      SeekableByteChannel seekable = (SeekableByteChannel) channel;
      ByteBuffer head = ByteBuffer.allocate(HEAD);
      while (head.hasRemaining() && seekable.read(head) >= 0) {
        // Keep reading.
      }
      Encoding encoding = encoding(Arrays.copyOf(head.array(), head.position()), format);
      seekable.position(from - 1);
      TextLines lines =
          new TextLines(name, encoding, Channels.newInputStream(seekable), null, from - 1, to);
      // Skip the line that contains the previous byte, which belongs to the previous range.
      lines.bytes();
      return lines;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Whether a file can be read in pieces: it is not compressed and has ASCII line ends. */
  static boolean isSplittable(Metadata file, TextFormat format) throws IOException {
    try (ReadableByteChannel channel = FileSystems.open(file.resourceId())) {
      if (!(channel instanceof SeekableByteChannel)) {
        return false;
      }
      byte[] head = Channels.newInputStream(channel).readNBytes(HEAD);
      return !InputFiles.isCompressed(head, file.resourceId().toString())
          && encoding(head, format).hasAsciiLineEnds();
    }
  }

  private static Encoding encoding(byte[] head, TextFormat format) {
    if (startsWith(head, 0xff, 0xfe, 0, 0)) {
      return new Encoding(Charset.forName("UTF-32LE"), 4, false);
    }
    if (startsWith(head, 0, 0, 0xfe, 0xff)) {
      return new Encoding(Charset.forName("UTF-32BE"), 4, false);
    }
    if (startsWith(head, 0xff, 0xfe)) {
      return new Encoding(StandardCharsets.UTF_16LE, 2, false);
    }
    if (startsWith(head, 0xfe, 0xff)) {
      return new Encoding(StandardCharsets.UTF_16BE, 2, false);
    }
    boolean marked = startsWith(head, 0xef, 0xbb, 0xbf);
    Charset configured = format.charset();
    boolean utf8 = marked || configured == null || configured.equals(StandardCharsets.UTF_8);
    return new Encoding(
        utf8 ? StandardCharsets.UTF_8 : configured, marked ? 3 : 0, configured == null);
  }

  private static boolean startsWith(byte[] head, int... mark) {
    if (head.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((head[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the next line without its line end; null at the end.
   *
   * @throws IOException naming the file if it cannot be decoded
   */
  @Nullable String next() throws IOException {
    if (reader != null) {
      try {
        return reader.readLine();
      } catch (CharacterCodingException e) {
        throw malformed(encoding.charset(), e);
      }
    }
    if (position() >= end) {
      return null;
    }
    byte[] bytes = bytes();
    return bytes == null ? null : decode(bytes);
  }

  private String decode(byte[] bytes) throws IOException {
    Charset charset = encoding.charset();
    String line = new String(bytes, charset);
    // The replacement character marks malformed input, or may be in the file itself; check.
    if (line.indexOf('\uFFFD') < 0) {
      return line;
    }
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      if (!encoding.lenient()) {
        throw malformed(charset, e);
      }
      latin1++;
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private IOException malformed(Charset charset, IOException cause) {
    return new IOException(
        "cannot read "
            + name
            + ": it is not valid "
            + charset.name()
            + "; set charset to its encoding",
        cause);
  }

  /** Returns the bytes up to the next line end; null at the end of the file. */
  private byte @Nullable [] bytes() throws IOException {
    ByteArrayOutputStream partial = null;
    while (at < limit || fill()) {
      int from = at;
      while (at < limit && buffer[at] != '\n' && buffer[at] != '\r') {
        at++;
      }
      if (at == limit) {
        partial = partial == null ? new ByteArrayOutputStream() : partial;
        partial.write(buffer, from, at - from);
        if (partial.size() > LINE_LIMIT) {
          throw new IOException(
              "cannot read " + name + ": a line is longer than " + LINE_LIMIT + " bytes");
        }
        continue;
      }
      byte[] line;
      if (partial == null) {
        line = Arrays.copyOfRange(buffer, from, at);
      } else {
        partial.write(buffer, from, at - from);
        line = partial.toByteArray();
      }
      boolean carriageReturn = buffer[at++] == '\r';
      if (carriageReturn && (at < limit || fill()) && buffer[at] == '\n') {
        at++;
      }
      return line;
    }
    return partial == null ? null : partial.toByteArray();
  }

  /** Refills the buffer; false at the end of the file. */
  private boolean fill() throws IOException {
    base += limit;
    at = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  /** Returns the offset after the last line read, for files with ASCII line ends. */
  long position() {
    return base + at;
  }

  /** Returns the number of lines decoded as ISO 8859-1. */
  long latin1() {
    return latin1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
