package io.tardiff.ehr;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.List;
import java.util.zip.ZipException;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MetadataCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Helpers that list and open the input files of readers, on any Beam file system. */
@Internal
public final class InputFiles {
  /** Enough to spread over the workers, few enough that the overhead per bundle is negligible. */
  private static final int BUNDLES = 64;

  private static final int BUFFER = 1 << 16;

  /** Number of leading bytes that identify the compression. */
  private static final int MAGIC = 4;

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
   * @throws IOException naming the file; {@link Damaged} if its compressed content is corrupt
   */
  public static InputStream open(Metadata file) throws IOException {
    String name = file.resourceId().toString();
    InputStream raw =
        new BufferedInputStream(
            Channels.newInputStream(FileSystems.open(file.resourceId())), BUFFER);
    try {
      raw.mark(BUFFER);
      byte[] head = raw.readNBytes(MAGIC);
      raw.reset();
      Compression compression = compression(head, name);
      return compression == Compression.UNCOMPRESSED
          ? raw
          : new DecompressedStream(
              Channels.newInputStream(compression.readDecompressed(Channels.newChannel(raw))),
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
      throw new IOException(
          "cannot read "
              + name
              + ": it is a zip archive or a spreadsheet; unpack it, or save it as CSV");
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

  private static IOException withName(String name, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof Damaged || message.contains(name)) {
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

  /** Decompressed content; its exceptions name the file. */
  private static final class DecompressedStream extends FilterInputStream {
    private final String name;

    DecompressedStream(InputStream in, String name) {
      super(in);
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (IOException e) {
        throw withName(name, e);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw withName(name, e);
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
