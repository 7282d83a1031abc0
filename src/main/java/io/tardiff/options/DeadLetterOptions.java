package io.tardiff.options;

import io.tardiff.ehr.DeadLetterThreshold;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How many malformed rows are tolerated. */
@Description("Source")
public interface DeadLetterOptions extends PipelineOptions {
  @Description(
      "Largest share of input rows that may be malformed, 0 to 1. Malformed rows go to the"
          + " dead-letter output with the reason; a larger share fails the run.")
  @Default.Double(DeadLetterThreshold.DEFAULT_SHARE)
  Double getDeadLetterThreshold();

  void setDeadLetterThreshold(Double threshold);
}
