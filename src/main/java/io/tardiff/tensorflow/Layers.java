package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Layers of neural networks, added to a graph.
 *
 * <p>Windows are {@code [batch, steps, channels]}. Graphs for training and sampling fix the batch
 * size: shapes are then fully known, which makes gradients cheaper, and a row does not depend on
 * its neighbours (another batch size may change the last bit). Exported graphs of {@link
 * Order#FIRST} may leave it unknown.
 *
 * <pre>{@code
 * Layers<TFloat32> layers = new Layers<>(tf, TFloat32.class, parameters, Order.FIRST);
 * Operand<TFloat32> h = layers.silu(layers.conv("stem", x, 64, 3, 1));
 * }</pre>
 *
 * <p>{@link Order#SECOND} composes every layer of ops whose second derivative is correct in
 * TensorFlow's C++ gradients. {@link Order#FIRST} may use fused ops, which compute the same values
 * faster and can be differentiated once in reverse. Both have the same weights.
 */
public final class Layers<T extends TFloating> {

  /** How often a network can be differentiated in reverse mode. */
  public enum Order {
    /** Once: for training, and for {@link ForwardAccumulator} followed by one gradient. */
    FIRST,
    /** Twice. Tests use it to check forward mode. */
    SECOND
  }

  private final Ops tf;
  private final Class<T> type;
  private final Parameters<T> parameters;
  private final Order order;

  public Layers(Ops tf, Class<T> type, Parameters<T> parameters, Order order) {
    this.tf = tf;
    this.type = type;
    this.parameters = parameters;
    this.order = order;
  }

  /** Returns a constant of the network's float type. */
  public Operand<T> constant(double value) {
    return tf.dtypes.cast(tf.constant(value), type);
  }

  /** {@code 1 / (1 + exp(-x))}. */
  public Operand<T> sigmoid(Operand<T> x) {
    return order == Order.FIRST
        ? tf.math.sigmoid(x)
        : tf.math.div(constant(1), tf.math.add(constant(1), tf.math.exp(tf.math.neg(clipped(x)))));
  }

  /** Hyperbolic tangent. */
  public Operand<T> tanh(Operand<T> x) {
    return order == Order.FIRST
        ? tf.math.tanh(x)
        : tf.math.sub(tf.math.mul(constant(2), sigmoid(tf.math.mul(constant(2), x))), constant(1));
  }

  /** {@code x sigmoid(x)}. */
  public Operand<T> silu(Operand<T> x) {
    return tf.math.mul(x, sigmoid(x));
  }

  // exp overflows beyond 88 in float32, and infinity / infinity is NaN in a gradient.
  private Operand<T> clipped(Operand<T> x) {
    return tf.math.maximum(constant(-80), tf.math.minimum(constant(80), x));
  }

  /** {@code x W + b} over the last dimension: {@code [.., in] -> [.., out]}. */
  public Operand<T> dense(String name, Operand<T> x, long out) {
    return dense(name, x, out, Initialiser.fanIn(last(x)), Initialiser.fanIn(last(x)));
  }

  /** Like {@link #dense(String, Operand, long)}, with the given initialisers. */
  public Operand<T> dense(
      String name, Operand<T> x, long out, Initialiser kernel, Initialiser bias) {
    long in = last(x);
    Operand<T> w = parameters.get(name + "/kernel", kernel, in, out);
    Operand<T> b = parameters.get(name + "/bias", bias, out);
    long[] shape = x.shape().asArray();
    Operand<T> flat = shape.length == 2 ? x : reshape(x, -1, in);
    Operand<T> y = withBias(tf.linalg.matMul(flat, w), b);
    if (shape.length == 2) {
      return y;
    }
    shape[shape.length - 1] = out;
    return reshape(y, shape);
  }

  private Operand<T> withBias(Operand<T> x, Operand<T> bias) {
    return order == Order.FIRST ? tf.nn.biasAdd(x, bias) : tf.math.add(x, bias);
  }

  /**
   * Convolution over time with zero padding ("same"): {@code [batch, steps, in] -> [batch,
   * ceil(steps / stride), out]}.
   */
  public Operand<T> conv(String name, Operand<T> x, long out, int width, int stride) {
    long fanIn = last(x) * width;
    return conv(name, x, out, width, stride, Initialiser.fanIn(fanIn), Initialiser.fanIn(fanIn));
  }

  /** Like {@link #conv(String, Operand, long, int, int)}, with the given initialisers. */
  public Operand<T> conv(
      String name,
      Operand<T> x,
      long out,
      int width,
      int stride,
      Initialiser kernel,
      Initialiser bias) {
    long batch = x.shape().get(0);
    long steps = x.shape().get(1);
    long in = last(x);
    long outSteps = (steps + stride - 1) / stride;
    Operand<T> w = parameters.get(name + "/kernel", kernel, width, in, out);
    Operand<T> b = parameters.get(name + "/bias", bias, out);
    if (order == Order.FIRST) {
      Operand<T> image = reshape(x, batch, 1, steps, in);
      Operand<T> filter = reshape(w, 1, width, in, out);
      Operand<T> y = tf.nn.conv2d(image, filter, List.of(1L, 1L, (long) stride, 1L), "SAME");
      return reshape(withBias(y, b), batch, outSteps, out);
    } else {
      checkArgument(stride == 1, "stride must be 1 where second derivatives are taken");
      int before = (width - 1) / 2;
      Operand<T> padded =
          tf.pad(
              x,
              tf.constant(new int[][] {{0, 0}, {before, width - 1 - before}, {0, 0}}),
              constant(0));
      List<Operand<T>> shifted = new ArrayList<>();
      for (int k = 0; k < width; k++) {
        shifted.add(tf.slice(padded, tf.constant(new int[] {0, k, 0}), ints(batch, steps, in)));
      }
      Operand<T> columns = reshape(tf.concat(shifted, tf.constant(2)), batch * steps, width * in);
      Operand<T> y = tf.linalg.matMul(columns, reshape(w, width * in, out));
      return withBias(reshape(y, batch, steps, out), b);
    }
  }

  /**
   * Group normalisation (Wu and He, 2018) over time and the channels of a group, followed by an
   * affine map per channel, which {@code scale} and {@code shift} ({@code [batch, channels]}, may
   * both be null) modulate (FiLM: Perez et al., 2018): {@code norm(x) * gamma (1 + scale) + beta (1
   * + scale) + shift}. The whole layer costs one multiplication and one addition over the full
   * tensor.
   */
  public Operand<T> groupNorm(
      String name, Operand<T> x, int groups, Operand<T> scale, Operand<T> shift) {
    long batch = x.shape().get(0);
    long channels = last(x);
    checkArgument(
        channels % groups == 0,
        "channels (%s) must be a multiple of groups (%s)",
        channels,
        groups);
    Operand<T> gamma = parameters.get(name + "/gamma", Initialiser.ones(), channels);
    Operand<T> beta = parameters.get(name + "/beta", Initialiser.zeros(), channels);
    Operand<T> averaging = groupAveraging((int) channels, groups);
    Operand<TInt32> time = tf.constant(1);
    Operand<T> mean = tf.linalg.matMul(tf.math.mean(x, time), averaging);
    Operand<T> square = tf.linalg.matMul(tf.math.mean(tf.math.square(x), time), averaging);
    Operand<T> variance = tf.math.maximum(tf.math.sub(square, tf.math.square(mean)), constant(0));
    Operand<T> inverse = inverseRoot(tf.math.add(variance, constant(1e-5)));
    Operand<T> a = tf.math.mul(inverse, gamma);
    Operand<T> b = tf.math.sub(beta, tf.math.mul(mean, a));
    if (scale != null) {
      Operand<T> factor = tf.math.add(constant(1), scale);
      a = tf.math.mul(a, factor);
      b = tf.math.add(tf.math.mul(b, factor), shift);
    }
    return tf.math.add(
        tf.math.mul(x, reshape(a, batch, 1, channels)), reshape(b, batch, 1, channels));
  }

  /**
   * Layer normalisation (Ba et al., 2016) of each step on its own, followed by an affine map per
   * channel: {@code [batch, steps, channels]} to the same shape.
   */
  public Operand<T> layerNorm(String name, Operand<T> x) {
    long steps = x.shape().get(1);
    long channels = last(x);
    Operand<T> rows = reshape(x, -1, 1, channels);
    return reshape(groupNorm(name, rows, 1, null, null), -1, steps, channels);
  }

  private Operand<T> groupAveraging(int channels, int groups) {
    int size = channels / groups;
    float[][] matrix = new float[channels][channels];
    for (int i = 0; i < channels; i++) {
      for (int j = 0; j < channels; j++) {
        matrix[i][j] = i / size == j / size ? 1f / size : 0f;
      }
    }
    return tf.dtypes.cast(tf.constant(matrix), type);
  }

  private Operand<T> inverseRoot(Operand<T> x) {
    return order == Order.FIRST ? tf.math.rsqrt(x) : tf.math.pow(x, constant(-0.5));
  }

  /**
   * Multi-head self-attention over time, without the residual connection: {@code [batch, steps,
   * channels]} to the same shape. The output projection is initialised to zero.
   */
  public Operand<T> attention(String name, Operand<T> x, int heads) {
    long batch = x.shape().get(0);
    long steps = x.shape().get(1);
    long channels = last(x);
    checkArgument(
        channels % heads == 0, "channels (%s) must be a multiple of heads (%s)", channels, heads);
    long size = channels / heads;
    Operand<T> qkv = reshape(dense(name + "/qkv", x, 3 * channels), batch, steps, 3, heads, size);
    Operand<T> split = tf.linalg.transpose(qkv, tf.constant(new int[] {2, 0, 3, 1, 4}));
    List<Operand<T>> parts = unstack(split, 3, 0);
    Operand<T> query = tf.math.mul(parts.get(0), constant(1 / Math.sqrt(size)));
    Operand<T> weights =
        tf.nn.softmax(
            tf.train.batchMatMul(
                query, parts.get(1), type, org.tensorflow.op.train.BatchMatMul.adjY(true)));
    Operand<T> mixed = tf.train.batchMatMul(weights, parts.get(2), type);
    Operand<T> joined =
        reshape(
            tf.linalg.transpose(mixed, tf.constant(new int[] {0, 2, 1, 3})),
            batch,
            steps,
            channels);
    return dense(name + "/out", joined, channels, Initialiser.zeros(), Initialiser.zeros());
  }

  /**
   * Returns sinusoids of numbers from 0 (Vaswani et al., 2017), {@code [count][size]}: {@code cos(t
   * w_k)}, then {@code sin(t w_k)}, with w_k from 1 to 1/10000 in equal ratios.
   */
  public static float[][] sinusoids(int count, int size) {
    int half = size / 2;
    float[][] table = new float[count][size];
    for (int t = 0; t < count; t++) {
      for (int k = 0; k < half; k++) {
        double angle = t * Math.exp(-Math.log(10000) * k / half);
        table[t][k] = (float) Math.cos(angle);
        table[t][half + k] = (float) Math.sin(angle);
      }
    }
    return table;
  }

  /**
   * The output of a bidirectional recurrent layer, forward direction first.
   *
   * @param outputs states at every step, {@code [batch, steps, 2 hidden]}
   * @param last final state of each direction, {@code [batch, 2 hidden]}
   */
  public record Recurrent<T extends TFloating>(Operand<T> outputs, Operand<T> last) {}

  /**
   * Bidirectional gated recurrent unit (Cho et al., 2014) over time of {@code [batch, steps, in]},
   * in the convention where the reset gate acts on the recurrent product: {@code n = tanh(W x + b +
   * r (U h + c))}, {@code h' = n + z (h - n)}.
   */
  public Recurrent<T> biGru(String name, Operand<T> x, int hidden) {
    int steps = Math.toIntExact(x.shape().get(1));
    Operand<T> timeMajor =
        reshape(tf.linalg.transpose(x, tf.constant(new int[] {1, 0, 2})), -1, last(x));
    // Separate ops per direction, so that the two run in parallel.
    List<Operand<T>> forward = gru(name + "/forward", timeMajor, steps, hidden, false);
    List<Operand<T>> backward = gru(name + "/backward", timeMajor, steps, hidden, true);
    Operand<T> joined = tf.concat(List.of(stack(forward, 0), stack(backward, 0)), tf.constant(2));
    return new Recurrent<>(
        tf.linalg.transpose(joined, tf.constant(new int[] {1, 0, 2})),
        tf.concat(List.of(forward.get(forward.size() - 1), backward.get(0)), tf.constant(1)));
  }

  /** Returns the state {@code [batch, hidden]} at each step, from {@code [steps * batch, in]}. */
  private List<Operand<T>> gru(
      String name, Operand<T> timeMajor, int steps, int hidden, boolean reversed) {
    Initialiser uniform = Initialiser.fanIn(hidden);
    Operand<T> w = parameters.get(name + "/input", uniform, last(timeMajor), 3L * hidden);
    Operand<T> b = parameters.get(name + "/inputBias", uniform, 3L * hidden);
    Operand<T> u = parameters.get(name + "/recurrent", uniform, hidden, 3L * hidden);
    // The gates need no second bias; the candidate does, as the reset gate multiplies it.
    Operand<T> c = parameters.get(name + "/candidateBias", uniform, hidden);
    // Split once for all steps: the cost of a step is mostly its number of ops.
    List<Operand<T>> projected =
        split(withBias(tf.linalg.matMul(timeMajor, w), b), 2 * hidden, hidden);
    List<Operand<T>> gateInputs =
        unstack(reshape(projected.get(0), steps, -1, 2L * hidden), steps, 0);
    List<Operand<T>> candidateInputs =
        unstack(reshape(projected.get(1), steps, -1, hidden), steps, 0);
    List<Operand<T>> recurrent = split(u, 2 * hidden, hidden);
    // The initial state takes only its shape from the input.
    Operand<T> h = tf.stopGradient(tf.zerosLike(candidateInputs.get(0)));
    List<Operand<T>> states = new ArrayList<>(Collections.nCopies(steps, h));
    for (int i = 0; i < steps; i++) {
      int t = reversed ? steps - 1 - i : i;
      List<Operand<T>> gates =
          split(
              sigmoid(sum(gateInputs.get(t), tf.linalg.matMul(h, recurrent.get(0)))),
              hidden,
              hidden);
      Operand<T> product = withBias(tf.linalg.matMul(h, recurrent.get(1)), c);
      Operand<T> candidate = tanh(sum(candidateInputs.get(t), tf.math.mul(gates.get(0), product)));
      h = sum(candidate, tf.math.mul(gates.get(1), sum(h, tf.math.neg(candidate))));
      states.set(t, h);
    }
    return states;
  }

  /** Adds tensors of equal shape; AddN does not broadcast, so its gradient is cheaper. */
  private Operand<T> sum(Operand<T> left, Operand<T> right) {
    return tf.math.addN(List.of(left, right));
  }

  private List<Operand<T>> split(Operand<T> x, int first, int second) {
    return new ArrayList<>(
        tf.splitV(x, tf.constant(new int[] {first, second}), tf.constant(1), 2L).output());
  }

  /**
   * Keeps each value with probability {@code 1 - rate}, scaled to preserve the mean; {@code seed}
   * is a {@code [2]} placeholder or constant.
   */
  public Operand<T> dropout(Operand<T> x, double rate, Operand<TInt32> seed) {
    if (rate == 0) {
      return x;
    }
    Operand<T> uniform =
        tf.dtypes.cast(tf.random.statelessRandomUniform(ints(x.shape().asArray()), seed), type);
    Operand<T> keep = tf.dtypes.cast(tf.math.greaterEqual(uniform, constant(rate)), type);
    return tf.math.mul(x, tf.math.mul(keep, constant(1 / (1 - rate))));
  }

  /**
   * Cross-entropy of each row: {@code log sum exp(logits) - logits[label]}; {@code oneHot} and
   * {@code logits} are {@code [batch, classes]}, the result {@code [batch]}.
   */
  public Operand<T> crossEntropy(Operand<T> logits, Operand<T> oneHot) {
    Operand<T> top =
        tf.stopGradient(tf.reduceMax(logits, tf.constant(1), ReduceMax.keepDims(true)));
    Operand<T> centred = tf.math.sub(logits, top);
    Operand<T> logSum = tf.math.log(tf.sum(tf.math.exp(centred), tf.constant(1)));
    return tf.math.sub(logSum, tf.sum(tf.math.mul(centred, oneHot), tf.constant(1)));
  }

  /**
   * Repeats every step once and cuts the result to {@code steps}: {@code [b, s, c] -> [b, steps,
   * c]}.
   */
  public Operand<T> upsample(Operand<T> x, long steps) {
    long batch = x.shape().get(0);
    long low = x.shape().get(1);
    long channels = last(x);
    Operand<T> doubled = reshape(stack(List.of(x, x), 2), batch, 2 * low, channels);
    return steps == 2 * low
        ? doubled
        : tf.slice(doubled, tf.constant(new int[] {0, 0, 0}), ints(batch, steps, channels));
  }

  /** Returns the last dimension of {@code x}. */
  public static long last(Operand<?> x) {
    return x.shape().get(x.shape().numDimensions() - 1);
  }

  /** Reshapes {@code x} to another shape of the same size. */
  public Operand<T> reshape(Operand<T> x, long... shape) {
    return tf.reshape(x, ints(shape));
  }

  /** Returns the slices of {@code x} along {@code axis}. */
  public List<Operand<T>> unstack(Operand<T> x, int count, int axis) {
    return new ArrayList<>(tf.unstack(x, (long) count, Unstack.axis((long) axis)).output());
  }

  private Operand<T> stack(List<Operand<T>> parts, int axis) {
    return tf.stack(parts, Stack.axis((long) axis));
  }

  private Constant<TInt32> ints(long... values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      ints[i] = Math.toIntExact(values[i]);
    }
    return tf.constant(ints);
  }
}
