package io.tardiff.options;

import org.apache.beam.sdk.options.Description;

/** How windows are made of events. */
@Description("Cohort")
public interface CohortOptions extends EventOptions, WindowOptions {
  @Description("Minutes of a step; by default those of the task.")
  Integer getStepMinutes();

  void setStepMinutes(Integer minutes);
}
