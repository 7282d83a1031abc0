package io.tardiff.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How many synthetic windows are generated per label. */
@Description("Sampling")
public interface LabelOptions extends PipelineOptions {
  @Description(
      "Labels of the synthetic windows: in the proportions of train, in equal numbers, or the given"
          + " number of each.")
  @Default.String("as_train")
  @Values(form = "as_train, balanced or 0=100,1=50")
  String getSampleLabels();

  void setSampleLabels(String labels);

  @Description(
      "Synthetic windows per set. Default: as many as in train. Not with counts in --sampleLabels.")
  Integer getCount();

  void setCount(Integer count);
}
