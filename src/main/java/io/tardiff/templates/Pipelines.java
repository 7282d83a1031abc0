package io.tardiff.templates;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineResult.State;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs pipelines and waits for their end. */
final class Pipelines {
  /** By name, because the jar for clusters excludes the direct runner. */
  static final String DIRECT_RUNNER = "org.apache.beam.runners.direct.DirectRunner";

  private Pipelines() {}

  /**
   * Runs a pipeline and waits for its end.
   *
   * @throws IllegalStateException if it ends in another state than done
   */
  static PipelineResult run(Pipeline pipeline) {
    PipelineResult result = pipeline.run();
    State state = result.waitUntilFinish();
    if (state != State.DONE) {
      throw new IllegalStateException("the pipeline ended in state " + state);
    }
    return result;
  }

  /** Returns whether the job runs in this JVM, on the direct runner. */
  static boolean isLocal(PipelineOptions options) {
    return options.getRunner().getName().equals(DIRECT_RUNNER);
  }

  /**
   * Runs a pipeline with few long elements that each use all cores, such as training. On the direct
   * runner, elements run one at a time, because its driver would otherwise spin on an idle worker
   * thread and cost the training a core.
   */
  static PipelineResult runSequentially(Pipeline pipeline) {
    return isLocal(pipeline.getOptions()) ? Sequential.run(pipeline) : run(pipeline);
  }

  /** A class of its own, so that it is loaded only if there is a direct runner. */
  private static final class Sequential {
    private static PipelineResult run(Pipeline pipeline) {
      DirectOptions direct = pipeline.getOptions().as(DirectOptions.class);
      int parallelism = direct.getTargetParallelism();
      direct.setTargetParallelism(1);
      try {
        return Pipelines.run(pipeline);
      } finally {
        direct.setTargetParallelism(parallelism);
      }
    }
  }
}
