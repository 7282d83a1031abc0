package io.tardiff.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** How synthetic windows are drawn. */
@Description("Sampling")
public interface SamplingOptions extends LabelOptions {
  @Description(
      "Sampler: ddim with the --eta given, or ddpm, the ancestral sampler, which is ddim with eta 1"
          + " and without --varianceCorrection.")
  @Default.String("ddim")
  @Values({"ddim", "ddpm"})
  String getSampler();

  void setSampler(String sampler);

  @Description("Reverse steps of a sample; with fewer than --noiseSteps some are left out.")
  Integer getSamplingSteps();

  void setSamplingSteps(Integer steps);

  @Description("Share of fresh noise in a ddim step: 0 (none) to 1.")
  @Conditional
  Double getEta();

  void setEta(Double eta);

  @Description("Whether ddim steps give back the variance that the mean prediction loses.")
  @Conditional
  Boolean getVarianceCorrection();

  void setVarianceCorrection(Boolean correction);

  @Description("Windows drawn at once.")
  Integer getSamplingBatch();

  void setSamplingBatch(Integer size);
}
