package io.tardiff.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Decodes a block that is in memory. Checks the declared length of a value against the size of the
 * block before it allocates memory.
 */
final class BoundedDecoder extends Decoder {
  private final Decoder in;
  private final int size;
  private final int maxItems;

  /**
   * @param size size of the block, in bytes
   * @param maxItems maximum items in one block of an array or map
   */
  BoundedDecoder(Decoder in, int size, int maxItems) {
    this.in = in;
    this.size = size;
    this.maxItems = maxItems;
  }

  private int readLength() throws IOException {
    long length = in.readLong();
    if (length < 0 || length > size) {
      throw new EOFException();
    }
    return (int) length;
  }

  private long checkItems(long count) throws IOException {
    if (count > maxItems) {
      throw new IOException("an array or a map has more than " + maxItems + " items");
    }
    return count;
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) throws IOException {
    Utf8 text = old == null ? new Utf8() : old;
    text.setByteLength(readLength());
    in.readFixed(text.getBytes(), 0, text.getByteLength());
    return text;
  }

  @Override
  public String readString() throws IOException {
    return readString(null).toString();
  }

  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
    byte[] bytes = new byte[readLength()];
    in.readFixed(bytes);
    return ByteBuffer.wrap(bytes);
  }

  @Override
  public long readArrayStart() throws IOException {
    return checkItems(in.readArrayStart());
  }

  @Override
  public long arrayNext() throws IOException {
    return checkItems(in.arrayNext());
  }

  @Override
  public long readMapStart() throws IOException {
    return checkItems(in.readMapStart());
  }

  @Override
  public long mapNext() throws IOException {
    return checkItems(in.mapNext());
  }

  @Override
  public void readNull() throws IOException {
    in.readNull();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return in.readBoolean();
  }

  @Override
  public int readInt() throws IOException {
    return in.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return in.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return in.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return in.readDouble();
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    in.readFixed(bytes, start, length);
  }

  @Override
  public int readEnum() throws IOException {
    return in.readEnum();
  }

  @Override
  public int readIndex() throws IOException {
    return in.readIndex();
  }

  @Override
  public void skipString() throws IOException {
    in.skipString();
  }

  @Override
  public void skipBytes() throws IOException {
    in.skipBytes();
  }

  @Override
  public void skipFixed(int length) throws IOException {
    in.skipFixed(length);
  }

  @Override
  public long skipArray() throws IOException {
    return in.skipArray();
  }

  @Override
  public long skipMap() throws IOException {
    return in.skipMap();
  }
}
