package io.tardiff.templates;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The models of an earlier run. */
@Description("Models")
public interface ModelDirectoryOptions extends PipelineOptions {
  @Description("Directory of the models written by train: OUTPUT/model.")
  @Validation.Required
  @Values(form = "directory")
  String getModel();

  void setModel(String directory);
}
