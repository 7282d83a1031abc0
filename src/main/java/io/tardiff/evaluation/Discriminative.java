package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.influence.ClassifierInputs;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * How well a classifier tells synthetic from real train windows: the discriminative score of Yoon,
 * Jarrett and van der Schaar, <em>Time-series generative adversarial networks</em>, NeurIPS 2019,
 * {@code |accuracy - 0.5|}, which is near 0 if it cannot tell them apart and 0.5 if it always can.
 *
 * <p>The classifier sees equally many real and synthetic windows, at most {@link #LIMIT} of each, a
 * seeded sample of larger sets. It is cross-fitted: the windows are divided into {@link #FOLDS}
 * folds, and each is classified by a model that was fitted without its fold. All windows of a
 * subject are in one fold, so a model cannot recognise a patient. The next fold serves for early
 * stopping.
 *
 * <ul>
 *   <li>{@code forest}: 50 classification trees on summaries of each channel: mean, standard
 *       deviation, minimum, maximum, first and last value, slope, and mean absolute change from
 *       step to step. Each tree is grown on a bootstrap sample and a random sixth of the summaries
 *       (Ho, <em>The random subspace method for constructing decision forests</em>, 1998). A forest
 *       needs no early stopping and is fitted to four folds.
 *   <li>{@code gru}: the recurrent classifier of this library, on the steps themselves, fitted to
 *       three folds in batches of 32 windows.
 * </ul>
 *
 * <p>If the set has masks, both read them as further channels that are 1 where a value was observed
 * and -1 where it was not; the summaries of such a channel are its coverage, its trend and its
 * changes. Without masks they read the filled values.
 *
 * <p>An accuracy clearly below 0.5 is a sign of near copies: a synthetic window resembles a real
 * one of another fold so much that it is taken for real. {@link Privacy} measures that.
 *
 * @param model {@code forest} or {@code gru}
 * @param windows number of windows of each kind
 * @param masks whether the classifier read the masks
 * @param accuracy share of the windows that it classified correctly, ties counting one half; NaN if
 *     there are fewer than {@link ChannelProfile#MINIMUM} windows of each kind, or no subject, for
 *     each fold
 * @param score {@code |accuracy - 0.5|}
 */
public record Discriminative(
    String model, int windows, boolean masks, double accuracy, double score)
    implements Serializable {

  /** Largest number of windows of each kind. */
  static final int LIMIT = 2_000;

  static final int FOLDS = 5;

  /** Windows and the subject of each, numbered arbitrarily. */
  record Side(LabelledWindows windows, int[] subjects) {

    /** Windows each of which is a subject. */
    static Side of(LabelledWindows windows) {
      return new Side(windows, IntStream.range(0, windows.size()).toArray());
    }

    private Side sample(int count, UniformRandomProvider random) {
      if (count == windows.size()) {
        return this;
      }
      int[] chosen = new PermutationSampler(random, windows.size(), count).sample();
      Arrays.sort(chosen);
      return new Side(
          windows.select(chosen), Arrays.stream(chosen).map(w -> subjects[w]).toArray());
    }

    /** Returns the fold of each window: subjects in random order, each to the smallest fold. */
    private int[] folds(UniformRandomProvider random) {
      int[] distinct = Arrays.stream(subjects).distinct().sorted().toArray();
      int[] sizes = new int[distinct.length];
      int[] of =
          Arrays.stream(subjects).map(subject -> Arrays.binarySearch(distinct, subject)).toArray();
      for (int subject : of) {
        sizes[subject]++;
      }
      int[] foldOf = new int[distinct.length];
      int[] held = new int[FOLDS];
      for (int subject :
          new PermutationSampler(random, distinct.length, distinct.length).sample()) {
        int smallest =
            IntStream.range(1, FOLDS)
                .reduce(0, (best, fold) -> held[fold] < held[best] ? fold : best);
        foldOf[subject] = smallest;
        held[smallest] += sizes[subject];
      }
      return Arrays.stream(of).map(subject -> foldOf[subject]).toArray();
    }
  }

  /**
   * Cross-fits a classifier that tells {@code set} from {@code real}.
   *
   * @param masked whether the classifier reads the masks
   */
  static Discriminative measure(
      String model, DownstreamTrainer trainer, Side real, Side set, boolean masked) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1);
    int count = Math.min(LIMIT, Math.min(real.windows().size(), set.windows().size()));
    if (count < FOLDS * ChannelProfile.MINIMUM
        || Arrays.stream(real.subjects()).distinct().count() < FOLDS
        || Arrays.stream(set.subjects()).distinct().count() < FOLDS) {
      return new Discriminative(model, count, masked, Double.NaN, Double.NaN);
    }
    Side someReal = real.sample(count, random);
    Side someOfSet = set.sample(count, random);
    int[] folds =
        IntStream.concat(
                Arrays.stream(someReal.folds(random)), Arrays.stream(someOfSet.folds(random)))
            .toArray();
    LabelledWindows windows =
        LabelledWindows.concat(
            List.of(
                told(someReal.windows(), /* label= */ 0, masked),
                told(someOfSet.windows(), /* label= */ 1, masked)));
    double correct = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
      int tested = fold;
      int stopping = (fold + 1) % FOLDS;
      LabelledWindows test = select(windows, folds, f -> f == tested);
      try (FittedModel fitted =
          trainer.fit(
              model,
              select(windows, folds, f -> f != tested && f != stopping),
              select(windows, folds, f -> f == stopping),
              fold)) {
        double[][] probabilities = fitted.probabilities(test);
        for (int w = 0; w < test.size(); w++) {
          double right = probabilities[w][test.labels()[w]];
          double wrong = probabilities[w][1 - test.labels()[w]];
          correct += right > wrong ? 1 : right == wrong ? 0.5 : 0;
        }
      }
    }
    double accuracy = correct / windows.size();
    return new Discriminative(model, count, masked, accuracy, Math.abs(accuracy - 0.5));
  }

  private static LabelledWindows select(LabelledWindows windows, int[] folds, IntPredicate chosen) {
    return windows.select(
        IntStream.range(0, folds.length).filter(w -> chosen.test(folds[w])).toArray());
  }

  /** Returns what the classifier reads, all with one label. */
  private static LabelledWindows told(LabelledWindows windows, int label, boolean masked) {
    int[] labels = new int[windows.size()];
    Arrays.fill(labels, label);
    int channels = windows.channels();
    return masked
        ? new LabelledWindows(
            windows.steps(),
            2 * channels,
            2,
            ClassifierInputs.VALUES_MASK.of(
                windows.steps(), channels, windows.values(), windows.mask()),
            labels)
        : new LabelledWindows(windows.steps(), channels, 2, windows.values(), labels);
  }
}
