package io.tardiff.synthetic;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.CustomCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A sample that has not been written yet, with its ledger record and the name of its set. */
@Internal
public record GeneratedSample(String set, SyntheticWindow window, LedgerRecord ledger) {

  /** A compact binary coder. */
  public static final class Coder extends CustomCoder<GeneratedSample> {

    @Override
    public void encode(GeneratedSample sample, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeUTF(sample.set());
      LedgerRecord ledger = sample.ledger();
      out.writeLong(ledger.sampleId());
      out.writeInt(ledger.label());
      out.writeLong(ledger.seed());
      out.writeUTF(ledger.guidanceRule());
      out.writeDouble(ledger.guidanceScale());
      out.writeFloat(ledger.influenceBefore());
      out.writeFloat(ledger.influenceAfter());
      out.writeUTF(ledger.modelId());
      out.writeUTF(ledger.guidanceSetHash());
      out.writeUTF(ledger.configurationHash());
      out.writeInt(ledger.rank() == null ? -1 : ledger.rank());
      out.writeBoolean(ledger.kept());
      LedgerRecord.SoftLabel soft = ledger.softLabel();
      out.writeBoolean(soft != null);
      if (soft != null) {
        out.writeInt(soft.fits());
        out.writeDouble(soft.weight());
        out.writeDouble(soft.temperature());
        out.writeUTF(soft.teacherHash());
      }
      WindowBytes.write(sample.window(), out);
      out.flush();
    }

    @Override
    public GeneratedSample decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      String set = in.readUTF();
      LedgerRecord ledger =
          new LedgerRecord(
              in.readLong(),
              in.readInt(),
              in.readLong(),
              in.readUTF(),
              in.readDouble(),
              in.readFloat(),
              in.readFloat(),
              in.readUTF(),
              in.readUTF(),
              in.readUTF(),
              rank(in.readInt()),
              in.readBoolean(),
              softLabel(in));
      return new GeneratedSample(
          set, WindowBytes.read(ledger.sampleId(), ledger.label(), in), ledger);
    }

    private static LedgerRecord.@Nullable SoftLabel softLabel(DataInputStream in)
        throws IOException {
      return in.readBoolean()
          ? new LedgerRecord.SoftLabel(in.readInt(), in.readDouble(), in.readDouble(), in.readUTF())
          : null;
    }

    private static @Nullable Integer rank(int encoded) {
      return encoded < 0 ? null : encoded;
    }

    /** Deterministic: the same sample always has the same bytes. */
    @Override
    public void verifyDeterministic() {}
  }
}
