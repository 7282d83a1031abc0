package io.tardiff.templates;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How synthetic windows are drawn. */
@Description("Sampling")
public interface SamplingOptions extends PipelineOptions {
  @Description("Sampler.")
  @Default.String("ddim")
  @Values({"ddim", "ddpm"})
  String getSampler();

  void setSampler(String sampler);

  @Description("Denoising steps of a sample, at most --noiseSteps.")
  @Default.Integer(20)
  Integer getSamplingSteps();

  void setSamplingSteps(Integer steps);

  @Description("Share of fresh noise in a DDIM step: 0 (none) to 1 (as much as DDPM).")
  @Default.Double(1.0)
  Double getEta();

  void setEta(Double eta);

  @Description(
      "Labels of the synthetic windows: in the proportions of train, in equal numbers, or so many"
          + " of each.")
  @Default.String("as_train")
  @Values(form = "as_train, balanced or 0=100,1=50")
  String getLabels();

  void setLabels(String labels);

  @Description(
      "Synthetic windows per set; as many as train if not set. Explicit --labels counts set it.")
  Integer getCount();

  void setCount(Integer count);

  @Description("Windows drawn at once.")
  @Default.Integer(256)
  Integer getSamplingBatch();

  void setSamplingBatch(Integer size);
}
