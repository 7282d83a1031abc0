package io.tardiff.options;

import org.apache.beam.sdk.options.Description;

/** How windows are built from events. */
@Description("Cohort")
public interface CohortOptions extends EventOptions, WindowOptions {
  @Description("Minutes per step. Default: that of the task.")
  Integer getStepMinutes();

  void setStepMinutes(Integer minutes);

  @Description(
      "Share of a channel's values, 0 to 1, above which the run warns that they were dropped: not"
          + " numbers, in an unknown unit, of a stay without an admission, beyond the outlier"
          + " range.")
  Double getDroppedWarning();

  void setDroppedWarning(Double share);

  @Description(
      "Share of a channel's dropped values, 0 to 1, above which the run fails; 1 never fails.")
  Double getDroppedThreshold();

  void setDroppedThreshold(Double share);
}
