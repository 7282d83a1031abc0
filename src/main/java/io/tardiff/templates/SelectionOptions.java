package io.tardiff.templates;

import io.tardiff.synthetic.SelectionMethod;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Which part of a larger pool of samples is kept. */
@Description("Selection")
public interface SelectionOptions extends PipelineOptions {
  @Description(
      "How samples are selected from a pool: not at all, or by herding towards the real windows in"
          + " the features of the target classifier. With herding, each set is written both ways.")
  @Default.String("none")
  @Values(constantsOf = SelectionMethod.class)
  String getSelection();

  void setSelection(String selection);

  @Description(
      "Samples drawn for each that is kept, at least 1; 3 where it is left out. This and what follows"
          + " not without --selection=herding.")
  Double getPoolFactor();

  void setPoolFactor(Double factor);

  @Description("Points of the target classifier's training whose features are looked at.")
  @Default.String("first,best,last")
  @Values(
      value = {"first", "best", "last"},
      list = true)
  String getSelectionFeatures();

  void setSelectionFeatures(String points);

  @Description("Real windows that the selection goes towards: train, or train and tuning.")
  @Default.String("train,tuning")
  @Values(
      value = {"train", "tuning"},
      list = true)
  String getSelectionTarget();

  void setSelectionTarget(String splits);

  @Description("Random Fourier features of a window, 8 to 65536; more match in more detail.")
  @Default.Integer(1024)
  Integer getFourierFeatures();

  void setFourierFeatures(Integer count);

  @Description(
      "Parts of each class's pool that are herded side by side; 0 for one per 8,192 samples.")
  @Default.Integer(0)
  Integer getHerdShards();

  void setHerdShards(Integer shards);

  @Description(
      "Least distance of a kept sample to its nearest train window, in units of the median distance"
          + " of a tuning window to its own; 0 for no limit.")
  @Default.Double(0)
  Double getMinimumDistance();

  void setMinimumDistance(Double distance);
}
