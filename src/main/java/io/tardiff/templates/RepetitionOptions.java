package io.tardiff.templates;

import io.tardiff.options.Operational;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How often a run is repeated. */
@Description("Repetition")
public interface RepetitionOptions extends PipelineOptions {
  @Description(
      "Number of splits of the subjects: one whole run each, with --splitSeed and the seeds that"
          + " follow it, in OUTPUT/split-SEED, then a summary over all of them in"
          + " OUTPUT/summary.json. A run that is done is not repeated. Not with --detached.")
  @Default.Integer(1)
  @Operational
  Integer getSplits();

  void setSplits(Integer splits);
}
