package io.tardiff.tensorflow;

/**
 * The number of threads TensorFlow uses.
 *
 * <p>TensorFlow's thread pools are created by the first session of a process, so the number is a
 * system property ({@code -Dtardiff.threads=4}), not a setting of a model. Default: the number of
 * processors.
 */
final class TensorFlowThreads {
  private static final String PROPERTY = "tardiff.threads";

  private TensorFlowThreads() {}

  static int perProcess() {
    return Integer.getInteger(PROPERTY, Runtime.getRuntime().availableProcessors());
  }
}
