package io.tardiff.selection;

import io.tardiff.training.VectorCoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * The sum of the embeddings of the samples selected from a part of a pool.
 *
 * @param set name of the set
 * @param shard number of the part, which fixes the order of summation
 * @param count number of samples
 * @param sum {@code [Fourier features]}
 */
record HerdSum(String set, int label, int shard, long count, double[] sum) {

  static final class Coder extends CustomCoder<HerdSum> {
    private static final VectorCoder SUM = new VectorCoder();

    @Override
    public void encode(HerdSum part, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeUTF(part.set());
      out.writeInt(part.label());
      out.writeInt(part.shard());
      out.writeLong(part.count());
      out.flush();
      SUM.encode(part.sum(), stream);
    }

    @Override
    public HerdSum decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      return new HerdSum(
          in.readUTF(), in.readInt(), in.readInt(), in.readLong(), SUM.decode(stream));
    }
  }
}
