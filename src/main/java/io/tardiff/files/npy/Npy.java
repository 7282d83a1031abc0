package io.tardiff.files.npy;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import io.tardiff.files.Bounds;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Reads and writes arrays in NumPy's {@code .npy} format, that of {@code numpy.load} and {@code
 * numpy.save}, as streams.
 *
 * <h2>Reading</h2>
 *
 * <pre>{@code
 * try (Npy.Reader reader = Npy.reader(Channels.newInputStream(file.open()))) {
 *   long samples = reader.dimension(0);
 *   float[] sample = new float[256 * 16];
 *   while (reader.read(sample)) {
 *     ...
 *   }
 *   if (reader.remaining() > 0) {
 *     // The file is truncated: it declares more values than it holds.
 *   }
 * }
 * }</pre>
 *
 * <p>Supports versions 1.0, 2.0 and 3.0 of the format, booleans, signed and unsigned integers of up
 * to 64 bits and floats of 16, 32 and 64 bits, both byte orders, and C order. Rejects arrays in
 * Fortran order and arrays of records, objects (pickles, which are programs), strings and complex
 * numbers with an {@link NpyFormatException}. Only the values that the caller reads are in memory;
 * memory is never allocated by the size that a header declares.
 *
 * <h2>Writing</h2>
 *
 * <pre>{@code
 * try (Npy.Writer writer = Npy.writer(out, Npy.Type.FLOAT32, windows, 24, 7)) {
 *   for (float[] window : all) {
 *     writer.write(window);
 *   }
 * }
 * }</pre>
 *
 * <p>The header comes first and holds the number of rows, so it must be known in advance; {@link
 * Writer#close} fails if fewer rows were written. Files are those of {@code numpy.save}, version
 * 1.0, little-endian.
 */
@Internal
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final int ALIGNMENT = 64;
  private static final int BUFFER = 1 << 16;

  private Npy() {}

  /** Type of the values of an array. */
  public enum Type {
    BOOL('b', 1),
    INT8('i', 1),
    INT16('i', 2),
    INT32('i', 4),
    INT64('i', 8),
    UINT8('u', 1),
    UINT16('u', 2),
    UINT32('u', 4),
    UINT64('u', 8),
    FLOAT16('f', 2),
    FLOAT32('f', 4),
    FLOAT64('f', 8);

    private final char kind;
    private final int bytes;

    Type(char kind, int bytes) {
      this.kind = kind;
      this.bytes = bytes;
    }

    /** Size of a value in bytes. */
    public int bytes() {
      return bytes;
    }

    private double get(ByteBuffer buffer) {
      return switch (this) {
        case BOOL -> buffer.get() == 0 ? 0 : 1;
        case INT8 -> buffer.get();
        case INT16 -> buffer.getShort();
        case INT32 -> buffer.getInt();
        case INT64 -> buffer.getLong();
        case UINT8 -> Byte.toUnsignedInt(buffer.get());
        case UINT16 -> Short.toUnsignedInt(buffer.getShort());
        case UINT32 -> Integer.toUnsignedLong(buffer.getInt());
        case UINT64 -> unsigned(buffer.getLong());
        case FLOAT16 -> half(buffer.getShort());
        case FLOAT32 -> buffer.getFloat();
        case FLOAT64 -> buffer.getDouble();
      };
    }

    private static double unsigned(long bits) {
      // Halve to clear the sign bit, and keep the last bit so that rounding is correct.
      return bits >= 0 ? (double) bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    /** IEEE 754 binary16: 5 bits of exponent, 10 of mantissa. */
    private static double half(short bits) {
      int exponent = (bits >> 10) & 0x1f;
      int mantissa = bits & 0x3ff;
      double magnitude =
          switch (exponent) {
            case 0 -> Math.scalb((double) mantissa, -24);
            case 0x1f -> mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb((double) (mantissa | 0x400), exponent - 25);
          };
      return bits < 0 ? -magnitude : magnitude;
    }

    private String descriptor() {
      return (bytes == 1 ? "|" : "<") + kind + bytes;
    }
  }

  /**
   * Opens an array and reads its header; {@link Reader#read} reads the values.
   *
   * @param in closed with the reader; needs no buffering
   * @throws NpyFormatException if it is not an array, or not one that is supported
   */
  public static Reader reader(InputStream in) throws IOException {
    return new Reader(in);
  }

  /**
   * Starts an array of {@code rows} rows and writes its header; {@link Writer#write} writes the
   * rows.
   *
   * @param out closed with the writer
   * @param type {@link Type#FLOAT32}, {@link Type#FLOAT64} or {@link Type#INT64}
   * @param rows first dimension
   * @param row the other dimensions; none for a vector
   */
  public static Writer writer(OutputStream out, Type type, long rows, int... row)
      throws IOException {
    return new Writer(out, type, rows, row);
  }

  /** Reads the values of an array. */
  public static final class Reader implements Closeable {
    private final InputStream in;
    private final Type type;
    private final long[] shape;
    private final ByteBuffer buffer;
    private long remaining;

    private Reader(InputStream in) throws IOException {
      this.in = in;
      NpyHeader header = NpyHeader.parse(headerText());
      type = header.type();
      shape = header.shape();
      remaining = header.size();
      buffer =
          ByteBuffer.allocate(BUFFER)
              .order(header.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
              .limit(0);
    }

    private String headerText() throws IOException {
      byte[] start = readBytes(MAGIC.length + 2);
      if (!Arrays.equals(MAGIC, 0, MAGIC.length, start, 0, MAGIC.length)) {
        throw new NpyFormatException("file is not an .npy array");
      }
      int version = start[MAGIC.length];
      if (version < 1 || version > 3 || start[MAGIC.length + 1] != 0) {
        throw new NpyFormatException("version of the .npy format is unknown");
      }
      ByteBuffer length =
          ByteBuffer.wrap(readBytes(version == 1 ? 2 : 4)).order(ByteOrder.LITTLE_ENDIAN);
      long bytes =
          version == 1
              ? Short.toUnsignedInt(length.getShort())
              : Integer.toUnsignedLong(length.getInt());
      if (bytes > Bounds.NPY_HEADER_BYTES) {
        throw new NpyFormatException(
            "header of the array is longer than " + Bounds.NPY_HEADER_BYTES + " bytes");
      }
      return new String(
          readBytes((int) bytes),
          version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    private byte[] readBytes(int count) throws IOException {
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw new NpyFormatException("file ends within its header");
      }
      return bytes;
    }

    /** Type of the values in the file. */
    public Type type() {
      return type;
    }

    /** Number of dimensions. */
    public int rank() {
      return shape.length;
    }

    /** Length of a dimension, from 0. */
    public long dimension(int index) {
      return shape[index];
    }

    /** Number of values that the header declares and that have not been read. */
    public long remaining() {
      return remaining;
    }

    /**
     * Whether the file goes on behind the values that the header declares, so that the header is
     * not to be believed. Reads to the end of what is declared.
     */
    public boolean hasMore() throws IOException {
      while (remaining > 0) {
        if (!more()) {
          return false;
        }
        int values = (int) Math.min(remaining, buffer.remaining() / type.bytes());
        buffer.position(buffer.position() + values * type.bytes());
        remaining -= values;
      }
      return buffer.hasRemaining() || in.read() >= 0;
    }

    /**
     * Fills an array with the next values in C order.
     *
     * @return false if fewer values are left, in the header's count or in the file; the content of
     *     the array is then undefined
     */
    public boolean read(double[] values) throws IOException {
      if (values.length > remaining) {
        return false;
      }
      for (int i = 0; i < values.length; i++) {
        if (!more()) {
          return false;
        }
        values[i] = type.get(buffer);
      }
      remaining -= values.length;
      return true;
    }

    /** Like {@link #read(double[])}, with values rounded to floats. */
    public boolean read(float[] values) throws IOException {
      if (values.length > remaining) {
        return false;
      }
      for (int i = 0; i < values.length; i++) {
        if (!more()) {
          return false;
        }
        values[i] = (float) type.get(buffer);
      }
      remaining -= values.length;
      return true;
    }

    /** Fills the buffer if necessary and returns whether it holds a value. */
    private boolean more() throws IOException {
      while (buffer.remaining() < type.bytes()) {
        buffer.compact();
        int read = in.read(buffer.array(), buffer.position(), buffer.remaining());
        buffer.position(buffer.position() + Math.max(read, 0)).flip();
        if (read < 0) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** Writes the rows of an array. */
  public static final class Writer implements AutoCloseable {
    private final OutputStream out;
    private final Type type;
    private final long rows;
    private final int rowSize;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long written;
    private boolean failed;

    private Writer(OutputStream out, Type type, long rows, int[] row) throws IOException {
      checkArgument(
          type == Type.FLOAT32 || type == Type.FLOAT64 || type == Type.INT64,
          "type must be FLOAT32, FLOAT64 or INT64, was %s",
          type);
      checkArgument(rows >= 0, "rows must not be negative, was %s", rows);
      checkArgument(
          row.length < Bounds.NPY_DIMENSIONS,
          "dimensions must be at most %s",
          Bounds.NPY_DIMENSIONS);
      int size = 1;
      for (int dimension : row) {
        checkArgument(dimension >= 1, "dimensions must be at least 1, was %s", dimension);
        size = Math.multiplyExact(size, dimension);
      }
      this.out = out;
      this.type = type;
      this.rows = rows;
      this.rowSize = size;
      out.write(header(type, rows, row));
    }

    private static byte[] header(Type type, long rows, int[] row) {
      String shape =
          LongStream.concat(LongStream.of(rows), Arrays.stream(row).asLongStream())
              .mapToObj(Long::toString)
              .collect(Collectors.joining(", "));
      String text =
          String.format(
              Locale.ROOT,
              "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }",
              type.descriptor(),
              shape,
              row.length == 0 ? "," : "");
      // Values start at a multiple of 64 bytes, so that they can be memory-mapped.
      int start = MAGIC.length + 4;
      int length = text.length() + 1;
      int padding = Math.floorMod(-(start + length), ALIGNMENT);
      byte[] body = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
      return ByteBuffer.allocate(start + body.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put(MAGIC)
          .put((byte) 1)
          .put((byte) 0)
          .putShort((short) body.length)
          .put(body)
          .array();
    }

    /** Writes one row, in C order. */
    public void write(float[] row) throws IOException {
      begin(row.length);
      for (float value : row) {
        put(value, (long) value);
      }
    }

    /** Writes one row, in C order. */
    public void write(double[] row) throws IOException {
      begin(row.length);
      for (double value : row) {
        put(value, (long) value);
      }
    }

    /** Writes one row, in C order. */
    public void write(long[] row) throws IOException {
      begin(row.length);
      for (long value : row) {
        put(value, value);
      }
    }

    private void begin(int size) {
      checkArgument(size == rowSize, "row must have %s values, had %s", rowSize, size);
      checkState(written < rows, "array of %s rows is full", rows);
      written++;
    }

    private void put(double value, long whole) throws IOException {
      if (buffer.remaining() < type.bytes()) {
        flush();
      }
      switch (type) {
        case FLOAT32 -> buffer.putFloat((float) value);
        case FLOAT64 -> buffer.putDouble(value);
        default -> buffer.putLong(whole);
      }
    }

    private void flush() throws IOException {
      try {
        out.write(buffer.array(), 0, buffer.position());
      } catch (IOException e) {
        failed = true;
        throw e;
      }
      buffer.clear();
    }

    /**
     * Completes the array and closes the stream.
     *
     * @throws EOFException if rows are missing; the file is then invalid
     */
    @Override
    public void close() throws IOException {
      try (out) {
        if (failed) {
          // Do not mask the failure of the write.
          return;
        }
        flush();
        if (written < rows) {
          throw new EOFException("array must have " + rows + " rows, has " + written);
        }
      }
    }
  }

  /** Parses a NumPy type descriptor such as {@code <f4}, except for its byte order. */
  static Type type(String descriptor) throws NpyFormatException {
    for (Type type : Type.values()) {
      if (descriptor.length() == 3
          && descriptor.charAt(1) == type.kind
          && descriptor.charAt(2) == '0' + type.bytes
          && (type.bytes == 1 ? "|<>" : "<>").indexOf(descriptor.charAt(0)) >= 0) {
        return type;
      }
    }
    throw new NpyFormatException("values of the array are not numbers of a known type");
  }
}
