package io.tardiff.schematransforms;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The output directory. */
@Description("Output")
public interface OutputField extends PipelineOptions {
  @Description("Directory to write the results to, on any Beam file system.")
  @Validation.Required
  @Values(form = "path")
  String getOutput();

  void setOutput(String directory);
}
