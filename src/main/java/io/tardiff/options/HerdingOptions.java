package io.tardiff.options;

import io.tardiff.selection.Selection;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Which samples of a pool are kept. */
@Description("Selection")
public interface HerdingOptions extends PipelineOptions {
  @Description("Points in the target classifier's training whose features are compared.")
  @Values(constantsOf = Selection.Point.class, items = Values.Items.WORDS)
  String getSelectionFeatures();

  void setSelectionFeatures(String points);

  @Description("Real windows that the selection is to match: train, or train and tuning.")
  @Values(
      value = {"train", "tuning"},
      items = Values.Items.WORDS)
  String getSelectionTarget();

  void setSelectionTarget(String splits);

  @Description(
      "Number of random Fourier features per window, 8 to 65536; more match in more detail.")
  Integer getFourierFeatures();

  void setFourierFeatures(Integer count);

  @Description(
      "Number of parts of each class's pool that are herded in parallel; 0 for one per 8,192"
          + " samples.")
  Integer getHerdShards();

  void setHerdShards(Integer shards);

  @Description(
      "Minimum distance of a kept sample to its nearest train window, in units of the median"
          + " distance of tuning windows to theirs; 0 for no minimum.")
  Double getMinimumDistance();

  void setMinimumDistance(Double distance);
}
