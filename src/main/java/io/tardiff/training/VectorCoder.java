package io.tardiff.training;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.CustomCoder;

/** Encodes a vector as its length and values. */
@Internal
public final class VectorCoder extends CustomCoder<double[]> {
  @Override
  public void encode(double[] vector, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    out.writeInt(vector.length);
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(vector.length, Double.BYTES));
    bytes.asDoubleBuffer().put(vector);
    out.write(bytes.array());
    out.flush();
  }

  @Override
  public double[] decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    double[] vector = new double[in.readInt()];
    byte[] bytes = new byte[Math.multiplyExact(vector.length, Double.BYTES)];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(vector);
    return vector;
  }

  /** Deterministic: the same numbers always have the same bytes. */
  @Override
  public void verifyDeterministic() {}
}
