package io.tardiff.selection;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.influence.FourierFeatures;
import io.tardiff.synthetic.FloatArrays;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * Features of some real windows, and the sums taken over all of them: first the moments of the
 * features, then the mean embedding of each class.
 *
 * @param name name of this part of the windows, the same in every run
 * @param labels {@code [size]}
 * @param features {@code [size][features]}
 */
record RealFeatures(String name, int[] labels, float[][] features) {

  /** Returns count, sums and sums of squares, {@code [1 + 2 x features]}. */
  double[] moments() {
    int width = features[0].length;
    double[] moments = new double[1 + 2 * width];
    moments[0] = features.length;
    for (float[] row : features) {
      for (int k = 0; k < width; k++) {
        moments[1 + k] += row[k];
        moments[1 + width + k] += (double) row[k] * row[k];
      }
    }
    return moments;
  }

  /** Returns the embedding that standardises features with these moments. */
  static FourierFeatures embedding(double[] moments, Selection selection) {
    int width = (moments.length - 1) / 2;
    double[] mean = new double[width];
    double[] sd = new double[width];
    for (int k = 0; k < width; k++) {
      mean[k] = moments[1 + k] / moments[0];
      sd[k] = Math.sqrt(Math.max(0, moments[1 + width + k] / moments[0] - mean[k] * mean[k]));
    }
    return FourierFeatures.of(mean, sd, selection.fourierFeatures(), selection.seed());
  }

  /** Returns a count and a sum for each class, {@code [classes x (1 + Fourier features)]}. */
  double[] embedded(FourierFeatures embedding, int classes) {
    int stride = 1 + embedding.count();
    double[] sums = new double[classes * stride];
    for (int i = 0; i < labels.length; i++) {
      int at = labels[i] * stride;
      sums[at]++;
      float[] row = embedding.of(features[i]);
      for (int k = 0; k < row.length; k++) {
        sums[at + 1 + k] += row[k];
      }
    }
    return sums;
  }

  /** Returns the mean embedding of the real windows of a class, from the sums of all parts. */
  static double[] target(double[] sums, int label, int count) {
    int at = label * (1 + count);
    checkArgument(sums[at] > 0, "class %s must have real windows, the cohort has none", label);
    double[] target = new double[count];
    for (int k = 0; k < count; k++) {
      target[k] = sums[at + 1 + k] / sums[at];
    }
    return target;
  }

  static final class Coder extends CustomCoder<RealFeatures> {
    @Override
    public void encode(RealFeatures part, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeUTF(part.name());
      out.writeInt(part.labels().length);
      for (int i = 0; i < part.labels().length; i++) {
        out.writeInt(part.labels()[i]);
        FloatArrays.write(part.features()[i], out);
      }
      out.flush();
    }

    @Override
    public RealFeatures decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      String name = in.readUTF();
      int[] labels = new int[in.readInt()];
      float[][] features = new float[labels.length][];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = in.readInt();
        features[i] = FloatArrays.read(in);
      }
      return new RealFeatures(name, labels, features);
    }
  }
}
