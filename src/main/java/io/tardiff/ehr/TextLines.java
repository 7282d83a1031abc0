package io.tardiff.ehr;

import io.tardiff.files.Bounds;
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
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the lines of a text file, or those that begin within a range of bytes. A line ends with a
 * line feed, a carriage return or both.
 *
 * <p>The byte order mark determines the character set, else the caller, else it is UTF-8. In the
 * last case, lines that are not valid UTF-8 are decoded as ISO 8859-1, which accepts any byte, and
 * counted.
 *
 * <p>A line that exceeds the limit is skipped without being buffered:
 *
 * <pre>{@code
 * for (String line = lines.next(); line != null; line = lines.next()) {
 *   if (lines.isTooLong()) {
 *     ... // a dead letter; the line is empty
 *   }
 * }
 * }</pre>
 */
@Internal
public final class TextLines implements Closeable {
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
  private final int maxLineBytes;

  /** Decodes character sets without ASCII line ends; null for all others. */
  private final @Nullable BufferedReader reader;

  private final long end;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int limit;

  /** Offset of the buffer in the file. */
  private long base;

  private long latin1;
  private long number;
  private boolean terminated = true;
  private boolean tooLong;

  private TextLines(
      String name,
      Encoding encoding,
      InputStream in,
      @Nullable BufferedReader reader,
      int maxLineBytes,
      long base,
      long end) {
    this.name = name;
    this.encoding = encoding;
    this.in = in;
    this.reader = reader;
    this.maxLineBytes = maxLineBytes;
    this.base = base;
    this.end = end;
  }

  /**
   * Opens a file, decompressed if necessary.
   *
   * @param configured character set of files without a byte order mark; null for UTF-8
   */
  public static TextLines open(Metadata file, @Nullable Charset configured) throws IOException {
    return open(file, configured, Bounds.LINE_BYTES);
  }

  /**
   * See {@link #open(Metadata, Charset)}.
   *
   * @param maxLineBytes maximum length of a line, in bytes
   */
  public static TextLines open(Metadata file, @Nullable Charset configured, int maxLineBytes)
      throws IOException {
    return open(file.resourceId().toString(), InputFiles.open(file), configured, maxLineBytes);
  }

  /**
   * Opens a stream, which is closed with the lines.
   *
   * @param name name of the file, for messages
   */
  public static TextLines open(String name, InputStream raw, @Nullable Charset configured)
      throws IOException {
    return open(name, raw, configured, Bounds.LINE_BYTES);
  }

  private static TextLines open(
      String name, InputStream raw, @Nullable Charset configured, int maxLineBytes)
      throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    try {
      in.mark(HEAD);
      Encoding encoding = encoding(in.readNBytes(HEAD), configured);
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
      return new TextLines(
          name, encoding, in, reader, maxLineBytes, encoding.mark(), Long.MAX_VALUE);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Opens the lines that begin within a range of bytes.
   *
   * @param maxLineBytes maximum length of a line, in bytes
   */
  public static TextLines open(
      Metadata file, @Nullable Charset configured, int maxLineBytes, long from, long to)
      throws IOException {
    String name = file.resourceId().toString();
    ReadableByteChannel channel = FileSystems.open(file.resourceId());
    try {
      SeekableByteChannel seekable = (SeekableByteChannel) channel;
      ByteBuffer head = ByteBuffer.allocate(HEAD);
      while (head.hasRemaining() && seekable.read(head) >= 0) {
        // Keep reading.
      }
      Encoding encoding = encoding(Arrays.copyOf(head.array(), head.position()), configured);
      boolean first = from <= encoding.mark();
      long start = first ? encoding.mark() : from - 1;
      seekable.position(start);
      TextLines lines =
          new TextLines(
              name, encoding, Channels.newInputStream(seekable), null, maxLineBytes, start, to);
      if (!first) {
        // Skip the line that contains the previous byte, which belongs to the previous range.
        lines.skip();
      }
      return lines;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Returns whether a file can be read in pieces: uncompressed, seekable, ASCII line ends. */
  static boolean isSplittable(Metadata file, @Nullable Charset configured) throws IOException {
    try (ReadableByteChannel channel = FileSystems.open(file.resourceId())) {
      if (!(channel instanceof SeekableByteChannel)) {
        return false;
      }
      byte[] head = Channels.newInputStream(channel).readNBytes(HEAD);
      return !InputFiles.isCompressed(head, file.resourceId().toString())
          && encoding(head, configured).hasAsciiLineEnds();
    }
  }

  private static Encoding encoding(byte[] head, @Nullable Charset configured) {
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
   * Returns the next line without its line end; null at the end. The line is empty if it
   * {@linkplain #isTooLong is too long}.
   *
   * @throws IOException naming the file if it cannot be decoded
   */
  public @Nullable String next() throws IOException {
    tooLong = false;
    String line = null;
    if (reader != null) {
      try {
        line = characters(reader);
      } catch (CharacterCodingException e) {
        throw malformed(encoding.charset(), e);
      }
    } else if (position() < end) {
      byte[] bytes = bytes();
      line = bytes == null ? null : decode(bytes);
    }
    if (line != null) {
      number++;
    }
    return line;
  }

  /** Returns whether the last line exceeded the limit. */
  public boolean isTooLong() {
    return tooLong;
  }

  /** Returns the reason for the dead letter of a line that is too long. */
  public String tooLong() {
    return "line is longer than " + maxLineBytes + " bytes";
  }

  /** Returns the 1-based number of the last line, counted from the start of the range. */
  public long number() {
    return number;
  }

  /** Returns whether the last line had a line end. If not, the file may be truncated within it. */
  public boolean terminated() {
    return terminated;
  }

  private @Nullable String characters(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n' && c != '\r'; c = in.read()) {
      if (line.length() < maxLineBytes) {
        line.append((char) c);
      } else {
        tooLong = true;
      }
    }
    terminated = c >= 0;
    if (c == '\r') {
      in.mark(1);
      if (in.read() != '\n') {
        in.reset();
      }
    }
    return tooLong ? "" : line.toString();
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
      partial = partial == null && at < limit ? null : more(partial, from);
      if (at == limit) {
        continue;
      }
      byte[] line = partial == null ? Arrays.copyOfRange(buffer, from, at) : partial.toByteArray();
      boolean carriageReturn = buffer[at++] == '\r';
      if (carriageReturn && (at < limit || fill()) && buffer[at] == '\n') {
        at++;
      }
      terminated = true;
      return line;
    }
    if (partial == null) {
      return null;
    }
    terminated = false;
    return partial.toByteArray();
  }

  /** Skips to after the next line end, but not beyond the range. */
  private void skip() throws IOException {
    while (position() < end && (at < limit || fill())) {
      byte b = buffer[at++];
      if (b == '\n') {
        return;
      }
      if (b == '\r') {
        if ((at < limit || fill()) && buffer[at] == '\n') {
          at++;
        }
        return;
      }
    }
  }

  /** Appends the buffered part of the line; empty if the line is too long. */
  private ByteArrayOutputStream more(@Nullable ByteArrayOutputStream partial, int from) {
    ByteArrayOutputStream line = partial == null ? new ByteArrayOutputStream() : partial;
    tooLong |= (long) line.size() + at - from > maxLineBytes;
    if (tooLong) {
      return new ByteArrayOutputStream(0);
    }
    line.write(buffer, from, at - from);
    return line;
  }

  /** Refills the buffer; false at the end of the file. */
  private boolean fill() throws IOException {
    base += limit;
    at = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  /** Returns the offset after the last line read, for files with ASCII line ends. */
  public long position() {
    return base + at;
  }

  /** Returns the number of lines decoded as ISO 8859-1. */
  public long latin1() {
    return latin1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
