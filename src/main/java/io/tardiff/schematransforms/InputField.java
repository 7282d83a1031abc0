package io.tardiff.schematransforms;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The files of a source. */
@Description("Source")
public interface InputField extends PipelineOptions {
  @Description("Directory of the source's files, on any Beam file system.")
  @Validation.Required
  @Values(form = "directory")
  String getInput();

  void setInput(String directory);
}
