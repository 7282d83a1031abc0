package io.tardiff.diffusion;

import io.tardiff.tensorflow.Initialiser;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The denoiser {@code eps(x_t, t, y)}: a class-conditional 1D U-Net that predicts the noise in a
 * noisy window.
 *
 * <p>Each residual block has two convolutions of width 3. The noise step and the label scale and
 * shift its second normalisation (FiLM). The levels in {@link DenoiserConfig#attention} have
 * self-attention over time. On the way down a stride-2 convolution halves the number of steps
 * (rounding up); on the way up, steps are repeated, cut to the length of the level and convolved,
 * so any number of steps and channels works. The network is differentiable once, which is all that
 * training needs.
 *
 * <p>The last channels may be constant over time, such as static covariates. Each is one number
 * with one noise, so their predicted noise is averaged over time.
 *
 * <pre>{@code
 * Denoiser<TFloat32> denoiser = new Denoiser<>(tf, TFloat32.class, parameters, config, 2, schedule);
 * Operand<TFloat32> eps = denoiser.noise(x, t, label);   // [batch, steps, channels]
 * }</pre>
 */
@Internal
public final class Denoiser<T extends TFloating> {
  private final Ops tf;
  private final Class<T> type;
  private final Parameters<T> parameters;
  private final Layers<T> layers;
  private final DenoiserConfig config;
  private final int classes;
  private final NoiseSchedule schedule;
  private final int constant;

  public Denoiser(
      Ops tf,
      Class<T> type,
      Parameters<T> parameters,
      DenoiserConfig config,
      int classes,
      NoiseSchedule schedule) {
    this(tf, type, parameters, config, classes, schedule, 0);
  }

  /**
   * @param classes number of labels: the classes and, last, a null class if there is one
   * @param constant number of channels that are constant over time, the last ones
   */
  public Denoiser(
      Ops tf,
      Class<T> type,
      Parameters<T> parameters,
      DenoiserConfig config,
      int classes,
      NoiseSchedule schedule,
      int constant) {
    this.tf = tf;
    this.type = type;
    this.parameters = parameters;
    this.layers = new Layers<>(tf, type, parameters, Layers.Order.FIRST);
    this.config = config;
    this.classes = classes;
    this.schedule = schedule;
    this.constant = constant;
  }

  /**
   * Returns the predicted noise, of the shape of {@code x}.
   *
   * @param x noisy windows, {@code [batch, steps, channels]}
   * @param t noise steps, {@code [batch]}, from 0 to the number of noise steps - 1
   * @param label classes, {@code [batch]}
   */
  public Operand<T> noise(Operand<T> x, Operand<TInt32> t, Operand<TInt32> label) {
    long channels = Layers.last(x);
    Operand<T> embedding = layers.silu(embedding(t, label));
    Operand<T> h = layers.conv("stem", x, config.base(), 3, 1);
    Deque<Operand<T>> skips = new ArrayDeque<>();
    skips.push(h);
    int levels = config.multipliers().size();
    for (int level = 0; level < levels; level++) {
      for (int block = 0; block < config.blocks(); block++) {
        h = stage("down" + level + "/" + block, h, embedding, level);
        skips.push(h);
      }
      if (level < levels - 1) {
        h = layers.conv("down" + level + "/halve", h, Layers.last(h), 3, 2);
        skips.push(h);
      }
    }
    h = residual("middle/0", h, embedding, Layers.last(h));
    h = attention("middle/attention", h);
    h = residual("middle/1", h, embedding, Layers.last(h));
    for (int level = levels - 1; level >= 0; level--) {
      for (int block = 0; block <= config.blocks(); block++) {
        Operand<T> joined = tf.concat(List.of(h, skips.pop()), tf.constant(2));
        h = stage("up" + level + "/" + block, joined, embedding, level);
      }
      if (level > 0) {
        h = layers.upsample(h, skips.peek().shape().get(1));
        h = layers.conv("up" + level + "/double", h, Layers.last(h), 3, 1);
      }
    }
    h = layers.silu(layers.groupNorm("head/norm", h, DenoiserConfig.GROUPS, null, null));
    Operand<T> output =
        layers.conv("head/conv", h, channels, 3, 1, Initialiser.zeros(), Initialiser.zeros());
    Operand<T> noise =
        switch (config.prediction()) {
          case NOISE -> output;
          case VELOCITY ->
              tf.math.add(
                  tf.math.mul(perWindow(alphaBar -> Math.sqrt(1 - alphaBar), t), x),
                  tf.math.mul(perWindow(Math::sqrt, t), output));
        };
    return constant == 0 ? noise : averaged(noise, (int) channels - constant);
  }

  /**
   * Returns the predicted noise with classifier-free guidance (Ho and Salimans, <em>Classifier-Free
   * Diffusion Guidance</em>, 2022): {@code eps_null + weight (eps_label - eps_null)}. The last
   * class must be the null class, that of windows of any label. A weight of 1 is {@link
   * #noise(Operand, Operand, Operand)}, in one pass. As the noise is a linear function of a
   * predicted velocity, and x0 of the noise, guiding one guides the others.
   *
   * @param weight weight of the label, above 0
   */
  public Operand<T> noise(Operand<T> x, Operand<TInt32> t, Operand<TInt32> label, double weight) {
    Operand<T> ofLabel = noise(x, t, label);
    if (weight == 1) {
      return ofLabel;
    }
    Operand<TInt32> nullClass = tf.math.add(tf.zerosLike(label), tf.constant(classes - 1));
    Operand<T> ofAny = noise(x, t, nullClass);
    Operand<T> factor = tf.dtypes.cast(tf.constant(weight), type);
    return tf.math.add(ofAny, tf.math.mul(factor, tf.math.sub(ofLabel, ofAny)));
  }

  /** Averages the channels from {@code first} over time. */
  private Operand<T> averaged(Operand<T> noise, int first) {
    Operand<T> changing = channels(noise, 0, first);
    Operand<T> fixed = channels(noise, first, constant);
    Operand<T> mean = tf.math.mean(fixed, tf.constant(1), Mean.keepDims(true));
    return tf.concat(List.of(changing, tf.broadcastTo(mean, tf.shape(fixed))), tf.constant(2));
  }

  private Operand<T> channels(Operand<T> x, int first, int count) {
    return tf.slice(
        x, tf.constant(new int[] {0, 0, first}), tf.constant(new int[] {-1, -1, count}));
  }

  /**
   * Applies {@code function} to alphaBar at the noise step of each window, {@code [batch, 1, 1]}.
   */
  private Operand<T> perWindow(DoubleUnaryOperator function, Operand<TInt32> t) {
    double[] table = new double[schedule.steps()];
    for (int i = 0; i < table.length; i++) {
      table[i] = function.applyAsDouble(schedule.alphaBar(i));
    }
    Operand<T> all = tf.dtypes.cast(tf.constant(table), type);
    return tf.reshape(tf.gather(all, t, tf.constant(0)), tf.constant(new int[] {-1, 1, 1}));
  }

  /** A residual block, followed by attention on the levels that have it. */
  private Operand<T> stage(String name, Operand<T> x, Operand<T> embedding, int level) {
    Operand<T> h =
        residual(name, x, embedding, (long) config.base() * config.multipliers().get(level));
    return config.attention().contains(level) ? attention(name + "/attention", h) : h;
  }

  private Operand<T> residual(String name, Operand<T> x, Operand<T> embedding, long out) {
    Operand<T> film = layers.dense(name + "/film", embedding, 2 * out);
    long batch = x.shape().get(0);
    List<Operand<T>> scaleAndShift = layers.unstack(layers.reshape(film, batch, 2, out), 2, 1);
    Operand<T> h =
        layers.silu(layers.groupNorm(name + "/norm0", x, DenoiserConfig.GROUPS, null, null));
    h = layers.conv(name + "/conv0", h, out, 3, 1);
    h =
        layers.silu(
            layers.groupNorm(
                name + "/norm1",
                h,
                DenoiserConfig.GROUPS,
                scaleAndShift.get(0),
                scaleAndShift.get(1)));
    h = layers.conv(name + "/conv1", h, out, 3, 1, Initialiser.zeros(), Initialiser.zeros());
    Operand<T> skip = Layers.last(x) == out ? x : layers.dense(name + "/skip", x, out);
    return tf.math.add(skip, h);
  }

  private Operand<T> attention(String name, Operand<T> x) {
    Operand<T> normed = layers.groupNorm(name + "/norm", x, DenoiserConfig.GROUPS, null, null);
    return tf.math.add(x, layers.attention(name, normed, config.heads()));
  }

  /** Sinusoids of the noise step through two dense layers, plus a learned vector per class. */
  private Operand<T> embedding(Operand<TInt32> t, Operand<TInt32> label) {
    long size = 4L * config.base();
    Operand<T> table =
        tf.dtypes.cast(tf.constant(Layers.sinusoids(schedule.steps(), config.base())), type);
    Operand<T> time = tf.gather(table, t, tf.constant(0));
    time = layers.silu(layers.dense("time/0", time, size));
    time = layers.dense("time/1", time, size);
    Operand<T> labels = parameters.get("label", Initialiser.gaussian(), classes, size);
    return tf.math.add(time, tf.gather(labels, label, tf.constant(0)));
  }
}
