package io.tardiff.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The simulated intensive care unit. */
@Description("Source")
public interface SimulationOptions extends PipelineOptions {
  @Description("Stays of the simulated cohort.")
  @Default.Integer(4000)
  Integer getStays();

  void setStays(Integer stays);

  @Description("Seed of the simulated cohort, so that it can stay while --seed changes.")
  @Default.Long(0)
  Long getSimulationSeed();

  void setSimulationSeed(Long seed);
}
