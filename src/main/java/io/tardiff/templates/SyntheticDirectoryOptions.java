package io.tardiff.templates;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The synthetic sets an earlier run drew. */
@Description("Synthetic sets")
public interface SyntheticDirectoryOptions extends PipelineOptions {
  @Description("Directory of the synthetic sets, as generate wrote them: OUTPUT/synthetic.")
  @Validation.Required
  @Values(form = "directory")
  String getSynthetic();

  void setSynthetic(String directory);
}
