package io.tardiff.files.parquet;

import com.google.common.io.CountingOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Lets Parquet's writer write to an open channel. */
final class BeamOutputFile implements OutputFile {
  private final WritableByteChannel channel;

  BeamOutputFile(WritableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    CountingOutputStream counted = new CountingOutputStream(Channels.newOutputStream(channel));
    return new PositionOutputStream() {
      @Override
      public long getPos() {
        return counted.getCount();
      }

      @Override
      public void write(int b) throws IOException {
        counted.write(b);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        counted.write(bytes, offset, length);
      }

      @Override
      public void flush() throws IOException {
        counted.flush();
      }

      @Override
      public void close() throws IOException {
        OutputStream out = counted;
        out.close();
      }
    };
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return create(blockSizeHint);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
