package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.RankingMetrics;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetClassifiersTest {

  @Test
  void everyModelLearnsToPredict(@TempDir Path directory) {
    RealWindows real = RealWindows.open(Fixtures.cohort(directory));
    DownstreamTrainer trainer = EvaluateSyntheticEhr.classifiers();
    for (String model : trainer.models()) {
      try (FittedModel fitted = trainer.fit(model, real.train(), real.tuning(), 1)) {
        double auroc =
            RankingMetrics.auroc(fitted.probabilities(real.heldOut()), real.heldOut().labels());
        assertThat(model, auroc, greaterThan(0.75));
      }
    }
  }

  @Test
  void logisticRegressionUsesSixSummariesPerChannel() {
    // Two channels over three steps: 1, 2, 6 and 5, 5, 5.
    LabelledWindows window =
        new LabelledWindows(3, 2, 2, new float[] {1, 5, 2, 5, 6, 5}, new int[] {0});
    double[] summaries = LogisticRegression.summaries(window)[0];
    double deviation = Math.sqrt((4 + 1 + 9) / 3.0);
    assertArrayEquals(new double[] {3, deviation, 1, 6, 1, 6, 5, 0, 5, 5, 5, 5}, summaries, 1e-12);
  }

  /** Includes a rare class and a constant channel. */
  @Test
  void logisticRegressionSupportsSeveralClasses() {
    LabelledWindows train = levels(60);
    for (long seed = 0; seed < 3; seed++) {
      try (FittedModel fitted = LogisticRegression.fit(train, levels(30), seed)) {
        double[][] probabilities = fitted.probabilities(levels(30));
        assertThat(RankingMetrics.auroc(probabilities, levels(30).labels()), closeTo(1, 1e-9));
        assertThat(Arrays.stream(probabilities[0]).sum(), closeTo(1, 1e-9));
      }
    }
  }

  /** The same function as LIBLINEAR's, so certain labels give the same probabilities. */
  @Test
  void logisticRegressionOfCertainProbabilitiesIsThatOfLabels() {
    for (int classes : new int[] {2, 3}) {
      LabelledWindows hard = noisy(levels(120), classes);
      double[][] expected = LogisticRegression.fit(hard, hard, 5).probabilities(hard);
      double[][] actual =
          LogisticRegression.fit(soft(hard, hard.targets()), hard, 5).probabilities(hard);
      for (int i = 0; i < expected.length; i++) {
        assertArrayEquals(expected[i], actual[i], 0.01);
      }
    }
  }

  /** Labels say nothing here, and probabilities all. */
  @Test
  void modelsFollowProbabilities() {
    LabelledWindows truth = noisy(levels(240), 2);
    int[] uninformative = new int[truth.size()];
    for (int i = 0; i < uninformative.length; i++) {
      uninformative[i] = i / 3 % 2;
    }
    LabelledWindows told =
        new LabelledWindows(
            2, 3, 2, truth.values(), truth.mask(), truth.statics(), uninformative, truth.targets());
    DownstreamTrainer trainer = EvaluateSyntheticEhr.classifiers();
    for (String model : new String[] {"logistic", "gru", "cnn"}) {
      try (FittedModel fitted = trainer.fit(model, told, truth, 1)) {
        assertThat(
            model,
            RankingMetrics.auroc(fitted.probabilities(truth), truth.labels()),
            greaterThan(0.9));
      }
    }
  }

  private static LabelledWindows soft(LabelledWindows windows, float[] probabilities) {
    return new LabelledWindows(
        windows.steps(),
        windows.channels(),
        windows.classes(),
        windows.values(),
        windows.mask(),
        windows.statics(),
        windows.labels(),
        probabilities);
  }

  /** Makes the classes overlap, and joins classes above the last. */
  private static LabelledWindows noisy(LabelledWindows windows, int classes) {
    float[] values = windows.values().clone();
    float[] noise = new float[values.length];
    Seeds.fillGaussian(noise, 0, noise.length, 1, "noise");
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.5f * noise[i];
    }
    return new LabelledWindows(
        windows.steps(),
        windows.channels(),
        classes,
        values,
        Arrays.stream(windows.labels()).map(label -> Math.min(label, classes - 1)).toArray());
  }

  @Test
  void logisticRegressionResamplesBySeed() {
    LabelledWindows train = levels(60);
    double first = LogisticRegression.fit(train, train, 1).probabilities(train)[0][0];
    assertEquals(first, LogisticRegression.fit(train, train, 1).probabilities(train)[0][0]);
    assertNotEquals(first, LogisticRegression.fit(train, train, 2).probabilities(train)[0][0]);
  }

  /**
   * Three classes, one of them rare: two are high in one channel each, the other in none. The third
   * channel is constant.
   */
  private static LabelledWindows levels(int size) {
    float[] values = new float[size * 6];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = i % 10 == 0 ? 2 : i % 2;
      for (int t = 0; t < 2; t++) {
        int at = 6 * i + 3 * t;
        values[at] = (labels[i] == 1 ? 4 : 0) + (i % 7) / 10f + t;
        values[at + 1] = (labels[i] == 2 ? 4 : 0) + (i % 5) / 10f;
        values[at + 2] = 3;
      }
    }
    return new LabelledWindows(2, 3, 3, values, labels);
  }
}
