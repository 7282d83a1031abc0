package io.tardiff.synthetic;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.annotations.Internal;

/** Encodes float arrays as their length and values, for coders. */
@Internal
public final class FloatArrays {
  private FloatArrays() {}

  public static void write(float[] values, DataOutputStream out) throws IOException {
    out.writeInt(values.length);
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    out.write(bytes.array());
  }

  public static float[] read(DataInputStream in) throws IOException {
    float[] values = new float[in.readInt()];
    byte[] bytes = new byte[values.length * Float.BYTES];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
