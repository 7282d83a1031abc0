package io.tardiff.influence;

import static com.google.common.base.Preconditions.checkArgument;

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
 *       and dropout; the features are the means over time, {@code [batch, hidden]}.
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

  private final Ops tf;
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

  /** Gives each layer its own dropout mask. */
  private Operand<TInt32> seedOf(Operand<TInt32> seed, int layer) {
    return tf.math.add(seed, tf.constant(new int[] {layer, 0}));
  }
}
