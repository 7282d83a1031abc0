package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Options of a MEDS source. */
@Description("Source")
public interface MedsOptions extends PipelineOptions {
  @Description(
      "Labels of a MEDS source: a task in its folder labels, or another directory. Default: the"
          + " only task there.")
  @Values(form = "task or directory")
  String getTaskLabels();

  void setTaskLabels(String labels);
}
