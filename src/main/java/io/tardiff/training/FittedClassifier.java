package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.tensorflow.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.annotations.Internal;

/**
 * A trained classifier that scores windows. It holds a TensorFlow session and must be closed.
 *
 * <pre>{@code
 * double[][] p = classifier.probabilities(heldOut);   // [size][classes]
 * float[][] h = classifier.features(heldOut);         // [size][features]: inputs of the head
 * }</pre>
 */
@Internal
public final class FittedClassifier implements AutoCloseable {
  /**
   * Metrics of one pass over train. Losses are mean cross-entropies, with class weights if training
   * has them; the weights of tuning are those of train.
   */
  public record Epoch(
      int number,
      double trainLoss,
      double tuningLoss,
      double tuningAuroc,
      double tuningAuprc,
      double seconds) {}

  private final ClassifierTraining config;
  private final ClassifierGraph graph;
  private final Consumer<ClassifierGraph> release;
  private final int steps;
  private final int channels;
  private final Weights weights;
  private final List<Epoch> history;
  private boolean closed;

  /**
   * @param release called with the graph when this classifier is closed
   */
  FittedClassifier(
      ClassifierTraining config,
      ClassifierGraph graph,
      Consumer<ClassifierGraph> release,
      int steps,
      int channels,
      Weights weights,
      List<Epoch> history) {
    this.config = config;
    this.graph = graph;
    this.release = release;
    this.steps = steps;
    this.channels = channels;
    this.weights = weights;
    this.history = List.copyOf(history);
  }

  /** Restores a classifier from its weights and history. */
  public static FittedClassifier restore(
      ClassifierTraining config,
      int steps,
      int channels,
      int classes,
      Weights weights,
      List<Epoch> history) {
    ClassifierGraph graph = new ClassifierGraph(config, steps, channels, classes);
    try {
      graph.load(weights);
      return new FittedClassifier(
          config, graph, ClassifierGraph::close, steps, channels, weights, history);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** Returns class probabilities, {@code [size][classes]}. */
  public double[][] probabilities(LabelledWindows windows) {
    return exp(logProbabilities(logits(windows)));
  }

  /** Returns logits, {@code [size][classes]}. */
  public float[][] logits(LabelledWindows windows) {
    check(windows);
    return graph.logits(windows);
  }

  /** Returns the inputs of the head, {@code [size][features]}. */
  public float[][] features(LabelledWindows windows) {
    check(windows);
    return graph.features(windows);
  }

  /** Returns the weights, which are those of the best epoch, averaged if training averages. */
  public Weights weights() {
    return weights;
  }

  /** Returns the first of the epochs that are best by {@link ClassifierTraining#stopBy}. */
  public Epoch best() {
    return config.stopBy().best(history);
  }

  /** Returns all epochs, in order. */
  public List<Epoch> history() {
    return history;
  }

  private void check(LabelledWindows windows) {
    checkArgument(
        windows.steps() == steps && windows.channels() == channels,
        "windows must have %s steps and %s channels, had %s and %s",
        steps,
        channels,
        windows.steps(),
        windows.channels());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.accept(graph);
    }
  }

  static double[][] logProbabilities(float[][] logits) {
    double[][] result = new double[logits.length][];
    for (int i = 0; i < logits.length; i++) {
      float[] row = logits[i];
      double top = row[0];
      for (float logit : row) {
        top = Math.max(top, logit);
      }
      double sum = 0;
      for (float logit : row) {
        sum += Math.exp(logit - top);
      }
      result[i] = new double[row.length];
      for (int k = 0; k < row.length; k++) {
        result[i][k] = row[k] - top - Math.log(sum);
      }
    }
    return result;
  }

  static double[][] exp(double[][] logs) {
    return Arrays.stream(logs)
        .map(row -> Arrays.stream(row).map(Math::exp).toArray())
        .toArray(double[][]::new);
  }
}
