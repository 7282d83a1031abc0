package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClassifierTrainerTest {
  private static final int STEPS = 5;
  private static final int CHANNELS = 2;

  private final LabelledWindows train = windows(300, 2, 1);
  private final LabelledWindows tuning = windows(150, 2, 2);

  private static ClassifierTraining small(String kind) {
    return ClassifierTraining.of(ClassifierConfig.forName(kind).withHidden(8))
        .withBatchSize(32)
        .withLearningRate(1e-2);
  }

  /** The label raises the first channel from step 2 on. */
  private static LabelledWindows windows(int size, int classes, long seed) {
    float[] values = new float[size * STEPS * CHANNELS];
    Seeds.fillGaussian(values, 0, values.length, seed, "values");
    UniformRandomProvider random = Seeds.stream(seed, "labels");
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(classes);
      for (int t = 2; t < STEPS; t++) {
        values[(i * STEPS + t) * CHANNELS] += 1.5f * labels[i];
      }
    }
    return new LabelledWindows(STEPS, CHANNELS, classes, values, labels);
  }

  /** Every window looks alike, so the best prediction is the mean of what the labels say. */
  @Test
  void fitsProbabilitiesIfThereAreSome() {
    int[] labels = new int[64];
    float[] probabilities = new float[128];
    for (int i = 0; i < 64; i++) {
      labels[i] = i % 2;
      probabilities[2 * i] = 0.2f;
      probabilities[2 * i + 1] = 0.8f;
    }
    float[] values = new float[64 * STEPS * CHANNELS];
    boolean[] mask = new boolean[values.length];
    LabelledWindows soft =
        new LabelledWindows(STEPS, CHANNELS, 2, values, mask, new float[0], labels, probabilities);
    ClassifierTraining config =
        small("cnn").withAverageDecay(0).withLearningRate(0.02).withEpochs(60).withPatience(60);
    // Tuning has the same soft share of classes, as hard labels.
    int[] mostlyOnes = new int[50];
    for (int i = 0; i < 40; i++) {
      mostlyOnes[i] = 1;
    }
    LabelledWindows early =
        new LabelledWindows(STEPS, CHANNELS, 2, new float[50 * STEPS * CHANNELS], mostlyOnes);

    try (FittedClassifier classifier = ClassifierTrainer.fit(config, soft, early, 1)) {
      assertThat(classifier.probabilities(soft)[0][1], closeTo(0.8, 0.02));
    }
    // With class weights, that of a class multiplies its part of the loss.
    labels[1] = 0;
    try (FittedClassifier classifier =
        ClassifierTrainer.fit(config.withClassWeighting(true), soft, early, 1)) {
      double first = 64 / (2.0 * 33) * 0.2;
      double second = 64 / (2.0 * 31) * 0.8;
      assertThat(classifier.probabilities(soft)[0][1], closeTo(second / (first + second), 0.02));
    }
  }

  /** A set twice as large takes the same steps per epoch, so one pass over it is two epochs. */
  @Test
  void anEpochMayBeShorterThanAPass() {
    LabelledWindows large = windows(128, 2, 5);
    ClassifierTraining config =
        small("cnn").withBatchSize(32).withAverageDecay(0).withEpochs(2).withPatience(9);
    List<Weights> passes = new ArrayList<>();
    List<Weights> halves = new ArrayList<>();
    ClassifierTrainer.fit(config, large, tuning, 3, (epoch, weights) -> passes.add(weights))
        .close();
    ClassifierTrainer.fit(
            new ClassifierGraph(config, STEPS, CHANNELS, 2),
            ClassifierGraph::close,
            config.withEpochs(4),
            large,
            tuning,
            64,
            3,
            (epoch, weights) -> halves.add(weights))
        .close();

    assertEquals(4, halves.size());
    for (int pass = 0; pass < 2; pass++) {
      for (Weights.Weight weight : passes.get(pass).all()) {
        assertArrayEquals(weight.values(), halves.get(2 * pass + 1).get(weight.name()).values());
      }
    }
  }

  /** An epoch longer than a pass goes on with the next one. */
  @Test
  void anEpochMayBeLongerThanAPass() {
    LabelledWindows few = windows(64, 2, 5);
    ClassifierTraining config =
        small("cnn").withBatchSize(32).withAverageDecay(0).withEpochs(1).withPatience(9);
    List<Weights> two = new ArrayList<>();
    ClassifierTrainer.fit(
            config.withEpochs(2), few, tuning, 3, (epoch, weights) -> two.add(weights))
        .close();
    try (FittedClassifier one =
        ClassifierTrainer.fit(
            new ClassifierGraph(config, STEPS, CHANNELS, 2),
            ClassifierGraph::close,
            config,
            few,
            tuning,
            128,
            3,
            (epoch, weights) -> {})) {
      for (Weights.Weight weight : two.get(1).all()) {
        assertArrayEquals(weight.values(), one.weights().get(weight.name()).values());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void separatesTheClasses(String kind) {
    try (FittedClassifier classifier =
        ClassifierTrainer.fit(small(kind).withEpochs(6), train, tuning, 3)) {
      LabelledWindows heldOut = windows(200, 2, 4);
      double[][] probabilities = classifier.probabilities(heldOut);
      assertThat(RankingMetrics.auroc(probabilities, heldOut.labels()), greaterThan(0.9));
      for (double[] p : probabilities) {
        assertThat(p[0] + p[1], closeTo(1, 1e-12));
      }
      List<FittedClassifier.Epoch> history = classifier.history();
      assertThat(history.get(history.size() - 1).trainLoss(), lessThan(history.get(0).trainLoss()));
    }
  }

  @Test
  void learnsMoreThanTwoClasses() {
    try (FittedClassifier classifier =
        ClassifierTrainer.fit(
            small("gru").withEpochs(8), windows(400, 3, 1), windows(150, 3, 2), 3)) {
      assertThat(classifier.best().tuningAuroc(), greaterThan(0.85));
      assertEquals(3, classifier.probabilities(tuning(3))[0].length);
    }
  }

  private static LabelledWindows tuning(int classes) {
    return windows(10, classes, 9);
  }

  @Test
  void sameSeedSameBits() {
    ClassifierTraining config = small("gru").withEpochs(2);
    try (FittedClassifier one = ClassifierTrainer.fit(config, train, tuning, 3);
        FittedClassifier two = ClassifierTrainer.fit(config, train, tuning, 3);
        FittedClassifier other = ClassifierTrainer.fit(config, train, tuning, 4)) {
      assertSame(one.weights(), two.weights());
      assertArrayEquals(one.logits(tuning), two.logits(tuning));
      assertFalse(Arrays.deepEquals(one.logits(tuning), other.logits(tuning)));
    }
  }

  /** Weights and Adam's moments of an earlier fit must not survive on the graph. */
  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void poolFitsOnAUsedGraphToTheSameBits(String kind) {
    ClassifierTraining config = small(kind).withEpochs(2).withAverageDecay(0.9);
    try (ClassifierPool pool = new ClassifierPool();
        FittedClassifier alone = ClassifierTrainer.fit(config, train, tuning, 4)) {
      pool.fit(config, tuning, train, 3).close();
      try (FittedClassifier second = pool.fit(config, train, tuning, 4);
          FittedClassifier other = pool.fit(config, train, tuning, 5)) {
        assertSame(alone.weights(), second.weights());
        assertArrayEquals(alone.logits(tuning), second.logits(tuning));
        assertFalse(Arrays.deepEquals(alone.logits(tuning), other.logits(tuning)));
      }
    }
  }

  @Test
  void classifierOutlivesItsPool() {
    ClassifierPool pool = new ClassifierPool();
    try (FittedClassifier classifier = pool.fit(small("cnn").withEpochs(1), train, tuning, 3)) {
      pool.close();
      assertEquals(train.size(), classifier.logits(train).length);
    }
  }

  private static void assertSame(Weights one, Weights two) {
    for (Weights.Weight weight : one.all()) {
      assertArrayEquals(weight.values(), two.get(weight.name()).values(), weight.name());
    }
  }

  @ParameterizedTest
  @EnumSource(ClassifierTraining.StopBy.class)
  void keepsTheBestEpochAndStopsAfterPatienceEpochs(ClassifierTraining.StopBy criterion) {
    List<FittedClassifier.Epoch> epochs = new ArrayList<>();
    List<Weights> weights = new ArrayList<>();
    // Random labels: the scores on tuning fluctuate and soon stop improving.
    LabelledWindows noise = windows(100, 2, 5);
    int[] labels = noise.labels();
    Seeds.shuffle(labels, 1);
    LabelledWindows shuffled = new LabelledWindows(STEPS, CHANNELS, 2, noise.values(), labels);
    try (FittedClassifier classifier =
        ClassifierTrainer.fit(
            small("cnn").withEpochs(60).withPatience(3).withStopBy(criterion),
            shuffled,
            windows(60, 2, 6),
            3,
            (epoch, current) -> {
              epochs.add(epoch);
              weights.add(current);
            })) {
      assertEquals(epochs, classifier.history());
      int best = classifier.best().number();
      assertThat(epochs, hasSize(Math.min(60, best + 3)));
      for (FittedClassifier.Epoch epoch : epochs) {
        assertFalse(
            criterion == ClassifierTraining.StopBy.AUPRC
                ? epoch.tuningAuprc() > classifier.best().tuningAuprc()
                : epoch.tuningLoss() < classifier.best().tuningLoss());
      }
      assertSame(weights.get(best - 1), classifier.weights());
      LabelledWindows scored = windows(60, 2, 6);
      assertEquals(
          classifier.best().tuningAuprc(),
          RankingMetrics.auprc(classifier.probabilities(scored), scored.labels()));
    }
  }

  @Test
  void restoredClassifierScoresTheSame() {
    ClassifierTraining config = small("gru").withEpochs(2);
    try (FittedClassifier fitted = ClassifierTrainer.fit(config, train, tuning, 3);
        FittedClassifier restored =
            FittedClassifier.restore(
                config, STEPS, CHANNELS, 2, fitted.weights(), fitted.history())) {
      assertArrayEquals(fitted.logits(tuning), restored.logits(tuning));
      assertArrayEquals(fitted.features(tuning), restored.features(tuning));
      assertEquals(16, fitted.features(tuning)[0].length);
      assertEquals(fitted.best(), restored.best());
    }
  }

  /** The score of a window depends neither on other windows nor on padding. */
  @Test
  void scoresDoNotDependOnTheBatch() {
    try (FittedClassifier classifier =
        ClassifierTrainer.fit(small("gru").withEpochs(1), train, tuning, 3)) {
      float[][] all = classifier.logits(tuning);
      float[][] alone = classifier.logits(tuning.select(new int[] {77}));
      assertArrayEquals(all[77], alone[0]);
      assertEquals(0, classifier.logits(tuning.select(new int[] {})).length);
    }
  }

  @Test
  void classWeightingRaisesTheProbabilityOfTheRareClass() {
    int[] chosen = new int[train.size()];
    int size = 0;
    int ones = 0;
    for (int i = 0; i < train.size(); i++) {
      if (train.labels()[i] == 0 || ones++ % 10 == 0) {
        chosen[size++] = i;
      }
    }
    LabelledWindows rare = train.select(Arrays.copyOf(chosen, size));
    ClassifierTraining config = small("cnn").withEpochs(3);
    try (FittedClassifier plain = ClassifierTrainer.fit(config, rare, tuning, 3);
        FittedClassifier weighted =
            ClassifierTrainer.fit(config.withClassWeighting(true), rare, tuning, 3)) {
      assertThat(meanOfClassOne(weighted), greaterThan(meanOfClassOne(plain) + 0.1));
    }
  }

  /** Both losses have class weights, so that they can be compared. */
  @Test
  void tuningLossHasTheClassWeightsOfTrain() {
    ClassifierTraining config = small("cnn").withEpochs(2).withClassWeighting(true);
    int[] chosen = new int[200];
    int ones = 0;
    int size = 0;
    for (int i = 0; i < train.size() && size < 40; i++) {
      if (train.labels()[i] == 0 || ones++ < 10) {
        chosen[size++] = i;
      }
    }
    LabelledWindows rare = train.select(Arrays.copyOf(chosen, size));
    double[] weights = Arrays.stream(rare.counts()).mapToDouble(n -> 40 / (2.0 * n)).toArray();
    try (FittedClassifier classifier = ClassifierTrainer.fit(config, rare, tuning, 3)) {
      double[][] probabilities = classifier.probabilities(tuning);
      double sum = 0;
      for (int i = 0; i < tuning.size(); i++) {
        int label = tuning.labels()[i];
        sum -= weights[label] * Math.log(probabilities[i][label]);
      }
      assertThat(weights[1], greaterThan(weights[0]));
      assertThat(classifier.best().tuningLoss(), closeTo(sum / tuning.size(), 1e-9));
    }
  }

  /** One batch is all of train, so that a listener sees the weights after every step. */
  @Test
  void keepsTheAverageOfTheWeightsOverSteps() {
    LabelledWindows few = windows(30, 2, 7);
    ClassifierTraining config = small("cnn").withEpochs(4).withAverageDecay(0);
    List<Weights> trained = new ArrayList<>();
    List<Weights> averaged = new ArrayList<>();
    ClassifierTrainer.fit(config, few, tuning, 3, (epoch, current) -> trained.add(current)).close();
    try (FittedClassifier classifier =
            ClassifierTrainer.fit(
                config.withAverageDecay(0.3),
                few,
                tuning,
                3,
                (epoch, current) -> averaged.add(current));
        ClassifierGraph graph = new ClassifierGraph(config, STEPS, CHANNELS, 2)) {
      Weights initial = graph.initial(Seeds.derive(3, "classifier weights"));
      // The decay is at most (1 + t) / (10 + t).
      double[] decays = {2 / 11.0, 3 / 12.0, 0.3, 0.3};
      for (Weights.Weight weight : initial.all()) {
        for (int i = 0; i < weight.values().length; i++) {
          double expected = weight.values()[i];
          for (int t = 0; t < 4; t++) {
            float current = trained.get(t).get(weight.name()).values()[i];
            expected = decays[t] * expected + (1 - decays[t]) * current;
            assertThat(
                (double) averaged.get(t).get(weight.name()).values()[i], closeTo(expected, 1e-6));
          }
        }
      }
      FittedClassifier.Epoch best = classifier.best();
      assertSame(averaged.get(best.number() - 1), classifier.weights());
      assertEquals(
          best.tuningAuroc(),
          RankingMetrics.auroc(classifier.probabilities(tuning), tuning.labels()));
    }
  }

  @Test
  void weightDecayAndScheduleReachTheOptimiser() {
    ClassifierTraining config =
        small("cnn")
            .withEpochs(2)
            .withAverageDecay(0)
            .withWeightDecay(0)
            .withLearningRateSchedule(ClassifierTraining.LearningRateSchedule.CONSTANT);
    ClassifierTraining cosine =
        config.withLearningRateSchedule(ClassifierTraining.LearningRateSchedule.COSINE);
    double plain = squares(config);
    assertThat(squares(config.withWeightDecay(5)), lessThan(0.9 * plain));
    assertThat(Math.abs(squares(cosine) / plain - 1), greaterThan(1e-3));
  }

  /** Returns the sum of squares of the weights of the head after the last epoch. */
  private double squares(ClassifierTraining config) {
    List<Weights> weights = new ArrayList<>();
    ClassifierTrainer.fit(config, train, tuning, 3, (epoch, current) -> weights.add(current))
        .close();
    double sum = 0;
    for (float value : weights.get(config.epochs() - 1).get("head/kernel").values()) {
      sum += value * value;
    }
    return sum;
  }

  private double meanOfClassOne(FittedClassifier classifier) {
    return Arrays.stream(classifier.probabilities(tuning))
        .mapToDouble(p -> p[1])
        .average()
        .orElseThrow();
  }

  @Test
  void rejectsInvalidInput() {
    ClassifierTraining config = small("cnn").withEpochs(1);
    LabelledWindows empty = train.select(new int[] {});
    int[] zeros = new int[300];
    LabelledWindows oneClass = new LabelledWindows(STEPS, CHANNELS, 2, train.values(), zeros);
    LabelledWindows wider = new LabelledWindows(STEPS, 1, 2, new float[10], new int[] {0, 1});
    float[] withGap = train.values().clone();
    withGap[5] = Float.NaN;
    LabelledWindows gap = new LabelledWindows(STEPS, CHANNELS, 2, withGap, train.labels());
    assertError(config, empty, tuning, "train must hold windows, was empty");
    assertError(config, train, empty, "tuning must hold windows, was empty");
    assertError(config, oneClass, tuning, "train must hold windows of every class, held [300, 0]");
    assertError(config, train, wider, "(5 steps, 2 channels, 2 classes), had 5, 1, 2");
    assertError(config, gap, tuning, "values of train must be finite");
    try (FittedClassifier classifier = ClassifierTrainer.fit(config, train, tuning, 1)) {
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> classifier.probabilities(wider));
      assertThat(e.getMessage(), containsString("must have 5 steps and 2 channels, had 5 and 1"));
    }
  }

  private static void assertError(
      ClassifierTraining config, LabelledWindows train, LabelledWindows tuning, String message) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ClassifierTrainer.fit(config, train, tuning, 1).close());
    assertThat(e.getMessage(), containsString(message));
  }

  @Test
  void lossThatIsNotFiniteNamesTheLearningRate() {
    ClassifierTraining config = small("cnn").withEpochs(30).withLearningRate(1e38);
    Exception e =
        assertThrows(
            IllegalStateException.class,
            () -> ClassifierTrainer.fit(config, train, tuning, 1).close());
    assertThat(e.getMessage(), containsString("is not finite at epoch 1, step"));
    assertThat(e.getMessage(), containsString("learningRate below 1.0E38"));
  }
}
