package io.tardiff.influence;

import com.google.auto.value.AutoValue;
import io.tardiff.settings.InvalidSettingException;
import io.tardiff.settings.Labelled;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Supplier;
import org.apache.beam.sdk.annotations.Internal;

/**
 * How the influence gradient g = dJ/dx0 enters a reverse step, and with what weight w.
 *
 * <ul>
 *   <li>{@link Rule#MEAN_SHIFT} (the TarDiff paper): {@code x_s + w var_t u}, with var_t the
 *       variance of an ancestral step and u the gradient scaled to a root mean square of 1 per
 *       window, so that a w means the same for every classifier;
 *   <li>{@link Rule#INTERPOLATION} (the paper's published code): {@code (1 - w) x_s + w g} with the
 *       gradient as it is.
 * </ul>
 *
 * <p>{@code w = 0} is the unguided sampler, bit for bit, whatever the rule.
 *
 * <pre>{@code
 * List<Guidance> tried =
 *     List.of(
 *         Guidance.none(),
 *         Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.01),
 *         Guidance.of(Guidance.Rule.INTERPOLATION, 1e-5));
 * }</pre>
 */
@AutoValue
public abstract class Guidance implements Serializable {

  /**
   * The form of the update: the list of all there are. A new one is a {@link GuidanceRule} and a
   * constant here.
   */
  public enum Rule implements Labelled {
    NONE(Double.MAX_VALUE, () -> new Unguided()),
    MEAN_SHIFT(Double.MAX_VALUE, () -> new MeanShift()),
    INTERPOLATION(1, () -> new Interpolation());

    private final double maximum;
    // Made where it is used: whoever only names a rule does without TensorFlow.
    private final Supplier<GuidanceRule> rule;

    Rule(double maximum, Supplier<GuidanceRule> rule) {
      this.maximum = maximum;
      this.rule = rule;
    }

    /** The rule with that {@link #label}. */
    public static Rule of(String label) {
      return Labelled.of(Rule.class, "guidanceRule", label);
    }

    /**
     * Checks a weight.
     *
     * @throws IllegalArgumentException if the rule makes no sense with it
     */
    public void check(double scale) {
      InvalidSettingException.check(
          scale >= 0 && Double.isFinite(scale),
          "guidanceScale",
          scale,
          "must be a number of at least 0");
      InvalidSettingException.check(
          scale <= maximum,
          "guidanceScale",
          scale,
          "must be at most %s for %s",
          plain(maximum),
          label());
    }

    /** What it does on a graph. */
    @Internal
    public GuidanceRule onGraph() {
      return rule.get();
    }
  }

  public abstract Rule rule();

  public abstract double scale();

  /** No guidance. */
  public static Guidance none() {
    return new AutoValue_Guidance(Rule.NONE, 0);
  }

  /** Guidance by that rule with weight w; a weight of 0 is {@link #none()}. */
  public static Guidance of(Rule rule, double scale) {
    rule.check(scale);
    return rule == Rule.NONE || scale == 0 ? none() : new AutoValue_Guidance(rule, scale);
  }

  /** Guidance by that rule with each of these weights, which are above 0 and all different. */
  public static List<Guidance> each(Rule rule, List<Double> scales) {
    List<Guidance> guidances = scales.stream().map(scale -> of(rule, scale)).toList();
    InvalidSettingException.check(
        guidances.stream().allMatch(Guidance::isGuided)
            && guidances.stream().distinct().count() == guidances.size(),
        "guidanceScales",
        scales,
        "must be above 0 and all different");
    return guidances;
  }

  /** Whether the sampler has to take the influence gradient at all. */
  public boolean isGuided() {
    return rule() != Rule.NONE;
  }

  /** A name for files, such as {@code mean_shift-0.03}: the scale without an exponent. */
  public String name() {
    return isGuided() ? rule().label() + "-" + plain(scale()) : "none";
  }

  @Override
  public final String toString() {
    return name();
  }

  /** A name for people, such as {@code mean_shift 0.03}. */
  public String title() {
    return isGuided() ? rule().label() + " " + plain(scale()) : "none";
  }

  /** 0.00001, not 1.0E-5. */
  public static String plain(double scale) {
    return BigDecimal.valueOf(scale).stripTrailingZeros().toPlainString();
  }
}
