package io.tardiff.templates;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The networks for programs that do without this library. */
@Description("Sampling")
public interface SavedModelOptions extends PipelineOptions {
  @Description(
      "Whether denoiser, target classifier and sampler are written as TensorFlow SavedModels too, in"
          + " savedmodel: for other programs.")
  @Default.Boolean(false)
  Boolean getSavedModel();

  void setSavedModel(Boolean savedModel);
}
