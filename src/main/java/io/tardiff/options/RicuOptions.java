package io.tardiff.options;

import io.tardiff.ehr.ricu.Ricu;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Options of a cohort of ricu. */
@Description("Source")
public interface RicuOptions extends PipelineOptions {
  @Description(
      "Unit of the times of a cohort of ricu that are plain numbers; durations have their own."
          + " Default: hours.")
  @Values(constantsOf = Ricu.TimeUnit.class)
  String getTimeUnit();

  void setTimeUnit(String unit);
}
