package io.tardiff.cohort;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.SparseStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.VarIntCoder;

/**
 * Estimates quantiles of each channel to a relative accuracy of {@link #ACCURACY}. A DDSketch
 * counts values in fixed logarithmic bins, so the result does not depend on the order of values or
 * merges.
 */
final class ChannelSketches {
  static final double ACCURACY = 1e-4;

  private final DDSketch[] sketches;

  ChannelSketches(int channels) {
    sketches = new DDSketch[channels];
    for (int c = 0; c < channels; c++) {
      sketches[c] = new DDSketch(new LogarithmicMapping(ACCURACY), SparseStore::new);
    }
  }

  private ChannelSketches(DDSketch[] sketches) {
    this.sketches = sketches;
  }

  /** Adds the values of a {@code [steps, channels]} row-major window, skipping NaN. */
  void accept(float[] window) {
    for (int i = 0; i < window.length; i++) {
      if (!Float.isNaN(window[i])) {
        sketches[i % sketches.length].accept(window[i]);
      }
    }
  }

  void merge(ChannelSketches other) {
    for (int c = 0; c < sketches.length; c++) {
      sketches[c].mergeWith(other.sketches[c]);
    }
  }

  /** Returns a quantile of a channel, or NaN if the channel has no value. */
  double quantile(int channel, double quantile) {
    return sketches[channel].isEmpty()
        ? Double.NaN
        : sketches[channel].getValueAtQuantile(quantile);
  }

  static final class SketchesCoder extends CustomCoder<ChannelSketches> {
    @Override
    public void encode(ChannelSketches value, OutputStream out) throws IOException {
      VarIntCoder.of().encode(value.sketches.length, out);
      for (DDSketch sketch : value.sketches) {
        GrowingByteArrayOutput bytes = GrowingByteArrayOutput.withDefaultInitialCapacity();
        sketch.encode(bytes, /* omitIndexMapping= */ false);
        ByteArrayCoder.of().encode(bytes.trimmedCopy(), out);
      }
    }

    @Override
    public ChannelSketches decode(InputStream in) throws IOException {
      DDSketch[] sketches = new DDSketch[VarIntCoder.of().decode(in)];
      for (int c = 0; c < sketches.length; c++) {
        sketches[c] =
            DDSketch.decode(ByteArrayInput.wrap(ByteArrayCoder.of().decode(in)), SparseStore::new);
      }
      return new ChannelSketches(sketches);
    }
  }
}
