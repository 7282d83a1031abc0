package io.tardiff.influence;

import com.google.auto.value.AutoValue;
import io.tardiff.settings.InvalidSettingException;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.TextList;
import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The rule by which a reverse step is guided, and its scale w.
 *
 * <p>Two rules follow the influence J of a window, along its gradient g = dJ/dx0:
 *
 * <ul>
 *   <li>{@link Rule#MEAN_SHIFT} (the TarDiff paper): {@code x_s + w var_t u}, with var_t the
 *       variance of an ancestral step and u the gradient scaled to a root mean square of 1 per
 *       window, so that w means the same for every classifier;
 *   <li>{@link Rule#INTERPOLATION} (the paper's published code): {@code (1 - w) x_s + w g} with the
 *       unscaled gradient.
 * </ul>
 *
 * <p>They raise what one more window would do for a classifier of real ones, so they suit a set
 * that is added to real windows. A set that replaces them must match them instead:
 *
 * <ul>
 *   <li>{@link Rule#MOMENT}: {@code x0 + w (1 - alphaBar) d<lambda_y, phi(x0)>/dx0}, where phi are
 *       the features of the target classifier and summaries of each channel, and lambda is fitted
 *       for each class so that the mean features of the samples are those of the real windows
 *       ({@link MomentFit}). At scale 1 they are matched;
 *   <li>{@link Rule#CANDIDATES}: each sample is one of several unguided ones, chosen with a
 *       probability proportional to {@code exp(w <lambda_y, phi(x)>)} ({@link CandidateChoice}),
 *       with lambda fitted likewise. It takes as many times as long as there are candidates, but
 *       all samples are of the generator's own making.
 * </ul>
 *
 * <p>With {@code w = 0} every rule is the unguided sampler, bit for bit.
 *
 * <pre>{@code
 * List<Guidance> guidances =
 *     List.of(
 *         Guidance.none(),
 *         Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.01),
 *         Guidance.of(Guidance.Rule.INTERPOLATION, 1e-5),
 *         Guidance.of(Guidance.Rule.MOMENT, 1),
 *         Guidance.of(Guidance.Rule.CANDIDATES, 1));
 * }</pre>
 */
@AutoValue
public abstract class Guidance implements Serializable {

  /** The form of the update. To add one, write a {@link GuidanceRule} and add a constant here. */
  public enum Rule implements Labelled {
    NONE(Double.MAX_VALUE, () -> new Unguided()),
    MEAN_SHIFT(Double.MAX_VALUE, () -> new MeanShift()),
    INTERPOLATION(1, () -> new Interpolation()),
    MOMENT(Double.MAX_VALUE, () -> new MomentShift()),
    CANDIDATES(Double.MAX_VALUE, () -> new Unguided());

    private final double maximum;
    // Created on use, so that naming a rule does not load TensorFlow.
    private final Supplier<GuidanceRule> rule;

    Rule(double maximum, Supplier<GuidanceRule> rule) {
      this.maximum = maximum;
      this.rule = rule;
    }

    /** Returns the rule with the given {@link #label}. */
    public static Rule of(String label) {
      return Labelled.of(Rule.class, "guidanceRule", label);
    }

    /**
     * Checks a scale.
     *
     * @throws IllegalArgumentException if this rule does not accept it
     */
    public void check(double scale) {
      InvalidSettingException.check(
          scale >= 0 && Double.isFinite(scale),
          "guidanceScale",
          scale,
          "must be finite and at least 0");
      InvalidSettingException.check(
          scale <= maximum,
          "guidanceScale",
          scale,
          "must be at most %s for %s",
          TextList.plain(maximum),
          label());
    }

    /** Whether the rule follows the gradient of the influence. */
    public boolean followsInfluence() {
      return this == MEAN_SHIFT || this == INTERPOLATION;
    }

    /** Whether the rule matches moments of real windows, to which it is fitted before sampling. */
    public boolean matchesMoments() {
      return this == MOMENT || this == CANDIDATES;
    }

    /** Returns the implementation of this rule on a graph. */
    @Internal
    public GuidanceRule onGraph() {
      return rule.get();
    }
  }

  public abstract Rule rule();

  public abstract double scale();

  /** Returns no guidance. */
  public static Guidance none() {
    return new AutoValue_Guidance(Rule.NONE, 0);
  }

  /** Returns guidance by a rule with scale w; a scale of 0 is {@link #none()}. */
  public static Guidance of(Rule rule, double scale) {
    rule.check(scale);
    return rule == Rule.NONE || scale == 0 ? none() : new AutoValue_Guidance(rule, scale);
  }

  /** Returns guidance by a rule at each of the scales, which must be above 0 and distinct. */
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

  /** Whether the sampler computes a gradient at all. */
  public boolean isGuided() {
    return rule() != Rule.NONE;
  }

  /** Returns a name for files, such as {@code mean_shift-0.03}; the scale has no exponent. */
  public String name() {
    return isGuided() ? rule().label() + "-" + TextList.plain(scale()) : "none";
  }

  @Override
  public final String toString() {
    return name();
  }

  /** Returns a name for people, such as {@code mean_shift 0.03}. */
  public String title() {
    return isGuided() ? rule().label() + " " + TextList.plain(scale()) : "none";
  }
}
