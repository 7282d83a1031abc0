package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;

/**
 * How the gaps of the windows of a cohort are filled, so that those of synthetic windows can be
 * filled alike.
 *
 * <pre>{@code
 * Filling filling = cohort.filling().orElseThrow();
 * filling.fill(values, mask);   // overwrites the values where mask is false
 * }</pre>
 *
 * @param imputation the method
 * @param standard fills the gaps before the first observation, clinical units, {@code [channels]}
 */
@Internal
public record Filling(
    @JsonProperty(required = true) Imputation imputation,
    @JsonProperty(required = true) List<Double> standard)
    implements Serializable {

  public Filling {
    checkArgument(imputation != Imputation.NONE, "gaps cannot be filled with the imputation none");
    checkArgument(
        standard.stream().allMatch(Double::isFinite), "standard must hold finite numbers");
    standard = List.copyOf(standard);
  }

  /**
   * Fills the gaps of a window in place, whatever they hold.
   *
   * @param values {@code [steps, channels]} row-major, clinical units
   * @param mask of the same shape, false in gaps
   */
  public void fill(float[] values, boolean[] mask) {
    for (int i = 0; i < values.length; i++) {
      if (!mask[i]) {
        values[i] = Float.NaN;
      }
    }
    float[] start = new float[standard.size()];
    for (int c = 0; c < start.length; c++) {
      start[c] = standard.get(c).floatValue();
    }
    imputation.fill(values, start);
  }
}
