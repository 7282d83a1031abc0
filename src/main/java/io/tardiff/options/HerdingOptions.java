package io.tardiff.options;

import io.tardiff.selection.Selection;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Which part of a pool of samples is kept. */
@Description("Selection")
public interface HerdingOptions extends PipelineOptions {
  @Description("Points of the target classifier's training whose features are looked at.")
  @Values(constantsOf = Selection.Point.class, items = Values.Items.WORDS)
  String getSelectionFeatures();

  void setSelectionFeatures(String points);

  @Description("Real windows that the selection goes towards: train, or train and tuning.")
  @Values(
      value = {"train", "tuning"},
      items = Values.Items.WORDS)
  String getSelectionTarget();

  void setSelectionTarget(String splits);

  @Description("Random Fourier features of a window, 8 to 65536; more match in more detail.")
  Integer getFourierFeatures();

  void setFourierFeatures(Integer count);

  @Description(
      "Parts of each class's pool that are herded side by side; 0 for one per 8,192 samples.")
  Integer getHerdShards();

  void setHerdShards(Integer shards);

  @Description(
      "Least distance of a kept sample to its nearest train window, in units of the median distance"
          + " of a tuning window to its own; 0 for no limit.")
  Double getMinimumDistance();

  void setMinimumDistance(Double distance);
}
