package io.tardiff.tensorflow;

/**
 * Checks where TensorFlow comes from before its native library is loaded.
 *
 * <p>A process can load TensorFlow's native library only once. On Flink every job has its own class
 * loader: with TensorFlow in the job jar, the second job on a TaskManager would load it again and
 * abort the process with every job in it. {@link #check} turns this, and a missing TensorFlow, into
 * an exception that says what to do.
 */
public final class TensorFlowLibrary {
  private static final String CLASS = "org.tensorflow.TensorFlow";
  private static final String FLINK_USER_CODE = "org.apache.flink.util.FlinkUserCodeClassLoader";

  private TensorFlowLibrary() {}

  /**
   * Checks that TensorFlow can be used; call it in {@code @Setup}.
   *
   * @throws IllegalStateException if TensorFlow is missing, or comes from a Flink job jar
   */
  public static void check() {
    check(TensorFlowLibrary.class.getClassLoader());
  }

  static void check(ClassLoader worker) {
    ClassLoader loader;
    try {
      // Do not initialise the class: that would load the native library.
      loader = Class.forName(CLASS, /* initialize= */ false, worker).getClassLoader();
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw new IllegalStateException(
          "TensorFlow is not on the class path of this worker: on Flink, put the jars of flink-lib"
              + " into Flink's lib directory on every TaskManager and restart it; elsewhere, add"
              + " org.tensorflow:tensorflow-core-api and the tensorflow-core-native of the"
              + " platform",
          e);
    }
    if (isFlinkJobLoader(loader)) {
      throw new IllegalStateException(
          "TensorFlow comes from the job jar, so the second job on this TaskManager would crash the"
              + " TaskManager: put the jars of flink-lib into Flink's lib directory on every"
              + " TaskManager, restart it, and remove TensorFlow from the job jar");
    }
  }

  /** Compares names, because this library does not depend on Flink. */
  private static boolean isFlinkJobLoader(ClassLoader loader) {
    if (loader == null) {
      return false;
    }
    for (Class<?> type = loader.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().equals(FLINK_USER_CODE)) {
        return true;
      }
    }
    return false;
  }
}
