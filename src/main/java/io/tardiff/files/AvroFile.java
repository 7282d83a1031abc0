package io.tardiff.files;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.xerial.snappy.Snappy;

/**
 * Reads an Avro object container file block by block.
 *
 * <p>Avro's own reader allocates any length that a file declares and decompresses blocks of any
 * size. This class checks the header, blocks and values against {@link Bounds} first. Avro still
 * decodes the records.
 */
@Internal
public final class AvroFile implements Closeable {
  private static final int BUFFER = 1 << 16;
  private static final int VARINT_BYTES = 10;

  private final String name;

  /** Closed with the file; a {@link SeekableByteChannel} if the file can be read in ranges. */
  private final Closeable source;

  private final int maxItems;
  private final Map<String, byte[]> metadata;
  private final Schema schema;
  private final String codec;
  private final byte[] sync = new byte[DataFileConstants.SYNC_SIZE];

  /** Offset of the first block. */
  private final long firstBlock;

  private InputStream in;

  /** Offset of {@link #in} in the file. */
  private long position;

  private byte[] block = {};

  /** Number of records of the block that are still to be read. */
  private long remaining;

  private @Nullable BinaryDecoder binary;
  private @Nullable BoundedDecoder decoder;
  private final GenericDatumReader<GenericRecord> reader;

  /**
   * Opens a file and reads its header.
   *
   * @throws IOException naming the file if it is not Avro or is damaged
   */
  public static AvroFile open(Metadata file) throws IOException {
    ReadableByteChannel channel = FileSystems.open(file.resourceId());
    return open(
        file.resourceId().toString(), channel, Channels.newInputStream(channel), Bounds.AVRO_ITEMS);
  }

  /**
   * Reads the header of a file that this library wrote, whose arrays may be as long as a block.
   * {@link #seek} is not supported.
   *
   * @param in closed with this file, and if an exception is thrown
   * @throws IOException naming the file if it is not Avro or is damaged
   */
  static AvroFile open(String name, InputStream in) throws IOException {
    return open(name, in, in, Bounds.AVRO_BLOCK_BYTES);
  }

  private static AvroFile open(String name, Closeable source, InputStream in, int maxItems)
      throws IOException {
    try {
      return new AvroFile(name, source, in, maxItems);
    } catch (IOException | RuntimeException e) {
      try {
        source.close();
      } catch (IOException | RuntimeException e2) {
        e.addSuppressed(e2);
      }
      throw e;
    }
  }

  private AvroFile(String name, Closeable source, InputStream stream, int maxItems)
      throws IOException {
    this.name = name;
    this.source = source;
    this.maxItems = maxItems;
    in = new BufferedInputStream(stream, BUFFER);
    try {
      byte[] magic = DataFileConstants.MAGIC;
      if (!Arrays.equals(in.readNBytes(magic.length), magic)) {
        throw new IOException("no Avro magic bytes");
      }
      position = magic.length;
      metadata = readMetadata();
      if (in.readNBytes(sync, 0, sync.length) < sync.length) {
        throw new EOFException();
      }
      position += sync.length;
      firstBlock = position;
      schema =
          new Schema.Parser()
              .parse(
                  metadata(DataFileConstants.SCHEMA)
                      .orElseThrow(() -> new IOException("no schema in the header")));
      codec = metadata(DataFileConstants.CODEC).orElse(DataFileConstants.NULL_CODEC);
    } catch (IOException | AvroRuntimeException | StackOverflowError e) {
      throw damaged(e);
    }
    reader = new GenericDatumReader<>(schema);
  }

  /** Returns an entry of the header, as text. */
  Optional<String> metadata(String key) {
    return Optional.ofNullable(metadata.get(key))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  public Schema schema() {
    return schema;
  }

  /** Thrown if a part of the file exceeds its bound or is not supported. */
  private static final class BoundException extends IOException {
    private static final long serialVersionUID = 1L;

    BoundException(String message) {
      super(message);
    }
  }

  private IOException damaged(Throwable cause) {
    return cause instanceof BoundException bound
        ? new IOException(bound.getMessage())
        : new IOException("cannot read " + name + ": it is not Avro or is damaged", cause);
  }

  private BoundException tooLarge(String what, long bound) {
    return new BoundException(
        "cannot read " + name + ": " + what + " is larger than " + bound + " bytes");
  }

  private Map<String, byte[]> readMetadata() throws IOException {
    Map<String, byte[]> metadata = new HashMap<>();
    for (long entries = readLong(); entries != 0; entries = readLong()) {
      if (entries < 0) {
        // A negative count is followed by the size in bytes, which serves only to skip the entries.
        readLong();
        entries = -entries;
      }
      for (long i = 0; i < entries; i++) {
        String key = new String(readBytes(), StandardCharsets.UTF_8);
        metadata.put(key, readBytes());
      }
    }
    return metadata;
  }

  private byte[] readBytes() throws IOException {
    long length = readLong();
    if (length < 0 || length > Bounds.AVRO_HEADER_BYTES - position) {
      throw tooLarge("its header", Bounds.AVRO_HEADER_BYTES);
    }
    byte[] value = in.readNBytes((int) length);
    position += value.length;
    if (value.length < length) {
      throw new EOFException();
    }
    return value;
  }

  /** Reads an Avro long: a zigzag varint, least significant bits first. */
  private long readLong() throws IOException {
    long bits = 0;
    for (int i = 0; i < VARINT_BYTES; i++) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      position++;
      bits |= (b & 0x7fL) << (7 * i);
      if (b < 0x80) {
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw new IOException("malformed number");
  }

  /**
   * Seeks to the first block whose preceding sync marker begins at or after an offset.
   *
   * @throws IOException naming the file if its file system does not support seeking
   */
  public void seek(long from) throws IOException {
    if (from <= firstBlock - sync.length) {
      return;
    }
    if (!(source instanceof SeekableByteChannel seekable)) {
      throw new IOException(
          "cannot read "
              + name
              + ": Avro files can be split only on file systems that support seeking");
    }
    seekable.position(from);
    in = new BufferedInputStream(Channels.newInputStream(seekable), BUFFER);
    position = from;
    ByteBuffer window = ByteBuffer.allocate(2 * BUFFER).limit(0);
    while (true) {
      while (window.remaining() >= sync.length) {
        if (window.slice(window.position(), sync.length).equals(ByteBuffer.wrap(sync))) {
          long start = position - window.remaining() + sync.length;
          seekable.position(start);
          in = new BufferedInputStream(Channels.newInputStream(seekable), BUFFER);
          position = start;
          return;
        }
        window.get();
      }
      byte[] more = in.readNBytes(BUFFER);
      if (more.length == 0) {
        position = Long.MAX_VALUE;
        return;
      }
      position += more.length;
      window.compact().put(more).flip();
    }
  }

  /**
   * Reads the next record.
   *
   * @param old record to reuse; null to allocate one
   * @param to end of the range: stops before a block whose preceding sync marker begins here or
   *     later
   * @return the record; null at the end of the range
   * @throws IOException naming the file, and the exceeded bound, if any
   */
  public @Nullable GenericRecord next(@Nullable GenericRecord old, long to) throws IOException {
    try {
      while (remaining == 0) {
        if (binary != null && !binary.isEnd()) {
          throw new IOException("data after the last record of a block");
        }
        if (position - sync.length >= to || !readBlock()) {
          return null;
        }
      }
      remaining--;
      return reader.read(old, decoder);
    } catch (DamagedFileException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw damaged(e);
    }
  }

  private boolean readBlock() throws IOException {
    if (position == Long.MAX_VALUE) {
      return false;
    }
    in.mark(1);
    if (in.read() < 0) {
      return false;
    }
    in.reset();
    long count = readLong();
    long size = readLong();
    if (count < 0 || size < 0) {
      throw new IOException("negative count or size of a block");
    }
    if (size > Bounds.AVRO_BLOCK_BYTES || count > Bounds.AVRO_BLOCK_BYTES) {
      throw tooLarge("a block", Bounds.AVRO_BLOCK_BYTES);
    }
    byte[] compressed = in.readNBytes((int) size);
    byte[] marker = in.readNBytes(sync.length);
    position += compressed.length + marker.length;
    if (compressed.length < size || !Arrays.equals(marker, sync)) {
      throw new EOFException();
    }
    block = decompress(compressed);
    binary = DecoderFactory.get().binaryDecoder(block, binary);
    decoder = new BoundedDecoder(binary, block.length, maxItems);
    remaining = count;
    return true;
  }

  private byte[] decompress(byte[] compressed) throws IOException {
    InputStream in = new ByteArrayInputStream(compressed);
    return switch (codec) {
      case DataFileConstants.NULL_CODEC -> compressed;
      case DataFileConstants.DEFLATE_CODEC -> {
        Inflater inflater = new Inflater(/* nowrap= */ true);
        try {
          yield readBounded(new InflaterInputStream(in, inflater));
        } finally {
          inflater.end();
        }
      }
      case DataFileConstants.SNAPPY_CODEC -> decompressSnappy(compressed);
      case DataFileConstants.ZSTANDARD_CODEC -> readBounded(new ZstdInputStream(in));
      case DataFileConstants.BZIP2_CODEC -> readBounded(new BZip2CompressorInputStream(in));
      default ->
          throw new BoundException(
              "cannot read "
                  + name
                  + ": its blocks must be compressed by deflate, snappy, zstandard, bzip2 or not at"
                  + " all");
    };
  }

  private byte[] readBounded(InputStream decompressing) throws IOException {
    try (decompressing) {
      byte[] bytes = decompressing.readNBytes(Bounds.AVRO_BLOCK_BYTES + 1);
      if (bytes.length > Bounds.AVRO_BLOCK_BYTES) {
        throw tooLarge("a block", Bounds.AVRO_BLOCK_BYTES);
      }
      return bytes;
    }
  }

  /** Decompresses a Snappy block, which ends with the CRC-32 of the decompressed bytes. */
  private byte[] decompressSnappy(byte[] compressed) throws IOException {
    int length = compressed.length - Integer.BYTES;
    if (length < 0) {
      throw new EOFException();
    }
    int size = Snappy.uncompressedLength(compressed, 0, length);
    if (size < 0 || size > Bounds.AVRO_BLOCK_BYTES) {
      throw tooLarge("a block", Bounds.AVRO_BLOCK_BYTES);
    }
    byte[] bytes = new byte[size];
    Snappy.uncompress(compressed, 0, length, bytes, 0);
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    if ((int) checksum.getValue() != ByteBuffer.wrap(compressed).getInt(length)) {
      throw new IOException("wrong checksum of a block");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
