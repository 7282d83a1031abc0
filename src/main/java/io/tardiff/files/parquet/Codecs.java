package io.tardiff.files.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** The compression codecs used for Parquet files in practice, without Hadoop's classes. */
final class Codecs implements CompressionCodecFactory {
  /**
   * Maximum uncompressed page size, 256 MiB. The default page is 1 MiB; a larger one is damaged or
   * malicious.
   */
  static final int PAGE_LIMIT = 1 << 28;

  private static final int ZSTD_LEVEL = 3;

  /** Header of a block in Hadoop's LZ4: uncompressed and compressed length. */
  private static final int HADOOP_HEAD = 2 * Integer.BYTES;

  private static final int LZ4_FRAME = 0x184D2204;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return new Compressor(supported(codec));
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new Decompressor(supported(codec));
  }

  @Override
  public void release() {}

  private static CompressionCodecName supported(CompressionCodecName codec) {
    return switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4, LZ4_RAW -> codec;
      default ->
          throw new UnsupportedOperationException(
              "Parquet files must be compressed with zstd, snappy, gzip or lz4, or not at all, was "
                  + codec);
    };
  }

  static boolean isSupported(CompressionCodecName codec) {
    return switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4, LZ4_RAW -> true;
      default -> false;
    };
  }

  private record Compressor(CompressionCodecName codec) implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      byte[] plain = bytes.toByteArray();
      return BytesInput.from(
          switch (codec) {
            case SNAPPY -> Snappy.compress(plain);
            case ZSTD -> Zstd.compress(plain, ZSTD_LEVEL);
            case GZIP -> gzip(plain);
            case LZ4_RAW -> lz4(plain);
            case LZ4 -> hadoopLz4(plain);
            default -> plain;
          });
    }

    private static byte[] lz4(byte[] plain) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (OutputStream out = new BlockLZ4CompressorOutputStream(packed)) {
        out.write(plain);
      }
      return packed.toByteArray();
    }

    private static byte[] hadoopLz4(byte[] plain) throws IOException {
      byte[] block = lz4(plain);
      return ByteBuffer.allocate(HADOOP_HEAD + block.length)
          .putInt(plain.length)
          .putInt(block.length)
          .put(block)
          .array();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(plain);
      }
      return packed.toByteArray();
    }

    @Override
    public CompressionCodecName getCodecName() {
      return codec;
    }

    @Override
    public void release() {}
  }

  private record Decompressor(CompressionCodecName codec) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      return codec == CompressionCodecName.UNCOMPRESSED
          ? bytes
          : BytesInput.from(unpack(bytes.toByteArray(), size));
    }

    @Override
    public void decompress(ByteBuffer packed, int packedSize, ByteBuffer plain, int size)
        throws IOException {
      byte[] bytes = new byte[packedSize];
      packed.get(bytes);
      plain.put(codec == CompressionCodecName.UNCOMPRESSED ? bytes : unpack(bytes, size));
    }

    private byte[] unpack(byte[] packed, int size) throws IOException {
      if (size < 0 || size > PAGE_LIMIT) {
        throw new IOException("page declares a size beyond " + PAGE_LIMIT + " bytes");
      }
      byte[] plain = new byte[size];
      int length =
          switch (codec) {
            case SNAPPY -> snappy(packed, plain);
            case ZSTD -> zstd(packed, plain);
            case LZ4_RAW -> lz4(packed, plain);
            case LZ4 -> isHadoopLz4(packed, size) ? hadoopLz4(packed, plain) : lz4(packed, plain);
            default -> gunzip(packed, plain);
          };
      if (length != size) {
        throw new IOException("page does not have the length that it claims");
      }
      return plain;
    }

    private static int snappy(byte[] packed, byte[] plain) throws IOException {
      // The library writes as many bytes as the data declares, whatever the length of the array.
      if (Snappy.uncompressedLength(packed) != plain.length) {
        throw new IOException("page does not have the length that it claims");
      }
      return Snappy.uncompress(packed, 0, packed.length, plain, 0);
    }

    private static int zstd(byte[] packed, byte[] plain) throws IOException {
      try {
        return (int) Zstd.decompressByteArray(plain, 0, plain.length, packed, 0, packed.length);
      } catch (ZstdException e) {
        throw new IOException("page is not Zstandard", e);
      }
    }

    private static int lz4(byte[] packed, byte[] plain) throws IOException {
      if (ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).remaining() >= Integer.BYTES
          && ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).getInt() == LZ4_FRAME) {
        return read(new FramedLZ4CompressorInputStream(new ByteArrayInputStream(packed)), plain);
      }
      return read(new BlockLZ4CompressorInputStream(new ByteArrayInputStream(packed)), plain);
    }

    /**
     * The codec LZ4 was never specified: Hadoop writes blocks with two lengths, others plain blocks
     * or frames.
     */
    private static boolean isHadoopLz4(byte[] packed, int size) {
      if (packed.length < HADOOP_HEAD) {
        return false;
      }
      ByteBuffer head = ByteBuffer.wrap(packed);
      int plainLength = head.getInt();
      int packedLength = head.getInt();
      return plainLength >= 0
          && plainLength <= size
          && packedLength >= 0
          && packedLength <= packed.length - HADOOP_HEAD;
    }

    private static int hadoopLz4(byte[] packed, byte[] plain) throws IOException {
      ByteBuffer rest = ByteBuffer.wrap(packed);
      int length = 0;
      while (rest.remaining() >= HADOOP_HEAD) {
        int plainLength = rest.getInt();
        int packedLength = rest.getInt();
        if (plainLength < 0
            || plainLength > plain.length - length
            || packedLength < 0
            || packedLength > rest.remaining()) {
          throw new IOException("page does not have the length that it claims");
        }
        byte[] block = new byte[packedLength];
        rest.get(block);
        byte[] part = new byte[plainLength];
        if (lz4(block, part) != plainLength) {
          throw new IOException("page does not have the length that it claims");
        }
        System.arraycopy(part, 0, plain, length, plainLength);
        length += plainLength;
      }
      return rest.hasRemaining() ? -1 : length;
    }

    private static int read(InputStream in, byte[] plain) throws IOException {
      try (in) {
        int length = in.readNBytes(plain, 0, plain.length);
        return in.read() < 0 ? length : -1;
      } catch (IllegalArgumentException | IllegalStateException e) {
        // The library throws these for invalid back references.
        throw new IOException("page is not LZ4", e);
      }
    }

    private static int gunzip(byte[] packed, byte[] plain) throws IOException {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
        int length = in.readNBytes(plain, 0, plain.length);
        return in.read() < 0 ? length : -1;
      }
    }

    @Override
    public void release() {}
  }
}
