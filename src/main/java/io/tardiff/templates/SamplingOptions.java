package io.tardiff.templates;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How synthetic windows are drawn. */
@Description("Sampling")
public interface SamplingOptions extends PipelineOptions {
  @Description(
      "Sampler: ddim with the --eta given, or ddpm, the ancestral sampler, which is ddim with eta 1"
          + " and without --varianceCorrection.")
  @Default.String("ddim")
  @Values({"ddim", "ddpm"})
  String getSampler();

  void setSampler(String sampler);

  @Description("Reverse steps of a sample; with fewer than --noiseSteps some are left out.")
  @Default.Integer(20)
  Integer getSamplingSteps();

  void setSamplingSteps(Integer steps);

  @Description("Share of fresh noise in a ddim step: 0 (none) to 1. Default: 0.7.")
  Double getEta();

  void setEta(Double eta);

  @Description(
      "Whether ddim steps give back the variance that the mean prediction loses. Default: true.")
  Boolean getVarianceCorrection();

  void setVarianceCorrection(Boolean correction);

  @Description(
      "Labels of the synthetic windows: in the proportions of train, in equal numbers, or so many"
          + " of each.")
  @Default.String("as_train")
  @Values(form = "as_train, balanced or 0=100,1=50")
  String getSampleLabels();

  void setSampleLabels(String labels);

  @Description(
      "Synthetic windows per set; as many as train if not set. Not with counts in --sampleLabels.")
  Integer getCount();

  void setCount(Integer count);

  @Description("Windows drawn at once.")
  @Default.Integer(256)
  Integer getSamplingBatch();

  void setSamplingBatch(Integer size);

  @Description(
      "Whether denoiser, target classifier and sampler are written as TensorFlow SavedModels too, in"
          + " savedmodel: for other programs.")
  @Default.Boolean(false)
  Boolean getSavedModel();

  void setSavedModel(Boolean savedModel);
}
