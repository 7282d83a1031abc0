package io.tardiff.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Options of the simulated intensive care unit. */
@Description("Source")
public interface SimulationOptions extends PipelineOptions {
  @Description("Number of simulated stays.")
  @Default.Integer(4000)
  Integer getStays();

  void setStays(Integer stays);

  @Description("Seed of the simulation, so that the stays can stay the same while --seed changes.")
  @Default.Long(0)
  Long getSimulationSeed();

  void setSimulationSeed(Long seed);

  @Description(
      "Share of the simulated stays, 0 to 1, whose outcome is not stated, for trying --unlabelled.")
  @Default.Double(0)
  Double getUnknownOutcomes();

  void setUnknownOutcomes(Double share);
}
