package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Fits a classifier to windows: Adam on the cross-entropy of shuffled batches, until no epoch was
 * better on a tuning set, by {@link ClassifierTraining#stopBy}, for {@link
 * ClassifierTraining#patience} epochs. Keeps the weights of the best epoch.
 *
 * <pre>{@code
 * try (FittedClassifier classifier =
 *     ClassifierTrainer.fit(ClassifierTraining.forName("gru"), train, tuning, 7)) {
 *   double auroc = RankingMetrics.auroc(classifier.probabilities(heldOut), heldOut.labels());
 * }
 * }</pre>
 *
 * <p>The result is a pure function of the arguments. Windows are finite and in network units.
 */
final class ClassifierTrainer {

  private ClassifierTrainer() {}

  /** Called after every epoch with its metrics and weights, averaged if training averages. */
  @FunctionalInterface
  public interface Listener {
    void epoch(FittedClassifier.Epoch epoch, Weights weights);
  }

  /** Fits a classifier without a listener; the caller closes it. */
  public static FittedClassifier fit(
      ClassifierTraining config, LabelledWindows train, LabelledWindows tuning, long seed) {
    return fit(config, train, tuning, seed, (epoch, weights) -> {});
  }

  /**
   * Fits a classifier; the caller closes it.
   *
   * @throws IllegalArgumentException if a set is empty or lacks a class, if the two differ in
   *     shape, or if a value is not finite
   * @throws IllegalStateException if the loss becomes NaN or infinite
   */
  public static FittedClassifier fit(
      ClassifierTraining config,
      LabelledWindows train,
      LabelledWindows tuning,
      long seed,
      Listener listener) {
    check(train, tuning);
    ClassifierGraph graph =
        new ClassifierGraph(config, train.steps(), train.channels(), train.classes());
    return fit(graph, ClassifierGraph::close, config, train, tuning, seed, listener);
  }

  /**
   * Checks that a classifier can be fitted to {@code train} with early stopping on {@code tuning}.
   */
  static void check(LabelledWindows train, LabelledWindows tuning) {
    check("train", train);
    check("tuning", tuning);
    checkArgument(
        train.steps() == tuning.steps()
            && train.channels() == tuning.channels()
            && train.classes() == tuning.classes(),
        "tuning must have the shape of train (%s steps, %s channels, %s classes), had %s, %s, %s",
        train.steps(),
        train.channels(),
        train.classes(),
        tuning.steps(),
        tuning.channels(),
        tuning.classes());
  }

  /**
   * Fits on a new or used graph.
   *
   * @param release called with the graph when the classifier is closed
   */
  static FittedClassifier fit(
      ClassifierGraph graph,
      Consumer<ClassifierGraph> release,
      ClassifierTraining config,
      LabelledWindows train,
      LabelledWindows tuning,
      long seed,
      Listener listener) {
    try {
      Result result = run(graph, config, train, tuning, seed, listener);
      return new FittedClassifier(
          config,
          graph,
          release,
          train.steps(),
          train.channels(),
          result.weights(),
          result.history());
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private record Result(Weights weights, List<FittedClassifier.Epoch> history) {}

  private static Result run(
      ClassifierGraph graph,
      ClassifierTraining config,
      LabelledWindows train,
      LabelledWindows tuning,
      long seed,
      Listener listener) {
    ClassifierGraph.Training training = graph.training();
    training.start(graph.initial(Seeds.derive(seed, "classifier weights")));
    double[] classWeights = classWeights(config, train.counts());
    List<FittedClassifier.Epoch> history = new ArrayList<>();
    Weights best = graph.save();
    long stepsPerEpoch = (train.size() + config.batchSize() - 1) / config.batchSize();
    long step = 0;
    for (int number = 1; number <= config.epochs(); number++) {
      long begin = System.nanoTime();
      int[] order = IntStream.range(0, train.size()).toArray();
      Seeds.shuffle(order, Seeds.derive(seed, "classifier order", number));
      double sum = 0;
      for (int first = 0; first < order.length; first += config.batchSize()) {
        int[] chosen =
            Arrays.copyOfRange(order, first, Math.min(order.length, first + config.batchSize()));
        step++;
        int[] dropoutSeed = Seeds.pair(Seeds.derive(seed, "classifier dropout", step));
        float loss =
            training.step(
                train.select(chosen),
                classWeights,
                step,
                config.learningRateAt(step, config.epochs() * stepsPerEpoch),
                dropoutSeed);
        checkFinite(loss, number, step, config);
        sum += loss * chosen.length;
      }
      Weights trained = graph.save();
      Weights kept = training.kept();
      graph.load(kept);
      double[][] logProbabilities = FittedClassifier.logProbabilities(graph.logits(tuning));
      double[][] probabilities = FittedClassifier.exp(logProbabilities);
      FittedClassifier.Epoch epoch =
          new FittedClassifier.Epoch(
              number,
              sum / train.size(),
              crossEntropy(logProbabilities, tuning.labels(), classWeights),
              RankingMetrics.auroc(probabilities, tuning.labels()),
              RankingMetrics.auprc(probabilities, tuning.labels()),
              (System.nanoTime() - begin) / 1e9);
      checkFinite(epoch.tuningLoss(), number, step, config);
      history.add(epoch);
      if (config.stopBy().best(history) == epoch) {
        best = kept;
      }
      listener.epoch(epoch, kept);
      if (config.stopsAfter(history)) {
        break;
      }
      graph.load(trained);
    }
    graph.load(best);
    return new Result(best, history);
  }

  private static void checkFinite(double loss, int epoch, long step, ClassifierTraining config) {
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException(
          String.format(
              "the loss of the classifier is not finite at epoch %d, step %d: use a learningRate"
                  + " below %s",
              epoch, step, config.learningRate()));
    }
  }

  private static void check(String name, LabelledWindows windows) {
    checkArgument(windows.size() > 0, "%s must hold windows, was empty", name);
    int[] counts = windows.counts();
    checkArgument(
        Arrays.stream(counts).allMatch(count -> count > 0),
        "%s must hold windows of every class, held %s by class",
        name,
        Arrays.toString(counts));
    for (float value : windows.values()) {
      checkArgument(Float.isFinite(value), "values of %s must be finite, one was not", name);
    }
  }

  /** Returns 1 for each class, or with class weighting the inverse of its share, 1 on average. */
  private static double[] classWeights(ClassifierTraining config, int[] counts) {
    double size = Arrays.stream(counts).sum();
    return Arrays.stream(counts)
        .mapToDouble(count -> config.classWeighting() ? size / (counts.length * (double) count) : 1)
        .toArray();
  }

  private static double crossEntropy(
      double[][] logProbabilities, int[] labels, double[] classWeights) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum -= classWeights[labels[i]] * logProbabilities[i][labels[i]];
    }
    return sum / labels.length;
  }
}
