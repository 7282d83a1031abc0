package io.tardiff.options;

import io.tardiff.influence.Purpose;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What synthetic windows are for. */
@Description("Evaluation")
public interface PurposeOptions extends PipelineOptions {
  @Description(
      "What synthetic windows are for: to replace real windows, or to augment them. A set that"
          + " replaces is chosen by models of synthetic windows alone (TSTR), a set that augments"
          + " by models of real and synthetic windows (TSRTR) against real windows alone (TRTR).")
  @Values(constantsOf = Purpose.class)
  String getPurpose();

  void setPurpose(String purpose);
}
