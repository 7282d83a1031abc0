package io.tardiff.files.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** The codecs that Parquet files are written with in practice, without Hadoop's classes. */
final class Codecs implements CompressionCodecFactory {
  /** A page has a megabyte by default; one that claims this much is damaged or a trap. */
  static final int PAGE_LIMIT = 1 << 28;

  private static final int ZSTD_LEVEL = 3;

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
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD -> codec;
      default ->
          throw new UnsupportedOperationException(
              "Parquet files must be compressed by zstd, snappy, gzip or not at all, was " + codec);
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
            default -> plain;
          });
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
        throw new IOException("page is larger than " + PAGE_LIMIT + " bytes");
      }
      byte[] plain = new byte[size];
      int length =
          switch (codec) {
            case SNAPPY -> snappy(packed, plain);
            case ZSTD -> zstd(packed, plain);
            default -> gunzip(packed, plain);
          };
      if (length != size) {
        throw new IOException("page does not have the length that it claims");
      }
      return plain;
    }

    private static int snappy(byte[] packed, byte[] plain) throws IOException {
      // The library writes as much as the data says, whatever the array holds.
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
