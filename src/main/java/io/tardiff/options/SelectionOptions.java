package io.tardiff.options;

import io.tardiff.synthetic.SelectionMethod;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;

/** Whether and how samples are selected from a larger pool. */
@Description("Selection")
public interface SelectionOptions extends HerdingOptions, PurposeOptions {
  @Description(
      "How samples are selected from a pool: not at all, or by herding towards the real windows in"
          + " the features of the target classifier. With herding, each set is written selected and"
          + " unselected. Default: herding if --purpose is replace, none if it is augment.")
  @Values(constantsOf = SelectionMethod.class)
  String getSelection();

  void setSelection(String selection);

  @Description(
      "Samples generated per sample kept, at least 1. This and the following need"
          + " --selection=herding.")
  @Default.Double(3)
  @Conditional
  Double getPoolFactor();

  void setPoolFactor(Double factor);
}
