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
 * Chooses the synthetic set to keep.
 *
 * <p>Sets are compared by the AUPRC on tuning of TSTR with the first downstream model; held_out is
 * never used. Targeted sets are those with guidance or selection. The targeted set with the highest
 * mean over seeds is the contender; ties go to the smaller scale, then to the rule whose name comes
 * first. It is chosen only if its gain over the baseline, the best set without either, exceeds the
 * noise of both
 *
 * <ul>
 *   <li>the seeds: the gain, paired by seed, is above {@code t sd(gain) / sqrt(seeds)}, where t is
 *       the 1 - 0.05 / k quantile of Student's distribution;
 *   <li>the patients: the gain is above 0 in a share of 1 - 0.05 / k of bootstrap draws of the
 *       tuning subjects.
 * </ul>
 *
 * <p>k is the number of targeted sets: choosing the best of many inflates its gain (Bonferroni).
 * Otherwise the baseline is chosen, because guidance can lower utility and costs a second
 * derivative at every step. With a single seed there is no standard error, so the baseline is
 * always chosen.
 *
 * <p>The guidance direction also comes from the tuning split, as may the target of a selection, so
 * tuning scores favour targeted sets. Report the held_out interval of {@link UtilityRow.Gain}.
 */
final class ChooseGuidance {

  /** Probability of choosing a targeted set although none has an effect, over all of them. */
  private static final double LEVEL = 0.05;

  private ChooseGuidance() {}

  /**
   * Chooses from scored sets.
   *
   * @param scores TSTR scores of one model, with the same seeds for every set
   */
  static GuidanceChoice choose(List<UtilityScore> scores) {
    checkArgument(!scores.isEmpty(), "scores must hold at least one synthetic set");
    String model = scores.get(0).task().model();
    Map<SyntheticSet, Fits> bySet =
        scores.stream()
            .collect(
                groupingBy(score -> score.task().set(), collectingAndThen(toList(), Fits::new)));
    Optional<SyntheticSet> bestBaseline = best(bySet, false);
    Optional<SyntheticSet> bestTargeted = best(bySet, true);
    if (bestTargeted.isEmpty()) {
      return GuidanceChoice.of(
          bestBaseline.orElseThrow(),
          null,
          model,
          "No set with guidance or selection was evaluated"
              + (bySet.size() > 1
                  ? "; of " + bySet.size() + " sets, this one has the highest tuning AUPRC."
                  : "."));
    }
    SyntheticSet contender = bestTargeted.get();
    if (bestBaseline.isEmpty()) {
      return GuidanceChoice.of(
          contender,
          contender,
          model,
          String.format(
              Locale.ROOT,
              "The best targeted set (%s) has a tuning AUPRC of %.4f; there is no baseline to"
                  + " compare it with.",
              contender.title(),
              bySet.get(contender).mean()));
    }
    SyntheticSet baseline = bestBaseline.get();
    SummaryStatistics gain = bySet.get(contender).gainOver(bySet.get(baseline));
    long candidates = bySet.keySet().stream().filter(SyntheticSet::isTargeted).count();
    double level = LEVEL / candidates;
    boolean isSignificant = false;
    String margin = "with unknown standard error, because there is only one seed.";
    if (gain.getN() > 1) {
      double needed =
          gain.getStandardDeviation()
              / Math.sqrt(gain.getN())
              * new TDistribution(gain.getN() - 1).inverseCumulativeProbability(1 - level);
      double lowerBound =
          bySet.get(contender).replicates().auprcGainAt(bySet.get(baseline).replicates(), level);
      isSignificant = gain.getMean() > needed && lowerBound > 0;
      margin =
          String.format(
              Locale.ROOT,
              "where %.4f is needed to exceed the noise of %d seeds; the lower bound over patients"
                  + " is %+.4f (level 0.05 over %d targeted %s).",
              needed,
              gain.getN(),
              lowerBound,
              candidates,
              candidates == 1 ? "set" : "sets");
    }
    return GuidanceChoice.of(
        isSignificant ? contender : baseline,
        contender,
        model,
        String.format(
            Locale.ROOT,
            "The best targeted set (%s) has a tuning AUPRC of %.4f and the baseline %.4f: a gain of"
                + " %+.4f %s %s",
            contender.title(),
            bySet.get(contender).mean(),
            bySet.get(baseline).mean(),
            gain.getMean(),
            margin,
            isSignificant ? "The targeted set is kept." : "The baseline is kept."));
  }

  private static Optional<SyntheticSet> best(Map<SyntheticSet, Fits> bySet, boolean targeted) {
    return bySet.keySet().stream()
        .filter(set -> set.isTargeted() == targeted)
        .min(
            Comparator.<SyntheticSet>comparingDouble(set -> -bySet.get(set).mean())
                .thenComparing(set -> set.guidance().scale())
                .thenComparing(set -> set.guidance().rule().label())
                .thenComparing(set -> set.selection().label())
                .thenComparing(SyntheticSet::directory));
  }

  /** The fits of one set, sorted by seed so that sums do not depend on the order of arrival. */
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
