package io.tardiff.generation;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Ints;
import io.tardiff.files.DamagedFileException;
import io.tardiff.synthetic.SoftLabels;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.tensorflow.Weights;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TemperatureScaling;
import io.tardiff.training.VectorCoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * The classifiers that give samples soft labels, with the temperature of their mean.
 *
 * @param weights file of each classifier
 * @param temperature see {@link TemperatureScaling}
 * @param outOfFold number of train windows that the temperature was fitted to
 * @param uncalibratedLogLoss mean cross-entropy on them at temperature 1
 * @param logLoss the same at the temperature
 */
record Teacher(
    List<byte[]> weights,
    double temperature,
    long outOfFold,
    double uncalibratedLogLoss,
    double logLoss) {

  /**
   * One of the classifiers.
   *
   * @param number from 0
   * @param weights its file
   * @param outOfFold its probabilities of the train windows, {@code [windows, classes]}; NaN for
   *     those of the subjects that it was fitted to
   */
  record Fit(int number, byte[] weights, double[] outOfFold) {

    static final class Coder extends CustomCoder<Fit> {
      private static final long serialVersionUID = 1L;

      @Override
      public void encode(Fit fit, OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(stream);
        out.writeInt(fit.number());
        writeBytes(fit.weights(), out);
        out.flush();
        new VectorCoder().encode(fit.outOfFold(), stream);
      }

      @Override
      public Fit decode(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        return new Fit(in.readInt(), readBytes(in), new VectorCoder().decode(stream));
      }

      /** Deterministic: the same fit always has the same bytes. */
      @Override
      public void verifyDeterministic() {}
    }
  }

  static final class Coder extends CustomCoder<Teacher> {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Teacher teacher, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeInt(teacher.weights().size());
      for (byte[] file : teacher.weights()) {
        writeBytes(file, out);
      }
      out.writeDouble(teacher.temperature());
      out.writeLong(teacher.outOfFold());
      out.writeDouble(teacher.uncalibratedLogLoss());
      out.writeDouble(teacher.logLoss());
      out.flush();
    }

    @Override
    public Teacher decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      int count = in.readInt();
      List<byte[]> weights = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        weights.add(readBytes(in));
      }
      return new Teacher(weights, in.readDouble(), in.readLong(), in.readDouble(), in.readDouble());
    }

    /** Deterministic: the same teacher always has the same bytes. */
    @Override
    public void verifyDeterministic() {}
  }

  private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /**
   * Joins the classifiers of a teacher and fits the temperature of their mean. The mean of a train
   * window is over the classifiers that were not fitted to its subject; windows without any do not
   * count.
   *
   * @param labels class of each train window
   */
  static Teacher of(Iterable<Fit> fits, int[] labels, int classes) {
    List<Fit> ordered = new ArrayList<>();
    fits.forEach(ordered::add);
    ordered.sort(Comparator.comparingInt(Fit::number));
    List<double[]> means = new ArrayList<>();
    List<Integer> known = new ArrayList<>();
    for (int w = 0; w < labels.length; w++) {
      double[] sum = new double[classes];
      int count = 0;
      for (Fit fit : ordered) {
        if (!Double.isNaN(fit.outOfFold()[w * classes])) {
          count++;
          for (int k = 0; k < classes; k++) {
            sum[k] += fit.outOfFold()[w * classes + k];
          }
        }
      }
      if (count > 0) {
        int size = count;
        means.add(Arrays.stream(sum).map(p -> p / size).toArray());
        known.add(labels[w]);
      }
    }
    if (means.isEmpty()) {
      throw new IllegalStateException(
          "soft labels need train windows that a classifier of the teacher was not fitted to, but"
              + " every bootstrap drew all subjects: there are too few");
    }
    double[][] probabilities = means.toArray(new double[0][]);
    int[] truth = Ints.toArray(known);
    double temperature = TemperatureScaling.fit(probabilities, truth);
    return new Teacher(
        ordered.stream().map(Fit::weights).toList(),
        temperature,
        truth.length,
        TemperatureScaling.logLoss(probabilities, truth, 1),
        TemperatureScaling.logLoss(probabilities, truth, temperature));
  }

  /**
   * Returns how classifiers of a teacher are trained: like the target classifier, but without class
   * weights, which shift the probabilities.
   */
  static ClassifierTraining training(TarDiffModel model) {
    return model.classifierTraining().withClassWeighting(false);
  }

  /** Returns the teacher's hash, of its weights and its temperature. */
  String hash() {
    return hash(weights, temperature);
  }

  private static String hash(List<byte[]> weights, double temperature) {
    Hasher hasher = Hashing.sha256().newHasher();
    weights.forEach(hasher::putBytes);
    return hasher.putDouble(temperature).hash().toString().substring(0, 16);
  }

  /**
   * Returns the description of the soft labels of a set.
   *
   * @param counts number of samples of each class
   * @param trainCounts number of train windows of each class
   */
  SoftLabels softLabels(double weight, long[] counts, long[] trainCounts) {
    double samples = Arrays.stream(counts).sum();
    double train = Arrays.stream(trainCounts).sum();
    List<Double> ratios = new ArrayList<>();
    for (int k = 0; k < counts.length; k++) {
      ratios.add((counts[k] / samples) / (trainCounts[k] / train));
    }
    return new SoftLabels(
        weights.size(),
        weight,
        temperature,
        outOfFold,
        uncalibratedLogLoss,
        logLoss,
        ratios,
        hash());
  }

  /** Returns the content of a file of weights. */
  static byte[] bytes(Weights weights) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      weights.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Returns the weights in files. */
  static List<Weights> read(List<byte[]> files) {
    List<Weights> weights = new ArrayList<>();
    for (byte[] file : files) {
      try {
        weights.add(Weights.read(new ByteArrayInputStream(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    return weights;
  }

  /**
   * Reads the weights of the teacher of a set.
   *
   * @throws DamagedFileException if a file is missing or damaged, or is of another teacher
   */
  static List<Weights> of(SyntheticSet set) {
    List<byte[]> files = new ArrayList<>();
    List<Weights> weights = new ArrayList<>();
    for (String name : set.softLabels().files()) {
      String path = set.files().resolve(name);
      try {
        byte[] file = set.files().bytes(name);
        files.add(file);
        weights.add(Weights.read(new ByteArrayInputStream(file)).from(path));
      } catch (FileNotFoundException e) {
        throw DamagedFileException.missing(path);
      } catch (IOException e) {
        throw DamagedFileException.damaged(path, e.getMessage(), e);
      }
    }
    if (!hash(files, set.softLabels().temperature()).equals(set.softLabels().teacher())) {
      throw DamagedFileException.damaged(
          set.files().resolve(set.softLabels().files().get(0)),
          "it is of another teacher than " + SyntheticSet.FILE + " names",
          null);
    }
    return weights;
  }
}
