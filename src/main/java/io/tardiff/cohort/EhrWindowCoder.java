package io.tardiff.cohort;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Encodes an {@link EhrWindow} compactly: raw floats, and the mask as bits. */
@Internal
public final class EhrWindowCoder extends CustomCoder<EhrWindow> {
  private static final EhrWindowCoder INSTANCE = new EhrWindowCoder();
  private static final StringUtf8Coder STRINGS = StringUtf8Coder.of();
  private static final VarIntCoder INTS = VarIntCoder.of();

  private EhrWindowCoder() {}

  public static EhrWindowCoder of() {
    return INSTANCE;
  }

  /** Called by Beam for {@code @DefaultCoder}. */
  public static CoderProvider getCoderProvider() {
    return CoderProviders.forCoder(TypeDescriptor.of(EhrWindow.class), of());
  }

  @Override
  public void encode(EhrWindow window, OutputStream out) throws IOException {
    STRINGS.encode(window.windowId(), out);
    STRINGS.encode(window.subjectId(), out);
    INTS.encode(window.label(), out);
    INTS.encode(window.split().ordinal(), out);
    writeFloats(window.values(), out);
    writeBits(window.mask(), out);
    writeFloats(window.statics(), out);
  }

  @Override
  public EhrWindow decode(InputStream in) throws IOException {
    String windowId = STRINGS.decode(in);
    String subjectId = STRINGS.decode(in);
    int label = INTS.decode(in);
    Split split = Split.values()[INTS.decode(in)];
    return new EhrWindow(
        windowId, subjectId, label, split, readFloats(in), readBits(in), readFloats(in));
  }

  /** Deterministic: the same window always has the same bytes. */
  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  private static void writeFloats(float[] values, OutputStream out) throws IOException {
    INTS.encode(values.length, out);
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    out.write(bytes.array());
  }

  private static float[] readFloats(InputStream in) throws IOException {
    float[] values = new float[INTS.decode(in)];
    byte[] bytes = new byte[values.length * Float.BYTES];
    new DataInputStream(in).readFully(bytes);
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }

  private static void writeBits(boolean[] mask, OutputStream out) throws IOException {
    BitSet bits = new BitSet(mask.length);
    for (int i = 0; i < mask.length; i++) {
      bits.set(i, mask[i]);
    }
    byte[] bytes = bits.toByteArray();
    INTS.encode(mask.length, out);
    INTS.encode(bytes.length, out);
    new DataOutputStream(out).write(bytes);
  }

  private static boolean[] readBits(InputStream in) throws IOException {
    boolean[] mask = new boolean[INTS.decode(in)];
    byte[] bytes = new byte[INTS.decode(in)];
    new DataInputStream(in).readFully(bytes);
    BitSet bits = BitSet.valueOf(bytes);
    for (int i = 0; i < mask.length; i++) {
      mask[i] = bits.get(i);
    }
    return mask;
  }
}
