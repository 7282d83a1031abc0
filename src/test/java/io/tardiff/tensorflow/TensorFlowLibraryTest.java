package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URL;
import org.apache.flink.util.ChildFirstClassLoader;
import org.apache.flink.util.FlinkUserCodeClassLoader;
import org.junit.jupiter.api.Test;
import org.tensorflow.TensorFlow;

/** Uses Flink's class loader of a job, without a cluster. */
class TensorFlowLibraryTest {
  private static FlinkUserCodeClassLoader loaderOfAJob(String... parentFirst) {
    URL jobJar = TensorFlow.class.getProtectionDomain().getCodeSource().getLocation();
    return new ChildFirstClassLoader(
        new URL[] {jobJar},
        TensorFlowLibraryTest.class.getClassLoader(),
        parentFirst,
        FlinkUserCodeClassLoader.NOOP_EXCEPTION_HANDLER);
  }

  private static String message(ClassLoader worker) {
    return assertThrows(IllegalStateException.class, () -> TensorFlowLibrary.check(worker))
        .getMessage();
  }

  @Test
  void acceptsTheApplicationClassLoader() {
    assertDoesNotThrow(() -> TensorFlowLibrary.check());
  }

  @Test
  void missingTensorFlowSaysWhatToDo() {
    assertThat(
        message(ClassLoader.getPlatformClassLoader()),
        allOf(
            containsString("TensorFlow is not on the class path of this worker"),
            containsString("put the jars of flink-lib into Flink's lib directory")));
  }

  @Test
  void rejectsTensorFlowFromTheJobJar() throws IOException {
    try (FlinkUserCodeClassLoader job = loaderOfAJob()) {
      assertThat(
          message(job),
          allOf(
              containsString("TensorFlow comes from the job jar"),
              containsString("remove TensorFlow from the job jar")));
    }
  }

  @Test
  void acceptsTensorFlowFromFlinkEvenIfTheJobJarHasOne() throws IOException {
    try (FlinkUserCodeClassLoader job = loaderOfAJob("org.tensorflow.")) {
      assertDoesNotThrow(() -> TensorFlowLibrary.check(job));
    }
  }
}
