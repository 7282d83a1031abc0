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

/** With Flink's own class loader of a job, without a cluster. */
class TensorFlowLibraryTest {
  private static FlinkUserCodeClassLoader loaderOfAJob(String... parentFirst) {
    URL jobJar = TensorFlow.class.getProtectionDomain().getCodeSource().getLocation();
    return new ChildFirstClassLoader(
        new URL[] {jobJar},
        TensorFlowLibraryTest.class.getClassLoader(),
        parentFirst,
        FlinkUserCodeClassLoader.NOOP_EXCEPTION_HANDLER);
  }

  private static String refusal(ClassLoader workers) {
    return assertThrows(IllegalStateException.class, () -> TensorFlowLibrary.check(workers))
        .getMessage();
  }

  @Test
  void isFineHere() {
    assertDoesNotThrow(() -> TensorFlowLibrary.check());
  }

  @Test
  void saysWhatToDoWhereThereIsNone() {
    assertThat(
        refusal(ClassLoader.getPlatformClassLoader()),
        allOf(
            containsString("TensorFlow is not on the class path of this worker"),
            containsString("put the jars of flink-lib into the directory lib of Flink")));
  }

  @Test
  void refusesTheOneOfTheJobJar() throws IOException {
    try (FlinkUserCodeClassLoader job = loaderOfAJob()) {
      assertThat(
          refusal(job),
          allOf(
              containsString("TensorFlow comes from the job jar"),
              containsString("leave TensorFlow out of the job jar")));
    }
  }

  @Test
  void takesTheOneOfFlinkAlthoughTheJobJarHasOneToo() throws IOException {
    try (FlinkUserCodeClassLoader job = loaderOfAJob("org.tensorflow.")) {
      assertDoesNotThrow(() -> TensorFlowLibrary.check(job));
    }
  }
}
