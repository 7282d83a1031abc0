package io.tardiff.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How influence guides sampling. */
@Description("Guidance")
public interface GuidanceOptions extends PipelineOptions {
  @Description(
      "Rules by which influence changes a sample: mean_shift (the paper) and interpolation (the"
          + " authors' code); or none, for the unguided set only.")
  @Default.String("mean_shift,interpolation")
  @Values(
      value = {"mean_shift", "interpolation", "none"},
      items = Values.Items.WORDS)
  String getGuidanceRules();

  void setGuidanceRules(String rules);

  @Description(
      "Scales of mean_shift to try, each above 0. The unguided set (0) is always generated too.")
  @Default.String("0.01,0.03,0.1")
  @Values(form = "number,number,...", items = Values.Items.NUMBERS)
  String getGuidanceScales();

  void setGuidanceScales(String scales);

  @Description(
      "Scales of interpolation to try, each above 0 and at most 1; the authors' code uses 0.00001.")
  @Default.String("0.00001,0.0001,0.001")
  @Values(form = "number,number,...", items = Values.Items.NUMBERS)
  String getInterpolationScales();

  void setInterpolationScales(String scales);

  @Description("Epoch of the target classifier whose weights the influence is computed with.")
  @Values(form = "best or an epoch, from 1")
  String getGuidanceAt();

  void setGuidanceAt(String epoch);
}
