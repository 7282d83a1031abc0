package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import org.apache.avro.generic.GenericRecord;

/**
 * Converts a record of a shard to a window and checks it, so that no network receives a wrong
 * shape, an invalid label or a value that is not finite.
 *
 * <p>Messages contain no patient data.
 */
final class WindowCheck {
  private final WindowSpec spec;
  private final CohortJson.Declared shard;
  private final boolean gaps;

  /**
   * @param shard what its windows are
   * @param gaps whether values may be missing, as NaN
   */
  WindowCheck(WindowSpec spec, CohortJson.Declared shard, boolean gaps) {
    this.spec = spec;
    this.shard = shard;
    this.gaps = gaps;
  }

  /**
   * @throws IllegalArgumentException if the window is invalid
   */
  EhrWindow parse(GenericRecord record) {
    EhrWindow window = WindowAvro.fromRecord(record);
    int channels = spec.channels().size();
    checkArgument(
        window.values().length == spec.size(),
        "a window must have %s values (%s steps of %s channels), had %s",
        spec.size(),
        spec.steps(),
        channels,
        window.values().length);
    checkArgument(
        window.statics().length == spec.statics().size(),
        "a window must have %s static covariates, had %s",
        spec.statics().size(),
        window.statics().length);
    if (shard.labelled()) {
      checkArgument(
          window.label() >= 0 && window.label() < spec.classes(),
          "a label must be from 0 to %s, was %s",
          spec.classes() - 1,
          window.label());
    } else {
      checkArgument(
          !window.isLabelled(), "a window with a label must not be in a file of unlabelled ones");
    }
    checkArgument(
        window.split() == shard.split(),
        "a window of %s must not be in a file of %s",
        window.split().label(),
        shard.split().label());
    for (int i = 0; i < window.values().length; i++) {
      float value = window.values()[i];
      if (!Float.isFinite(value) && !(gaps && Float.isNaN(value))) {
        throw new IllegalArgumentException(
            String.format(
                "values must be finite, step %d of %s was not",
                i / channels, spec.channels().get(i % channels).name()));
      }
    }
    for (float value : window.statics()) {
      checkArgument(!Float.isInfinite(value), "static covariates must not be infinite");
    }
    return window;
  }
}
