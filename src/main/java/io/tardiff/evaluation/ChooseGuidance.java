package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.tardiff.generation.Selection;
import io.tardiff.generation.SyntheticSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Decides whether guidance earned its place.
 *
 * <p>Candidates are compared by the AUPRC on the tuning split of TSTR with the target kind of
 * model; held_out is never looked at. The guided set with the highest mean over seeds is the
 * contender; equal means go to the smaller scale, then to the rule whose name comes first. It is
 * chosen only if its gain over the unguided set, paired by seed, is significant: above {@code t
 * sd(gain) / sqrt(seeds)} with t the quantile 1 - 0.05 / k of Student's distribution, k the number
 * of guided sets, for the best of many is flattered by the choice itself (Bonferroni). Else the
 * unguided set is, for guidance can lower utility and costs a second derivative at every step. One
 * seed has no standard error, so it never chooses guidance. Seeds are not patients: the held_out
 * interval of {@link UtilityRow.Gain} is the figure to report.
 */
final class ChooseGuidance {

  /** Chance of keeping guidance that does nothing, over all candidates. */
  private static final double LEVEL = 0.05;

  private ChooseGuidance() {}

  /**
   * @param scores TSTR scores of one model, every set with the same seeds
   */
  static GuidanceChoice choose(List<UtilityScore> scores) {
    checkArgument(!scores.isEmpty(), "scores must hold at least one synthetic set");
    String model = scores.get(0).task().model();
    Map<SyntheticSet, Map<Long, Double>> bySet =
        scores.stream()
            .collect(
                groupingBy(
                    score -> score.task().set(),
                    toMap(score -> score.task().seed(), score -> score.tuning().auprc())));
    Optional<SyntheticSet> unguided = best(bySet, false);
    Optional<SyntheticSet> guided = best(bySet, true);
    if (guided.isEmpty()) {
      return GuidanceChoice.of(
          unguided.orElseThrow(), null, model, "Only the plain sampler was tried.");
    }
    SyntheticSet contender = guided.get();
    if (unguided.isEmpty()) {
      return GuidanceChoice.of(
          contender,
          contender,
          model,
          String.format(
              Locale.ROOT,
              "%s has the best tuning AUPRC of the targeted sets, %.4f; there is no plain set to "
                  + "compare it with.",
              name(contender),
              mean(bySet.get(contender))));
    }
    SyntheticSet safe = unguided.get();
    SummaryStatistics gain = new SummaryStatistics();
    new TreeMap<>(bySet.get(contender))
        .forEach((seed, auprc) -> gain.addValue(auprc - bySet.get(safe).get(seed)));
    double error = gain.getStandardDeviation() / Math.sqrt(gain.getN());
    long candidates = bySet.keySet().stream().filter(SyntheticSet::isTargeted).count();
    double needed =
        gain.getN() > 1
            ? error
                * new TDistribution(gain.getN() - 1)
                    .inverseCumulativeProbability(1 - LEVEL / candidates)
            : Double.POSITIVE_INFINITY;
    boolean enough = gain.getMean() > needed;
    String margin =
        gain.getN() > 1
            ? String.format(
                Locale.ROOT,
                "%.4f needed to tell it from noise (%d targeted sets, %d seeds)",
                needed,
                candidates,
                gain.getN())
            : "an unknown standard error, as there is only one seed";
    return GuidanceChoice.of(
        enough ? contender : safe,
        contender,
        model,
        String.format(
            Locale.ROOT,
            "The best targeted set, %s, has a tuning AUPRC of %.4f and the plain one %.4f: a gain "
                + "of %+.4f against %s. %s",
            name(contender),
            mean(bySet.get(contender)),
            mean(bySet.get(safe)),
            gain.getMean(),
            margin,
            enough ? "It earns its place." : "Not enough: the plain set is kept."));
  }

  private static Optional<SyntheticSet> best(
      Map<SyntheticSet, Map<Long, Double>> bySet, boolean guided) {
    return bySet.keySet().stream()
        .filter(set -> set.isTargeted() == guided)
        .min(
            Comparator.<SyntheticSet>comparingDouble(set -> -mean(bySet.get(set)))
                .thenComparing(set -> Math.abs(set.getGuidanceScale()))
                .thenComparing(SyntheticSet::getGuidanceRule)
                .thenComparing(SyntheticSet::getSelection)
                .thenComparing(SyntheticSet::getDirectory));
  }

  /** In the order of seeds, so that the sum does not depend on the order of arrival. */
  private static double mean(Map<Long, Double> bySeed) {
    return new TreeMap<>(bySeed)
        .values().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static String name(SyntheticSet set) {
    String guidance =
        set.getGuidanceScale() == 0
            ? "unguided"
            : set.getGuidanceRule() + " with w = " + EvaluationTable.plain(set.getGuidanceScale());
    return set.getSelection().equals(Selection.Method.NONE.label())
        ? guidance
        : guidance + ", selected by " + set.getSelection();
  }
}
