package io.tardiff.evaluation;

import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.evaluation.UtilityScore.Metrics;
import io.tardiff.synthetic.SyntheticSet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Invented scores for tests. */
final class Scores {
  static final SyntheticSet UNGUIDED = guided("none", 0);

  private Scores() {}

  static SyntheticSet guided(String rule, double scale) {
    return Fixtures.set(Path.of("/sets/" + rule + scale), rule, scale, 100);
  }

  /** Returns a TSTR fit with the given tuning AUPRC, whose replicates improve with it. */
  static UtilityScore tstr(SyntheticSet set, long seed, double tuningAuprc) {
    return tstr(set, seed, tuningAuprc, ranking(tuningAuprc));
  }

  static UtilityScore tstr(SyntheticSet set, long seed, double tuningAuprc, Ranking tuning) {
    return score(new UtilityTask(Protocol.TSTR, set, null, "gru", seed), tuningAuprc, tuning);
  }

  /** Returns a fit of real windows alone. */
  static UtilityScore trtr(long seed, double tuningAuprc) {
    return score(
        new UtilityTask(Protocol.TRTR, null, null, "gru", seed), tuningAuprc, ranking(tuningAuprc));
  }

  /** Returns a fit of real windows and a set. */
  static UtilityScore tsrtr(SyntheticSet set, double alpha, long seed, double tuningAuprc) {
    return score(
        new UtilityTask(Protocol.TSRTR, set, alpha, "gru", seed),
        tuningAuprc,
        ranking(tuningAuprc));
  }

  static UtilityScore score(UtilityTask task, double tuningAuprc, Ranking tuning) {
    return new UtilityScore(
        task,
        100,
        new Metrics(0.5, 0.5),
        new Metrics(0.5, tuningAuprc),
        PairedBootstrap.replicate(tuning),
        PairedBootstrap.replicate(tuning),
        List.of(),
        List.of(),
        1);
  }

  /** Ranks 200 subjects by fixed noise plus {@code quality} times the label. */
  static Ranking ranking(double quality) {
    SplittableRandom random = new SplittableRandom(1);
    int[] labels = IntStream.range(0, 200).map(i -> i % 4 == 0 ? 1 : 0).toArray();
    double[][] probabilities =
        Arrays.stream(labels)
            .mapToDouble(label -> (random.nextDouble() + quality * label) / 2)
            .mapToObj(p -> new double[] {1 - p, p})
            .toArray(double[][]::new);
    return new Ranking(probabilities, labels, LongStream.range(0, labels.length).toArray());
  }

  /** Returns a TSTR fit with the given ranking and scores on held_out. */
  static UtilityScore ranked(SyntheticSet set, long seed, Ranking ranking, Metrics heldOut) {
    return new UtilityScore(
        new UtilityTask(Protocol.TSTR, set, null, "gru", seed),
        100,
        heldOut,
        new Metrics(0.6, 0.4),
        PairedBootstrap.replicate(ranking),
        null,
        List.of(),
        List.of(),
        2);
  }
}
