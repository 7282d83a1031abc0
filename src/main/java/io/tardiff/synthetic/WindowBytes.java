package io.tardiff.synthetic;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Encodes the content of synthetic windows, for coders of what holds one. */
final class WindowBytes {
  private WindowBytes() {}

  /** Writes all of a window but its id and label. */
  static void write(SyntheticWindow window, DataOutputStream out) throws IOException {
    FloatArrays.write(window.values(), out);
    boolean hasGaps = window.hasGaps();
    out.writeBoolean(hasGaps);
    if (hasGaps) {
      for (boolean observed : window.mask()) {
        out.writeBoolean(observed);
      }
    }
    FloatArrays.write(window.statics(), out);
    FloatArrays.write(window.probabilities(), out);
  }

  /** Reads what {@link #write(SyntheticWindow, DataOutputStream)} wrote. */
  static SyntheticWindow read(long sampleId, int label, DataInputStream in) throws IOException {
    float[] values = FloatArrays.read(in);
    boolean hasGaps = in.readBoolean();
    boolean[] mask = new boolean[values.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = !hasGaps || in.readBoolean();
    }
    return new SyntheticWindow(
        sampleId, label, values, mask, FloatArrays.read(in), FloatArrays.read(in));
  }
}
