package io.tardiff.evaluation;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import com.google.common.collect.ImmutableMap;
import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.settings.Settings;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Bounds that a synthetic set must meet to be released.
 *
 * <pre>{@code
 * Gate gate =
 *     Gate.none()
 *         .with(Gate.Bound.MIN_TSTR_AUROC, 0.75)
 *         .with(Gate.Bound.MAX_CLOSER_TO_TRAIN, 0.55)
 *         .with(Gate.Bound.MAX_COPIES, 0);
 * evaluated.apply("Write evaluation", WriteEvaluation.to("gs://bucket/run").withGate(gate));
 * }</pre>
 *
 * <p>A gate judges the set that the evaluation {@linkplain GuidanceChoice chose}, because that is
 * the one to release, on the figures of the report, whatever the sets are for: set the bound that
 * answers the purpose, TSTR for sets that replace real windows, TSRTR for those that augment them.
 * If a run evaluates several sets, the others may miss the bounds. {@link
 * io.tardiff.evaluation.report.WriteEvaluation} writes the result to {@code metrics.json}, and then
 * fails the pipeline with a line for each bound that is not met. A figure that is not defined, or
 * was not measured, does not meet its bound.
 */
@AutoValue
public abstract class Gate implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Start of the message of a pipeline that fails because a bound is not met. */
  @Internal public static final String FAILED = "the gate failed";

  /** A bound on a figure of the chosen set. */
  public enum Bound {
    /** AUROC of TSTR with the first downstream model: mean over seeds, on held_out. */
    MIN_TSTR_AUROC("TSTR AUROC", 0, 1) {
      @Override
      double figure(Judged set) {
        return set.tstr().getAuroc().getMean();
      }
    },
    /** AUPRC of TSTR with the first downstream model: mean over seeds, on held_out. */
    MIN_TSTR_AUPRC("TSTR AUPRC", 0, 1) {
      @Override
      double figure(Judged set) {
        return set.tstr().getAuprc().getMean();
      }
    },
    /**
     * AUPRC of TSRTR minus that of TRTR, with the first downstream model, on held_out; at the alpha
     * with the highest AUPRC on tuning.
     */
    MIN_TSRTR_GAIN("gain of TSRTR over TRTR in AUPRC", -1, 1) {
      @Override
      double figure(Judged set) {
        return set.tsrtr().getAuprc().getMean() - set.trtr().getAuprc().getMean();
      }
    },
    /** Kolmogorov-Smirnov statistic, mean over channels. */
    MAX_KS("mean Kolmogorov-Smirnov statistic", 0, 1) {
      @Override
      double figure(Judged set) {
        return set.measures().fidelity().meanKs();
      }
    },
    /** Kolmogorov-Smirnov statistic of observed values, mean over channels. */
    MAX_OBSERVED_KS("mean Kolmogorov-Smirnov statistic of observed values", 0, 1) {
      @Override
      double figure(Judged set) {
        return set.measures().fidelity().meanObservedKs();
      }
    },
    /** Standard deviation divided by that of real windows, mean over channels. */
    MIN_SD_RATIO("mean ratio of standard deviations", 0, 10) {
      @Override
      double figure(Judged set) {
        return set.measures().fidelity().meanSdRatio();
      }
    },
    /** Largest difference of coverage to real windows, over channels and classes. */
    MAX_COVERAGE_DIFFERENCE("largest difference of coverage", 0, 1) {
      @Override
      double figure(Judged set) {
        Missingness missingness = set.measures().fidelity().missingness();
        if (missingness == null) {
          throw new NotMeasured("the set has no masks, or no value is missing");
        }
        return missingness.maxCoverageDifference();
      }
    },
    /** Discriminative score, the highest of the models that were asked. */
    MAX_DISCRIMINATIVE("discriminative score", 0, 0.5) {
      @Override
      double figure(Judged set) {
        return set.measures().discriminative().stream()
            .mapToDouble(Discriminative::score)
            // NaN if any is.
            .reduce(Math::max)
            .orElseThrow(() -> new NotMeasured("it was not measured"));
      }
    },
    /**
     * Share of windows closer to train than to held_out; about 0.5 for a set that copies nobody.
     */
    MAX_CLOSER_TO_TRAIN("share of windows closer to train", 0, 1) {
      @Override
      double figure(Judged set) {
        return set.privacy().closerToTrain();
      }
    },
    /** Share of windows that are near copies; about 0.01 by chance. */
    MAX_NEAR_COPIES("share of near copies", 0, 1) {
      @Override
      double figure(Judged set) {
        return (double) set.privacy().nearCopies() / set.privacy().windows();
      }
    },
    /** Number of exact copies of train windows. */
    MAX_COPIES("number of exact copies", 0, Integer.MAX_VALUE) {
      @Override
      double figure(Judged set) {
        return set.privacy().exactCopies();
      }
    },
    /** AUC of membership inference, of the better attack; 0.5 by chance. */
    MAX_MEMBERSHIP_AUC("membership inference AUC", 0, 1) {
      @Override
      double figure(Judged set) {
        PrivacyAttacks attacks = set.measures().attacks();
        // NaN if either is.
        return Math.max(attacks.distance().auc(), attacks.densityRatio().auc());
      }
    };

    private final String label;
    private final double lowest;
    private final double highest;

    Bound(String label, double lowest, double highest) {
      this.label = label;
      this.lowest = lowest;
      this.highest = highest;
    }

    /** Returns the figure; throws a {@link NotMeasured} with the reason if there is none. */
    abstract double figure(Judged set);

    private boolean isMinimum() {
      return name().startsWith("MIN_");
    }

    private boolean isCount() {
      return highest == Integer.MAX_VALUE;
    }

    /** Returns the name of the option. */
    String option() {
      String[] words = name().toLowerCase(Locale.ROOT).split("_", -1);
      StringBuilder option = new StringBuilder(words[0]);
      for (int i = 1; i < words.length; i++) {
        option
            .append(words[i].substring(0, 1).toUpperCase(Locale.ROOT))
            .append(words[i].substring(1));
      }
      return option.toString();
    }

    private Check judge(Judged set, double bound) {
      String option = "--" + option() + "=" + TextList.plain(bound);
      double figure;
      try {
        figure = figure(set);
      } catch (NotMeasured e) {
        return new Check(
            option(), bound, null, false, label + ": " + e.getMessage() + " (" + option + ")");
      }
      if (!Double.isFinite(figure)) {
        return new Check(option(), bound, null, false, label + " is not defined (" + option + ")");
      }
      boolean passed = isMinimum() ? figure >= bound : figure <= bound;
      String relation =
          isMinimum() ? passed ? "is at least" : "is below" : passed ? "is at most" : "is above";
      String shown =
          isCount()
              ? String.valueOf((long) figure)
              : String.format(Locale.ROOT, figure < 0 ? "%+.4f" : "%.4f", figure);
      return new Check(
          option(), bound, figure, passed, label + " " + shown + " " + relation + " " + option);
    }
  }

  /**
   * A bound, the figure and whether it meets the bound.
   *
   * @param name name of the option
   * @param figure null if it is not defined or was not measured
   * @param message the result in words
   */
  @Internal
  public record Check(
      String name, double bound, @Nullable Double figure, boolean passed, String message) {}

  /**
   * The result of a gate.
   *
   * @param set the set that was judged; null if there was none
   */
  @Internal
  public record Result(@Nullable SetName set, boolean passed, List<Check> checks) {

    /** Returns the message of a pipeline that fails, with a line for each bound that is not met. */
    public String message() {
      StringBuilder text = new StringBuilder(FAILED);
      text.append(set == null ? "" : " for the set " + set.title()).append(':');
      checks.stream()
          .filter(check -> !check.passed())
          .forEach(check -> text.append("\n  ").append(check.message()));
      return text.toString();
    }
  }

  private static final class NotMeasured extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotMeasured(String reason) {
      super(reason);
    }
  }

  /** The chosen set and its figures. */
  private record Judged(Evaluation evaluation) {
    private GuidanceChoice choice() {
      return Optional.ofNullable(evaluation.choice())
          .orElseThrow(() -> new NotMeasured("there is no synthetic set"));
    }

    private UtilityRow row(Protocol protocol) {
      GuidanceChoice choice = choice();
      return evaluation
          .ofKept(protocol)
          .orElseThrow(
              () ->
                  new NotMeasured(
                      protocol
                          + " with "
                          + choice.getModel()
                          + " was not measured"
                          + (protocol == Protocol.TRTR
                              ? ""
                              : " for the set " + SetName.of(choice.getChosen()).title())));
    }

    UtilityRow tstr() {
      return row(Protocol.TSTR);
    }

    UtilityRow tsrtr() {
      return row(Protocol.TSRTR);
    }

    UtilityRow trtr() {
      return row(Protocol.TRTR);
    }

    SetMeasures measures() {
      SyntheticSet chosen = choice().getChosen();
      return evaluation.measures().stream()
          .filter(measured -> chosen.equals(measured.set()))
          .findFirst()
          .orElseThrow(() -> new NotMeasured("the set was not measured"));
    }

    /** Counts of copies are 0, and prove nothing, if no windows were compared. */
    Privacy privacy() {
      Privacy privacy = measures().privacy();
      if (privacy.windows() == 0 || privacy.trainWindows() == 0 || privacy.heldOutWindows() == 0) {
        throw new NotMeasured("no windows could be compared, because none varies over its steps");
      }
      return privacy;
    }
  }

  abstract ImmutableMap<Bound, Double> bounds();

  /** Returns a gate without bounds, which every set passes. */
  public static Gate none() {
    return new AutoValue_Gate(ImmutableMap.of());
  }

  /** Sets a bound, inclusive. */
  public Gate with(Bound bound, double value) {
    check(
        value >= bound.lowest && value <= bound.highest,
        bound.option(),
        Double.isFinite(value) ? TextList.plain(value) : value,
        bound.isCount() ? "must be at least 0" : "must be from %s to %s",
        TextList.plain(bound.lowest),
        TextList.plain(bound.highest));
    Map<Bound, Double> all = new TreeMap<>(bounds());
    all.put(bound, value);
    return new AutoValue_Gate(ImmutableMap.copyOf(all));
  }

  /** Whether there is no bound. */
  @Internal
  public boolean isOpen() {
    return bounds().isEmpty();
  }

  /** Judges the chosen set of an evaluation. */
  @Internal
  public Result judge(Evaluation evaluation) {
    Judged set = new Judged(evaluation);
    List<Check> checks = new ArrayList<>();
    bounds().forEach((bound, value) -> checks.add(bound.judge(set, value)));
    GuidanceChoice choice = evaluation.choice();
    return new Result(
        choice == null ? null : SetName.of(choice.getChosen()),
        checks.stream().allMatch(Check::passed),
        checks);
  }

  /**
   * The settings of this configuration. A gate changes no result: it decides what becomes of them.
   */
  @Internal
  public static Settings<Gate> settings() {
    Settings<Gate> settings = Settings.of(none());
    for (Bound bound : Bound.values()) {
      settings =
          (bound.isCount()
                  ? settings.integer(
                      bound.option(),
                      gate -> {
                        Double value = gate.bounds().get(bound);
                        return value == null ? null : value.intValue();
                      },
                      (gate, value) -> gate.with(bound, value))
                  : settings.decimal(
                      bound.option(),
                      gate -> gate.bounds().get(bound),
                      (gate, value) -> gate.with(bound, value)))
              .operational();
    }
    return settings;
  }
}
