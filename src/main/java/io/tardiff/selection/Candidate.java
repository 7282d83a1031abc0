package io.tardiff.selection;

import io.tardiff.synthetic.FloatArrays;
import io.tardiff.synthetic.GeneratedSample;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * A sample of a pool with its features.
 *
 * @param features {@code [features]} of {@link TargetFeatures}; empty unless herding
 */
record Candidate(GeneratedSample sample, float[] features) {

  static final class Coder extends CustomCoder<Candidate> {
    private static final GeneratedSample.Coder SAMPLE = new GeneratedSample.Coder();

    @Override
    public void encode(Candidate candidate, OutputStream stream) throws IOException {
      SAMPLE.encode(candidate.sample(), stream);
      DataOutputStream out = new DataOutputStream(stream);
      FloatArrays.write(candidate.features(), out);
      out.flush();
    }

    @Override
    public Candidate decode(InputStream stream) throws IOException {
      GeneratedSample sample = SAMPLE.decode(stream);
      return new Candidate(sample, FloatArrays.read(new DataInputStream(stream)));
    }

    /** Deterministic: the same candidate always has the same bytes. */
    @Override
    public void verifyDeterministic() {}
  }
}
