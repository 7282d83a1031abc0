package io.tardiff.influence;

import io.tardiff.settings.Labelled;

/** Which windows of the guidance set (the tuning split) the guidance direction G averages over. */
public enum GuidanceOver implements Labelled {
  /** Every window counts the same. */
  ALL,
  /** Every class counts the same. */
  BALANCED;

  public static GuidanceOver of(String label) {
    return Labelled.of(GuidanceOver.class, "guidanceOver", label);
  }
}
