package io.tardiff.evaluation;

import io.tardiff.evaluation.UtilityScore.Metrics;
import io.tardiff.evaluation.UtilityScore.Ranking;
import io.tardiff.generation.SyntheticSet;
import java.util.List;

/** Scores made up for tests. */
final class Scores {
  static final SyntheticSet UNGUIDED = SyntheticSet.of("none", 0, "/sets/none");

  private Scores() {}

  static SyntheticSet guided(String rule, double scale) {
    return SyntheticSet.of(rule, scale, "/sets/" + rule + scale);
  }

  /** A TSTR fit of which only the tuning AUPRC matters. */
  static UtilityScore tstr(SyntheticSet set, long seed, double tuningAuprc) {
    return new UtilityScore(
        new UtilityTask(Protocol.TSTR, set, null, "gru", seed),
        100,
        new Metrics(0.5, 0.5),
        new Metrics(0.5, tuningAuprc),
        List.of(),
        1);
  }

  /** A TSTR fit that ranked six windows of six subjects. */
  static UtilityScore ranked(SyntheticSet set, long seed, Ranking ranking, Metrics heldOut) {
    return new UtilityScore(
        new UtilityTask(Protocol.TSTR, set, null, "gru", seed),
        100,
        heldOut,
        new Metrics(0.6, 0.4),
        List.of(ranking),
        2);
  }
}
