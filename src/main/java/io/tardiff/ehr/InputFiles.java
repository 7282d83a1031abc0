package io.tardiff.ehr;

import com.google.common.io.CountingInputStream;
import io.tardiff.files.Bounds;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.charset.Charset;
import java.util.List;
import java.util.zip.ZipException;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MetadataCoder;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Helpers that list and open the input files of readers, on any Beam file system. */
@Internal
public final class InputFiles {
  /** Enough to spread over the workers, few enough that the overhead per bundle is negligible. */
  private static final int BUNDLES = 64;

  private static final int BUFFER = 1 << 16;

  /** Number of leading bytes that identify the compression. */
  private static final int MAGIC = 4;

  /** Default size, in bytes, of the pieces into which text files are split. */
  public static final long PIECE = 64L << 20;

  private InputFiles() {}

  /** Returns the directory with a trailing slash, ready to append a pattern. */
  public static String slash(String directory) {
    return directory.endsWith("/") ? directory : directory + "/";
  }

  /** Returns the files that match a pattern, possibly none. */
  public static List<Metadata> match(String pattern) throws IOException {
    MatchResult match = FileSystems.match(pattern, EmptyMatchTreatment.ALLOW);
    return match.status() == MatchResult.Status.OK ? match.metadata() : List.of();
  }

  /**
   * Opens a file and decompresses it. The compression is detected from the first bytes, not from
   * the file name. The caller closes the stream.
   *
   * @throws IOException naming the file; {@link Damaged} if its compressed content is corrupt,
   *     {@link Refused} if it is an archive or decompresses beyond {@link Bounds#UNPACK_RATIO}
   */
  public static InputStream open(Metadata file) throws IOException {
    String name = file.resourceId().toString();
    CountingInputStream compressed =
        new CountingInputStream(Channels.newInputStream(FileSystems.open(file.resourceId())));
    InputStream raw = new BufferedInputStream(compressed, BUFFER);
    try {
      raw.mark(BUFFER);
      byte[] head = raw.readNBytes(MAGIC);
      raw.reset();
      Compression compression = compression(head, name);
      return compression == Compression.UNCOMPRESSED
          ? raw
          : new DecompressedStream(
              Channels.newInputStream(compression.readDecompressed(Channels.newChannel(raw))),
              compressed,
              name);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw withName(name, e instanceof IOException io ? io : new IOException(e));
    }
  }

  /** Whether the first bytes are those of a compressed file. */
  public static boolean isCompressed(byte[] head, String name) throws IOException {
    return compression(head, name) != Compression.UNCOMPRESSED;
  }

  private static Compression compression(byte[] head, String name) throws IOException {
    if (startsWith(head, 0x1f, 0x8b)) {
      return Compression.GZIP;
    }
    if (startsWith(head, 'B', 'Z', 'h')) {
      return Compression.BZIP2;
    }
    if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      return Compression.ZSTD;
    }
    if (startsWith(head, 'P', 'K', 3, 4)) {
      throw new Refused(name, "it is a zip archive or a spreadsheet; unpack it, or save it as CSV");
    }
    return Compression.UNCOMPRESSED;
  }

  private static boolean startsWith(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** Names the file in an exception. Some decoders throw unchecked exceptions on corrupt bytes. */
  private static IOException withName(String name, Exception e) {
    if (e instanceof RuntimeException) {
      return new Damaged(name, new IOException(e));
    }
    return withName(name, (IOException) e);
  }

  private static IOException withName(String name, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof Damaged || e instanceof Refused || message.contains(name)) {
      return e;
    }
    boolean damaged =
        e instanceof EOFException
            || e instanceof ZipException
            || message.contains("corrupt")
            || message.contains("Garbage");
    return damaged
        ? new Damaged(name, e)
        : new IOException("cannot read " + name + ": " + message, e);
  }

  /** The compressed content of a file is truncated or corrupt. */
  public static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String name, IOException cause) {
      super("cannot read " + name + ": its compressed content is truncated or corrupt", cause);
    }
  }

  /** Thrown for an archive, or a file that decompresses beyond {@link Bounds#UNPACK_RATIO}. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    private final String why;

    Refused(String name, String why) {
      super("cannot read " + name + ": " + why);
      this.why = why;
    }

    /** Returns the reason without the file name, which may identify a patient. */
    public String why() {
      return why;
    }
  }

  /** Decompressed content; its exceptions name the file. */
  private static final class DecompressedStream extends FilterInputStream {
    private final CountingInputStream compressed;
    private final String name;
    private long decompressed;

    DecompressedStream(InputStream in, CountingInputStream compressed, String name) {
      super(in);
      this.compressed = compressed;
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      try {
        int read = in.read();
        return checkRatio(read < 0 ? 0 : 1) == 0 ? -1 : read;
      } catch (IOException | RuntimeException e) {
        throw withName(name, e);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int read = in.read(bytes, offset, length);
        return read <= 0 ? read : checkRatio(read);
      } catch (IOException | RuntimeException e) {
        throw withName(name, e);
      }
    }

    private int checkRatio(int read) throws IOException {
      decompressed += read;
      if (decompressed > Bounds.UNPACK_FREE_BYTES
          && decompressed / Bounds.UNPACK_RATIO > compressed.getCount()) {
        throw new Refused(
            name,
            "it unpacks to more than "
                + Bounds.UNPACK_RATIO
                + " times its size, far more than real data; to read it anyway, unpack it");
      }
      return read;
    }
  }

  /** A condition that is evaluated by reading a file. */
  public interface Predicate extends Serializable {
    boolean test(Metadata file) throws IOException;
  }

  /**
   * Splits text files into pieces for {@link TextLines} and distributes them over the workers. A
   * file that is compressed, or in a character set without ASCII line ends, is a single piece.
   *
   * @param charset character set of files without a byte order mark; null for UTF-8
   * @param bytes size of a piece, in bytes
   */
  public static PTransform<PCollection<Metadata>, PCollection<KV<Metadata, OffsetRange>>> pieces(
      @Nullable Charset charset, long bytes) {
    return pieces(charset, bytes, file -> false);
  }

  /**
   * See {@link #pieces(Charset, long)}.
   *
   * @param isWhole matches further files to read as a single piece
   */
  public static PTransform<PCollection<Metadata>, PCollection<KV<Metadata, OffsetRange>>> pieces(
      @Nullable Charset charset, long bytes, Predicate isWhole) {
    return new Pieces(new PiecesFn(charset == null ? null : charset.name(), bytes, isWhole));
  }

  /** Returns whether the piece is a whole file. */
  public static boolean isWhole(OffsetRange piece) {
    return piece.getFrom() == 0 && piece.getTo() == Long.MAX_VALUE;
  }

  private static final class Pieces
      extends PTransform<PCollection<Metadata>, PCollection<KV<Metadata, OffsetRange>>> {
    private static final long serialVersionUID = 1L;

    private final PiecesFn divide;

    Pieces(PiecesFn divide) {
      this.divide = divide;
    }

    @Override
    public PCollection<KV<Metadata, OffsetRange>> expand(PCollection<Metadata> files) {
      return files
          .apply("Divide", ParDo.of(divide))
          .setCoder(KvCoder.of(MetadataCoder.of(), OffsetRange.Coder.of()))
          .apply("Spread", Reshuffle.viaRandomKey());
    }
  }

  /** Splits files into pieces. */
  private static final class PiecesFn extends DoFn<Metadata, KV<Metadata, OffsetRange>> {
    private final @Nullable String charset;
    private final long bytes;
    private final Predicate isWhole;

    PiecesFn(@Nullable String charset, long bytes, Predicate isWhole) {
      this.charset = charset;
      this.bytes = bytes;
      this.isWhole = isWhole;
    }

    @ProcessElement
    public void process(@Element Metadata file, OutputReceiver<KV<Metadata, OffsetRange>> out)
        throws IOException {
      boolean splittable =
          file.isReadSeekEfficient()
              && file.sizeBytes() > bytes
              && TextLines.isSplittable(file, charset == null ? null : Charset.forName(charset))
              && !isWhole.test(file);
      if (!splittable) {
        out.output(KV.of(file, new OffsetRange(0, Long.MAX_VALUE)));
        return;
      }
      for (long from = 0; from < file.sizeBytes(); from += bytes) {
        long to = from + bytes < file.sizeBytes() ? from + bytes : Long.MAX_VALUE;
        out.output(KV.of(file, new OffsetRange(from, to)));
      }
    }
  }

  /**
   * Matches patterns that may yield thousands of small files. Groups the files into few bundles,
   * where {@link FileIO#matchAll} would create one bundle per file.
   */
  public static PTransform<PBegin, PCollection<FileIO.ReadableFile>> small(List<String> patterns) {
    return new Small(patterns);
  }

  private static final class Small extends PTransform<PBegin, PCollection<FileIO.ReadableFile>> {
    private static final long serialVersionUID = 1L;

    private final List<String> patterns;

    Small(List<String> patterns) {
      this.patterns = List.copyOf(patterns);
    }

    @Override
    public PCollection<FileIO.ReadableFile> expand(PBegin begin) {
      return begin
          .apply("Patterns", Create.of(patterns))
          .apply("Match", ParDo.of(new MatchFn()))
          .setCoder(MetadataCoder.of())
          .apply("Spread", Reshuffle.<Metadata>viaRandomKey().withNumBuckets(BUNDLES))
          .apply("Open", FileIO.readMatches());
    }
  }

  private static final class MatchFn extends DoFn<String, Metadata> {
    @ProcessElement
    public void process(@Element String pattern, OutputReceiver<Metadata> out) throws IOException {
      match(pattern).forEach(out::output);
    }
  }
}
