package io.tardiff.evaluation;

import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;

/** A closed interval. */
@Internal
public record Range(double low, double high) implements Serializable {
  boolean contains(double value) {
    return value >= low && value <= high;
  }
}
