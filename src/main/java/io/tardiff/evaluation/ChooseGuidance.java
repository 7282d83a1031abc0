package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.tardiff.evaluation.PairedBootstrap.Replicates;
import io.tardiff.synthetic.SyntheticSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Decides whether guidance earned its place.
 *
 * <p>Candidates are compared by the AUPRC on the tuning split of TSTR with the target kind of
 * model; held_out is never looked at. The guided set with the highest mean over seeds is the
 * contender; equal means go to the smaller scale, then to the rule whose name comes first. It is
 * chosen only if its gain over the unguided set is more than the noise of both things that could
 * have been otherwise:
 *
 * <ul>
 *   <li>the seeds: the gain, paired by seed, is above {@code t sd(gain) / sqrt(seeds)} with t the
 *       quantile 1 - 0.05 / k of Student's distribution;
 *   <li>the patients: in a share 1 - 0.05 / k of draws of the tuning subjects it is above 0.
 * </ul>
 *
 * <p>k is the number of guided sets, for the best of many is flattered by the choice itself
 * (Bonferroni). Else the unguided set is chosen, for guidance can lower utility and costs a second
 * derivative at every step. One seed has no standard error, so it never chooses guidance.
 *
 * <p>What remains is that the guidance direction comes from the tuning split too, as may the target
 * of a selection, which flatters both there: the held_out interval of {@link UtilityRow.Gain} is
 * the figure to report.
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
    Map<SyntheticSet, Fits> bySet =
        scores.stream()
            .collect(
                groupingBy(score -> score.task().set(), collectingAndThen(toList(), Fits::new)));
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
              "The best targeted set (%s) has a tuning AUPRC of %.4f; there is no plain set to "
                  + "compare it with.",
              contender.title(),
              bySet.get(contender).mean()));
    }
    SyntheticSet safe = unguided.get();
    SummaryStatistics gain = bySet.get(contender).gainOver(bySet.get(safe));
    long candidates = bySet.keySet().stream().filter(SyntheticSet::isTargeted).count();
    double level = LEVEL / candidates;
    boolean enough = false;
    String margin = "against an unknown standard error, as there is only one seed.";
    if (gain.getN() > 1) {
      double needed =
          gain.getStandardDeviation()
              / Math.sqrt(gain.getN())
              * new TDistribution(gain.getN() - 1).inverseCumulativeProbability(1 - level);
      double withOthers =
          bySet.get(contender).replicates().auprcGainAt(bySet.get(safe).replicates(), level);
      enough = gain.getMean() > needed && withOthers > 0;
      margin =
          String.format(
              Locale.ROOT,
              "where %.4f is needed to tell it from the noise of %d seeds, and with other patients"
                  + " it could be as low as %+.4f (at a level of 0.05 over %d targeted %s).",
              needed,
              gain.getN(),
              withOthers,
              candidates,
              candidates == 1 ? "set" : "sets");
    }
    return GuidanceChoice.of(
        enough ? contender : safe,
        contender,
        model,
        String.format(
            Locale.ROOT,
            "The best targeted set (%s) has a tuning AUPRC of %.4f and the plain one %.4f: a gain "
                + "of %+.4f %s %s",
            contender.title(),
            bySet.get(contender).mean(),
            bySet.get(safe).mean(),
            gain.getMean(),
            margin,
            enough ? "It earns its place." : "Not enough: the plain set is kept."));
  }

  private static Optional<SyntheticSet> best(Map<SyntheticSet, Fits> bySet, boolean guided) {
    return bySet.keySet().stream()
        .filter(set -> set.isTargeted() == guided)
        .min(
            Comparator.<SyntheticSet>comparingDouble(set -> -bySet.get(set).mean())
                .thenComparing(set -> set.guidance().scale())
                .thenComparing(set -> set.guidance().rule().label())
                .thenComparing(set -> set.selection().label())
                .thenComparing(SyntheticSet::directory));
  }

  /** The fits to one set, in the order of seeds, so that no sum depends on that of arrival. */
  private record Fits(List<UtilityScore> all) {
    Fits {
      all = all.stream().sorted(comparing(score -> score.task().seed())).toList();
    }

    double mean() {
      return all.stream().mapToDouble(score -> score.tuning().auprc()).average().orElseThrow();
    }

    SummaryStatistics gainOver(Fits other) {
      SummaryStatistics gain = new SummaryStatistics();
      for (int i = 0; i < all.size(); i++) {
        gain.addValue(all.get(i).tuning().auprc() - other.all.get(i).tuning().auprc());
      }
      return gain;
    }

    Replicates replicates() {
      return Replicates.mean(all.stream().map(UtilityScore::tuningReplicates).toList());
    }
  }
}
