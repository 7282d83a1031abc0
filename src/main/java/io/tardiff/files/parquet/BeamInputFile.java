package io.tardiff.files.parquet;

import com.google.common.io.ByteStreams;
import io.tardiff.files.Bounds;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;
import shaded.parquet.org.apache.thrift.transport.TTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/** Lets Parquet's reader read from any Beam file system. */
final class BeamInputFile implements InputFile {
  /** Length of the footer, and what every file ends in. */
  private static final int END_BYTES = 8;

  /** PAR1, and PARE of a footer that is encrypted, in little-endian order. */
  private static final int MAGIC = 0x31524150;

  private static final int ENCRYPTED = 0x45524150;

  /** Thrift's code of a structure, such as the whole footer. */
  private static final byte STRUCT = 12;

  private final ResourceId file;
  private final SeekableByteChannel channel;

  /** Opens the file; closing the stream of {@link #newStream} closes it. */
  BeamInputFile(ResourceId file) throws IOException {
    this.file = file;
    ReadableByteChannel opened = FileSystems.open(file);
    if (!(opened instanceof SeekableByteChannel seekable)) {
      opened.close();
      throw new IOException(
          "the file system of " + file + " must support seeking, which Parquet needs");
    }
    channel = seekable;
  }

  /**
   * Fails where the file does not end in a footer of Parquet, or claims one that is no footer.
   *
   * @throws IOException naming the file
   */
  void checkFooter() throws IOException {
    ByteBuffer end = ByteBuffer.allocate(END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long from = channel.size() - END_BYTES;
    if (from >= 0) {
      channel.position(from);
      while (end.hasRemaining() && channel.read(end) >= 0) {
        // Reads on.
      }
      channel.position(0);
    }
    boolean whole = end.position() == END_BYTES;
    int footer = end.getInt(0);
    int magic = end.getInt(Integer.BYTES);
    if (!whole || footer < 0 || footer > from || (magic != MAGIC && magic != ENCRYPTED)) {
      throw new IOException("cannot read " + file + ": it is not Parquet or is damaged");
    }
    if (footer > Bounds.PARQUET_FOOTER_BYTES) {
      throw new IOException(
          "cannot read "
              + file
              + ": its footer is longer than "
              + Bounds.PARQUET_FOOTER_BYTES
              + " bytes");
    }
    channel.position(from - footer);
    BoundedProtocol protocol =
        new BoundedProtocol(
            ByteStreams.limit(new BufferedInputStream(Channels.newInputStream(channel)), footer));
    try {
      protocol.skip(STRUCT, Bounds.PARQUET_FOOTER_DEPTH);
    } catch (TException e) {
      throw new IOException(
          "cannot read "
              + file
              + (protocol.items > Bounds.PARQUET_FOOTER_ITEMS
                  ? ": the lists of its footer have more than "
                      + Bounds.PARQUET_FOOTER_ITEMS
                      + " items"
                  : ": it is not Parquet or is damaged"),
          e);
    }
    channel.position(0);
  }

  /**
   * Reads a footer and keeps nothing. Parquet's own reader allocates any number of items that a
   * list declares.
   */
  private static final class BoundedProtocol extends TCompactProtocol {
    private long items;

    BoundedProtocol(InputStream in) throws IOException {
      super(transport(in));
    }

    private static TTransport transport(InputStream in) throws IOException {
      try {
        return new TIOStreamTransport(in);
      } catch (TTransportException e) {
        throw new IOException(e);
      }
    }

    @Override
    public TList readListBegin() throws TException {
      TList list = super.readListBegin();
      items += list.size;
      if (items > Bounds.PARQUET_FOOTER_ITEMS) {
        throw new TException("too many items");
      }
      return list;
    }
  }

  void close() throws IOException {
    channel.close();
  }

  @Override
  public long getLength() throws IOException {
    return channel.size();
  }

  @Override
  public SeekableInputStream newStream() {
    return new DelegatingSeekableInputStream(Channels.newInputStream(channel)) {
      @Override
      public long getPos() throws IOException {
        return channel.position();
      }

      @Override
      public void seek(long position) throws IOException {
        channel.position(position);
      }
    };
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
