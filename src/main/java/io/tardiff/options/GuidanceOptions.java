package io.tardiff.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** How sampling is guided. */
@Description("Guidance")
public interface GuidanceOptions extends PurposeOptions {
  @Description(
      "Rules by which samples are guided: mean_shift (the paper) and interpolation (the authors'"
          + " code) follow the influence on the target classifier, for sets that are added to real"
          + " stays; moment and candidates match what the target classifier sees in real stays, for sets"
          + " that replace them, by steering or by choosing one of several samples; or none, for the unguided set only. Default: none if --purpose is"
          + " replace, mean_shift and interpolation if it is augment.")
  @Values(
      value = {"mean_shift", "interpolation", "moment", "candidates", "none"},
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

  @Description(
      "Scales of moment and candidates to try, each above 0. At 1, the moments of the samples are"
          + " fitted to those of real stays.")
  @Default.String("1")
  @Values(form = "number,number,...", items = Values.Items.NUMBERS)
  @Conditional
  String getMomentScales();

  void setMomentScales(String scales);

  @Description(
      "Maximum number of rounds in which moment and candidates are fitted, 1 to 50. The fit ends earlier if it no"
          + " longer comes closer to the tuning split.")
  @Conditional
  Integer getMomentRounds();

  void setMomentRounds(Integer rounds);

  @Description("Samples of each class that a round of that fit draws, at least 16.")
  @Conditional
  Integer getMomentPilot();

  void setMomentPilot(Integer samples);

  @Description(
      "Samples among which candidates chooses each sample, 2 to 64. Sampling takes as many times as"
          + " long.")
  @Conditional
  Integer getCandidates();

  void setCandidates(Integer candidates);

  @Description("Epoch of the target classifier whose weights the influence is computed with.")
  @Values(form = "best or an epoch, from 1")
  String getGuidanceAt();

  void setGuidanceAt(String epoch);
}
