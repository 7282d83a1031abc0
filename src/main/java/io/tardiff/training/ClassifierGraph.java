package io.tardiff.training;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.influence.ClassifierInputs;
import io.tardiff.influence.TargetClassifier;
import io.tardiff.tensorflow.Adam;
import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.MovingAverage;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Weights;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The graph for training and applying a classifier, in batches of {@link
 * ClassifierTraining#batchSize} windows. The last batch of a set is padded with zeros of weight 0.
 */
final class ClassifierGraph implements AutoCloseable {
  private final ClassifierTraining config;
  private final int classes;
  private final Ops tf;
  private final GraphSession session;
  private final Parameters<TFloat32> weights;
  private final TargetClassifier<TFloat32> classifier;
  private final Placeholder<TFloat32> x;
  private final Operand<TFloat32> features;
  private final Operand<TFloat32> logits;
  private @Nullable Training training;

  ClassifierGraph(ClassifierTraining config, int steps, int channels, int classes) {
    this.config = config;
    this.classes = classes;
    Graph graph = new Graph();
    tf = Ops.create(graph);
    x =
        tf.placeholder(
            TFloat32.class,
            Placeholder.shape(
                Shape.of(config.batchSize(), steps, config.network().inputs().channels(channels))));
    weights = new Parameters<>(tf, TFloat32.class);
    classifier =
        new TargetClassifier<>(
            tf, TFloat32.class, weights, config.network(), classes, Layers.Order.FIRST);
    features = classifier.features(x);
    logits = classifier.head(features);
    session = new GraphSession(graph);
  }

  /** Returns the training ops, adding them to the graph on first use. */
  Training training() {
    if (training == null) {
      training = new Training();
    }
    return training;
  }

  void load(Weights values) {
    weights.load(session, values);
  }

  Weights save() {
    return weights.save(session);
  }

  Weights initial(long seed) {
    return weights.initial(seed);
  }

  /** Returns {@code [size][classes]}. */
  float[][] logits(LabelledWindows windows) {
    return rows(logits, windows);
  }

  /** Returns {@code [size][features]}. */
  float[][] features(LabelledWindows windows) {
    return rows(features, windows);
  }

  private float[][] rows(Operand<TFloat32> output, LabelledWindows windows) {
    int width = Math.toIntExact(Layers.last(output));
    float[][] rows = new float[windows.size()][];
    for (int first = 0; first < rows.length; first += config.batchSize()) {
      int count = Math.min(config.batchSize(), rows.length - first);
      float[] out = session.step().feed(x, values(windows, first, count)).fetch(output).run()[0];
      for (int i = 0; i < count; i++) {
        rows[first + i] = Arrays.copyOfRange(out, i * width, (i + 1) * width);
      }
    }
    return rows;
  }

  private float[] values(LabelledWindows windows, int first, int count) {
    int from = first * windows.stride();
    ClassifierInputs inputs = config.network().inputs();
    float[] read = new float[inputs.channels(config.batchSize() * windows.stride())];
    inputs.write(
        windows.steps(),
        windows.channels(),
        windows.values(),
        windows.mask(),
        from,
        from + count * windows.stride(),
        read);
    return read;
  }

  @Override
  public void close() {
    session.close();
  }

  /**
   * The training ops: weighted cross-entropy with dropout against the labels, soft or hard, its
   * gradient, Adam, and the moving average of the weights if there is one.
   */
  final class Training {
    private final Placeholder<TFloat32> targets;
    private final Placeholder<TFloat32> rowWeights;
    private final Placeholder<TInt32> seed;
    private final Operand<TFloat32> loss;
    private final Adam<TFloat32> adam;
    private final @Nullable Average average;

    private record Average(Parameters<TFloat32> weights, MovingAverage<TFloat32> update) {}

    private Training() {
      int batch = config.batchSize();
      targets = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, classes)));
      rowWeights = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch)));
      seed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
      Operand<TFloat32> losses = classifier.losses(classifier.logits(x, seed), targets);
      loss = tf.sum(tf.math.mul(losses, rowWeights), tf.constant(0));
      GradientTape<TFloat32> tape = new GradientTape<>(tf, TFloat32.class);
      adam =
          new Adam<>(
              tf,
              TFloat32.class,
              weights,
              tape.gradient(loss, weights.values()),
              config.weightDecay());
      average = config.averageDecay() == 0 ? null : average();
    }

    private Average average() {
      Parameters<TFloat32> averaged = new Parameters<>(tf, TFloat32.class);
      averaged.mirror(weights);
      return new Average(averaged, new MovingAverage<>(tf, TFloat32.class, averaged, adam));
    }

    /** Starts training at the given weights, whatever was trained before. */
    void start(Weights initial) {
      weights.load(session, initial);
      adam.slots().initialise(session, 0);
      if (average != null) {
        average.weights().load(session, initial);
      }
    }

    /** Returns the weights to keep: the averaged ones, or the weights if there is no average. */
    Weights kept() {
      return average == null ? save() : average.weights().save(session);
    }

    /**
     * Runs training step {@code t} (from 1) on at most a batch of windows and returns the loss
     * before the update.
     *
     * @param classWeights weight of a window of each class, 1 on average
     */
    float step(
        LabelledWindows windows,
        double[] classWeights,
        long t,
        double learningRate,
        int[] dropoutSeed) {
      int size = windows.size();
      // The cross-entropy of a row takes probabilities that add up to 1, so the class weights go
      // into the weight of the row.
      float[] probabilities = Arrays.copyOf(windows.targets(), config.batchSize() * classes);
      float[] shares = new float[config.batchSize()];
      for (int i = 0; i < size; i++) {
        double weight = 0;
        for (int k = 0; k < classes; k++) {
          weight += classWeights[k] * probabilities[i * classes + k];
        }
        for (int k = 0; k < classes; k++) {
          int at = i * classes + k;
          probabilities[at] = (float) (classWeights[k] * probabilities[at] / weight);
        }
        shares[i] = (float) (weight / size);
      }
      GraphSession.Step step = adam.apply(session.step(), t, learningRate);
      if (average != null) {
        average.update().apply(step, t, config.averageDecay());
      }
      return step.feed(x, values(windows, 0, size))
          .feed(targets, probabilities)
          .feed(rowWeights, shares)
          .feed(seed, dropoutSeed)
          .fetch(loss)
          .run()[0][0];
    }
  }
}
