package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;
import static java.util.Comparator.reverseOrder;
import static java.util.stream.Collectors.groupingBy;

import io.tardiff.evaluation.PairedBootstrap.Replicates;
import io.tardiff.synthetic.SyntheticSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Summarises the fits of a downstream model as rows of the utility table. */
final class UtilitySummary {

  /** The order of the table: protocol, baseline, model, guidance, selection, alpha, test. */
  static final Comparator<UtilityRow> ORDER =
      comparing((UtilityRow row) -> Protocol.valueOf(row.getProtocol()))
          .thenComparing(UtilityRow::getBaseline, nullsFirst(naturalOrder()))
          .thenComparing(UtilityRow::getModel)
          .thenComparing(
              row -> row.getGuidanceScale() == null ? null : row.getGuidanceScale() != 0,
              nullsFirst(naturalOrder()))
          .thenComparing(UtilityRow::getSelection, nullsFirst(reverseOrder()))
          .thenComparing(UtilityRow::getGuidanceRule, nullsFirst(naturalOrder()))
          .thenComparing(UtilityRow::getGuidanceScale, nullsFirst(naturalOrder()))
          .thenComparing(UtilityRow::getOrigin, nullsFirst(naturalOrder()))
          .thenComparing(UtilityRow::getAlpha, nullsFirst(naturalOrder()))
          .thenComparing(row -> !row.getTest().equals(UtilityRow.HELD_OUT))
          .thenComparing(UtilityRow::getTest);

  private UtilitySummary() {}

  private record Cell(
      Protocol protocol,
      @Nullable Baseline baseline,
      @Nullable SyntheticSet set,
      @Nullable Double alpha) {

    static Cell of(UtilityScore score) {
      UtilityTask task = score.task();
      return new Cell(task.protocol(), task.baseline(), task.set(), task.alpha());
    }
  }

  /**
   * Returns one row per protocol, set, alpha and test set, in table order.
   *
   * @param scores scores of one model
   */
  static List<UtilityRow> rows(List<UtilityScore> scores) {
    Map<Cell, List<UtilityScore>> cells = scores.stream().collect(groupingBy(Cell::of));
    List<String> tests =
        scores.stream()
            .flatMap(score -> score.onTests().stream())
            .map(UtilityScore.OnTest::name)
            .distinct()
            .toList();
    List<UtilityRow> rows = new ArrayList<>();
    for (String test : tests) {
      Optional<Replicates> baseline =
          replicates(
              scores,
              test,
              task ->
                  task.protocol() == Protocol.TSTR
                      && !task.set().isTargeted()
                      && !task.set().isMadeElsewhere());
      Optional<Replicates> real =
          replicates(scores, test, task -> task.protocol() == Protocol.TRTR);
      Others others = new Others(baseline, real, Optional.empty());
      List<UtilityRow> ofBaselines = new ArrayList<>();
      cells.forEach(
          (cell, fits) -> {
            if (cell.baseline() != null) {
              ofBaselines.add(row(cell, test, fits, others));
            }
          });
      rows.addAll(ofBaselines);
      ofBaselines.sort(ORDER);
      Others withBest =
          new Others(
              baseline,
              real,
              best(ofBaselines)
                  .flatMap(
                      best ->
                          replicates(
                              scores,
                              test,
                              task ->
                                  task.baseline() != null
                                      && task.baseline().label().equals(best))));
      cells.forEach(
          (cell, fits) -> {
            if (cell.baseline() == null) {
              rows.add(row(cell, test, fits, withBest));
            }
          });
    }
    rows.sort(ORDER);
    return rows;
  }

  /** Returns the baseline that a row is compared with, by its label. */
  static Optional<String> best(List<UtilityRow> rows, UtilityRow compared) {
    return best(
        rows.stream()
            .filter(row -> row.getBaseline() != null)
            .filter(row -> row.getModel().equals(compared.getModel()))
            .filter(row -> row.getTest().equals(compared.getTest()))
            .toList());
  }

  /**
   * Returns the baseline with the highest mean AUPRC on a test set; empty if there is none. With
   * hindsight, so that the comparison is hard on synthetic windows. Tuning could not tell: one of
   * the baselines trains on half of it.
   *
   * @param baselines rows of one model and test set
   */
  private static Optional<String> best(List<UtilityRow> baselines) {
    return baselines.stream()
        .max(comparing(row -> row.getAuprc().getMean()))
        .map(UtilityRow::getBaseline);
  }

  /**
   * What a row is compared with.
   *
   * @param unguided the set without guidance or selection, in TSTR
   * @param real real windows alone
   * @param baseline the best baseline
   */
  private record Others(
      Optional<Replicates> unguided, Optional<Replicates> real, Optional<Replicates> baseline) {}

  /** Returns the curves of each protocol and set, in no order. */
  static List<UtilityCurves> curves(List<UtilityScore> scores) {
    List<UtilityCurves> curves = new ArrayList<>();
    scores.stream()
        .filter(score -> !score.curves().isEmpty())
        .sorted(comparing(score -> score.task().seed()))
        .collect(groupingBy(Cell::of))
        .values()
        .forEach(
            fits ->
                curves.add(
                    UtilityCurves.mean(
                        fits.get(0).task(), fits.stream().map(UtilityScore::curves).toList())));
    return curves;
  }

  /** Returns the mean over fits, in the order of their seeds; empty if there is no such fit. */
  private static Optional<Replicates> replicates(
      List<UtilityScore> scores, String test, Predicate<UtilityTask> tasks) {
    List<Replicates> fits =
        scores.stream()
            .filter(score -> tasks.test(score.task()))
            .sorted(comparing(score -> score.task().seed()))
            .map(score -> score.on(test).replicates())
            .toList();
    return fits.isEmpty() ? Optional.empty() : Optional.of(Replicates.mean(fits));
  }

  private static UtilityRow row(
      Cell cell, String test, List<UtilityScore> unordered, Others others) {
    List<UtilityScore> fits =
        unordered.stream().sorted(comparing(score -> score.task().seed())).toList();
    UtilityScore first = fits.get(0);
    checkArgument(
        fits.stream().allMatch(fit -> fit.task().model().equals(first.task().model())),
        "scores must be of one model");
    SyntheticSet set = cell.set();
    boolean isGuidedAlone = cell.protocol() == Protocol.TSTR && set != null && set.isTargeted();
    Replicates replicates = replicates(fits, test, task -> true).orElseThrow();
    return UtilityRow.builder()
        .setProtocol(cell.protocol().name())
        .setBaseline(cell.baseline() == null ? null : cell.baseline().label())
        .setTest(test)
        .setGuidanceRule(set == null ? null : set.guidance().rule().label())
        .setGuidanceScale(set == null ? null : set.guidance().scale())
        .setSelection(set == null ? null : set.selection().label())
        .setOrigin(set == null ? null : set.origin())
        .setAlpha(cell.alpha())
        .setModel(first.task().model())
        .setTrainWindows(first.trainWindows())
        .setAuroc(score(fits, fit -> fit.on(test).metrics().auroc()))
        .setAuprc(score(fits, fit -> fit.on(test).metrics().auprc()))
        .setTuningAuroc(score(fits, fit -> fit.tuning().auroc()))
        .setTuningAuprc(score(fits, fit -> fit.tuning().auprc()))
        .setFitSeconds(fits.stream().mapToDouble(UtilityScore::seconds).average().orElseThrow())
        .setSeeds(fits.stream().map(fit -> fit.task().seed()).toList())
        .setGain(isGuidedAlone ? others.unguided().map(replicates::minus).orElse(null) : null)
        .setAgainstReal(
            cell.protocol() == Protocol.TRTR
                ? null
                : others.real().map(replicates::minus).orElse(null))
        .setAgainstBaseline(
            cell.protocol() == Protocol.TSRTR
                ? others.baseline().map(replicates::minus).orElse(null)
                : null)
        .build();
  }

  private static UtilityRow.Score score(
      List<UtilityScore> fits, ToDoubleFunction<UtilityScore> metric) {
    return UtilityRow.Score.of(fits.stream().map(metric::applyAsDouble).toList());
  }
}
