package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The seed of a run. */
@Description("The run")
public interface SeedOptions extends PipelineOptions {
  @Description("Seed of every random choice. The same inputs and seed give the same output.")
  Long getSeed();

  void setSeed(Long seed);
}
