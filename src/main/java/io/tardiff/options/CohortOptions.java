package io.tardiff.options;

import org.apache.beam.sdk.options.Description;

/** How windows are made of events. */
@Description("Cohort")
public interface CohortOptions extends EventOptions, WindowOptions {
  @Description("Minutes of a step; by default those of the task.")
  Integer getStepMinutes();

  void setStepMinutes(Integer minutes);

  @Description(
      "Share of a channel's values, 0 to 1, above which the run warns that they were dropped: no"
          + " numbers, of an unknown unit, of a stay without an admission, beyond the outlier"
          + " range.")
  Double getDroppedWarning();

  void setDroppedWarning(Double share);

  @Description("The same share above which the run fails; 1 for never.")
  Double getDroppedThreshold();

  void setDroppedThreshold(Double share);
}
