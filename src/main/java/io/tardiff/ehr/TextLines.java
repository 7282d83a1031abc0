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
 * The lines of a text file, whole or those that begin within a range of its bytes. A line ends in a
 * line feed, a carriage return or both.
 *
 * <p>The byte order mark tells the character set, else the caller does, else it is UTF-8; a line
 * that is none is taken for ISO 8859-1, in which all bytes are letters, and counted.
 *
 * <p>A line that is longer than the limit is passed over without being in memory:
 *
 * <pre>{@code
 * for (String line = lines.next(); line != null; line = lines.next()) {
 *   if (lines.isTooLong()) {
 *     ... // a dead letter; the line is an empty text
 *   }
 * }
 * }</pre>
 */
@Internal
public final class TextLines implements Closeable {
  private static final int HEAD = 4;
  private static final int BUFFER = 1 << 16;

  /** A character set and the bytes of the mark that told it. */
  private record Encoding(Charset charset, int mark, boolean lenient) {
    /** Whether its line ends are bytes that are nothing else. */
    boolean hasPlainLineEnds() {
      return Arrays.equals("a\r\n".getBytes(charset), new byte[] {'a', '\r', '\n'});
    }
  }

  private final String name;
  private final Encoding encoding;
  private final InputStream in;
  private final int longest;

  /** Of character sets whose line ends are not plain; null for all others. */
  private final @Nullable BufferedReader reader;

  private final long end;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int limit;

  /** Where in the file the buffer begins. */
  private long base;

  private long latin1;
  private long number;
  private boolean ended = true;
  private boolean tooLong;

  private TextLines(
      String name,
      Encoding encoding,
      InputStream in,
      @Nullable BufferedReader reader,
      int longest,
      long base,
      long end) {
    this.name = name;
    this.encoding = encoding;
    this.in = in;
    this.reader = reader;
    this.longest = longest;
    this.base = base;
    this.end = end;
  }

  /**
   * All lines of a file, uncompressed.
   *
   * @param said character set of a file without a mark; null for UTF-8, or what is not
   */
  public static TextLines open(Metadata file, @Nullable Charset said) throws IOException {
    return open(file, said, Bounds.LINE_BYTES);
  }

  /** As {@link #open(Metadata, Charset)}, with another limit for the bytes of a line. */
  public static TextLines open(Metadata file, @Nullable Charset said, int longest)
      throws IOException {
    return open(file.resourceId().toString(), InputFiles.open(file), said, longest);
  }

  /**
   * All lines of a stream, which is closed with them.
   *
   * @param name for messages
   */
  public static TextLines open(String name, InputStream raw, @Nullable Charset said)
      throws IOException {
    return open(name, raw, said, Bounds.LINE_BYTES);
  }

  private static TextLines open(
      String name, InputStream raw, @Nullable Charset said, int longest) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    try {
      in.mark(HEAD);
      Encoding encoding = encoding(in.readNBytes(HEAD), said);
      in.reset();
      in.skipNBytes(encoding.mark());
      BufferedReader reader =
          encoding.hasPlainLineEnds()
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
          name, encoding, in, reader, longest, encoding.mark(), Long.MAX_VALUE);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * The lines of a file that begin within a range.
   *
   * @param longest limit for the bytes of a line
   */
  public static TextLines open(
      Metadata file, @Nullable Charset said, int longest, long from, long to) throws IOException {
    String name = file.resourceId().toString();
    ReadableByteChannel channel = FileSystems.open(file.resourceId());
    try {
      SeekableByteChannel seekable = (SeekableByteChannel) channel;
      ByteBuffer head = ByteBuffer.allocate(HEAD);
      while (head.hasRemaining() && seekable.read(head) >= 0) {
        // Reads on.
      }
      Encoding encoding = encoding(Arrays.copyOf(head.array(), head.position()), said);
      boolean first = from <= encoding.mark();
      long start = first ? encoding.mark() : from - 1;
      seekable.position(start);
      TextLines lines =
          new TextLines(
              name, encoding, Channels.newInputStream(seekable), null, longest, start, to);
      if (!first) {
        // The line that the byte before belongs to is of the range before.
        lines.skip();
      }
      return lines;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Whether pieces of a file can be read: it is not compressed, and its line ends are plain. */
  static boolean isSplittable(Metadata file, @Nullable Charset said) throws IOException {
    try (ReadableByteChannel channel = FileSystems.open(file.resourceId())) {
      if (!(channel instanceof SeekableByteChannel)) {
        return false;
      }
      byte[] head = Channels.newInputStream(channel).readNBytes(HEAD);
      return !InputFiles.isCompressed(head, file.resourceId().toString())
          && encoding(head, said).hasPlainLineEnds();
    }
  }

  private static Encoding encoding(byte[] head, @Nullable Charset said) {
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
    boolean utf8 = marked || said == null || said.equals(StandardCharsets.UTF_8);
    return new Encoding(utf8 ? StandardCharsets.UTF_8 : said, marked ? 3 : 0, said == null);
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
   * The next line without its end, null where there is none; empty where it {@linkplain #isTooLong
   * is too long}.
   *
   * @throws IOException naming the file where it is not of its character set
   */
  public @Nullable String next() throws IOException {
    tooLong = false;
    String line = null;
    if (reader != null) {
      try {
        line = characters(reader);
      } catch (CharacterCodingException e) {
        throw notOf(encoding.charset(), e);
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

  /** Whether the last line was longer than the limit. */
  public boolean isTooLong() {
    return tooLong;
  }

  /** Why a line that is too long is a dead letter. */
  public String tooLong() {
    return "line is longer than " + longest + " bytes";
  }

  /** Number of the last line, from 1, counted from where the range begins. */
  public long number() {
    return number;
  }

  /** Whether the last line had an end; where it had none the file may break off within it. */
  public boolean ended() {
    return ended;
  }

  private @Nullable String characters(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n' && c != '\r'; c = in.read()) {
      if (line.length() < longest) {
        line.append((char) c);
      } else {
        tooLong = true;
      }
    }
    ended = c >= 0;
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
    // What cannot be decoded comes out as this; it is rare enough to be looked at twice.
    if (line.indexOf('\uFFFD') < 0) {
      return line;
    }
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      if (!encoding.lenient()) {
        throw notOf(charset, e);
      }
      latin1++;
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private IOException notOf(Charset charset, IOException cause) {
    return new IOException(
        "cannot read "
            + name
            + ": it is not all "
            + charset.name()
            + "; charset can say what it is written in",
        cause);
  }

  /** The bytes up to the next line end, null at the end of the file. */
  private byte @Nullable [] bytes() throws IOException {
    ByteArrayOutputStream begun = null;
    while (at < limit || fill()) {
      int from = at;
      while (at < limit && buffer[at] != '\n' && buffer[at] != '\r') {
        at++;
      }
      begun = begun == null && at < limit ? null : more(begun, from);
      if (at == limit) {
        continue;
      }
      byte[] line = begun == null ? Arrays.copyOfRange(buffer, from, at) : begun.toByteArray();
      boolean carriageReturn = buffer[at++] == '\r';
      if (carriageReturn && (at < limit || fill()) && buffer[at] == '\n') {
        at++;
      }
      ended = true;
      return line;
    }
    if (begun == null) {
      return null;
    }
    ended = false;
    return begun.toByteArray();
  }

  /** Goes behind the next line end, or as far as the range where that has none. */
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

  /** The line so far with what the buffer has of it; nothing where it is too long. */
  private ByteArrayOutputStream more(@Nullable ByteArrayOutputStream begun, int from) {
    ByteArrayOutputStream line = begun == null ? new ByteArrayOutputStream() : begun;
    tooLong |= (long) line.size() + at - from > longest;
    if (tooLong) {
      return new ByteArrayOutputStream(0);
    }
    line.write(buffer, from, at - from);
    return line;
  }

  /** Reads on; false at the end of the file. */
  private boolean fill() throws IOException {
    base += limit;
    at = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  /** Byte behind the last line that was read, of a file whose line ends are plain. */
  public long position() {
    return base + at;
  }

  /** Lines that were taken for ISO 8859-1, as they are not UTF-8. */
  public long latin1() {
    return latin1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
