package io.tardiff.influence;

import java.util.Arrays;
import java.util.Locale;

/** Which windows of the guidance set (the tuning split) the guidance direction G averages over. */
public enum GuidanceOver {
  /** Every window counts the same. */
  ALL,
  /** Every class counts the same. */
  BALANCED;

  /** The name used in options and files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static GuidanceOver of(String label) {
    return Arrays.stream(values())
        .filter(o -> o.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("guidance set must be all or balanced, was " + label));
  }
}
