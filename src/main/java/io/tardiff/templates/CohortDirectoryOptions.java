package io.tardiff.templates;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The cohort of an earlier run. */
@Description("Cohort")
public interface CohortDirectoryOptions extends PipelineOptions {
  @Description("Directory of the cohort written by ingest: OUTPUT/cohort.")
  @Validation.Required
  @Values(form = "directory")
  String getCohort();

  void setCohort(String directory);
}
