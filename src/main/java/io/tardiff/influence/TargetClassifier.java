package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.math.IntMath;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import org.apache.beam.sdk.annotations.Internal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The clinical model that synthetic windows are meant to improve: a network from windows {@code
 * [batch, steps, channels]} to one logit per class.
 *
 * <ul>
 *   <li>{@code gru}: bidirectional gated recurrent layers, dropout between them; the features are
 *       the final states of both directions of the last layer, {@code [batch, 2 hidden]};
 *   <li>{@code cnn}: convolutions of width 5, each followed by normalisation over the window, SiLU
 *       and dropout; the features are the means over time, {@code [batch, hidden]};
 *   <li>{@code transformer}: a dense layer per step with sinusoidal positions added, then blocks of
 *       self-attention over time and of two dense layers, each behind a layer normalisation and
 *       added to its input (Xiong et al., 2020); the features are the means over time, {@code
 *       [batch, hidden]};
 *   <li>{@code summary}: dense layers with SiLU and dropout on {@link ChannelSummaries}; the
 *       features are the outputs of the last, {@code [batch, hidden]}.
 * </ul>
 *
 * <p>A dense head maps the features to logits. Rows are independent: nothing is normalised over the
 * batch. The network is smooth, so the influence gradient exists everywhere.
 *
 * <pre>{@code
 * TargetClassifier<TFloat32> classifier =
 *     new TargetClassifier<>(tf, TFloat32.class, parameters, config, 2, Layers.Order.FIRST);
 * Operand<TFloat32> logits = classifier.logits(x);                  // [batch, 2]
 * Operand<TFloat32> losses = classifier.losses(logits, oneHot);     // [batch]
 * }</pre>
 */
@Internal
public final class TargetClassifier<T extends TFloating> {
  private static final int WIDTH = 5;

  /** Heads of attention; fewer if they do not divide the hidden units. */
  private static final int HEADS = 4;

  private final Ops tf;
  private final Class<T> type;
  private final Layers<T> layers;
  private final ClassifierConfig config;
  private final int classes;

  public TargetClassifier(
      Ops tf,
      Class<T> type,
      Parameters<T> parameters,
      ClassifierConfig config,
      int classes,
      Layers.Order order) {
    checkArgument(classes >= 2, "classes must be at least 2, was %s", classes);
    this.tf = tf;
    this.type = type;
    this.layers = new Layers<>(tf, type, parameters, order);
    this.config = config;
    this.classes = classes;
  }

  /** Returns logits {@code [batch, classes]} for inference, without dropout. */
  public Operand<T> logits(Operand<T> x) {
    return head(features(x));
  }

  /**
   * Returns logits {@code [batch, classes]} for training, with dropout; {@code seed} is {@code
   * [2]}.
   */
  public Operand<T> logits(Operand<T> x, Operand<TInt32> seed) {
    return head(features(x, config.dropout(), seed));
  }

  /** Returns the inputs of the head, {@code [batch, features]}. */
  public Operand<T> features(Operand<T> x) {
    return features(x, 0, tf.constant(new int[] {0, 0}));
  }

  /** Returns the logits of features. */
  public Operand<T> head(Operand<T> features) {
    return layers.dense("head", features, classes);
  }

  /** Returns the cross-entropy of each row, {@code [batch]}. */
  public Operand<T> losses(Operand<T> logits, Operand<T> oneHot) {
    return layers.crossEntropy(logits, oneHot);
  }

  private Operand<T> features(Operand<T> x, double dropout, Operand<TInt32> seed) {
    return switch (config.kind()) {
      case GRU -> recurrent(x, dropout, seed);
      case CNN -> convolutional(x, dropout, seed);
      case TRANSFORMER -> attentive(x, dropout, seed);
      case SUMMARY -> summarising(x, dropout, seed);
    };
  }

  private Operand<T> recurrent(Operand<T> x, double dropout, Operand<TInt32> seed) {
    Layers.Recurrent<T> states = layers.biGru("gru0", x, config.hidden());
    for (int layer = 1; layer < config.layers(); layer++) {
      Operand<T> input = layers.dropout(states.outputs(), dropout, seedOf(seed, layer));
      states = layers.biGru("gru" + layer, input, config.hidden());
    }
    return states.last();
  }

  private Operand<T> convolutional(Operand<T> x, double dropout, Operand<TInt32> seed) {
    Operand<T> h = x;
    for (int layer = 0; layer < config.layers(); layer++) {
      h = layers.conv("conv" + layer, h, config.hidden(), WIDTH, 1);
      // One group: normalising each channel alone would erase its level, which tells windows apart.
      h = layers.silu(layers.groupNorm("norm" + layer, h, 1, null, null));
      h = layers.dropout(h, dropout, seedOf(seed, layer));
    }
    return tf.math.mean(h, tf.constant(1));
  }

  private Operand<T> attentive(Operand<T> x, double dropout, Operand<TInt32> seed) {
    int steps = Math.toIntExact(x.shape().get(1));
    int hidden = config.hidden();
    int heads = IntMath.gcd(HEADS, hidden);
    Operand<T> positions =
        tf.dtypes.cast(tf.constant(new float[][][] {Layers.sinusoids(steps, hidden)}), type);
    Operand<T> h = tf.math.add(layers.dense("project", x, hidden), positions);
    for (int layer = 0; layer < config.layers(); layer++) {
      String block = "block" + layer;
      Operand<T> mixed =
          layers.attention(block + "/attention", layers.layerNorm(block + "/norm0", h), heads);
      h = tf.math.add(h, layers.dropout(mixed, dropout, seedOf(seed, 2 * layer)));
      Operand<T> wide =
          layers.silu(
              layers.dense(block + "/dense0", layers.layerNorm(block + "/norm1", h), 2L * hidden));
      Operand<T> narrow = layers.dense(block + "/dense1", wide, hidden);
      h = tf.math.add(h, layers.dropout(narrow, dropout, seedOf(seed, 2 * layer + 1)));
    }
    return tf.math.mean(layers.layerNorm("norm", h), tf.constant(1));
  }

  private Operand<T> summarising(Operand<T> x, double dropout, Operand<TInt32> seed) {
    Operand<T> h = tf.concat(new ChannelSummaries<>(tf, type).of(x), tf.constant(1));
    for (int layer = 0; layer < config.layers(); layer++) {
      h = layers.silu(layers.dense("dense" + layer, h, config.hidden()));
      h = layers.dropout(h, dropout, seedOf(seed, layer));
    }
    return h;
  }

  /** Gives each layer its own dropout mask. */
  private Operand<TInt32> seedOf(Operand<TInt32> seed, int layer) {
    return tf.math.add(seed, tf.constant(new int[] {layer, 0}));
  }
}
