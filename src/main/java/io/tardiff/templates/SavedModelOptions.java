package io.tardiff.templates;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Export of the networks for programs without this library. */
@Description("Sampling")
public interface SavedModelOptions extends PipelineOptions {
  @Description(
      "Whether to export denoiser, target classifier and sampler as TensorFlow SavedModels, to"
          + " savedmodel, for other programs.")
  @Default.Boolean(false)
  Boolean getSavedModel();

  void setSavedModel(Boolean savedModel);
}
