package io.tardiff.ehr.signals;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Compact coder of {@link LabelledSeries} that stores values as 32-bit floats. */
@Internal
public final class LabelledSeriesCoder extends CustomCoder<LabelledSeries> {
  private static final LabelledSeriesCoder INSTANCE = new LabelledSeriesCoder();
  private static final StringUtf8Coder STRINGS = StringUtf8Coder.of();
  private static final Coder<String> OPTIONAL = NullableCoder.of(STRINGS);
  private static final ListCoder<String> LISTS = ListCoder.of(STRINGS);
  private static final VarIntCoder INTS = VarIntCoder.of();

  private LabelledSeriesCoder() {}

  public static LabelledSeriesCoder of() {
    return INSTANCE;
  }

  /** Called by Beam because of {@code @DefaultCoder}. */
  public static CoderProvider getCoderProvider() {
    return CoderProviders.forCoder(TypeDescriptor.of(LabelledSeries.class), of());
  }

  @Override
  public void encode(LabelledSeries series, OutputStream out) throws IOException {
    STRINGS.encode(series.seriesId(), out);
    STRINGS.encode(series.subjectId(), out);
    INTS.encode(series.label(), out);
    OPTIONAL.encode(series.split(), out);
    LISTS.encode(series.channels(), out);
    float[] values = series.values();
    INTS.encode(values.length, out);
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    new DataOutputStream(out).write(bytes.array());
  }

  @Override
  public LabelledSeries decode(InputStream in) throws IOException {
    String seriesId = STRINGS.decode(in);
    String subjectId = STRINGS.decode(in);
    int label = INTS.decode(in);
    String split = OPTIONAL.decode(in);
    var channels = LISTS.decode(in);
    float[] values = new float[INTS.decode(in)];
    byte[] bytes = new byte[values.length * Float.BYTES];
    new DataInputStream(in).readFully(bytes);
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return new LabelledSeries(seriesId, subjectId, label, split, channels, values);
  }

  /** Passes: equal series have equal bytes. */
  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
