package io.tardiff.ehr.table;

import com.github.luben.zstd.ZstdInputStream;
import io.tardiff.files.Bounds;
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
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.xerial.snappy.Snappy;

/**
 * The blocks of an Avro object container file, each decoded in memory.
 *
 * <p>Avro's own reader allocates whatever a length in the file claims, and unpacks a block to
 * whatever it unpacks to. Here the header, a block and a value are compared with the {@link Bounds}
 * first. Records are still decoded by Avro.
 */
final class AvroFile implements Closeable {
  private static final int BUFFER = 1 << 16;
  private static final int VARINT_BYTES = 10;

  private final String name;
  private final ReadableByteChannel channel;
  private final Schema schema;
  private final String codec;
  private final byte[] sync = new byte[DataFileConstants.SYNC_SIZE];

  /** Byte of the first block. */
  private final long first;

  private InputStream in;

  /** Where {@link #in} is in the file. */
  private long position;

  private byte[] block = {};
  private long left;
  private @Nullable BinaryDecoder bytes;
  private @Nullable BoundedDecoder decoder;
  private final GenericDatumReader<GenericRecord> reader;

  /**
   * Opens a file and reads its header.
   *
   * @throws IOException naming the file where it is not Avro or is damaged
   */
  static AvroFile open(Metadata file) throws IOException {
    ReadableByteChannel channel = FileSystems.open(file.resourceId());
    try {
      return new AvroFile(file.resourceId().toString(), channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private AvroFile(String name, ReadableByteChannel channel) throws IOException {
    this.name = name;
    this.channel = channel;
    in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER);
    try {
      byte[] magic = DataFileConstants.MAGIC;
      if (!Arrays.equals(in.readNBytes(magic.length), magic)) {
        throw new IOException("magic");
      }
      position = magic.length;
      Map<String, byte[]> metadata = metadata();
      if (in.readNBytes(sync, 0, sync.length) < sync.length) {
        throw new EOFException();
      }
      position += sync.length;
      first = position;
      byte[] json = metadata.get(DataFileConstants.SCHEMA);
      byte[] packed = metadata.get(DataFileConstants.CODEC);
      if (json == null) {
        throw new IOException("schema");
      }
      schema = new Schema.Parser().parse(new String(json, StandardCharsets.UTF_8));
      codec =
          packed == null
              ? DataFileConstants.NULL_CODEC
              : new String(packed, StandardCharsets.UTF_8);
    } catch (IOException | AvroRuntimeException | StackOverflowError e) {
      throw damaged(e);
    }
    reader = new GenericDatumReader<>(schema);
  }

  Schema schema() {
    return schema;
  }

  /** What a length in the file exceeds. */
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
        "cannot read " + name + ": " + what + " of it is larger than " + bound + " bytes");
  }

  private Map<String, byte[]> metadata() throws IOException {
    Map<String, byte[]> metadata = new HashMap<>();
    for (long entries = number(); entries != 0; entries = number()) {
      if (entries < 0) {
        // The size in bytes follows, for those who would skip it.
        number();
        entries = -entries;
      }
      for (long i = 0; i < entries; i++) {
        String key = new String(field(), StandardCharsets.UTF_8);
        metadata.put(key, field());
      }
    }
    return metadata;
  }

  private byte[] field() throws IOException {
    long length = number();
    if (length < 0 || length > Bounds.AVRO_HEADER_BYTES - position) {
      throw tooLarge("the header", Bounds.AVRO_HEADER_BYTES);
    }
    byte[] field = in.readNBytes((int) length);
    position += field.length;
    if (field.length < length) {
      throw new EOFException();
    }
    return field;
  }

  /** A number of Avro: zigzag, seven bits a byte, the low ones first. */
  private long number() throws IOException {
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
    throw new IOException("number");
  }

  /**
   * Goes to the first block whose mark, the one behind the block before, begins at a byte or later.
   */
  void seek(long from) throws IOException {
    if (from <= first - sync.length) {
      return;
    }
    if (!(channel instanceof SeekableByteChannel seekable)) {
      throw new IOException(
          "cannot read "
              + name
              + ": its file system must allow seeking, or Avro cannot be divided");
    }
    seekable.position(from);
    in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER);
    position = from;
    ByteBuffer last = ByteBuffer.allocate(2 * BUFFER).limit(0);
    while (true) {
      while (last.remaining() >= sync.length) {
        if (last.slice(last.position(), sync.length).equals(ByteBuffer.wrap(sync))) {
          long block = position - last.remaining() + sync.length;
          seekable.position(block);
          in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER);
          position = block;
          return;
        }
        last.get();
      }
      byte[] more = in.readNBytes(BUFFER);
      if (more.length == 0) {
        position = Long.MAX_VALUE;
        return;
      }
      position += more.length;
      last.compact().put(more).flip();
    }
  }

  /**
   * Reads the next record.
   *
   * @param old to be filled again
   * @param to blocks whose mark begins here or later are not read
   * @return null where there is none
   * @throws IOException naming the file, and the bound that it exceeds if it does
   */
  @Nullable GenericRecord next(@Nullable GenericRecord old, long to) throws IOException {
    try {
      while (left == 0) {
        if (bytes != null && !bytes.isEnd()) {
          throw new IOException("rest");
        }
        if (position - sync.length >= to || !readBlock()) {
          return null;
        }
      }
      left--;
      return reader.read(old, decoder);
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
    long count = number();
    long size = number();
    if (count < 0 || size < 0) {
      throw new IOException("block");
    }
    if (size > Bounds.AVRO_BLOCK_BYTES || count > Bounds.AVRO_BLOCK_BYTES) {
      throw tooLarge("a block", Bounds.AVRO_BLOCK_BYTES);
    }
    byte[] packed = in.readNBytes((int) size);
    byte[] mark = in.readNBytes(sync.length);
    position += packed.length + mark.length;
    if (packed.length < size || !Arrays.equals(mark, sync)) {
      throw new EOFException();
    }
    block = unpacked(packed);
    bytes = DecoderFactory.get().binaryDecoder(block, bytes);
    decoder = new BoundedDecoder(bytes, block.length);
    left = count;
    return true;
  }

  private byte[] unpacked(byte[] packed) throws IOException {
    InputStream in = new ByteArrayInputStream(packed);
    return switch (codec) {
      case DataFileConstants.NULL_CODEC -> packed;
      case DataFileConstants.DEFLATE_CODEC -> {
        Inflater inflater = new Inflater(/* nowrap= */ true);
        try {
          yield all(new InflaterInputStream(in, inflater));
        } finally {
          inflater.end();
        }
      }
      case DataFileConstants.SNAPPY_CODEC -> snappy(packed);
      case DataFileConstants.ZSTANDARD_CODEC -> all(new ZstdInputStream(in));
      case DataFileConstants.BZIP2_CODEC -> all(new BZip2CompressorInputStream(in));
      default ->
          throw new BoundException(
              "cannot read "
                  + name
                  + ": its blocks must be compressed by deflate, snappy, zstandard, bzip2 or not at"
                  + " all");
    };
  }

  private byte[] all(InputStream unpacking) throws IOException {
    try (unpacking) {
      byte[] all = unpacking.readNBytes(Bounds.AVRO_BLOCK_BYTES + 1);
      if (all.length > Bounds.AVRO_BLOCK_BYTES) {
        throw tooLarge("a block", Bounds.AVRO_BLOCK_BYTES);
      }
      return all;
    }
  }

  /** A checksum of what was packed follows. */
  private byte[] snappy(byte[] packed) throws IOException {
    int length = packed.length - Integer.BYTES;
    if (length < 0) {
      throw new EOFException();
    }
    int size = Snappy.uncompressedLength(packed, 0, length);
    if (size < 0 || size > Bounds.AVRO_BLOCK_BYTES) {
      throw tooLarge("a block", Bounds.AVRO_BLOCK_BYTES);
    }
    byte[] all = new byte[size];
    Snappy.uncompress(packed, 0, length, all, 0);
    CRC32 checksum = new CRC32();
    checksum.update(all);
    if ((int) checksum.getValue() != ByteBuffer.wrap(packed).getInt(length)) {
      throw new IOException("checksum");
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
