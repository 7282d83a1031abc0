package io.tardiff.generation;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * A sample of a pool, and what the target classifier sees of it.
 *
 * @param features {@code [features]} of {@link TargetFeatures}; empty where nothing is herded
 */
record Candidate(GeneratedSample sample, float[] features) {

  static final class Coder extends CustomCoder<Candidate> {
    private static final GeneratedSample.Coder SAMPLE = new GeneratedSample.Coder();

    @Override
    public void encode(Candidate candidate, OutputStream stream) throws IOException {
      SAMPLE.encode(candidate.sample(), stream);
      DataOutputStream out = new DataOutputStream(stream);
      out.writeInt(candidate.features().length);
      ByteBuffer bytes = ByteBuffer.allocate(candidate.features().length * Float.BYTES);
      bytes.asFloatBuffer().put(candidate.features());
      out.write(bytes.array());
      out.flush();
    }

    @Override
    public Candidate decode(InputStream stream) throws IOException {
      GeneratedSample sample = SAMPLE.decode(stream);
      DataInputStream in = new DataInputStream(stream);
      float[] features = new float[in.readInt()];
      byte[] bytes = new byte[features.length * Float.BYTES];
      in.readFully(bytes);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(features);
      return new Candidate(sample, features);
    }

    /** Deterministic: the same candidate always has the same bytes. */
    @Override
    public void verifyDeterministic() {}
  }
}
