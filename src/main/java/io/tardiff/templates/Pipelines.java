package io.tardiff.templates;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineResult.State;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs pipelines to their end. */
final class Pipelines {
  /** By name: the jar of a cluster does without the direct runner. */
  static final String DIRECT_RUNNER = "org.apache.beam.runners.direct.DirectRunner";

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

  /** Whether the job runs within this JVM, on the direct runner. */
  static boolean isLocal(PipelineOptions options) {
    return options.getRunner().getName().equals(DIRECT_RUNNER);
  }

  /**
   * Runs a pipeline whose elements are few and long and each keep all cores busy, such as training:
   * one at a time on the direct runner. Its driver spins on a free worker thread while another one
   * works, which would cost the training a core.
   */
  static PipelineResult runOneByOne(Pipeline pipeline) {
    return isLocal(pipeline.getOptions()) ? OneByOne.run(pipeline) : run(pipeline);
  }

  /** Loaded only where there is a direct runner. */
  private static final class OneByOne {
    private static PipelineResult run(Pipeline pipeline) {
      DirectOptions direct = pipeline.getOptions().as(DirectOptions.class);
      int asked = direct.getTargetParallelism();
      direct.setTargetParallelism(1);
      try {
        return Pipelines.run(pipeline);
      } finally {
        direct.setTargetParallelism(asked);
      }
    }
  }
}
