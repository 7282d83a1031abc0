package io.tardiff.tensorflow;

/**
 * Where TensorFlow comes from, asked before anything native is loaded.
 *
 * <p>A process can load TensorFlow's native library once. In most programs that is so by itself;
 * not on Flink, which gives every job a class loader of its own: with TensorFlow in the job jar,
 * the second job of a TaskManager would load it a second time and abort the process, and every
 * other job in it. {@link #check} turns that, and TensorFlow's absence, into an exception that says
 * what to do.
 */
public final class TensorFlowLibrary {
  private static final String CLASS = "org.tensorflow.TensorFlow";
  private static final String FLINK_USER_CODE = "org.apache.flink.util.FlinkUserCodeClassLoader";

  private TensorFlowLibrary() {}

  /**
   * Call it before the first use of TensorFlow in a worker, as in {@code @Setup}.
   *
   * @throws IllegalStateException if TensorFlow is not there, or cannot be used more than once
   */
  public static void check() {
    check(TensorFlowLibrary.class.getClassLoader());
  }

  static void check(ClassLoader workers) {
    ClassLoader loader;
    try {
      // Found, but not initialised: that would load the native library.
      loader = Class.forName(CLASS, /* initialize= */ false, workers).getClassLoader();
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw new IllegalStateException(
          "TensorFlow is not on the class path of this worker: on Flink, put the jars of flink-lib"
              + " into the directory lib of Flink on every TaskManager and start it again;"
              + " elsewhere, add org.tensorflow:tensorflow-core-api and the"
              + " tensorflow-core-native of the platform",
          e);
    }
    if (isOfOneFlinkJob(loader)) {
      throw new IllegalStateException(
          "TensorFlow comes from the job jar, so the second job on this TaskManager would end the"
              + " TaskManager's process: put the jars of flink-lib into the directory lib of Flink"
              + " on every TaskManager, start it again, and leave TensorFlow out of the job jar");
    }
  }

  /** By name: this library knows no Flink. */
  private static boolean isOfOneFlinkJob(ClassLoader loader) {
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
