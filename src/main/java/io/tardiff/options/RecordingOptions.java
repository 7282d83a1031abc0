package io.tardiff.options;

import io.tardiff.ehr.signals.Medformer;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Options of sets of recordings. */
@Description("Source")
public interface RecordingOptions extends PipelineOptions {
  @Description("Published split of the subjects of a Medformer set. Default: by --split.")
  @Values(constantsOf = Medformer.Splits.class)
  String getSignalSplits();

  void setSignalSplits(String splits);

  @Description("Samples per second of a set of recordings.")
  @Default.Double(256)
  Double getSamplingRate();

  void setSamplingRate(Double rate);
}
