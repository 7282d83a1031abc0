package io.tardiff.files.parquet;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** Lets Parquet's reader read from any Beam file system. */
final class BeamInputFile implements InputFile {
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
