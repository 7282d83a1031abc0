package io.tardiff.templates;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The synthetic sets of an earlier run. */
@Description("Synthetic sets")
public interface SyntheticDirectoryOptions extends PipelineOptions {
  @Description("Directory of the synthetic sets written by generate: OUTPUT/synthetic.")
  @Validation.Required
  @Values(form = "directory")
  String getSynthetic();

  void setSynthetic(String directory);
}
