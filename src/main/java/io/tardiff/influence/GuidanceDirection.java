package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * G: the mean over the guidance set of the gradient of the target classifier's loss with respect to
 * its weights, scaled to length 1.
 *
 * <pre>{@code
 * GuidanceDirection g =
 * GuidanceDirection.of(
 *         config, batchSize, classes, weights, steps, channels, values, labels,
 *         GuidanceOver.ALL, seed);
 * direction.load(session, g.direction());      // see Influence
 * g.signal();                                  // near 1: a real direction; 0 or below: noise
 * }</pre>
 *
 * <p>The guidance set is processed in batches, so TensorFlow holds one batch at a time, however
 * large the set; sums are kept in float64. One pass gives both G and its signal.
 *
 * @param direction G, of length 1 over all weights together
 * @param norm length of the mean gradient before scaling
 * @param signal mean cosine between the G of two random halves of the set, over several splits: how
 *     far another guidance set of half the size would agree with G. For a classifier stopped at its
 *     best tuning loss, the mean gradient over tuning is nearly zero and its direction is noise;
 *     the signal is then near 0 or below, and guidance by G is not expected to help
 */
@Internal
public record GuidanceDirection(Weights direction, double norm, double signal) {
  private static final int SPLITS = 5;
  private static final int PARTS = 16;

  /**
   * Returns G of a classifier with the given weights over a guidance set, with an {@link Estimator}
   * of its own.
   *
   * @param batchSize windows per forward and backward pass
   */
  public static GuidanceDirection of(
      ClassifierConfig config,
      int batchSize,
      int classes,
      Weights weights,
      int steps,
      int channels,
      float[] values,
      int[] labels,
      GuidanceOver over,
      long seed) {
    try (Estimator estimator = new Estimator(config, batchSize, classes, steps, channels)) {
      return estimator.of(weights, values, labels, over, seed);
    }
  }

  /** Mean cosine between the sums of two random halves of the parts. */
  private static double signal(double[][] sums, long seed) {
    double mean = 0;
    for (int split = 0; split < SPLITS; split++) {
      int[] order = IntStream.range(0, sums.length).toArray();
      Seeds.shuffle(order, Seeds.derive(seed, "guidance halves", split));
      double[][] halves = new double[2][sums[0].length];
      for (int i = 0; i < order.length; i++) {
        add(halves[2 * i / order.length], sums[order[i]]);
      }
      mean +=
          dot(halves[0], halves[1])
              / Math.sqrt(dot(halves[0], halves[0]) * dot(halves[1], halves[1]))
              / SPLITS;
    }
    return mean;
  }

  private static void add(double[] sum, double[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  /** Returns {@code factor * numbers} as weights with the names and shapes of {@code template}. */
  private static Weights scaled(Weights template, double[] numbers, double factor) {
    List<Weights.Weight> scaled = new ArrayList<>();
    int at = 0;
    for (Weights.Weight weight : template.all()) {
      float[] values = new float[weight.values().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (numbers[at++] * factor);
      }
      scaled.add(new Weights.Weight(weight.name(), weight.shape(), values));
    }
    return Weights.of(scaled);
  }

  /**
   * The graph of the gradient of a weighted sum of losses with respect to the weights. Building one
   * takes longer than a pass over a guidance set, so it serves any number of weights.
   *
   * <pre>{@code
   * try (GuidanceDirection.Estimator estimator =
   *     new GuidanceDirection.Estimator(config, batchSize, classes, steps, channels)) {
   *   for (Weights weights : epochs) {
   *     estimator.of(weights, values, labels, GuidanceOver.ALL, seed);
   *   }
   * }
   * }</pre>
   */
  public static final class Estimator implements AutoCloseable {
    private final int batch;
    private final int classes;
    private final Placeholder<TFloat32> x;
    private final Placeholder<TFloat32> oneHot;
    private final Placeholder<TFloat32> rowWeights;
    private final Parameters<TFloat32> phi;
    private final List<Operand<TFloat32>> gradients;
    private final GraphSession session;

    /**
     * @param batchSize windows per forward and backward pass
     */
    public Estimator(ClassifierConfig config, int batchSize, int classes, int steps, int channels) {
      this.batch = batchSize;
      this.classes = classes;
      Graph graph = new Graph();
      Ops tf = Ops.create(graph);
      x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, steps, channels)));
      oneHot = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, classes)));
      rowWeights = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch)));
      phi = new Parameters<>(tf, TFloat32.class);
      TargetClassifier<TFloat32> classifier =
          new TargetClassifier<>(tf, TFloat32.class, phi, config, classes, Layers.Order.FIRST);
      Operand<TFloat32> losses = classifier.losses(classifier.logits(x), oneHot);
      Operand<TFloat32> loss = tf.sum(tf.math.mul(losses, rowWeights), tf.constant(0));
      gradients = new GradientTape<>(tf, TFloat32.class).gradient(loss, phi.values());
      session = new GraphSession(graph);
    }

    /**
     * Returns G of a classifier with the given weights over a guidance set.
     *
     * @param values windows in network units, {@code [size, steps, channels]} row-major
     * @param labels their classes, {@code [size]}
     * @param seed seed of the random halves; it does not affect G
     * @throws IllegalArgumentException if there are fewer than two windows, if a class is missing
     *     where classes are balanced, or if the mean gradient is zero or not finite
     */
    public GuidanceDirection of(
        Weights weights, float[] values, int[] labels, GuidanceOver over, long seed) {
      checkArgument(
          labels.length >= 2,
          "the guidance set must hold at least 2 windows, held %s",
          labels.length);
      checkArgument(
          values.length == (long) labels.length * stride(),
          "values must hold %s numbers, were %s",
          (long) labels.length * stride(),
          values.length);
      int[] counts = new int[classes];
      for (int label : labels) {
        checkArgument(
            label >= 0 && label < classes,
            "labels must be from 0 to %s, one was %s",
            classes - 1,
            label);
        counts[label]++;
      }
      checkArgument(
          over == GuidanceOver.ALL || Arrays.stream(counts).allMatch(count -> count > 0),
          "the guidance set must hold every class to be balanced, held %s by class",
          Arrays.toString(counts));
      float[] rowWeights = new float[labels.length];
      for (int i = 0; i < labels.length; i++) {
        rowWeights[i] =
            over == GuidanceOver.ALL
                ? 1f / labels.length
                : 1f / (classes * (float) counts[labels[i]]);
      }
      // Sums over random parts of the set; a half is a choice of half the parts.
      int parts = Math.min(PARTS, labels.length);
      int[] order = IntStream.range(0, labels.length).toArray();
      Seeds.shuffle(order, Seeds.derive(seed, "guidance parts"));
      double[][] sums = new double[parts][];
      phi.load(session, weights);
      for (int part = 0; part < parts; part++) {
        int from = (int) ((long) part * order.length / parts);
        int to = (int) ((long) (part + 1) * order.length / parts);
        sums[part] = sum(Arrays.copyOfRange(order, from, to), values, labels, rowWeights);
      }
      double[] total = new double[sums[0].length];
      for (double[] sum : sums) {
        add(total, sum);
      }
      double norm = Math.sqrt(dot(total, total));
      checkArgument(
          norm > 0 && Double.isFinite(norm),
          "the mean gradient over the guidance set must have a length above 0, had %s",
          norm);
      return new GuidanceDirection(
          scaled(phi.save(session), total, 1 / norm), norm, signal(sums, seed));
    }

    private int stride() {
      return Math.toIntExact(x.shape().size() / batch);
    }

    /** Returns the weighted sum of gradients over {@code members}, all weights concatenated. */
    private double[] sum(int[] members, float[] values, int[] labels, float[] memberWeights) {
      int stride = stride();
      double[] sum = new double[Math.toIntExact(phi.size())];
      for (int first = 0; first < members.length; first += batch) {
        float[] windows = new float[batch * stride];
        float[] hot = new float[batch * classes];
        // Padding rows have weight 0.
        float[] weights = new float[batch];
        for (int i = 0; i < Math.min(batch, members.length - first); i++) {
          int member = members[first + i];
          System.arraycopy(values, member * stride, windows, i * stride, stride);
          hot[i * classes + labels[member]] = 1;
          weights[i] = memberWeights[member];
        }
        float[][] chunk =
            session
                .step()
                .feed(x, windows)
                .feed(oneHot, hot)
                .feed(rowWeights, weights)
                .fetch(gradients)
                .run();
        int at = 0;
        for (float[] gradient : chunk) {
          for (float number : gradient) {
            sum[at++] += number;
          }
        }
      }
      return sum;
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
