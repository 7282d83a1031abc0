package io.tardiff.influence;

import io.tardiff.settings.Labelled;

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
  AUGMENT,
  REPLACE;

  /** Returns the purpose with the given {@link #label}. */
  public static Purpose of(String label) {
    return Labelled.of(Purpose.class, "purpose", label);
  }
}
