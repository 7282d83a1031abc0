package io.tardiff.evaluation.report;

import com.google.common.collect.ImmutableList;
import io.tardiff.evaluation.AttributeDisclosure;
import io.tardiff.evaluation.Discriminative;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.Protocol;
import io.tardiff.evaluation.SetMeasures;
import io.tardiff.evaluation.UtilityCurves;
import io.tardiff.evaluation.UtilityRow;
import io.tardiff.evaluation.UtilityRow.Score;
import io.tardiff.influence.Purpose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The verdicts of the summary: is the kept set useful, faithful and safe?
 *
 * <p>Every criterion and its thresholds are declared in {@link #CRITERIA}, and shown in the report
 * next to what was measured. A question is answered by the worst of its criteria; those that were
 * not measured do not count. The thresholds are conventions: what a use of the data needs may be
 * stricter.
 */
final class TrafficLights {

  /** What the summary answers. */
  enum Question {
    USEFUL(
        "Useful",
        "Does a model learn more from real and synthetic windows than from real ones alone?",
        "Does a model learn from synthetic windows what it learns from real ones?"),
    FAITHFUL("Faithful", "Do synthetic windows look like real ones?"),
    SAFE("Safe", "Are synthetic windows new, rather than copies of patients?");

    private final String title;
    private final String toAugment;
    private final String toReplace;

    Question(String title, String text) {
      this(title, text, text);
    }

    Question(String title, String toAugment, String toReplace) {
      this.title = title;
      this.toAugment = toAugment;
      this.toReplace = toReplace;
    }

    String title() {
      return title;
    }

    String text(Purpose purpose) {
      return purpose == Purpose.AUGMENT ? toAugment : toReplace;
    }
  }

  /** The colours, from best to worst; {@link #UNKNOWN} does not count. */
  enum Level {
    GREEN("yes", "met"),
    AMBER("with reservations", "nearly met"),
    RED("no", "not met"),
    UNKNOWN("not measured", "not measured");

    private final String answer;
    private final String ofCriterion;

    Level(String answer, String ofCriterion) {
      this.answer = answer;
      this.ofCriterion = ofCriterion;
    }

    /** The answer to a question. */
    String answer() {
      return answer;
    }

    String ofCriterion() {
      return ofCriterion;
    }

    /** The class in the style sheet. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How figures of a criterion are written. */
  enum Unit {
    PERCENT("%.1f\u00a0%%", 100),
    NUMBER("%.3f", 1),
    SIGNED("%+.3f", 1),
    COUNT("%.0f", 1);

    private final String format;
    private final double factor;

    Unit(String format, double factor) {
      this.format = format;
      this.factor = factor;
    }

    String text(double value) {
      if (!Double.isFinite(value)) {
        return "not measured";
      }
      String text = String.format(Locale.ROOT, format, factor * value);
      // No sign of a zero that was rounded.
      return text.matches("[+-]0\\.0+(\\D.*)?") ? text.substring(1) : text;
    }
  }

  /**
   * A criterion. It is green up to one threshold and amber up to another, or from them on if the
   * green one is the higher.
   *
   * @param purpose what a set must be for to be judged by it; null for any
   * @param name what is measured
   * @param why how to read it
   * @param ofSet the figure of the kept set; NaN if it was not measured
   * @param ofReal the figure of real tuning windows, which no set can be expected to beat; NaN if
   *     there is none
   */
  record Criterion(
      Question question,
      @Nullable Purpose purpose,
      String name,
      String why,
      Unit unit,
      double green,
      double amber,
      ToDoubleFunction<Kept> ofSet,
      ToDoubleFunction<Kept> ofReal) {

    boolean isFor(Purpose wanted) {
      return purpose == null || purpose == wanted;
    }

    boolean higherIsBetter() {
      return green > amber;
    }

    Level level(double value) {
      if (!Double.isFinite(value)) {
        return Level.UNKNOWN;
      }
      double sign = higherIsBetter() ? -1 : 1;
      return sign * value <= sign * green
          ? Level.GREEN
          : sign * value <= sign * amber ? Level.AMBER : Level.RED;
    }

    /** Returns a threshold in words, such as {@code at least 90.0 %}. */
    String threshold(double limit) {
      return (higherIsBetter() ? "at least " : "at most ") + unit.text(limit);
    }
  }

  /** What was measured of the kept set. */
  record Kept(
      SetMeasures measures,
      @Nullable SetMeasures real,
      @Nullable UtilityRow trtr,
      @Nullable UtilityRow tstr,
      @Nullable UtilityRow tsrtr,
      double chanceAuprc) {

    /** The share of what a score on real windows has above chance, that remains. */
    private double remains(Function<UtilityRow, Score> score, double chance) {
      if (trtr == null || tstr == null) {
        return Double.NaN;
      }
      double onReal = score.apply(trtr).getMean() - chance;
      // Where real windows teach next to nothing, there is nothing to lose.
      return onReal < 0.05 ? Double.NaN : (score.apply(tstr).getMean() - chance) / onReal;
    }

    private double gainShown(Function<UtilityRow.Gain, UtilityRow.Interval> metric) {
      return tsrtr == null || tsrtr.getAgainstReal() == null
          ? Double.NaN
          : metric.apply(tsrtr.getAgainstReal()).getLow();
    }

    private double ofReal(ToDoubleFunction<SetMeasures> figure) {
      return real == null ? Double.NaN : figure.applyAsDouble(real);
    }
  }

  /** A criterion and what was measured. */
  record Reading(Criterion criterion, double value, double real, Level level) {}

  /** A question, its answer, and why. */
  record Light(Question question, Level level, List<Reading> readings) {

    /** Returns the reading that decided: the first of the worst ones. */
    Optional<Reading> decisive() {
      return readings.stream().filter(reading -> reading.level() == level).findFirst();
    }
  }

  /** All criteria with their thresholds. */
  static final ImmutableList<Criterion> CRITERIA =
      ImmutableList.of(
          new Criterion(
              Question.USEFUL,
              Purpose.REPLACE,
              "AUROC above chance that remains",
              "Of what a model trained on real windows has above 0.5, the share that the same model"
                  + " has when trained on synthetic windows alone.",
              Unit.PERCENT,
              0.90,
              0.75,
              kept -> kept.remains(UtilityRow::getAuroc, 0.5),
              kept -> Double.NaN),
          new Criterion(
              Question.USEFUL,
              Purpose.REPLACE,
              "AUPRC above chance that remains",
              "The same for average precision, where chance is the share of cases.",
              Unit.PERCENT,
              0.85,
              0.70,
              kept -> kept.remains(UtilityRow::getAuprc, kept.chanceAuprc()),
              kept -> Double.NaN),
          added("AUROC", -0.010, UtilityRow.Gain::getAuroc),
          added("AUPRC", -0.020, UtilityRow.Gain::getAuprc),
          ofSet(
              Question.FAITHFUL,
              "Kolmogorov-Smirnov statistic",
              "Largest difference of the distributions, mean over channels.",
              Unit.NUMBER,
              0.10,
              0.20,
              set -> set.fidelity().meanKs()),
          ofSet(
              Question.FAITHFUL,
              "Kolmogorov-Smirnov statistic of observed values",
              "The same without filled values, if the set says which values were observed.",
              Unit.NUMBER,
              0.05,
              0.10,
              set ->
                  set.fidelity().missingness() == null
                      ? Double.NaN
                      : set.fidelity().meanObservedKs()),
          ofSet(
              Question.FAITHFUL,
              "Difference of coverage",
              "Of the share of steps with an observation, mean absolute difference over channels"
                  + " and classes.",
              Unit.PERCENT,
              0.02,
              0.05,
              set ->
                  set.fidelity().missingness() == null
                      ? Double.NaN
                      : set.fidelity().missingness().meanCoverageDifference()),
          ofSet(
              Question.FAITHFUL,
              "Deviation of the spread",
              "How far the ratio of standard deviations, mean over channels, is from 1.",
              Unit.PERCENT,
              0.10,
              0.25,
              set -> Math.abs(set.fidelity().meanSdRatio() - 1)),
          ofSet(
              Question.FAITHFUL,
              "Difference of correlations",
              "Mean absolute difference over all pairs of channels.",
              Unit.NUMBER,
              0.10,
              0.20,
              set -> set.fidelity().meanCorrelationDifference()),
          ofSet(
              Question.FAITHFUL,
              "Difference of autocorrelation",
              "Of a step with the next, mean absolute difference over channels.",
              Unit.NUMBER,
              0.10,
              0.20,
              set -> set.fidelity().meanAutocorrelationDifference()),
          ofSet(
              Question.FAITHFUL,
              "Discriminative score",
              "How far the accuracy of the better classifier that tells synthetic from real windows"
                  + " is from 0.5, which is chance.",
              Unit.NUMBER,
              0.15,
              0.30,
              set ->
                  set.discriminative().stream()
                      .mapToDouble(Discriminative::score)
                      .filter(Double::isFinite)
                      .max()
                      .orElse(Double.NaN)),
          ofSet(
              Question.FAITHFUL,
              "Values inside the valid range",
              "Share of values that are possible, mean over channels.",
              Unit.PERCENT,
              0.99,
              0.95,
              set ->
                  set.plausibility().channels().stream()
                      .mapToDouble(channel -> channel.insideRange())
                      .average()
                      .orElse(Double.NaN)),
          ofSet(
              Question.FAITHFUL,
              "Systolic above diastolic pressure",
              "Share of steps.",
              Unit.PERCENT,
              0.99,
              0.95,
              set -> orNaN(set.plausibility().systolicAboveDiastolic())),
          ofSet(
              Question.SAFE,
              "Memorisation",
              "How far the share of windows that are nearer to a train than to a held-out window is"
                  + " on the way from chance (0 %) to what copies score (100 %).",
              Unit.PERCENT,
              0.10,
              0.25,
              set ->
                  Math.max(
                      0,
                      (set.privacy().closerToTrain() - 0.5)
                          / (set.privacy().closerIfCopied() - 0.5))),
          ofSet(
              Question.SAFE,
              "Near copies",
              "Share of windows nearer to a train window than 99 % of real held-out windows are;"
                  + " 1 % by chance.",
              Unit.PERCENT,
              0.02,
              0.05,
              set ->
                  set.privacy().windows() == 0
                      ? Double.NaN
                      : (double) set.privacy().nearCopies() / set.privacy().windows()),
          ofSet(
              Question.SAFE,
              "Exact copies",
              "Windows that equal a train window.",
              Unit.COUNT,
              0,
              0,
              set -> set.privacy().windows() == 0 ? Double.NaN : set.privacy().exactCopies()),
          ofSet(
              Question.SAFE,
              "Membership inference",
              "AUC of the better of two attacks that guess which patients the generator was trained"
                  + " on; 0.5 by chance, near 1 for copies.",
              Unit.NUMBER,
              0.55,
              0.60,
              // NaN if either is.
              set -> Math.max(set.attacks().distance().auc(), set.attacks().densityRatio().auc())),
          ofSet(
              Question.SAFE,
              "Attribute disclosure",
              "How much better a hidden channel is predicted from the set for train than for"
                  + " held-out patients, as a share of the error: 0 % by chance, 100 % for copies.",
              Unit.PERCENT,
              0.10,
              0.25,
              set -> disclosed(set.attacks().attribute())));

  private TrafficLights() {}

  private static Criterion added(
      String metric, double amber, Function<UtilityRow.Gain, UtilityRow.Interval> of) {
    return new Criterion(
        Question.USEFUL,
        Purpose.AUGMENT,
        "Gain in " + metric + " when added to real windows, lower bound",
        "Of the 95 % interval, against real windows alone. Below 0, chance may explain the gain, or"
            + " there is none.",
        Unit.SIGNED,
        0.001,
        amber,
        kept -> kept.gainShown(of),
        kept -> Double.NaN);
  }

  private static Criterion ofSet(
      Question question,
      String name,
      String why,
      Unit unit,
      double green,
      double amber,
      ToDoubleFunction<SetMeasures> figure) {
    return new Criterion(
        question,
        null,
        name,
        why,
        unit,
        green,
        amber,
        kept -> figure.applyAsDouble(kept.measures()),
        kept -> kept.ofReal(figure));
  }

  private static double disclosed(@Nullable AttributeDisclosure attack) {
    return attack == null ? Double.NaN : Math.max(0, attack.advantage() / attack.heldOutError());
  }

  private static double orNaN(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  /** Returns one light per question; all are unknown if no set was kept. */
  static List<Light> of(Evaluation evaluation) {
    Optional<Kept> kept = kept(evaluation);
    List<Light> lights = new ArrayList<>();
    for (Question question : Question.values()) {
      List<Reading> readings = new ArrayList<>();
      for (Criterion criterion : CRITERIA) {
        if (criterion.question() == question && criterion.isFor(evaluation.purpose())) {
          double value = kept.map(k -> criterion.ofSet().applyAsDouble(k)).orElse(Double.NaN);
          double real = kept.map(k -> criterion.ofReal().applyAsDouble(k)).orElse(Double.NaN);
          readings.add(new Reading(criterion, value, real, criterion.level(value)));
        }
      }
      Level worst =
          readings.stream()
              .map(Reading::level)
              .filter(level -> level != Level.UNKNOWN)
              .max(Comparator.naturalOrder())
              .orElse(Level.UNKNOWN);
      lights.add(new Light(question, worst, readings));
    }
    return lights;
  }

  /** Returns what was measured of the kept set, with the model that decided the choice. */
  static Optional<Kept> kept(Evaluation evaluation) {
    GuidanceChoice choice = evaluation.choice();
    if (choice == null) {
      return Optional.empty();
    }
    double chance =
        evaluation.curves().stream()
            .filter(curves -> curves.model().equals(choice.getModel()))
            .findFirst()
            .map(UtilityCurves::classes)
            .map(
                classes ->
                    classes.stream()
                        .mapToDouble(UtilityCurves.ClassCurves::prevalence)
                        .average()
                        .orElse(Double.NaN))
            .orElse(Double.NaN);
    SetMeasures real =
        evaluation.measures().stream().filter(m -> m.set() == null).findFirst().orElse(null);
    return evaluation.measures().stream()
        .filter(measures -> choice.getChosen().equals(measures.set()))
        .findFirst()
        .map(
            measures ->
                new Kept(
                    measures,
                    real,
                    evaluation.ofKept(Protocol.TRTR).orElse(null),
                    evaluation.ofKept(Protocol.TSTR).orElse(null),
                    evaluation.ofKept(Protocol.TSRTR).orElse(null),
                    chance));
  }
}
