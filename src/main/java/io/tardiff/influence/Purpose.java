package io.tardiff.influence;

import com.google.common.collect.ImmutableList;
import io.tardiff.settings.Labelled;
import java.util.List;

/**
 * What the synthetic windows are for, which decides how a set should be made and how it is judged.
 *
 * <ul>
 *   <li>{@link #AUGMENT}: they are added to real windows. The influence J of a window is the effect
 *       of one more window on a model of real ones, so guidance by influence belongs here. A set is
 *       judged by a model of real and synthetic windows against a model of the real ones alone.
 *   <li>{@link #REPLACE}: they stand for real windows, because those cannot be shared. A set has to
 *       match what the target classifier sees of real windows. It is judged by a model of synthetic
 *       windows alone.
 * </ul>
 */
public enum Purpose implements Labelled {
  AUGMENT(false, Guidance.Rule.MEAN_SHIFT, Guidance.Rule.INTERPOLATION),
  REPLACE(true, Guidance.Rule.NONE);

  private final boolean selects;
  private final ImmutableList<Guidance.Rule> rules;

  Purpose(boolean selects, Guidance.Rule... rules) {
    this.selects = selects;
    this.rules = ImmutableList.copyOf(rules);
  }

  /** Returns the guidance rules that are tried by default. */
  public List<Guidance.Rule> rules() {
    return rules;
  }

  /**
   * Whether samples are selected by default from a larger pool, so that they match real windows.
   */
  public boolean selects() {
    return selects;
  }

  /** Returns the purpose with the given {@link #label}. */
  public static Purpose of(String label) {
    return Labelled.of(Purpose.class, "purpose", label);
  }
}
