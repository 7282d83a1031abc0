package io.tardiff.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.influence.ClassifierConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ClassifierTrainingTest {
  private static final ClassifierTraining TRAINING =
      ClassifierTraining.of(ClassifierConfig.forName("cnn"));

  @Test
  void everyOptionCanBeSet() {
    ClassifierTraining training =
        TRAINING
            .withLearningRate(0.1)
            .withBatchSize(3)
            .withEpochs(5)
            .withPatience(2)
            .withClassWeighting(true);
    assertEquals(
        "ClassifierTraining{network="
            + ClassifierConfig.forName("cnn")
            + ", learningRate=0.1,"
            + " batchSize=3, epochs=5, patience=2, classWeighting=true}",
        training.toString());
    assertEquals(1e-3, TRAINING.learningRate());
    assertEquals(128, TRAINING.batchSize());
    assertEquals(20, TRAINING.epochs());
    assertEquals(4, TRAINING.patience());
    assertEquals(false, TRAINING.classWeighting());
  }

  @Test
  void invalidOptionsAreNamedWithTheirValue() {
    assertError("learningRate must be above 0, was -1.0", () -> TRAINING.withLearningRate(-1));
    assertError("batchSize must be at least 1, was 0", () -> TRAINING.withBatchSize(0));
    assertError("epochs must be at least 1, was 0", () -> TRAINING.withEpochs(0));
    assertError("patience must be at least 1, was 0", () -> TRAINING.withPatience(0));
  }

  private static void assertError(String message, Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
