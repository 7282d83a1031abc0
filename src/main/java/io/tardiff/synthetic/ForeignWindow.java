package io.tardiff.synthetic;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;

/** A window made elsewhere, with the name of its set. */
record ForeignWindow(String set, SyntheticWindow window) {

  /** A compact binary coder. */
  static final class Coder extends CustomCoder<ForeignWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(ForeignWindow foreign, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeUTF(foreign.set());
      out.writeLong(foreign.window().sampleId());
      out.writeInt(foreign.window().label());
      WindowBytes.write(foreign.window(), out);
      out.flush();
    }

    @Override
    public ForeignWindow decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      return new ForeignWindow(in.readUTF(), WindowBytes.read(in.readLong(), in.readInt(), in));
    }

    /** Deterministic: the same window always has the same bytes. */
    @Override
    public void verifyDeterministic() {}
  }
}
