package io.tardiff.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.files.Json;
import io.tardiff.influence.ClassifierConfig;
import java.util.List;
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
            .withLearningRateSchedule(ClassifierTraining.LearningRateSchedule.COSINE)
            .withWeightDecay(0.2)
            .withAverageDecay(0.9)
            .withBatchSize(3)
            .withEpochs(5)
            .withStopBy(ClassifierTraining.StopBy.AUPRC)
            .withPatience(2)
            .withClassWeighting(true);
    assertEquals(
        "ClassifierTraining{network="
            + ClassifierConfig.forName("cnn")
            + ", learningRate=0.1, learningRateSchedule=COSINE, weightDecay=0.2, averageDecay=0.9,"
            + " batchSize=3, epochs=5, stopBy=AUPRC, patience=2, classWeighting=true}",
        training.toString());
    assertEquals(1e-3, TRAINING.learningRate());
    assertEquals(ClassifierTraining.LearningRateSchedule.CONSTANT, TRAINING.learningRateSchedule());
    assertEquals(0, TRAINING.weightDecay());
    assertEquals(0.999, TRAINING.averageDecay());
    assertEquals(128, TRAINING.batchSize());
    assertEquals(20, TRAINING.epochs());
    assertEquals(ClassifierTraining.StopBy.LOSS, TRAINING.stopBy());
    assertEquals(4, TRAINING.patience());
    assertEquals(false, TRAINING.classWeighting());
  }

  @Test
  void invalidOptionsAreNamedWithTheirValue() {
    assertError("learningRate must be above 0, was -1.0", () -> TRAINING.withLearningRate(-1));
    assertError("weightDecay must be at least 0, was -0.1", () -> TRAINING.withWeightDecay(-0.1));
    assertError(
        "averageDecay must be at least 0 and below 1, was 1.0", () -> TRAINING.withAverageDecay(1));
    assertError("batchSize must be at least 1, was 0", () -> TRAINING.withBatchSize(0));
    assertError("epochs must be at least 1, was 0", () -> TRAINING.withEpochs(0));
    assertError("patience must be at least 1, was 0", () -> TRAINING.withPatience(0));
  }

  /** An epoch with the given loss and AUPRC on tuning. */
  private static FittedClassifier.Epoch epoch(int number, double loss, double auprc) {
    return new FittedClassifier.Epoch(number, 1, loss, 0.5, auprc, 0);
  }

  private static final List<FittedClassifier.Epoch> HISTORY =
      List.of(
          epoch(1, 0.6, 0.2),
          epoch(2, 0.5, 0.3),
          epoch(3, 0.5, 0.4),
          epoch(4, 0.55, 0.4),
          epoch(5, 0.7, 0.1));

  @Test
  void theFirstOfTheBestEpochsIsTheBest() {
    assertEquals(2, ClassifierTraining.StopBy.LOSS.best(HISTORY).number());
    assertEquals(3, ClassifierTraining.StopBy.AUPRC.best(HISTORY).number());
  }

  @Test
  void stopsAfterPatienceEpochsThatAreNotBetter() {
    ClassifierTraining byLoss = TRAINING.withStopBy(ClassifierTraining.StopBy.LOSS).withPatience(2);
    ClassifierTraining byAuprc = byLoss.withStopBy(ClassifierTraining.StopBy.AUPRC);
    assertFalse(byLoss.stopsAfter(HISTORY.subList(0, 3)));
    assertTrue(byLoss.stopsAfter(HISTORY.subList(0, 4)));
    assertFalse(byAuprc.stopsAfter(HISTORY.subList(0, 4)));
    assertTrue(byAuprc.stopsAfter(HISTORY));
  }

  @Test
  void cosineFallsToZeroOverAllSteps() {
    ClassifierTraining constant =
        TRAINING
            .withLearningRate(0.1)
            .withLearningRateSchedule(ClassifierTraining.LearningRateSchedule.CONSTANT);
    ClassifierTraining cosine =
        constant.withLearningRateSchedule(ClassifierTraining.LearningRateSchedule.COSINE);
    assertEquals(0.1, constant.learningRateAt(3, 4));
    assertEquals(0.1, cosine.learningRateAt(1, 4));
    assertEquals(0.1 * (1 + Math.sqrt(0.5)) / 2, cosine.learningRateAt(2, 4), 1e-15);
    assertEquals(0.05, cosine.learningRateAt(3, 4), 1e-15);
    assertEquals(0, cosine.learningRateAt(5, 4), 1e-15);
  }

  /** Models of earlier versions lack these settings. */
  @Test
  void filesOfEarlierVersionsMeanWhatTheseDid() {
    ClassifierTraining before =
        TRAINING
            .withLearningRateSchedule(ClassifierTraining.LearningRateSchedule.CONSTANT)
            .withWeightDecay(0)
            .withAverageDecay(0)
            .withStopBy(ClassifierTraining.StopBy.AUPRC);
    JsonNode file =
        Json.MAPPER
            .createObjectNode()
            .put("kind", "cnn")
            .put("hidden", 64)
            .put("layers", 3)
            .put("dropout", 0.2)
            .put("learning_rate", 0.001)
            .put("batch", 128)
            .put("epochs", 20)
            .put("patience", 4)
            .put("class_weighting", false);
    assertEquals(before, ClassifierTraining.settings().fromJson(file));
    assertEquals(file, ClassifierTraining.settings().toJson(before));
    ClassifierTraining other =
        before.withStopBy(ClassifierTraining.StopBy.LOSS).withAverageDecay(0.98);
    assertEquals(
        other, ClassifierTraining.settings().fromJson(ClassifierTraining.settings().toJson(other)));
  }

  private static void assertError(String message, Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
