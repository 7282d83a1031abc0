package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.LabelledWindows;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Fits many classifiers on few graphs, because building a graph takes as long as an epoch or two of
 * training.
 *
 * <pre>{@code
 * try (ClassifierPool pool = new ClassifierPool()) {
 *   for (long seed = 0; seed < 10; seed++) {
 *     try (FittedClassifier classifier = pool.fit(config, train, tuning, seed)) {
 *       score(classifier.probabilities(heldOut));
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Closing a classifier returns its graph to the pool, for the next fit of the same configuration
 * and shape. The result has the same bits as on a new graph. Thread-safe. Closing the pool closes
 * its idle graphs; a graph in use is closed with its classifier.
 */
@Internal
public final class ClassifierPool implements AutoCloseable {

  private record Kind(ClassifierTraining config, int steps, int channels, int classes) {}

  private final Map<Kind, Deque<ClassifierGraph>> idle = new HashMap<>();
  private boolean closed;

  /** Like the other, with epochs of one pass over train. */
  public FittedClassifier fit(
      ClassifierTraining config, LabelledWindows train, LabelledWindows tuning, long seed) {
    return fit(config, train, tuning, train.size(), seed);
  }

  /**
   * Fits a classifier, which the caller closes.
   *
   * @param windows windows of an epoch: fits to sets of different sizes take the same number of
   *     steps between two looks at tuning, and at most, if it is the same
   * @throws IllegalArgumentException if a set is empty or lacks a class, if the two differ in
   *     shape, or if a value is not finite
   * @throws IllegalStateException if the loss becomes NaN or infinite
   */
  public FittedClassifier fit(
      ClassifierTraining config,
      LabelledWindows train,
      LabelledWindows tuning,
      int windows,
      long seed) {
    checkArgument(windows >= 1, "windows of an epoch must be at least 1, were %s", windows);
    ClassifierTrainer.check(train, tuning);
    Kind kind = new Kind(config, train.steps(), train.channels(), train.classes());
    return ClassifierTrainer.fit(
        take(kind),
        graph -> giveBack(kind, graph),
        config,
        train,
        tuning,
        windows,
        seed,
        (epoch, weights) -> {});
  }

  private ClassifierGraph take(Kind kind) {
    synchronized (idle) {
      Deque<ClassifierGraph> graphs = idle.get(kind);
      if (graphs != null && !graphs.isEmpty()) {
        return graphs.pop();
      }
    }
    return new ClassifierGraph(kind.config(), kind.steps(), kind.channels(), kind.classes());
  }

  private void giveBack(Kind kind, ClassifierGraph graph) {
    synchronized (idle) {
      if (!closed) {
        idle.computeIfAbsent(kind, k -> new ArrayDeque<>()).push(graph);
        return;
      }
    }
    graph.close();
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.values().forEach(graphs -> graphs.forEach(ClassifierGraph::close));
      idle.clear();
    }
  }
}
