package io.tardiff.schematransforms;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** A cohort that need not exist when the pipeline is built. */
@Description("Cohort")
public interface CohortField extends PipelineOptions {
  @Description("Directory of the cohort. It need not exist before the input is complete.")
  @Validation.Required
  @Values(form = "path")
  String getCohort();

  void setCohort(String directory);
}
