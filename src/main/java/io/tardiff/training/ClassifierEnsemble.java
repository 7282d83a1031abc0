package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.tensorflow.Weights;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The mean of the probabilities of several classifiers of one architecture. It holds a TensorFlow
 * session and must be closed.
 *
 * <pre>{@code
 * try (ClassifierEnsemble ensemble = new ClassifierEnsemble(config, steps, channels, 2, weights)) {
 *   double[][] p = ensemble.probabilities(windows);   // [size][classes]
 * }
 * }</pre>
 *
 * <p>The classifiers take turns on one graph. The probabilities of a window do not depend on other
 * windows, to the last bit. Thread-safe.
 */
@Internal
public final class ClassifierEnsemble implements AutoCloseable {
  /** Matrix kernels round rows outside of whole blocks of this many differently. */
  private static final int BLOCK = 16;

  private final ClassifierGraph graph;
  private final List<Weights> members;
  private final int classes;

  /**
   * @param config the training of the classifiers
   * @param members weights of each, at least one
   */
  public ClassifierEnsemble(
      ClassifierTraining config, int steps, int channels, int classes, List<Weights> members) {
    checkArgument(!members.isEmpty(), "members must be at least one");
    this.members = List.copyOf(members);
    this.classes = classes;
    int batch = (config.batchSize() + BLOCK - 1) / BLOCK * BLOCK;
    graph = new ClassifierGraph(config.withBatchSize(batch), steps, channels, classes);
  }

  /** Returns class probabilities, {@code [size][classes]}. */
  public synchronized double[][] probabilities(LabelledWindows windows) {
    double[][] mean = new double[windows.size()][classes];
    for (Weights member : members) {
      graph.load(member);
      double[][] ofMember =
          FittedClassifier.exp(FittedClassifier.logProbabilities(graph.logits(windows)));
      for (int i = 0; i < mean.length; i++) {
        for (int k = 0; k < classes; k++) {
          mean[i][k] += ofMember[i][k] / members.size();
        }
      }
    }
    return mean;
  }

  @Override
  public void close() {
    graph.close();
  }
}
