package io.tardiff.influence;

import io.tardiff.settings.Labelled;

/** Which windows of the guidance set (the tuning split) the guidance direction G averages over. */
public enum GuidanceOver implements Labelled {
  /** Every window has the same weight. */
  ALL,
  /** Every class has the same weight. */
  BALANCED;

  public static GuidanceOver of(String label) {
    return Labelled.of(GuidanceOver.class, "guidanceOver", label);
  }
}
