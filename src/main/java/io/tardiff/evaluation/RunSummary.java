package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;
import static java.util.Comparator.reverseOrder;
import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.PairedBootstrap.Replicates;
import io.tardiff.tensorflow.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.rng.UniformRandomProvider;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The utility of several runs together: of several splits of the patients, of several models and
 * sets of one split, of several seeds of downstream models.
 *
 * <p>A score is the mean over splits of the mean over runs of the mean over seeds. Differences are
 * taken between fits of the same run and seed. The 95 % intervals are percentiles of a bootstrap of
 * all levels together: each replicate draws splits, runs of each, seeds of each, with replacement,
 * and patients, the same for all fits ({@link PairedBootstrap}). A level with one element adds
 * nothing, so the interval of one run says nothing about other splits. That patients are drawn
 * although splits already differ in them makes intervals of held_out rather too wide, that few
 * splits are drawn from few rather too narrow: use at least five.
 *
 * @param purpose what the sets are for
 * @param runs number of runs
 * @param splits number of different splits
 */
@Internal
public record RunSummary(String purpose, int runs, int splits, List<Row> rows) {

  /** What stands for the set that a run keeps, whichever that is. */
  public static final String KEPT = "kept";

  /** What stands for the set without guidance or selection. */
  public static final String UNGUIDED = "unguided";

  /**
   * A run.
   *
   * @param name name for messages
   * @param split identifies the split: the hash of its cohort
   * @param purpose what its sets are for
   * @param kept the set that it keeps; null if there was none
   */
  public record Run(
      String name, String split, String purpose, @Nullable SetName kept, List<FitScore> scores) {}

  /**
   * A row of the summary.
   *
   * @param set title of the set, {@link #KEPT}, a baseline, or null for real windows alone
   * @param runs number of runs that have it
   * @param fits number of fits
   * @param auroc score and its interval
   * @param againstReal difference to real windows alone
   * @param againstUnguided difference to the set without guidance or selection in the same protocol
   * @param againstBaseline difference to the baseline with the highest mean AUPRC on this test;
   *     null unless TSRTR
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Row(
      String test,
      String model,
      Protocol protocol,
      @Nullable String set,
      @Nullable Double alpha,
      int runs,
      int fits,
      Estimate auroc,
      Estimate auprc,
      @Nullable Difference againstReal,
      @Nullable Difference againstUnguided,
      @Nullable Difference againstBaseline) {}

  /** A figure with its 95 % interval, which is NaN where a score is not defined. */
  public record Estimate(double value, double low, double high) {
    /** Like {@link UtilityRow.Interval#smallestDetectable}. */
    public double smallestDetectable() {
      return UtilityRow.Interval.of(value, low, high).smallestDetectable();
    }
  }

  /** A difference, with what it is a difference to. */
  public record Difference(String to, Estimate auroc, Estimate auprc) {}

  /** What is fitted in each run: a row before it is a row. */
  private record Arm(
      String test, String model, Protocol protocol, @Nullable String set, @Nullable Double alpha) {
    static final Comparator<Arm> ORDER =
        comparing((Arm arm) -> !arm.test.equals(UtilityRow.HELD_OUT))
            .thenComparing(Arm::test)
            .thenComparing(Arm::model)
            .thenComparing(Arm::protocol)
            .thenComparing(arm -> !Objects.equals(arm.set, KEPT))
            .thenComparing(Arm::set, nullsFirst(naturalOrder()))
            .thenComparing(Arm::alpha, nullsFirst(naturalOrder()));
  }

  /** The fits of an arm, by the name of their run. */
  private record Fits(Map<String, OfRun> byRun) {
    private record OfRun(String split, Map<Long, Replicates> bySeed) {}

    double meanAuprc() {
      return byRun.values().stream()
          .flatMap(run -> run.bySeed().values().stream())
          .mapToDouble(Replicates::auprc)
          .average()
          .orElseThrow();
    }
  }

  /**
   * Summarises runs.
   *
   * @throws IllegalArgumentException if there are none, if they have different purposes, or if two
   *     have one name
   */
  public static RunSummary of(List<Run> runs) {
    checkArgument(!runs.isEmpty(), "there must be runs to summarise");
    List<String> purposes = runs.stream().map(Run::purpose).distinct().sorted().toList();
    checkArgument(
        purposes.size() == 1,
        "runs must have the same purpose, had %s",
        String.join(" and ", purposes));
    checkArgument(
        runs.stream().map(Run::name).distinct().count() == runs.size(),
        "runs must have distinct names, had %s",
        runs.stream().map(Run::name).sorted().toList());
    Map<Arm, Fits> arms = arms(runs);
    List<Row> rows = new ArrayList<>();
    arms.forEach((arm, fits) -> rows.add(row(arm, fits, arms)));
    return new RunSummary(
        purposes.get(0), runs.size(), (int) runs.stream().map(Run::split).distinct().count(), rows);
  }

  private static Map<Arm, Fits> arms(List<Run> runs) {
    Map<Arm, Fits> arms = new TreeMap<>(Arm.ORDER);
    for (Run run : runs) {
      for (FitScore score : run.scores()) {
        add(arms, run, arm(score, title(score)), score);
      }
      kept(run).forEach(score -> add(arms, run, arm(score, KEPT), score));
    }
    return arms;
  }

  private static Arm arm(FitScore score, @Nullable String set) {
    // Of the kept set the alpha is part of what is kept.
    return new Arm(
        score.test(),
        score.model(),
        score.protocol(),
        set,
        Objects.equals(set, KEPT) ? null : score.alpha());
  }

  private static @Nullable String title(FitScore score) {
    if (score.protocol() == Protocol.TRTR) {
      return null;
    }
    if (score.baseline() != null) {
      return score.baseline();
    }
    return score.set().equals(SetName.UNGUIDED) ? UNGUIDED : score.set().title();
  }

  private static void add(Map<Arm, Fits> arms, Run run, Arm arm, FitScore score) {
    Replicates before =
        arms.computeIfAbsent(arm, key -> new Fits(new LinkedHashMap<>()))
            .byRun()
            .computeIfAbsent(run.name(), key -> new Fits.OfRun(run.split(), new TreeMap<>()))
            .bySeed()
            .put(score.seed(), score.replicates());
    checkArgument(before == null, "run %s must hold each fit once, held %s twice", run.name(), arm);
  }

  /**
   * Returns the fits of the set that a run keeps: of TSTR all, of TSRTR those of the alpha with the
   * highest mean AUPRC on tuning, for each model.
   */
  private static List<FitScore> kept(Run run) {
    List<FitScore> ofSet =
        run.scores().stream().filter(score -> score.set().equals(run.kept())).toList();
    List<FitScore> kept =
        new ArrayList<>(ofSet.stream().filter(s -> s.protocol() == Protocol.TSTR).toList());
    Map<String, List<FitScore>> byModel =
        ofSet.stream()
            .filter(score -> score.protocol() == Protocol.TSRTR)
            .collect(groupingBy(FitScore::model, TreeMap::new, Collectors.toList()));
    for (List<FitScore> fits : byModel.values()) {
      Map<Double, Double> tuning =
          fits.stream()
              .collect(
                  groupingBy(FitScore::alpha, Collectors.averagingDouble(FitScore::tuningAuprc)));
      Double best =
          tuning.entrySet().stream()
              .max(
                  Map.Entry.<Double, Double>comparingByValue()
                      // Of equal ones the fewest windows.
                      .thenComparing(Map.Entry::getKey, reverseOrder()))
              .orElseThrow()
              .getKey();
      kept.addAll(fits.stream().filter(score -> score.alpha().equals(best)).toList());
    }
    return kept;
  }

  private static Row row(Arm arm, Fits fits, Map<Arm, Fits> arms) {
    boolean isSynthetic = arm.protocol == Protocol.TSTR || arm.protocol == Protocol.TSRTR;
    return new Row(
        arm.test,
        arm.model,
        arm.protocol,
        arm.set,
        arm.alpha,
        fits.byRun().size(),
        fits.byRun().values().stream().mapToInt(run -> run.bySeed().size()).sum(),
        estimate(fits, null, Replicates::auroc, Replicates::replicatedAuroc).orElseThrow(),
        estimate(fits, null, Replicates::auprc, Replicates::replicatedAuprc).orElseThrow(),
        arm.protocol == Protocol.TRTR
            ? null
            : difference(fits, "real windows alone", arms.get(real(arm))),
        isSynthetic ? unguided(arm, fits, arms) : null,
        arm.protocol == Protocol.TSRTR ? bestBaseline(arm, fits, arms) : null);
  }

  private static Arm real(Arm arm) {
    return new Arm(arm.test, arm.model, Protocol.TRTR, null, null);
  }

  private static @Nullable Difference unguided(Arm arm, Fits fits, Map<Arm, Fits> arms) {
    // The kept set has an alpha of its own in each run, so it has no single counterpart in TSRTR.
    return Objects.equals(arm.set, UNGUIDED)
            || (Objects.equals(arm.set, KEPT) && arm.protocol == Protocol.TSRTR)
        ? null
        : difference(
            fits,
            UNGUIDED,
            arms.get(new Arm(arm.test, arm.model, arm.protocol, UNGUIDED, arm.alpha)));
  }

  private static @Nullable Difference bestBaseline(Arm arm, Fits fits, Map<Arm, Fits> arms) {
    return arms.entrySet().stream()
        .filter(other -> other.getKey().protocol == Protocol.BASELINE)
        .filter(other -> other.getKey().test.equals(arm.test))
        .filter(other -> other.getKey().model.equals(arm.model))
        .max(comparing(other -> other.getValue().meanAuprc()))
        .map(best -> difference(fits, best.getKey().set, best.getValue()))
        .orElse(null);
  }

  private static @Nullable Difference difference(Fits fits, String to, @Nullable Fits other) {
    if (other == null) {
      return null;
    }
    Optional<Estimate> auroc =
        estimate(fits, other, Replicates::auroc, Replicates::replicatedAuroc);
    Optional<Estimate> auprc =
        estimate(fits, other, Replicates::auprc, Replicates::replicatedAuprc);
    return auroc.isEmpty() ? null : new Difference(to, auroc.get(), auprc.orElseThrow());
  }

  /**
   * Returns a score, or its difference to another arm in the runs and seeds that both have; empty
   * if there are none.
   */
  private static Optional<Estimate> estimate(
      Fits fits,
      @Nullable Fits other,
      Function<Replicates, Double> value,
      Function<Replicates, double[]> replicated) {
    Map<String, List<List<double[]>>> bySplit = new TreeMap<>();
    fits.byRun()
        .forEach(
            (name, run) -> {
              Map<Long, Replicates> others = others(other, name);
              List<double[]> ofRun = new ArrayList<>();
              run.bySeed()
                  .forEach(
                      (seed, fit) -> {
                        if (other == null || others.containsKey(seed)) {
                          double[] all = series(fit, value, replicated);
                          if (other != null) {
                            double[] less = series(others.get(seed), value, replicated);
                            Arrays.setAll(all, i -> all[i] - less[i]);
                          }
                          ofRun.add(all);
                        }
                      });
              if (!ofRun.isEmpty()) {
                bySplit.computeIfAbsent(run.split(), key -> new ArrayList<>()).add(ofRun);
              }
            });
    return bySplit.isEmpty() ? Optional.empty() : Optional.of(bootstrap(bySplit.values()));
  }

  private static Map<Long, Replicates> others(@Nullable Fits other, String run) {
    Fits.OfRun ofRun = other == null ? null : other.byRun().get(run);
    return ofRun == null ? Map.of() : ofRun.bySeed();
  }

  /** Returns the score on each replicate and then that on the test set itself. */
  private static double[] series(
      Replicates fit,
      Function<Replicates, Double> value,
      Function<Replicates, double[]> replicated) {
    double[] all = Arrays.copyOf(replicated.apply(fit), PairedBootstrap.REPLICATES + 1);
    all[PairedBootstrap.REPLICATES] = value.apply(fit);
    return all;
  }

  /** The same draws of splits, runs and seeds for all arms that have the same. */
  private static Estimate bootstrap(Collection<List<List<double[]>>> bySplit) {
    List<List<List<double[]>>> splits = List.copyOf(bySplit);
    double[] statistics = new double[PairedBootstrap.REPLICATES];
    for (int r = 0; r < statistics.length; r++) {
      UniformRandomProvider random = Seeds.stream(r, "runs");
      statistics[r] = mean(splits, random, r);
    }
    Percentile percentile = new Percentile();
    percentile.setData(statistics);
    return new Estimate(
        mean(splits, null, PairedBootstrap.REPLICATES),
        percentile.evaluate(2.5),
        percentile.evaluate(97.5));
  }

  /**
   * Returns the mean at an index over splits, runs and seeds, each drawn with replacement.
   *
   * @param random null for each once
   */
  private static double mean(
      List<List<List<double[]>>> splits, @Nullable UniformRandomProvider random, int index) {
    double sum = 0;
    for (int s = 0; s < splits.size(); s++) {
      List<List<double[]>> runs = drawn(splits, random, s);
      double ofSplit = 0;
      for (int i = 0; i < runs.size(); i++) {
        List<double[]> fits = drawn(runs, random, i);
        double ofRun = 0;
        for (int f = 0; f < fits.size(); f++) {
          ofRun += drawn(fits, random, f)[index];
        }
        ofSplit += ofRun / fits.size();
      }
      sum += ofSplit / runs.size();
    }
    return sum / splits.size();
  }

  private static <T> T drawn(List<T> items, @Nullable UniformRandomProvider random, int index) {
    return items.get(random == null ? index : random.nextInt(items.size()));
  }

  /** Returns the text of the file {@code summary.json}. */
  public String json() {
    return MetricsFile.pretty(this);
  }
}
