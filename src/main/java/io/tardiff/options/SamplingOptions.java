package io.tardiff.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** How synthetic windows are sampled. */
@Description("Sampling")
public interface SamplingOptions extends LabelOptions, SoftLabelOptions {
  @Description(
      "Sampler: ddim with --eta, or ddpm, the ancestral sampler, which is ddim with eta 1 and"
          + " without --varianceCorrection.")
  @Default.String("ddim")
  @Values({"ddim", "ddpm"})
  String getSampler();

  void setSampler(String sampler);

  @Description(
      "Reverse steps per sample; with fewer than --noiseSteps, steps of the schedule are skipped.")
  Integer getSamplingSteps();

  void setSamplingSteps(Integer steps);

  @Description("Share of fresh noise in a ddim step, 0 (none) to 1.")
  @Conditional
  Double getEta();

  void setEta(Double eta);

  @Description("Whether ddim steps restore the variance that predicting the mean removes.")
  @Conditional
  Boolean getVarianceCorrection();

  void setVarianceCorrection(Boolean correction);

  @Description(
      "Weight of the label in classifier-free guidance, above 0. 1 uses the label alone; above 1,"
          + " samples are more typical of their label and vary less, and sampling takes twice as"
          + " long. Needs a model trained with --labelDropout or on windows without a label.")
  Double getLabelGuidance();

  void setLabelGuidance(Double weight);

  @Description("Windows sampled at once.")
  Integer getSamplingBatch();

  void setSamplingBatch(Integer size);
}
