package io.tardiff.templates;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Duration;

/** Simulates a cluster: accepts a job and runs it when the test releases it. */
public final class HeldRunner extends PipelineRunner<PipelineResult> {
  public static final List<Pipeline> HELD = new ArrayList<>();
  private static final List<String> REFUSALS = new ArrayList<>();

  private HeldRunner() {}

  /** Called by Beam. */
  public static HeldRunner fromOptions(PipelineOptions options) {
    return new HeldRunner();
  }

  /** Rejects the next job. */
  public static void refuse(String reason) {
    REFUSALS.add(reason);
  }

  /** Runs the held job with the direct runner. */
  public static void release() {
    for (Pipeline pipeline : HELD) {
      DirectOptions options = pipeline.getOptions().as(DirectOptions.class);
      options.setEnforceImmutability(false);
      options.setEnforceEncodability(false);
      DirectRunner.fromOptions(options).run(pipeline).waitUntilFinish();
    }
    HELD.clear();
  }

  @Override
  public PipelineResult run(Pipeline pipeline) {
    if (!REFUSALS.isEmpty()) {
      throw new IllegalStateException(REFUSALS.remove(0));
    }
    HELD.add(pipeline);
    return new Held();
  }

  /** A job that must not be waited for. */
  private static final class Held implements PipelineResult {
    @Override
    public State getState() {
      return State.RUNNING;
    }

    @Override
    public State cancel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public State waitUntilFinish(Duration duration) {
      throw new AssertionError("waited for");
    }

    @Override
    public State waitUntilFinish() {
      throw new AssertionError("waited for");
    }

    @Override
    public MetricResults metrics() {
      throw new AssertionError("waited for");
    }
  }
}
