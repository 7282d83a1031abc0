package io.tardiff.schematransforms;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** Where results go. */
@Description("Output")
public interface OutputField extends PipelineOptions {
  @Description("Directory that the results are written to, on any Beam file system.")
  @Validation.Required
  @Values(form = "path")
  String getOutput();

  void setOutput(String directory);
}
