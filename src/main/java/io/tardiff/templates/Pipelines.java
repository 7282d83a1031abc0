package io.tardiff.templates;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineResult.State;

/** Runs pipelines to their end. */
final class Pipelines {
  private Pipelines() {}

  /**
   * @throws IllegalStateException where the pipeline ends otherwise than done
   */
  static PipelineResult run(Pipeline pipeline) {
    PipelineResult result = pipeline.run();
    State state = result.waitUntilFinish();
    if (state != State.DONE) {
      throw new IllegalStateException("the pipeline ended in state " + state);
    }
    return result;
  }
}
