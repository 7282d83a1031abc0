package io.tardiff.tensorflow;

/**
 * How many threads TensorFlow may use within an op.
 *
 * <p>TensorFlow has one such pool per process, made by the first session: the number is therefore a
 * property of the JVM ({@code -Dtardiff.threads=4}), not of a model.
 */
final class TensorFlowThreads {
  private static final String PROPERTY = "tardiff.threads";

  private TensorFlowThreads() {}

  static int perProcess() {
    return Integer.getInteger(PROPERTY, Runtime.getRuntime().availableProcessors());
  }
}
