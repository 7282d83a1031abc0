package io.tardiff.evaluation;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.averagingDouble;
import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.tardiff.evaluation.PairedBootstrap.Replicates;
import io.tardiff.influence.Purpose;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.SyntheticSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Chooses the synthetic set to keep, by the AUPRC on tuning with the first downstream model;
 * held_out is never used. What is compared depends on the purpose:
 *
 * <ul>
 *   <li>{@link Purpose#REPLACE}: TSTR. The contender is the best targeted set, one with guidance or
 *       selection; it has to beat the baseline, the best set without either. The baseline is the
 *       reference because guidance can lower utility and costs a second derivative at every step.
 *   <li>{@link Purpose#AUGMENT}: TSRTR, mean over the alphas. The contender is the best set of all;
 *       it has to beat real windows alone (TRTR), because a set that does not is not worth adding.
 *       The alphas are averaged, not chosen among, so they do not count as candidates.
 * </ul>
 *
 * <p>The contender has the highest mean over seeds; ties go to the smaller scale, then to the rule
 * whose name comes first. It is chosen only if its gain over the reference exceeds the noise of
 * both
 *
 * <ul>
 *   <li>the seeds: the gain, paired by seed, is above {@code t sd(gain) / sqrt(seeds)}, where t is
 *       the 1 - 0.05 / k quantile of Student's distribution;
 *   <li>the patients: the gain is above 0 in a share of 1 - 0.05 / k of bootstrap draws of the
 *       tuning subjects.
 * </ul>
 *
 * <p>k is the number of candidates: choosing the best of many inflates its gain (Bonferroni).
 * Otherwise the baseline is chosen, or if there is none the contender. With a single seed there is
 * no standard error, so the baseline is always chosen.
 *
 * <p>The guidance direction also comes from the tuning split, as may the target of a selection, so
 * tuning scores favour targeted sets. Report the held_out intervals of {@link UtilityRow}.
 */
final class ChooseGuidance {

  /** Probability of choosing a candidate although none has an effect, over all of them. */
  private static final double LEVEL = 0.05;

  private ChooseGuidance() {}

  /**
   * Chooses from scored sets.
   *
   * @param scores scores of one model in the protocols that decide for the purpose, with the same
   *     seeds for every set
   * @return empty if there is no set
   */
  static Optional<GuidanceChoice> choose(Purpose purpose, List<UtilityScore> scores) {
    Map<SyntheticSet, Fits> bySet =
        scores.stream()
            .filter(score -> score.task().set() != null)
            .collect(
                groupingBy(score -> score.task().set(), collectingAndThen(toList(), Fits::new)));
    if (bySet.isEmpty()) {
      return Optional.empty();
    }
    Sets sets = new Sets(bySet, scores.get(0).task().model());
    return Optional.of(
        purpose == Purpose.AUGMENT
            ? sets.toAugment(
                new Fits(scores.stream().filter(score -> score.task().set() == null).toList()))
            : sets.toReplace());
  }

  private record Sets(Map<SyntheticSet, Fits> bySet, String model) {

    GuidanceChoice toReplace() {
      Optional<SyntheticSet> baseline = best(set -> !set.isTargeted());
      Optional<SyntheticSet> targeted = best(SyntheticSet::isTargeted);
      if (targeted.isEmpty()) {
        return choice(
            Purpose.REPLACE,
            baseline.orElseThrow(),
            "No set with guidance or selection was evaluated%s",
            bySet.size() > 1
                ? "; of " + bySet.size() + " sets, this one has the highest tuning AUPRC."
                : ".");
      }
      SyntheticSet contender = targeted.get();
      if (baseline.isEmpty()) {
        return choice(
            Purpose.REPLACE,
            contender,
            "The best targeted set (%s) has a tuning AUPRC of %.4f; there is no baseline to"
                + " compare it with.",
            contender.title(),
            mean(contender));
      }
      Test test =
          Test.of(
              bySet.get(contender),
              bySet.get(baseline.get()),
              bySet.keySet().stream().filter(SyntheticSet::isTargeted).count(),
              "targeted set");
      return choice(
          Purpose.REPLACE,
          test.isSignificant() ? contender : baseline.get(),
          "The best targeted set (%s) has a tuning AUPRC of %.4f and the baseline %.4f: %s %s",
          contender.title(),
          mean(contender),
          mean(baseline.get()),
          test.text(),
          test.isSignificant() ? "The targeted set is kept." : "The baseline is kept.");
    }

    GuidanceChoice toAugment(Fits real) {
      SyntheticSet contender = best(set -> true).orElseThrow();
      Test test = Test.of(bySet.get(contender), real, bySet.size(), "set");
      Optional<SyntheticSet> baseline = best(set -> !set.isTargeted());
      return choice(
          Purpose.AUGMENT,
          test.isSignificant() ? contender : baseline.orElse(contender),
          "%s with real windows and the best set (%s), the tuning AUPRC is %.4f (mean over alpha"
              + " %s), and with real windows alone %.4f: %s %s",
          test.isSignificant()
              ? "A set improves on real windows alone:"
              : "No set improves on real windows alone beyond noise:",
          contender.title(),
          mean(contender),
          bySet.get(contender).alphas(),
          real.mean(),
          test.text(),
          test.isSignificant()
              ? "The set is kept."
              : baseline.isPresent()
                  ? "The baseline is kept."
                  : "There is no baseline, so the set is kept.");
    }

    private GuidanceChoice choice(
        Purpose purpose, SyntheticSet chosen, String reason, Object... figures) {
      return GuidanceChoice.of(
          purpose,
          chosen,
          best(SyntheticSet::isTargeted).orElse(null),
          model,
          String.format(Locale.ROOT, reason, figures));
    }

    private double mean(SyntheticSet set) {
      return bySet.get(set).mean();
    }

    private Optional<SyntheticSet> best(Predicate<SyntheticSet> among) {
      return bySet.keySet().stream()
          .filter(among)
          .min(
              Comparator.<SyntheticSet>comparingDouble(set -> -mean(set))
                  .thenComparing(set -> set.guidance().scale())
                  .thenComparing(set -> set.guidance().rule().label())
                  .thenComparing(set -> set.selection().label())
                  .thenComparing(SyntheticSet::directory));
    }
  }

  /** Whether a gain exceeds the noise of seeds and patients, and its figures in words. */
  private record Test(boolean isSignificant, String text) {

    static Test of(Fits contender, Fits reference, long candidates, String candidate) {
      SummaryStatistics gain = contender.gainOver(reference);
      if (gain.getN() == 1) {
        return new Test(
            false,
            String.format(
                Locale.ROOT,
                "a gain of %+.4f with unknown standard error, because there is only one seed.",
                gain.getMean()));
      }
      double level = LEVEL / candidates;
      double needed =
          gain.getStandardDeviation()
              / Math.sqrt(gain.getN())
              * new TDistribution(gain.getN() - 1).inverseCumulativeProbability(1 - level);
      double lowerBound = contender.replicates().auprcGainAt(reference.replicates(), level);
      return new Test(
          gain.getMean() > needed && lowerBound > 0,
          String.format(
              Locale.ROOT,
              "a gain of %+.4f where %.4f is needed to exceed the noise of %d seeds; the lower"
                  + " bound over patients is %+.4f (level 0.05 over %d %s%s).",
              gain.getMean(),
              needed,
              gain.getN(),
              lowerBound,
              candidates,
              candidate,
              candidates == 1 ? "" : "s"));
    }
  }

  /**
   * The fits of one set, or of real windows, sorted so that sums do not depend on the order of
   * arrival.
   */
  private record Fits(List<UtilityScore> all) {
    Fits {
      all =
          all.stream()
              .sorted(
                  comparing((UtilityScore score) -> score.task().seed())
                      .thenComparing(
                          score -> score.task().alpha(), Comparator.nullsFirst(naturalOrder())))
              .toList();
    }

    double mean() {
      return all.stream().mapToDouble(score -> score.tuning().auprc()).average().orElseThrow();
    }

    /** Mean over the alphas by seed. */
    private List<Double> bySeed() {
      return all.stream()
          .collect(
              groupingBy(
                  score -> score.task().seed(),
                  TreeMap::new,
                  averagingDouble(score -> score.tuning().auprc())))
          .values()
          .stream()
          .toList();
    }

    SummaryStatistics gainOver(Fits other) {
      List<Double> mine = bySeed();
      List<Double> others = other.bySeed();
      SummaryStatistics gain = new SummaryStatistics();
      for (int i = 0; i < mine.size(); i++) {
        gain.addValue(mine.get(i) - others.get(i));
      }
      return gain;
    }

    Replicates replicates() {
      return Replicates.mean(all.stream().map(UtilityScore::tuningReplicates).toList());
    }

    /** The alphas in words. */
    String alphas() {
      return all.stream()
          .map(score -> score.task().alpha())
          .distinct()
          .map(TextList::plain)
          .collect(joining(", "));
    }
  }
}
