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

  /** Writes the values, the mask and the static covariates of a window. */
  static void write(SyntheticWindow window, DataOutputStream out) throws IOException {
    write(window.values(), out);
    boolean hasGaps = window.hasGaps();
    out.writeBoolean(hasGaps);
    if (hasGaps) {
      for (boolean observed : window.mask()) {
        out.writeBoolean(observed);
      }
    }
    write(window.statics(), out);
  }

  /** Reads what {@link #write(SyntheticWindow, DataOutputStream)} wrote. */
  static SyntheticWindow readWindow(long sampleId, int label, DataInputStream in)
      throws IOException {
    float[] values = read(in);
    boolean hasGaps = in.readBoolean();
    boolean[] mask = new boolean[values.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = !hasGaps || in.readBoolean();
    }
    return new SyntheticWindow(sampleId, label, values, mask, read(in));
  }

  public static float[] read(DataInputStream in) throws IOException {
    float[] values = new float[in.readInt()];
    byte[] bytes = new byte[values.length * Float.BYTES];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }
}
